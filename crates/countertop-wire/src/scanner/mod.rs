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
    /// What comes before the code; empty where the scanner sends nothing. What comes before it, and
    /// codes without it, are noise.
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

    /// Takes prefix and AIM identifier off a code whose suffix is off already, and the noise before
    /// the prefix. Returns `None` where there is no prefix, or where it cannot be told which of
    /// several begins the code.
    #[must_use]
    pub fn strip<'a>(&self, code: &'a [u8]) -> Option<(Option<AimIdentifier>, &'a [u8])> {
        let code = self.after_prefix(code)?;
        match AimIdentifier::split(code) {
            Some((aim, data)) if self.aim => Some((Some(aim), data)),
            _ => Some((None, code)),
        }
    }

    fn after_prefix<'a>(&self, code: &'a [u8]) -> Option<&'a [u8]> {
        let prefix = self.prefix.as_slice();
        if prefix.is_empty() {
            return Some(code);
        }
        let start = find(code, prefix)?;
        let rest = code.get(start + prefix.len()..)?;
        // Data may hold a prefix that can be printed, but after noise that may be noise, too.
        let printable = start == 0 && !prefix.iter().any(u8::is_ascii_control);
        (printable || find(rest, prefix).is_none()).then_some(rest)
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests;
