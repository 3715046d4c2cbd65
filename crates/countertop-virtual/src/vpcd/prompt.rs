//! A connection to vpcd that does not wait for itself.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Acknowledges what comes at once.
///
/// vpcd sends a message's length and its content with two calls and lets the kernel hold the second
/// back until the first is acknowledged, which a kernel delays by 40 ms: without this every command
/// takes so long.
#[derive(Debug)]
pub(super) struct Prompt(TcpStream);

impl Prompt {
    /// Makes small messages leave and be acknowledged at once.
    pub(super) fn new(link: TcpStream) -> io::Result<Self> {
        link.set_nodelay(true)?;
        Ok(Self(link))
    }
}

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // The kernel forgets it after each answer. Other systems have no such delay to switch off.
        #[cfg(target_os = "linux")]
        self.0.set_quickack(true)?;
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
