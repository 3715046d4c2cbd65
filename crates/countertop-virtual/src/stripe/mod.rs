//! A virtual magnetic-stripe reader.
//!
//! It speaks the escape commands of the MSR605 family, or sends lines of text like a serial or CDC
//! reader. Cards are bits: a swipe encodes the tracks as ISO/IEC 7811-6 has them, damages them when
//! asked to, and reads them back as the reader's head would.

mod card;
mod control;
mod reader;

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, watch};

pub use card::{StripeCard, SwipeFault};
pub use control::StripeControl;

use control::SwipeRequest;
use reader::Reader;

/// Says what kind of reader it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StripeConfig {
    /// The protocol.
    pub dialect: StripeDialect,
    /// The model's digit of the MSR605 family: `3` has all tracks.
    pub model: u8,
    /// The firmware version, eight characters on the real ones.
    pub firmware: String,
}

impl StripeConfig {
    /// Creates a reader of all three tracks that speaks `dialect`.
    #[must_use]
    pub fn new(dialect: StripeDialect) -> Self {
        Self { dialect, model: b'3', firmware: "REVT1.00".into() }
    }
}

impl Default for StripeConfig {
    fn default() -> Self {
        Self::new(StripeDialect::Msr605)
    }
}

/// Names the protocol of a virtual reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StripeDialect {
    /// Escape commands of the MSR605 family.
    Msr605,
    /// A line of text for each swipe.
    Line,
}

/// Is a virtual magnetic-stripe reader.
#[derive(Debug)]
pub struct VirtualStripe {
    reader: Reader,
    swipes: mpsc::Receiver<SwipeRequest>,
    armed: watch::Sender<bool>,
}

impl VirtualStripe {
    /// Creates a reader and the hand that swipes cards through it.
    #[must_use]
    pub fn new(config: StripeConfig) -> (Self, StripeControl) {
        let (sender, swipes) = mpsc::channel(1);
        let reader = Reader::new(config);
        let armed = watch::Sender::new(reader.is_armed());
        let control = StripeControl::new(sender, armed.subscribe());
        (Self { reader, swipes, armed }, control)
    }

    /// Serves a host until the link ends.
    ///
    /// # Errors
    ///
    /// What the link meets.
    ///
    /// # Cancel safety
    ///
    /// Dropping it switches the reader off.
    pub async fn serve<L>(mut self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let mut chunk = [0; 256];
        loop {
            let answer = tokio::select! {
                read = link.read(&mut chunk) => match read? {
                    0 => return Ok(()),
                    count => self.reader.receive(chunk.get(..count).unwrap_or_default()),
                },
                Some(request) = self.swipes.recv() => {
                    let seen = self.reader.swipe(&request.card, request.fault);
                    // A hand that does not wait for the outcome is no fault.
                    let _ = request.outcome.send(seen.is_some());
                    seen.unwrap_or_default()
                }
            };
            self.armed.send_replace(self.reader.is_armed());
            link.write_all(&answer).await?;
            link.flush().await?;
        }
    }
}

#[cfg(test)]
mod tests;
