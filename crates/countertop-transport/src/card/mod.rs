//! Records conversations with cards and plays them again, over any driver.
//!
//! ```
//! use countertop_device::CardSession as _;
//! use countertop_transport::card::ReplaySession;
//!
//! # async fn replay() -> Result<(), Box<dyn std::error::Error>> {
//! let log = "reset T=1 3B 81 81 01 00 00\n> 00 B2 01 0C 00\n< 6A 83\n";
//! let mut card = ReplaySession::new(log.parse()?);
//! let answer = card.transmit(&[0x00, 0xb2, 0x01, 0x0c, 0x00]).await?;
//! assert_eq!(answer.expose(), [0x6a, 0x83]);
//! card.finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! The text is that of [`countertop_wire::apdu_log`]. What shows a cardholder, PINs and keys are
//! withheld ([`Redaction`]).

mod protocol;
mod recorder;
mod replay;
#[cfg(test)]
mod tests;

pub use countertop_wire::apdu_log::{Log, Redaction};
pub use recorder::{Recorder, RecordingSession};
pub use replay::{ReplayError, ReplaySession};
