//! PIN blocks (ISO 9564-1 format 0, EMV Book 2 clause 7) and the DES keys that PIN pads hold.
//!
//! Clear PINs and keys belong inside a PIN pad or a host's security module. This module serves the
//! virtual ones; no program of a terminal calls it with a cardholder's PIN.

mod des_key;
mod error;
mod format0;
mod offline;

pub use des_key::DesKey;
pub use error::PinBlockError;
pub use format0::{Pin, decode_format0, encode_format0};
pub use offline::encipherment_data;

#[cfg(test)]
mod tests;
