//! What a tag is.

use countertop_device::{CardProtocol, CardSession};

use super::TagError;

/// Names the ways in which a message lies on a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagKind {
    /// MIFARE Classic, with an application directory (NXP AN1304).
    MifareClassic,
    /// NFC Forum type 1: Topaz.
    Type1,
    /// NFC Forum type 2: Ultralight, NTAG.
    Type2,
    /// NFC Forum type 3: FeliCa.
    Type3,
    /// NFC Forum type 4: an application on a card of ISO/IEC 14443-4.
    Type4,
}

impl TagKind {
    /// Returns what the session's tag is.
    ///
    /// # Errors
    ///
    /// [`TagError::Unsupported`] for a card by contact.
    pub(super) fn of(session: &dyn CardSession) -> Result<Self, TagError> {
        match session.protocol() {
            CardProtocol::Type1 => Ok(Self::Type1),
            CardProtocol::Type2 => Ok(Self::Type2),
            CardProtocol::Felica => Ok(Self::Type3),
            CardProtocol::IsoDep => Ok(Self::Type4),
            CardProtocol::MifareClassic => Ok(Self::MifareClassic),
            CardProtocol::StorageCard => {
                Err(TagError::Unsupported("be read as a tag by this reader: hold it to a PN532"))
            }
            _ => Err(TagError::Unsupported("hold a message: it is a card by contact")),
        }
    }

    /// Returns the name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MifareClassic => "MIFARE Classic",
            Self::Type1 => "type 1 tag",
            Self::Type2 => "type 2 tag",
            Self::Type3 => "type 3 tag",
            Self::Type4 => "type 4 tag",
        }
    }
}
