//! A link that takes whole transfers, one at a time, as usblp does: what it has taken may not have left.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use countertop_transport::BoxLink;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf, ReadHalf, WriteHalf, split};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// Bytes of a transfer at the most.
const MOST: usize = 8192;

/// Makes a link one of transfers. Dropping it forgets what has not left.
pub(crate) fn in_transfers(link: BoxLink) -> BoxLink {
    let (reader, writer) = split(link);
    let shared = Arc::<Shared>::default();
    let task = tokio::spawn(carry(Arc::clone(&shared), writer)).abort_handle();
    Box::new(Transfers { reader, shared, task })
}

#[derive(Debug)]
struct Transfers {
    reader: ReadHalf<BoxLink>,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug, Default)]
struct Shared {
    transfer: Mutex<Transfer>,
    begun: Notify,
}

#[derive(Debug, Default)]
struct Transfer {
    data: Vec<u8>,
    failed: bool,
    waker: Option<Waker>,
}

async fn carry(shared: Arc<Shared>, mut writer: WriteHalf<BoxLink>) {
    loop {
        shared.begun.notified().await;
        let data = shared.lock().data.clone();
        let failed = writer.write_all(&data).await.is_err();
        let mut transfer = shared.lock();
        transfer.data.clear();
        transfer.failed = failed;
        if let Some(waker) = transfer.waker.take() {
            waker.wake();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Transfer> {
        self.transfer.lock().unwrap()
    }

    /// Waits until the last transfer has left.
    fn poll_idle(&self, context: &Context<'_>) -> Poll<io::Result<MutexGuard<'_, Transfer>>> {
        let mut transfer = self.lock();
        if transfer.failed {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if transfer.data.is_empty() {
            return Poll::Ready(Ok(transfer));
        }
        transfer.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl AsyncRead for Transfers {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(context, buffer)
    }
}

impl AsyncWrite for Transfers {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.shared.poll_idle(context).map_ok(|mut transfer| {
            transfer.data.extend(data.iter().take(MOST));
            self.shared.begun.notify_one();
            transfer.data.len()
        })
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.poll_idle(context).map_ok(drop)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

impl Drop for Transfers {
    fn drop(&mut self) {
        self.task.abort();
    }
}
