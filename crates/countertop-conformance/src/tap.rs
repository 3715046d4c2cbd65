//! The suite's hand on the wire between driver and device.

use core::fmt;
use core::future::Future as _;
use core::pin::Pin;
use core::task::{Context, Poll, Waker, ready};
use core::time::Duration;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep};

/// Disturbs what a device sends, counts what it receives, and hangs up.
///
/// A fixture wraps the device's end of the link with [`wrap`](Self::wrap); the driver's end stays
/// what it is, so that it can be of any kind.
#[derive(Clone, Default)]
pub struct Tap {
    state: Arc<Mutex<State>>,
    heard: Arc<Notify>,
}

/// Time between pieces: the shortest that the clock knows.
const PAUSE: Duration = Duration::from_millis(1);
/// Bytes of an answer that come one by one; the rest of a long one comes in larger pieces.
const SINGLES: usize = 64;
/// Size of the larger pieces, so odd that no length in a protocol is a multiple of it.
const PIECE: usize = 61;

/// Lost bytes that are kept to come late.
const MAX_LATE: usize = 64 * 1024;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

#[derive(Default)]
struct State {
    link: Option<Box<dyn Stream>>,
    waker: Option<Waker>,
    /// Bytes to let through before the rest is lost; `None` to let all through.
    cut_after: Option<usize>,
    /// Bytes to send before the device's next ones.
    noise: Vec<u8>,
    /// Bytes to send now.
    urgent: Vec<u8>,
    /// Bytes that were lost.
    late: Vec<u8>,
    chop: bool,
    /// Runs until the other end has seen the piece before.
    pause: Option<Pin<Box<Sleep>>>,
    /// Bytes sent in pieces since the device last received some.
    chopped: usize,
    received: usize,
    sent: usize,
    lost: usize,
}

impl Tap {
    /// Wraps the device's end of a link; hand the result to the device.
    pub fn wrap<L>(
        &self,
        link: L,
    ) -> impl AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug + use<L>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.state().link = Some(Box::new(link));
        Tapped(self.clone())
    }

    /// Tells whether a device has been [wrapped](Self::wrap).
    #[must_use]
    pub(crate) fn is_connected(&self) -> bool {
        self.state().link.is_some()
    }

    /// Sends the device's bytes one by one, those of a long answer in larger pieces at last.
    pub(crate) fn chop(&self) {
        self.state().chop = true;
    }

    /// Sends bytes before the next ones of the device.
    pub(crate) fn noise(&self, bytes: &[u8]) {
        self.state().noise.extend_from_slice(bytes);
    }

    /// Lets so many bytes through and loses the rest, until [`restore`](Self::restore).
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.state().cut_after = Some(bytes);
    }

    /// Lets everything through again; what was lost stays lost.
    pub(crate) fn restore(&self) {
        let mut state = self.state();
        state.cut_after = None;
        state.noise.clear();
        state.late.clear();
        state.chop = false;
    }

    /// Lets everything through again, and now what was lost.
    pub(crate) fn release(&self) {
        let mut state = self.state();
        state.cut_after = None;
        state.urgent = core::mem::take(&mut state.late);
        state.wake();
    }

    /// Waits until the device has received more than `before` bytes.
    pub(crate) async fn received_more(&self, before: usize) {
        loop {
            let heard = self.heard.notified();
            if self.received() > before {
                return;
            }
            heard.await;
        }
    }

    /// Closes the link.
    pub(crate) fn hang_up(&self) {
        let mut state = self.state();
        state.link = None;
        state.wake();
    }

    /// Returns how many bytes the device has received.
    pub(crate) fn received(&self) -> usize {
        self.state().received
    }

    /// Returns how many bytes the device has sent that went through.
    pub(crate) fn sent(&self) -> usize {
        self.state().sent
    }

    /// Returns how many bytes were lost.
    pub(crate) fn lost(&self) -> usize {
        self.state().lost
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        write!(f, "Tap({} received, {} sent, {} lost)", state.received, state.sent, state.lost)
    }
}

/// Is the device's end of a tapped link.
#[derive(Debug)]
struct Tapped(Tap);

impl AsyncRead for Tapped {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.0.state();
        state.waker = Some(cx.waker().clone());
        // What cannot be sent now is sent when this is polled again.
        let _ = state.send_queued(cx, |state| &mut state.urgent);
        let Some(link) = &mut state.link else { return Poll::Ready(Ok(())) };
        let before = buf.filled().len();
        ready!(Pin::new(link).poll_read(cx, buf))?;
        state.received += buf.filled().len() - before;
        state.chopped = 0;
        self.0.heard.notify_waiters();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tapped {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.0.state();
        ready!(state.send_queued(cx, |state| &mut state.urgent))?;
        if !bytes.is_empty() {
            ready!(state.send_queued(cx, |state| &mut state.noise))?;
        }
        match state.cut_after {
            Some(0) => Poll::Ready(Ok(state.lose(bytes))),
            Some(left) => {
                let through = bytes.get(..left).unwrap_or(bytes);
                let count = ready!(state.send(cx, through))?;
                state.cut_after = Some(left - count);
                Poll::Ready(Ok(count))
            }
            None => state.send(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0.state().link {
            Some(link) => Pin::new(link).poll_flush(cx),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0.state().link {
            Some(link) => Pin::new(link).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl State {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn lose(&mut self, bytes: &[u8]) -> usize {
        self.lost += bytes.len();
        if self.late.len() < MAX_LATE {
            self.late.extend_from_slice(bytes);
        }
        bytes.len()
    }

    /// Sends all of a queue.
    fn send_queued(
        &mut self,
        cx: &mut Context<'_>,
        queue: impl Fn(&mut Self) -> &mut Vec<u8>,
    ) -> Poll<io::Result<()>> {
        while !queue(self).is_empty() {
            let bytes = core::mem::take(queue(self));
            let sent = self.send(cx, &bytes);
            *queue(self) = bytes;
            let count = ready!(sent)?;
            queue(self).drain(..count);
        }
        Poll::Ready(Ok(()))
    }

    /// Sends some of the bytes; when they are to be chopped, a piece and then nothing for a while.
    fn send(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        let piece = if self.chopped < SINGLES { 1 } else { PIECE };
        let some = if self.chop { bytes.get(..piece).unwrap_or(bytes) } else { bytes };
        let Some(link) = &mut self.link else {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        };
        let count = ready!(Pin::new(link).poll_write(cx, some))?;
        self.sent += count;
        if self.chop {
            self.chopped += count;
            self.pause = Some(Box::pin(sleep(PAUSE)));
        }
        Poll::Ready(Ok(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn tapped() -> (Tap, tokio::io::DuplexStream, impl Stream) {
        let tap = Tap::default();
        let (host, device) = tokio::io::duplex(64);
        let device = tap.wrap(device);
        (tap, host, device)
    }

    #[tokio::test]
    async fn counts_and_passes_through() {
        let (tap, mut host, mut device) = tapped();
        host.write_all(b"ask").await.unwrap();
        let mut heard = [0; 3];
        device.read_exact(&mut heard).await.unwrap();
        device.write_all(b"answer").await.unwrap();
        assert_eq!((tap.received(), tap.sent(), tap.lost()), (3, 6, 0));
        assert!(tap.is_connected());
        assert_eq!(format!("{tap:?}"), "Tap(3 received, 6 sent, 0 lost)");
    }

    #[tokio::test]
    async fn cuts_and_puts_noise_before() {
        let (tap, mut host, mut device) = tapped();
        tap.noise(b"??");
        tap.cut_after(3);
        device.write_all(b"answer").await.unwrap();
        tap.restore();
        device.write_all(b"!").await.unwrap();
        drop(device);
        tap.hang_up();
        let mut heard = Vec::new();
        host.read_to_end(&mut heard).await.unwrap();
        assert_eq!((heard.as_slice(), tap.lost()), (b"??ans!".as_slice(), 3));
    }

    #[tokio::test]
    async fn what_was_lost_can_come_late() {
        let (tap, mut host, mut device) = tapped();
        tap.cut_after(0);
        device.write_all(b"late").await.unwrap();
        let server = tokio::spawn(async move { device.read(&mut [0; 4]).await });
        tokio::task::yield_now().await;
        tap.release();
        let mut heard = [0; 4];
        host.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"late");
        host.write_all(b"go").await.unwrap();
        tap.received_more(0).await;
        assert_eq!(server.await.unwrap().unwrap(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn chops() {
        let (tap, mut host, mut device) = tapped();
        tap.chop();
        tokio::spawn(async move { device.write_all(&[7; 70]).await });
        for _ in 0..64 {
            assert_eq!(host.read(&mut [0; 8]).await.unwrap(), 1);
        }
        assert_eq!(host.read(&mut [0; 8]).await.unwrap(), 6);
    }

    #[tokio::test]
    async fn hangs_up_on_both() {
        let (tap, mut host, mut device) = tapped();
        let device_hears = tokio::spawn(async move { device.read(&mut [0; 4]).await.unwrap() });
        tokio::task::yield_now().await;
        tap.hang_up();
        assert_eq!(device_hears.await.unwrap(), 0);
        assert_eq!(host.read(&mut [0; 4]).await.unwrap(), 0);
        assert!(!tap.is_connected());
    }
}
