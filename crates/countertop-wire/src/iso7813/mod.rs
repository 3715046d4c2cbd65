//! Magnetic stripes of payment cards: ISO/IEC 7811-6 (bits and characters) and ISO/IEC 7813
//! (fields of tracks 1 and 2).
//!
//! Characters go in and out without sentinels and LRC, as readers' drivers hand them on; the bit
//! level in [`encode_bits`] and [`decode_bits`] adds and checks them. No type here shows card data in
//! its `Debug`, and all of them wipe what they hold.

mod alphabet;
mod bits;
mod discretionary;
mod error;
mod pan;
mod sentinel;
mod track1;
mod track2;

pub use alphabet::TrackNumber;
pub use bits::{TrackBits, decode_bits, encode_bits};
pub use discretionary::{Expiry, ServiceCode};
pub use error::TrackError;
pub use pan::Pan;
pub use sentinel::{add_sentinels, strip_sentinels};
pub use track1::Track1;
pub use track2::Track2;

#[cfg(test)]
mod tests;
