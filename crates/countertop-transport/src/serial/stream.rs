//! A serial line whose flush and end do not block.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;

use super::gate::{Pass, pass};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tokio_serial::{ClearBuffer, FlowControl, SerialPort as _, SerialStream};

/// Time until the first look whether all has left, and the longest between two.
const FIRST_LOOK: Duration = Duration::from_millis(1);
const LONGEST_LOOK: Duration = Duration::from_millis(16);

/// Is a serial line.
///
/// tcdrain would block the thread for as long as the other end lets nothing through. So a flush looks
/// now and then how much is left, for which the kernel has no event.
///
/// What is left when it is dropped is pushed out without flow control, into the void if need be: close
/// would wait for the other end for half a minute, and so would whoever wants the line next.
#[derive(Debug)]
pub(super) struct SerialLine {
    /// Is there until it is dropped.
    stream: Option<SerialStream>,
    flushing: Option<Flush>,
    /// Flow control by DSR.
    gate: Option<Gate>,
}

#[derive(Debug)]
struct Gate {
    baud: u32,
    pause: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
struct Flush {
    look: Pin<Box<Sleep>>,
    pause: Duration,
}

impl SerialLine {
    pub(super) fn new(stream: SerialStream) -> Self {
        Self { stream: Some(stream), flushing: None, gate: None }
    }

    /// Lets bytes out while DSR is on, at `baud` bits a second.
    pub(super) fn with_gate(mut self, baud: u32) -> Self {
        self.gate = Some(Gate { baud, pause: None });
        self
    }

    /// Waits until the gate lets bytes through, and returns how many at the most.
    fn poll_gate(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        loop {
            let Some(gate) = &mut self.gate else { return Poll::Ready(Ok(usize::MAX)) };
            if let Some(pause) = &mut gate.pause {
                ready!(pause.as_mut().poll(context));
                gate.pause = None;
            }
            let baud = gate.baud;
            let mut stream = self.stream()?;
            let ready = stream.read_data_set_ready().map_err(gone)?;
            let unsent = stream.bytes_to_write().map_err(gone)?;
            match pass(ready, usize::try_from(unsent).unwrap_or(usize::MAX), baud) {
                Pass::Bytes(count) => return Poll::Ready(Ok(count)),
                Pass::Wait(time) => {
                    if let Some(gate) = &mut self.gate {
                        gate.pause = Some(Box::pin(sleep(time)));
                    }
                }
            }
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut SerialStream>> {
        let closed = || io::Error::new(io::ErrorKind::NotConnected, "the serial line is closed");
        self.stream.as_mut().map(Pin::new).ok_or_else(closed)
    }

    fn is_empty(&mut self) -> io::Result<bool> {
        Ok(self.stream()?.bytes_to_write().map_err(gone)? == 0)
    }
}

/// An open line refuses to be asked only when it has gone.
fn gone(error: tokio_serial::Error) -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, error)
}

impl Drop for SerialLine {
    fn drop(&mut self) {
        if self.is_empty().unwrap_or(true) {
            return;
        }
        let Some(stream) = self.stream.take() else { return };
        let name = thread::Builder::new().name("close-serial".into());
        if let Err(error) = name.spawn(move || close(stream)) {
            tracing::warn!(%error, "closed a serial line without a thread of its own");
        }
    }
}

/// Closes a line with something left to send. Blocks.
fn close(mut stream: SerialStream) {
    // Not every driver of the kernel can forget what is left, and one that has gone need not.
    let _ = stream.clear(ClearBuffer::Output);
    let _ = stream.set_flow_control(FlowControl::None);
}

impl AsyncRead for SerialLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(context, buffer)
    }
}

impl AsyncWrite for SerialLine {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let most = ready!(self.poll_gate(context))?.min(data.len());
        self.stream()?.poll_write(context, data.get(..most).unwrap_or_default())
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
