//! The chip's data that goes on a receipt.

use serde::{Deserialize, Serialize};

/// Is what a receipt says about a chip transaction. No card number, no track, no cryptographic
/// secret among it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EmvVoucher {
    /// Application identifier (84), hexadecimal.
    pub aid: String,
    /// Application label (50).
    pub label: Option<String>,
    /// Application preferred name (9F12).
    pub preferred_name: Option<String>,
    /// Terminal verification results (95), hexadecimal.
    pub tvr: String,
    /// Transaction status information (9B), hexadecimal.
    pub tsi: Option<String>,
    /// Application transaction counter (9F36), hexadecimal.
    pub atc: Option<String>,
    /// The last cryptogram of the card.
    pub cryptogram: Option<Cryptogram>,
}

/// Is an application cryptogram (9F26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cryptogram {
    /// What the card said with it.
    pub kind: CryptogramKind,
    /// Eight bytes, hexadecimal.
    pub value: String,
}

/// Says what a card said with a cryptogram (9F27, EMV book 3, table 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CryptogramKind {
    /// Transaction certificate: approved.
    Tc,
    /// Authorisation request cryptogram: ask the issuer.
    Arqc,
    /// Application authentication cryptogram: declined.
    Aac,
}

impl CryptogramKind {
    /// Returns the kind that the first two bits of the cryptogram information data name; `None` for
    /// the value reserved for future use.
    #[must_use]
    pub const fn from_information_data(data: u8) -> Option<Self> {
        match data >> 6 {
            0b00 => Some(Self::Aac),
            0b01 => Some(Self::Tc),
            0b10 => Some(Self::Arqc),
            _ => None,
        }
    }

    /// Returns the name as receipts print it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tc => "TC",
            Self::Arqc => "ARQC",
            Self::Aac => "AAC",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn information_data_names_the_cryptogram() {
        for (data, kind) in [
            (0x00, Some(CryptogramKind::Aac)),
            (0x40, Some(CryptogramKind::Tc)),
            (0x80, Some(CryptogramKind::Arqc)),
            (0xc0, None),
        ] {
            assert_eq!(CryptogramKind::from_information_data(data), kind);
        }
        assert_eq!(CryptogramKind::Tc.name(), "TC");
    }
}
