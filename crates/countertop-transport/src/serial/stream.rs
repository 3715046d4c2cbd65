//! A serial line whose flush and end do not block.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tokio_serial::{ClearBuffer, SerialPort as _, SerialStream};

/// Time until the first look whether all has left, and the longest between two.
const FIRST_LOOK: Duration = Duration::from_millis(1);
const LONGEST_LOOK: Duration = Duration::from_millis(16);

/// Is a serial line.
///
/// tcdrain would block the thread for as long as the other end lets nothing through, and so would
/// close, for half a minute. Instead a flush looks now and then how much is left, for which the
/// kernel has no event; and what is left when the line is dropped is lost.
#[derive(Debug)]
pub(super) struct SerialLine {
    stream: SerialStream,
    flushing: Option<Flush>,
}

#[derive(Debug)]
struct Flush {
    look: Pin<Box<Sleep>>,
    pause: Duration,
}

impl SerialLine {
    pub(super) fn new(stream: SerialStream) -> Self {
        Self { stream, flushing: None }
    }

    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.stream.bytes_to_write().map_err(io::Error::from)? == 0)
    }
}

impl Drop for SerialLine {
    fn drop(&mut self) {
        if !self.is_empty().unwrap_or(true) {
            // Of a line that has gone nothing is left to forget.
            let _ = self.stream.clear(ClearBuffer::Output);
        }
    }
}

impl AsyncRead for SerialLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for SerialLine {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, data)
    }

    /// Waits until all bytes have left the kernel.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.is_empty()? {
            let flush = self.flushing.get_or_insert_with(|| Flush {
                look: Box::pin(sleep(FIRST_LOOK)),
                pause: FIRST_LOOK,
            });
            ready!(flush.look.as_mut().poll(context));
            flush.pause = LONGEST_LOOK.min(flush.pause * 2);
            flush.look.as_mut().reset(Instant::now() + flush.pause);
        }
        self.flushing = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}
