//! The hand that scans and swipes.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::Arc;

use countertop_wire::iso7813::TrackNumber;
use countertop_wire::keyboard::{BootReport, Typist, Untypeable};
use countertop_wire::scanner::{AimIdentifier, ScanFormat};
use countertop_wire::stripe::TrackField;
use countertop_wire::stripe::line::encode_line;

use crate::hid::HidInput;
use crate::stripe::{StripeCard, SwipeFault};

/// Scans codes and swipes cards on a device that poses as a keyboard.
#[derive(Debug, Clone)]
pub struct WedgeControl {
    typist: Typist,
    format: ScanFormat,
    input: HidInput,
    /// Whether the last report had keys held.
    held: Arc<AtomicBool>,
}

/// Says why a device did not type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeError {
    /// The text has a character that this device cannot type.
    #[error(transparent)]
    Untypeable(#[from] Untypeable),
    /// The text is not UTF-8.
    #[error("the text is not UTF-8")]
    NotText,
    /// The device is unplugged; it may have typed a part.
    #[error("the virtual device is not plugged in any more")]
    Unplugged,
}

impl WedgeControl {
    pub(super) fn new(typist: Typist, format: ScanFormat, input: HidInput) -> Self {
        Self { typist, format, input, held: Arc::default() }
    }

    /// Holds up a code.
    ///
    /// # Errors
    ///
    /// As [`type_text`](Self::type_text).
    ///
    /// # Cancel safety
    ///
    /// As [`type_text`](Self::type_text).
    pub async fn scan(&self, aim: Option<AimIdentifier>, data: &[u8]) -> Result<(), TypeError> {
        let text = self.format.encode(aim, data);
        self.type_bytes(&text).await
    }

    /// Swipes a card.
    ///
    /// # Errors
    ///
    /// As [`type_text`](Self::type_text).
    ///
    /// # Cancel safety
    ///
    /// As [`type_text`](Self::type_text).
    pub async fn swipe(&self, card: &StripeCard) -> Result<(), TypeError> {
        self.swipe_tracks(&TrackNumber::ALL.map(|track| card.field(track, None))).await
    }

    /// Swipes a card and lets something go wrong; what is cut off is so many characters long.
    ///
    /// # Errors
    ///
    /// As [`type_text`](Self::type_text).
    ///
    /// # Cancel safety
    ///
    /// As [`type_text`](Self::type_text).
    pub async fn swipe_with(&self, card: &StripeCard, fault: SwipeFault) -> Result<(), TypeError> {
        let tracks = TrackNumber::ALL.map(|track| card.field(track, Some(fault)));
        if let SwipeFault::CutOff(length) = fault {
            let line = encode_line(&tracks);
            return self.type_bytes(line.get(..length).unwrap_or(&line)).await;
        }
        self.swipe_tracks(&tracks).await
    }

    async fn swipe_tracks(&self, tracks: &[TrackField; 3]) -> Result<(), TypeError> {
        self.type_bytes(&encode_line(tracks)).await
    }

    async fn type_bytes(&self, text: &[u8]) -> Result<(), TypeError> {
        let text = core::str::from_utf8(text).map_err(|_error| TypeError::NotText)?;
        self.type_text(text).await
    }

    /// Types as fast as the device can; returns when the host has the last report.
    ///
    /// # Errors
    ///
    /// A [`TypeError`] that says why it did not.
    ///
    /// # Cancel safety
    ///
    /// Dropping it cuts the text off; keys may stay held until the next text.
    pub async fn type_text(&self, text: &str) -> Result<(), TypeError> {
        self.type_reports(&self.typist.reports(text)?, Duration::ZERO).await
    }

    /// Types as a person does, with a pause after each key goes down and after it goes up.
    ///
    /// # Errors
    ///
    /// As [`type_text`](Self::type_text).
    ///
    /// # Cancel safety
    ///
    /// As [`type_text`](Self::type_text).
    pub async fn type_slowly(&self, text: &str, pause: Duration) -> Result<(), TypeError> {
        self.type_reports(&self.typist.reports(text)?, pause).await
    }

    /// Sends a report, such as one of a key that is held.
    ///
    /// # Errors
    ///
    /// [`Unplugged`](TypeError::Unplugged).
    ///
    /// # Cancel safety
    ///
    /// A report that was not fetched is withdrawn.
    pub async fn send_report(&self, report: BootReport) -> Result<(), TypeError> {
        self.held.store(report != BootReport::default(), Ordering::Relaxed);
        if self.input.send(&report.to_bytes()).await { Ok(()) } else { Err(TypeError::Unplugged) }
    }

    async fn type_reports(&self, reports: &[BootReport], pause: Duration) -> Result<(), TypeError> {
        if self.held.load(Ordering::Relaxed) {
            self.send_report(BootReport::default()).await?;
        }
        for report in reports {
            self.send_report(*report).await?;
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
        Ok(())
    }
}
