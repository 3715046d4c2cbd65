//! Bar codes of GS k, and what they may hold.
//!
//! Source: Epson, ESC/POS Command Reference, GS k; ISO/IEC 15420 (EAN and UPC), ISO/IEC 15417
//! (CODE128), GS1 General Specifications.

mod check;
mod code128;
mod error;
mod gs1;
mod rules;

#[cfg(test)]
mod tests;

use super::table::{Parameter, choice};

pub use code128::{Code128, Code128Element};
pub use error::BarcodeError;

choice! {
    /// Is a bar code's symbology, by its number in GS k, function B.
    BarcodeSystem {
        /// UPC-A.
        UpcA = 65;
        /// UPC-E.
        UpcE = 66;
        /// EAN-13.
        Ean13 = 67;
        /// EAN-8.
        Ean8 = 68;
        /// CODE39.
        Code39 = 69;
        /// Interleaved 2 of 5.
        Itf = 70;
        /// CODABAR (NW-7).
        Codabar = 71;
        /// CODE93.
        Code93 = 72;
        /// CODE128, with the sets named in the data: `{B`.
        Code128 = 73;
        /// GS1-128.
        Gs1128 = 74;
        /// GS1 DataBar Omnidirectional.
        DataBarOmnidirectional = 75;
        /// GS1 DataBar Truncated.
        DataBarTruncated = 76;
        /// GS1 DataBar Limited.
        DataBarLimited = 77;
        /// GS1 DataBar Expanded.
        DataBarExpanded = 78;
        /// CODE128, sets chosen by the printer.
        Code128Auto = 79;
    }
}

/// Is a bar code with its data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Barcode {
    system: BarcodeSystem,
    data: Vec<u8>,
    terminated: bool,
}

impl Barcode {
    /// Creates a bar code in the form with a length (GS k, function B). A check digit that UPC or EAN
    /// codes lack is added.
    ///
    /// The data of CODE128 names its code sets ([`code128`](Self::code128) chooses them), and that of
    /// GS1-128 and GS1 DataBar Expanded its application identifiers ([`gs1`](Self::gs1) writes them).
    ///
    /// # Errors
    ///
    /// When the symbology has not such a length or such characters, or a check digit is wrong.
    pub fn new(system: BarcodeSystem, data: Vec<u8>) -> Result<Self, BarcodeError> {
        let data = rules::complete(system, data)?;
        Ok(Self { system, data, terminated: false })
    }

    /// Creates a bar code in the form that ends with NUL (GS k, function A); `None` for a
    /// symbology that has none, or data that it cannot hold.
    #[must_use]
    pub fn terminated(system: BarcodeSystem, data: Vec<u8>) -> Option<Self> {
        let data = rules::complete(system, data).ok()?;
        Self::received(system, data, true)
    }

    /// Creates a CODE128 of ASCII text, in as few symbol characters as there can be.
    ///
    /// # Errors
    ///
    /// When there is nothing, a character above 7F, or more than fits.
    pub fn code128(text: &str) -> Result<Self, BarcodeError> {
        Self::new(BarcodeSystem::Code128, Code128::from_text(text)?.to_data())
    }

    /// Creates a GS1-128 or GS1 DataBar Expanded of application identifiers and their values, with
    /// FNC1 where one of variable length ends. A check digit that a GTIN, SSCC or GLN lacks is added.
    ///
    /// # Errors
    ///
    /// When an identifier is none, a value is not as the identifier's format says, or all are more than
    /// fits.
    pub fn gs1(system: BarcodeSystem, elements: &[(&str, &str)]) -> Result<Self, BarcodeError> {
        Self::new(system, gs1::data(system, elements)?)
    }

    /// Tells whether a printer can print the data: what [`new`](Self::new) would say of it.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new). A bar code that was parsed holds whatever was sent.
    pub fn check(&self) -> Result<(), BarcodeError> {
        rules::complete(self.system, self.data.clone()).map(drop)
    }

    /// Creates what came from a stream: GS k has room for 1 to 255 bytes, and no NUL in function A.
    fn received(system: BarcodeSystem, data: Vec<u8>, terminated: bool) -> Option<Self> {
        let fits = (1..=255).contains(&data.len());
        let ends = !terminated || (number(system) <= 71 && !data.contains(&0x00));
        (fits && ends).then_some(Self { system, data, terminated })
    }

    /// Returns the symbology.
    #[must_use]
    pub fn system(&self) -> BarcodeSystem {
        self.system
    }

    /// Returns the data as sent.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

/// Returns the symbology's number in GS k, function B.
fn number(system: BarcodeSystem) -> u8 {
    let place = BarcodeSystem::ALL.iter().position(|other| *other == system);
    place.and_then(|place| u8::try_from(place).ok()).map_or(u8::MAX, |place| 65 + place)
}

impl Parameter for Barcode {
    fn emit(&self, out: &mut Vec<u8>) {
        let number = number(self.system);
        if self.terminated {
            out.push(number - 65);
            out.extend_from_slice(&self.data);
            out.push(0x00);
        } else {
            out.extend([number, u8::try_from(self.data.len()).unwrap_or(u8::MAX)]);
            out.extend_from_slice(&self.data);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [number @ 0..=6, data @ .., 0x00] => {
                Self::received(BarcodeSystem::decode(&[number + 65])?, data.to_vec(), true)
            }
            [number, length, data @ ..] if usize::from(*length) == data.len() => {
                Self::received(BarcodeSystem::decode(&[*number])?, data.to_vec(), false)
            }
            _ => None,
        }
    }
}
