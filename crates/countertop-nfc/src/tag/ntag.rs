//! What NTAG213, 215 and 216 know beyond type 2 (NXP data sheet, rev. 3.2, 10).

use countertop_device::{CardSession, Sensitive};

use super::TagError;

const GET_VERSION: u8 = 0x60;
const FAST_READ: u8 = 0x3a;
const READ_CNT: u8 = 0x39;
/// The one counter: of readings.
const COUNTER: u8 = 0x02;
const READ_SIG: u8 = 0x3c;
const PWD_AUTH: u8 = 0x1b;
const SIGNATURE_LENGTH: usize = 32;

/// Is a model of NTAG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Model {
    /// NTAG213: 144 bytes.
    Ntag213,
    /// NTAG215: 504 bytes.
    Ntag215,
    /// NTAG216: 888 bytes.
    Ntag216,
}

impl Model {
    /// Asks a type 2 tag which NTAG it is (GET_VERSION); `None` for another tag.
    ///
    /// # Errors
    ///
    /// What the session met.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe, as [`CardSession::transmit`].
    pub async fn of(session: &mut dyn CardSession) -> Result<Option<Self>, TagError> {
        let version = session.transmit(&[GET_VERSION]).await?;
        Ok(match *version.expose() {
            // NXP, NTAG; then subtype, version and size.
            [_, 0x04, 0x04, _, _, _, size, _] => match size {
                0x0f => Some(Self::Ntag213),
                0x11 => Some(Self::Ntag215),
                0x13 => Some(Self::Ntag216),
                _ => None,
            },
            _ => None,
        })
    }

    /// Returns how many pages it has.
    #[must_use]
    pub const fn pages(self) -> usize {
        match self {
            Self::Ntag213 => 0x2d,
            Self::Ntag215 => 0x87,
            Self::Ntag216 => 0xe7,
        }
    }

    /// Returns the page of the dynamic lock bytes.
    #[must_use]
    pub const fn dynamic_locks(self) -> usize {
        self.pages() - 5
    }

    pub(super) const fn container_size(self) -> u8 {
        match self {
            Self::Ntag213 => 0x12,
            Self::Ntag215 => 0x3e,
            Self::Ntag216 => 0x6d,
        }
    }
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
