//! The bytes of a claimed interface, as a link.

use core::fmt;
use core::time::Duration;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pipe::Pipe;
use super::state::{OUTGOING, Shared, ended};
use super::threads;

/// How long closing may take: the kernel ends the transfers, and its driver asks the device who it
/// is.
const CLOSING: Duration = Duration::from_secs(1);

/// Is the bytes of a claimed interface, in both directions.
///
/// libusb blocks, so two threads of its own, named after the device, read and write; while nothing
/// moves they sleep. What the device sends is taken at once, up to 16 KiB, and so a pulled device is
/// noticed even while nobody reads or writes.
///
/// A write is accepted into a buffer of 16 KiB; a flush waits until the device has taken everything.
/// [`unsent`](Self::unsent) tells how many bytes it has not taken.
///
/// Dropping the link ends transfers that are blocked, forgets what is unsent, and gives the interface
/// back to the kernel's driver that held it before. That takes milliseconds, and a second at the
/// most. A process that is killed gives nothing back; see the [module](super).
pub struct UsbLink {
    shared: Arc<Shared>,
    pipe: Arc<dyn Pipe>,
    device: String,
}

impl UsbLink {
    pub(super) fn start(pipe: Arc<dyn Pipe>, device: String) -> io::Result<Self> {
        let link = Self { shared: Arc::default(), pipe, device };
        threads::start(&link.shared, &link.pipe, &link.device)?;
        Ok(link)
    }

    /// Returns how many bytes were written that the device has not taken, exact to the byte once it
    /// took none for 200 ms, and after the link broke to the transfer, 4 KiB.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.shared.lock().outgoing.len()
    }

    /// Returns how many bytes the device has taken since the link was opened.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.shared.lock().taken
    }
}

impl AsyncRead for UsbLink {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.shared.lock();
        if state.incoming.is_empty() {
            if let Some(code) = state.read_error {
                return Poll::Ready(Err(ended(code)));
            }
            state.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        let count = state.incoming.len().min(buffer.remaining());
        buffer.put_slice(state.incoming.get(..count).unwrap_or_default());
        state.incoming.drain(..count);
        drop(state);
        self.shared.ring_room();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for UsbLink {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.shared.lock();
        if let Some(code) = state.write_error {
            return Poll::Ready(Err(ended(code)));
        }
        let room = OUTGOING.saturating_sub(state.outgoing.len());
        if room == 0 {
            state.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        let count = room.min(bytes.len());
        state.outgoing.extend(bytes.iter().take(count));
        drop(state);
        self.shared.ring_work();
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.shared.lock();
        if state.outgoing.is_empty() {
            return Poll::Ready(Ok(()));
        }
        if let Some(code) = state.write_error {
            return Poll::Ready(Err(ended(code)));
        }
        state.writer = Some(context.waker().clone());
        Poll::Pending
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

impl Drop for UsbLink {
    fn drop(&mut self) {
        threads::end(&self.shared, &self.pipe, &self.device, Instant::now() + CLOSING);
    }
}

impl fmt::Debug for UsbLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UsbLink({})", self.device)
    }
}
