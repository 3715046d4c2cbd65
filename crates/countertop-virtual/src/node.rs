//! A node of the kernel as a stream of bytes that can be waited for.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Is an open node in non-blocking mode.
#[derive(Debug)]
pub(crate) struct AsyncNode(AsyncFd<Arc<File>>);

impl AsyncNode {
    /// Takes a file that does not block. Fails for one that cannot be waited for.
    #[expect(
        deprecated,
        reason = "its replacement is unsafe to call and asks what a File always keeps: one descriptor"
    )]
    pub(crate) fn new(file: File) -> io::Result<Self> {
        AsyncFd::new(Arc::new(file)).map(Self)
    }

    /// Returns the file.
    pub(crate) fn file(&self) -> &Arc<File> {
        self.0.get_ref()
    }

    /// Waits until there is something, and reads it.
    pub(crate) async fn read_some(&self, target: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut guard = self.0.readable().await?;
            if let Ok(result) = guard.try_io(|node| node.get_ref().as_ref().read(target)) {
                return result;
            }
        }
    }
}

impl AsyncRead for AsyncNode {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut guard = ready!(self.0.poll_read_ready(context))?;
            let target = buffer.initialize_unfilled();
            if let Ok(result) = guard.try_io(|node| node.get_ref().as_ref().read(target)) {
                return Poll::Ready(result.map(|count| buffer.advance(count)));
            }
        }
    }
}

impl AsyncWrite for AsyncNode {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            let mut guard = ready!(self.0.poll_write_ready(context))?;
            if let Ok(result) = guard.try_io(|node| node.get_ref().as_ref().write(bytes)) {
                return Poll::Ready(result);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
