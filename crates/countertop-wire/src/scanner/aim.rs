//! AIM identifiers (ISO/IEC 15424).

/// Is a symbology identifier: `]`, a letter, a modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AimIdentifier {
    /// The symbology's letter, such as `Q` for QR code.
    pub code: u8,
    /// What the scanner did with it, such as `1` for QR code model 2 without ECI.
    pub modifier: u8,
}

impl AimIdentifier {
    /// Is `]Q1`: QR code, model 2, no ECI.
    pub const QR_CODE: Self = Self { code: b'Q', modifier: b'1' };

    /// Is `]C0`: Code 128 without GS1.
    pub const CODE_128: Self = Self { code: b'C', modifier: b'0' };

    /// Splits an identifier from the data after it.
    #[must_use]
    pub fn split(code: &[u8]) -> Option<(Self, &[u8])> {
        match code {
            [b']', code, modifier, data @ ..]
                if code.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
            {
                Some((Self { code: *code, modifier: *modifier }, data))
            }
            _ => None,
        }
    }

    /// Returns the three characters.
    #[must_use]
    pub fn bytes(self) -> [u8; 3] {
        [b']', self.code, self.modifier]
    }
}
