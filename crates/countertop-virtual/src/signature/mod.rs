//! A virtual signature pad that speaks the protocol of UnionPay pads
//! ([`countertop_wire::sign_pad`]).
//!
//! It shows the feature code, takes what a [hand](SignatureControl) writes, and gives out a picture
//! with the code as watermark.

mod control;
mod ink;
mod pad;
mod store;

use core::time::Duration;
use std::io;

use countertop_wire::sign_pad::{PictureFormat, Zone};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

pub use control::{HandOutcome, SignatureControl};
pub use ink::{Handwriting, Point};

use control::HandRequest;
use pad::Pad;

/// Says what kind of pad it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureConfig {
    /// The format of pictures.
    pub format: PictureFormat,
    /// The writing area and the picture, until the terminal sets them.
    pub zone: Zone,
    /// How often the pad says that a person is signing; `None` for a pad that does not.
    pub heartbeat: Option<Duration>,
    /// The state that the pad answers a handshake with.
    pub state: u8,
}

impl Default for SignatureConfig {
    fn default() -> Self {
        Self {
            format: PictureFormat::Bmp,
            zone: Zone { width: 480, height: 160, picture_width: 240, picture_height: 80 },
            heartbeat: Some(Duration::from_secs(1)),
            state: 0,
        }
    }
}

impl SignatureConfig {
    /// Sets the format of pictures.
    #[must_use]
    pub fn with_format(mut self, format: PictureFormat) -> Self {
        self.format = format;
        self
    }

    /// Sets how often the pad says that a person is signing.
    #[must_use]
    pub fn with_heartbeat(mut self, every: Option<Duration>) -> Self {
        self.heartbeat = every;
        self
    }
}

/// Is a virtual signature pad.
#[derive(Debug)]
pub struct VirtualSignature {
    pad: Pad,
    acts: mpsc::Receiver<HandRequest>,
    shown: watch::Sender<Option<String>>,
}

impl VirtualSignature {
    /// Creates a pad and the hand that signs on it.
    #[must_use]
    pub fn new(config: SignatureConfig) -> (Self, SignatureControl) {
        let (sender, acts) = mpsc::channel(1);
        let shown = watch::Sender::new(None);
        let control = SignatureControl::new(sender, shown.subscribe());
        (Self { pad: Pad::new(config), acts, shown }, control)
    }

    /// Serves a host until the link ends.
    ///
    /// # Errors
    ///
    /// What the link meets.
    ///
    /// # Cancel safety
    ///
    /// Dropping it switches the pad off.
    pub async fn serve<L>(mut self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let mut chunk = [0; 256];
        loop {
            let wake = self.pad.wake();
            let said = tokio::select! {
                read = link.read(&mut chunk) => match read? {
                    0 => return Ok(()),
                    count => {
                        let bytes = chunk.get(..count).unwrap_or_default();
                        self.pad.receive(bytes, Instant::now())
                    }
                },
                Some(request) = self.acts.recv() => {
                    let (outcome, said) = self.pad.act(request.act);
                    // A hand that does not wait for the outcome is no fault.
                    let _ = request.outcome.send(outcome);
                    said
                }
                () = until(wake) => self.pad.tick(Instant::now()),
            };
            self.shown.send_if_modified(|shown| {
                let now = self.pad.shown();
                core::mem::replace(shown, now.clone()) != now
            });
            link.write_all(&said).await?;
            link.flush().await?;
        }
    }
}

async fn until(wake: Option<Instant>) {
    match wake {
        Some(wake) => sleep_until(wake).await,
        None => core::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
