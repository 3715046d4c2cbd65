//! Connections.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use super::host::{Host, Reply};
use super::{AcquirerConfig, AcquirerControl};

/// The most connections at once; more have to wait.
const CONNECTIONS_MAX: usize = 64;

/// How long to wait when the operating system has no connection to give.
const ACCEPT_RETRY: Duration = Duration::from_millis(200);

/// Is an acquirer's host.
#[derive(Debug, Clone)]
pub struct VirtualAcquirer {
    host: Arc<Mutex<Host>>,
    idle_timeout: Duration,
}

impl VirtualAcquirer {
    /// Creates a host and the hand that acts on it.
    ///
    /// # Errors
    ///
    /// When the ledger file cannot be opened.
    pub fn new(config: AcquirerConfig) -> io::Result<(Self, AcquirerControl)> {
        let idle_timeout = config.idle_timeout;
        let host = Arc::new(Mutex::new(Host::new(config)?));
        Ok((Self { host: Arc::clone(&host), idle_timeout }, AcquirerControl(host)))
    }

    /// Serves every connection that a listener accepts, several at once, until it is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping it closes all connections; the books stay.
    pub async fn listen(&self, listener: TcpListener) -> io::Result<()> {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => {
                    match accepted {
                        Ok((stream, _)) => {
                            let acquirer = self.clone();
                            connections.spawn(async move { acquirer.serve(stream).await });
                        }
                        // Out of file descriptors, or the peer has gone already.
                        Err(_) => sleep(ACCEPT_RETRY).await,
                    }
                }
                Some(_ended) = connections.join_next() => {}
            }
        }
    }

    /// Serves one connection until the peer closes it, sends what is no frame, or is silent for too
    /// long.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: a request may have been booked and not answered.
    pub async fn serve<L>(&self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        while let Some(body) = self.read(&mut link).await? {
            match self.process(&body) {
                Reply::Answer { bytes, delay } => {
                    sleep(delay).await;
                    link.write_all(&bytes).await?;
                    link.flush().await?;
                }
                Reply::Silence => {}
                Reply::HangUp => return Ok(()),
            }
        }
        Ok(())
    }

    /// Reads the next frame without its length; `None` when there is none.
    async fn read<L>(&self, link: &mut L) -> io::Result<Option<Zeroizing<Vec<u8>>>>
    where
        L: AsyncRead + Send + Unpin,
    {
        let frame = async {
            let length = link.read_u16().await?;
            let mut body = Zeroizing::new(vec![0; usize::from(length)]);
            link.read_exact(&mut body).await?;
            io::Result::Ok(body)
        };
        match timeout(self.idle_timeout, frame).await {
            Ok(Ok(body)) => Ok(Some(body)),
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Ok(Err(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn process(&self, body: &[u8]) -> Reply {
        self.host.lock().unwrap_or_else(PoisonError::into_inner).process(body)
    }
}
