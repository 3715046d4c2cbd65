//! Codes on the line of a serial scanner.
//!
//! A serial or USB CDC scanner sends each code as `prefix AIM data suffix`; what of that it sends is
//! programmed with bar codes of its manual. The AIM identifier (ISO/IEC 15424) is `]`, a letter for
//! the symbology and a modifier: `]Q1` for a QR code.

mod aim;
mod decoder;

pub use aim::AimIdentifier;
pub use decoder::{MAX_CODE, ScanDecoder};

use zeroize::Zeroizing;

/// Says what stands around a code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanFormat {
    /// What comes before the code; may be left out by the scanner.
    pub prefix: Vec<u8>,
    /// What ends it.
    pub suffix: Suffix,
    /// Whether an AIM identifier may come before the data.
    pub aim: bool,
}

/// Says what ends a code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Suffix {
    /// CR, LF or both. Virtual scanners send CR, as most real ones do.
    #[default]
    LineEnd,
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing but silence.
    Silence,
}

impl ScanFormat {
    /// Returns the bytes that a scanner sends for a code.
    #[must_use]
    pub fn encode(&self, aim: Option<AimIdentifier>, data: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(data.len() + 8));
        bytes.extend_from_slice(&self.prefix);
        if let Some(aim) = aim.filter(|_| self.aim) {
            bytes.extend(aim.bytes());
        }
        bytes.extend_from_slice(data);
        match &self.suffix {
            Suffix::LineEnd => bytes.push(b'\r'),
            Suffix::Bytes(suffix) => bytes.extend_from_slice(suffix),
            Suffix::Silence => {}
        }
        bytes
    }

    /// Takes prefix and AIM identifier off a code whose suffix is off already.
    #[must_use]
    pub fn strip<'a>(&self, code: &'a [u8]) -> (Option<AimIdentifier>, &'a [u8]) {
        let code = code.strip_prefix(self.prefix.as_slice()).unwrap_or(code);
        match AimIdentifier::split(code) {
            Some((aim, data)) if self.aim => (Some(aim), data),
            _ => (None, code),
        }
    }
}

#[cfg(test)]
mod tests;
