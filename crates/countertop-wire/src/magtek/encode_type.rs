//! What kind of recording the reader found.

/// Is the card encode type (D99875191, section 4, "Card encode type").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EncodeType {
    /// 0x00: ISO and ABA, as payment cards are.
    #[default]
    IsoAba,
    /// 0x01: American driving licences.
    Aamva,
    /// 0x02: Californian driving licences of old.
    Cadl,
    /// 0x03: no track holds anything.
    Blank,
    /// 0x04: a format that is none of these.
    Other,
    /// 0x05: no track could be decoded.
    Undetermined,
    /// 0x06: no card was read.
    None,
    /// 0x07: Japanese JIS X 6302, type 2.
    Jis2,
    /// A value that the manuals do not name.
    Unknown(u8),
}

impl EncodeType {
    /// Returns the type of a byte.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            0x00 => Self::IsoAba,
            0x01 => Self::Aamva,
            0x02 => Self::Cadl,
            0x03 => Self::Blank,
            0x04 => Self::Other,
            0x05 => Self::Undetermined,
            0x06 => Self::None,
            0x07 => Self::Jis2,
            byte => Self::Unknown(byte),
        }
    }

    /// Returns the byte of a type.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::IsoAba => 0x00,
            Self::Aamva => 0x01,
            Self::Cadl => 0x02,
            Self::Blank => 0x03,
            Self::Other => 0x04,
            Self::Undetermined => 0x05,
            Self::None => 0x06,
            Self::Jis2 => 0x07,
            Self::Unknown(byte) => byte,
        }
    }
}
