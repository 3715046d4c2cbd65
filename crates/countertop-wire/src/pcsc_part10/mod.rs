//! Readers with a key pad of their own (PC/SC part 10, revision 2.02.09).
//!
//! SCardControl with [`GET_FEATURE_REQUEST`] yields a [`FeatureList`]: which further control codes
//! the reader knows. [`VerifyPin`] and [`ModifyPin`] are what it takes to let a person type a PIN at
//! the reader, which puts it into the command for the card: the PIN never comes to this computer.
//!
//! Numbers are little-endian, those of the list of features big-endian, as part 10 says.

mod error;
mod feature;
mod fill;
mod modify;
mod outcome;
mod pin_format;
mod properties;
#[cfg(test)]
mod tests;
mod verify;

pub use error::Part10Error;
pub use feature::{Feature, FeatureList, GET_FEATURE_REQUEST};
pub use modify::ModifyPin;
pub use outcome::PinOutcome;
pub use pin_format::{EntryValidation, Justification, PinEncoding, PinFormat, PinLength, Units};
pub use properties::{PinProperties, ReaderProperties};
pub use verify::VerifyPin;
