use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pipes::SharedPipes;

/// Bytes that wait for the host before a write waits too.
const ROOM: usize = 4096;

/// Is a pair of bulk endpoints as one stream.
///
/// The host's transfers are answered as they are read: a device that does not read makes its host
/// wait. Each write is a transfer of its own, which a short packet ends. Like a pty, the stream
/// never ends by itself: it outlives unplugging and goes on when the device is plugged again. What
/// is written while no host uses the device is lost.
pub struct BulkLink {
    pipes: Arc<SharedPipes>,
    input: u8,
    output: u8,
}

impl BulkLink {
    pub(super) fn new(pipes: Arc<SharedPipes>, input: u8, output: u8) -> Self {
        if let Some(pipe) = pipes.lock().output(output) {
            pipe.hold();
        }
        Self { pipes, input, output }
    }
}

impl AsyncRead for BulkLink {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut pipes = self.pipes.lock();
        let Some(pipe) = pipes.output(self.output) else { return Poll::Pending };
        while let Some(data) = pipe.peek() {
            let count = data.len().min(buffer.remaining());
            buffer.put_slice(data.get(..count).unwrap_or_default());
            pipe.take(count);
            // An empty transfer is taken and told to nobody: a read of nothing means the end.
            if count > 0 || buffer.remaining() == 0 {
                pipes.touched();
                return Poll::Ready(Ok(()));
            }
        }
        pipe.watch(context);
        pipes.touched();
        Poll::Pending
    }
}

impl AsyncWrite for BulkLink {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut pipes = self.pipes.lock();
        if pipes.configuration() == 0 || data.is_empty() {
            return Poll::Ready(Ok(data.len()));
        }
        let Some(pipe) = pipes.input(self.input) else { return Poll::Ready(Ok(data.len())) };
        let room = ROOM.saturating_sub(pipe.queued());
        if room == 0 {
            pipe.watch(context);
            return Poll::Pending;
        }
        let part = data.get(..room).unwrap_or(data);
        pipe.queue(part, true);
        pipes.touched();
        Poll::Ready(Ok(part.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for BulkLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BulkLink(in {:#04x}, out {:#04x})", self.input, self.output)
    }
}
