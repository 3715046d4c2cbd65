//! Bytes of which some are withheld.

use core::fmt::{self, Write as _};

use zeroize::Zeroizing;

/// Is a command or an answer, of which some bytes may be withheld.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Octets(Zeroizing<Vec<Option<u8>>>);

impl Octets {
    /// Takes all of `bytes`.
    #[must_use]
    pub fn shown(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.iter().copied().map(Some).collect()))
    }

    /// Takes the place of `length` bytes, none of which is shown.
    #[must_use]
    pub fn withheld(length: usize) -> Self {
        Self(Zeroizing::new(vec![None; length]))
    }

    /// Withholds a range of bytes; what is beyond the end is left out.
    pub fn withhold(&mut self, range: core::ops::Range<usize>) {
        let end = range.end.min(self.0.len());
        if let Some(bytes) = self.0.get_mut(range.start..end) {
            bytes.fill(None);
        }
    }

    /// Tells whether `bytes` are these, as far as they are shown.
    #[must_use]
    pub fn fits(&self, bytes: &[u8]) -> bool {
        let same = |(shown, byte): (&Option<u8>, &u8)| shown.is_none_or(|shown| shown == *byte);
        self.0.len() == bytes.len() && self.0.iter().zip(bytes).all(same)
    }

    /// Returns the bytes, with nought for those that are withheld.
    #[must_use]
    pub fn played(&self) -> Vec<u8> {
        self.0.iter().map(|byte| byte.unwrap_or(0)).collect()
    }

    /// Returns how many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads hexadecimal digits and `**`, with spaces anywhere between bytes.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let digits: Vec<char> = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (pairs, []) = digits.as_chunks::<2>() else {
            return Err("half a byte is left over");
        };
        let byte = |pair: &[char; 2]| match *pair {
            ['*', '*'] => Ok(None),
            [high, low] => {
                let (high, low) = high.to_digit(16).zip(low.to_digit(16)).ok_or(NO_BYTE)?;
                u8::try_from(high << 4 | low).map(Some).map_err(|_| NO_BYTE)
            }
        };
        Ok(Self(Zeroizing::new(pairs.iter().map(byte).collect::<Result<_, _>>()?)))
    }
}

const NO_BYTE: &str = "a byte is written as two hexadecimal digits, or as `**`";

impl fmt::Display for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_char(' ')?;
            }
            match byte {
                Some(byte) => write!(f, "{byte:02X}")?,
                None => f.write_str("**")?,
            }
        }
        Ok(())
    }
}

/// What is shown is what the redactor has let through, and may still be a card's.
impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Octets({} bytes)", self.0.len())
    }
}
