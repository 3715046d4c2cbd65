//! Wire traces without secrets.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Wraps a link and traces what passes: direction, number of bytes and the framing bytes.
///
/// What goes over a reader's line is a track, a PIN block or a code, and a byte stream does not say
/// where such a thing begins. So every byte that could be part of one is withheld: ASCII letters
/// and digits show as `·`, and so does each byte above 0x7f; control characters and punctuation,
/// which make the framing, are shown in hexadecimal. The length and the frame can be seen, the
/// content cannot.
#[derive(Debug)]
pub struct Tracer<L> {
    inner: L,
    name: String,
}

impl<L> Tracer<L> {
    /// Wraps `inner`; `name` stands in each line of the trace.
    pub fn new(inner: L, name: impl Into<String>) -> Self {
        Self { inner, name: name.into() }
    }

    /// Returns the wrapped link.
    pub fn into_inner(self) -> L {
        self.inner
    }

    fn trace(&self, direction: &'static str, bytes: &[u8]) {
        if !bytes.is_empty() {
            tracing::trace!(
                target: "countertop::wire",
                device = %self.name,
                direction,
                length = bytes.len(),
                frame = %redact(bytes),
            );
        }
    }
}

/// Shows at most this many bytes of one transfer.
const SHOWN: usize = 64;

/// Returns the framing bytes of `bytes` in hexadecimal and `·` for each byte that could be content.
#[must_use]
pub(crate) fn redact(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes.iter().take(SHOWN) {
        if byte.is_ascii_alphanumeric() || byte >= 0x80 {
            text.push('·');
        } else {
            text.push_str(&format!("<{byte:02x}>"));
        }
    }
    if bytes.len() > SHOWN {
        text.push('…');
    }
    text
}

impl<L: AsyncRead + Unpin> AsyncRead for Tracer<L> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        self.trace("in", buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<L: AsyncWrite + Unpin> AsyncWrite for Tracer<L> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.inner).poll_write(context, data))?;
        self.trace("out", data.get(..count).unwrap_or_default());
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_frames_and_no_content() {
        let shown = redact(b"\x02;6200000000000005=3012?\x03\xfe");
        assert_eq!(shown, format!("<02><3b>{}<3d>{}<3f><03>·", "·".repeat(16), "·".repeat(4)));
    }

    #[test]
    fn long_transfers_are_cut() {
        assert!(redact(&[b'x'; 65]).ends_with('…'));
    }
}
