//! What NTAG21x and Ultralights EV1 know beyond type 2 (NXP data sheets of NTAG213/215/216, rev. 3.2, 10, of
//! NTAG210/212 and of MF0ULx1).

use countertop_device::{CardSession, Sensitive};
use countertop_wire::ndef::LockBits;

use super::TagError;

const GET_VERSION: u8 = 0x60;
const FAST_READ: u8 = 0x3a;
const READ_CNT: u8 = 0x39;
/// The one counter: of readings.
const COUNTER: u8 = 0x02;
const READ_SIG: u8 = 0x3c;
const PWD_AUTH: u8 = 0x1b;
const SIGNATURE_LENGTH: usize = 32;

/// Is a model that says which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Model {
    /// MIFARE Ultralight EV1, MF0UL11: 48 bytes.
    Mf0ul11,
    /// MIFARE Ultralight EV1, MF0UL21: 128 bytes.
    Mf0ul21,
    /// NTAG210: 48 bytes.
    Ntag210,
    /// NTAG212: 128 bytes.
    Ntag212,
    /// NTAG213: 144 bytes.
    Ntag213,
    /// NTAG215: 504 bytes.
    Ntag215,
    /// NTAG216: 888 bytes.
    Ntag216,
}

impl Model {
    /// Asks a type 2 tag which model it is (GET_VERSION); `None` for another tag.
    ///
    /// # Errors
    ///
    /// What the session met.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe, as [`CardSession::transmit`].
    pub async fn of(session: &mut dyn CardSession) -> Result<Option<Self>, TagError> {
        Ok(version(session).await?.and_then(Self::from_version))
    }

    pub(super) const fn from_version(version: [u8; 8]) -> Option<Self> {
        // NXP; product, subtype, version and size.
        let [_, 0x04, product, _, _, _, size, _] = version else { return None };
        match (product, size) {
            (0x03, 0x0b) => Some(Self::Mf0ul11),
            (0x03, 0x0e) => Some(Self::Mf0ul21),
            (0x04, 0x0b) => Some(Self::Ntag210),
            (0x04, 0x0e) => Some(Self::Ntag212),
            (0x04, 0x0f) => Some(Self::Ntag213),
            (0x04, 0x11) => Some(Self::Ntag215),
            (0x04, 0x13) => Some(Self::Ntag216),
            _ => None,
        }
    }

    /// Returns how many pages it has.
    #[must_use]
    pub const fn pages(self) -> usize {
        match self {
            Self::Mf0ul11 | Self::Ntag210 => 0x14,
            Self::Mf0ul21 | Self::Ntag212 => 0x29,
            Self::Ntag213 => 0x2d,
            Self::Ntag215 => 0x87,
            Self::Ntag216 => 0xe7,
        }
    }

    /// Returns the dynamic lock bits, of the models whose pages have no place in the static ones.
    #[must_use]
    pub const fn dynamic_locks(self) -> Option<LockBits> {
        let count = match self {
            Self::Mf0ul11 | Self::Ntag210 => return None,
            Self::Mf0ul21 | Self::Ntag212 => 10,
            Self::Ntag213 => 12,
            Self::Ntag215 => 8,
            Self::Ntag216 => 14,
        };
        Some(LockBits { address: (self.pages() - 5) * 4, count })
    }

    pub(super) const fn container_size(self) -> u8 {
        match self {
            Self::Mf0ul11 | Self::Ntag210 => 0x06,
            Self::Mf0ul21 | Self::Ntag212 => 0x10,
            Self::Ntag213 => 0x12,
            Self::Ntag215 => 0x3e,
            Self::Ntag216 => 0x6d,
        }
    }
}

/// Asks which model it is (GET_VERSION); `None` for a tag that does not know the command.
pub(super) async fn version(session: &mut dyn CardSession) -> Result<Option<[u8; 8]>, TagError> {
    Ok(session.transmit(&[GET_VERSION]).await?.expose().try_into().ok())
}

/// Reads pages `first` to `last` in one exchange (FAST_READ).
///
/// # Errors
///
/// [`TagError::Refused`] for pages that are not there or guarded; else what the session met.
///
/// # Cancel safety
///
/// Not cancel safe, as [`CardSession::transmit`].
pub async fn fast_read(
    session: &mut dyn CardSession,
    first: u8,
    last: u8,
) -> Result<Vec<u8>, TagError> {
    let answer = session.transmit(&[FAST_READ, first, last]).await?;
    let length = usize::from(last.saturating_sub(first)) * 4 + 4;
    expect(&answer, length, "read", usize::from(first))
}

/// Reads how often the tag was read, if its counter is on (READ_CNT).
///
/// # Errors
///
/// As [`fast_read`].
///
/// # Cancel safety
///
/// As [`fast_read`].
pub async fn counter(session: &mut dyn CardSession) -> Result<u32, TagError> {
    let answer = session.transmit(&[READ_CNT, COUNTER]).await?;
    match expect(&answer, 3, "count", usize::from(COUNTER))?[..] {
        [low, middle, high] => Ok(u32::from_le_bytes([low, middle, high, 0])),
        _ => Err(TagError::Malformed("count")),
    }
}

/// Reads the maker's signature of the UID (READ_SIG): ECDSA on secp128r1.
///
/// # Errors
///
/// As [`fast_read`].
///
/// # Cancel safety
///
/// As [`fast_read`].
pub async fn signature(session: &mut dyn CardSession) -> Result<Vec<u8>, TagError> {
    let answer = session.transmit(&[READ_SIG, 0x00]).await?;
    expect(&answer, SIGNATURE_LENGTH, "sign", 0)
}

/// Opens guarded pages with the password (PWD_AUTH); returns the tag's acknowledgement, PACK, or
/// `None` for a wrong password. It goes through the air in plain.
///
/// # Errors
///
/// What the session met.
///
/// # Cancel safety
///
/// As [`fast_read`].
pub async fn authenticate(
    session: &mut dyn CardSession,
    password: [u8; 4],
) -> Result<Option<[u8; 2]>, TagError> {
    let [a, b, c, d] = password;
    let answer = session.transmit(&[PWD_AUTH, a, b, c, d]).await?;
    Ok(answer.expose().try_into().ok())
}

fn expect(
    answer: &Sensitive,
    length: usize,
    action: &'static str,
    place: usize,
) -> Result<Vec<u8>, TagError> {
    match answer.len() {
        found if found == length => Ok(answer.expose().to_vec()),
        1 => Err(TagError::Refused { action, place }),
        _ => Err(TagError::Malformed(action)),
    }
}
