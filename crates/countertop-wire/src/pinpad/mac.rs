//! Message authentication: `Z66` and its answer `Z67`.

use core::fmt;

use super::frame::Frame;
use super::hex::{parse_block, parse_hex, parse_key, push_hex};
use super::text::{FS, PacketError, transaction, two_digits};

/// Most bytes of data in one `Z66`: 28 groups of eight characters, two of them a byte (MX800 p. 337).
pub const MAX_MAC_DATA: usize = 112;

/// Asks for the MAC of data, or of a part of them (`Z66`, MX800 p. 336, PP791 p. 231).
///
/// With a working key of 8 bytes the MAC is ANSI X9.9 (MX800); with one of 16 bytes it is ISO/IEC
/// 9797-1 algorithm 3, also called ANSI X9.19 (PP791). Data are filled up with zeros.
#[derive(Clone, PartialEq, Eq)]
pub struct MacRequest {
    /// Whether no other part follows. All parts but the last must be whole blocks.
    pub last: bool,
    /// Number of the part, from 0; at most 99.
    pub sequence: u8,
    /// The master key under which the working key is wrapped, 0 to 9.
    pub master_key: u8,
    /// The MAC key: 8 or 16 bytes.
    pub working_key: Vec<u8>,
    /// At most [`MAX_MAC_DATA`] bytes, sent as hexadecimal digits.
    pub data: Vec<u8>,
}

impl MacRequest {
    /// Returns the packet.
    ///
    /// # Errors
    ///
    /// When a field is out of the bounds that are given with it.
    pub fn encode(&self) -> Result<Frame, PacketError> {
        let key_fits = matches!(self.working_key.len(), 8 | 16) && self.master_key <= 9;
        if !key_fits || self.sequence > 99 || self.data.len() > MAX_MAC_DATA {
            return Err(PacketError::Length);
        }
        let flag = if self.last { '6' } else { '7' };
        let mut text = format!("Z66{flag}{:02}{}", self.sequence, self.master_key).into_bytes();
        text.push(FS);
        push_hex(&mut text, &self.working_key);
        text.extend([FS, FS]);
        push_hex(&mut text, &self.data);
        Ok(transaction(text))
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        let mut fields = rest.splitn(4, |byte| *byte == FS);
        let mut next = || fields.next().ok_or(PacketError::Length);
        let (head, working_key) = (next()?, parse_key(next()?)?);
        let &[flag, tens, ones, ref pointer @ ..] = head else { return Err(PacketError::Length) };
        let master_key = match pointer {
            [] => 0,
            [digit @ b'0'..=b'9'] => digit - b'0',
            _ => return Err(PacketError::Digits),
        };
        if !next()?.is_empty() {
            // A second master key is for MACs without a working key.
            return Err(PacketError::Length);
        }
        let message = next()?;
        let (last, data) = match flag {
            b'4' | b'5' => (flag == b'4', message.to_vec()),
            b'6' | b'7' => (flag == b'6', parse_hex(message)?.to_vec()),
            _ => return Err(PacketError::Type),
        };
        Ok(Self { last, sequence: two_digits(&[tens, ones])?, master_key, working_key, data })
    }
}

impl fmt::Debug for MacRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MacRequest")
            .field("last", &self.last)
            .field("sequence", &self.sequence)
            .finish_non_exhaustive()
    }
}

/// Answers `Z66` (`Z67`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacResponse {
    /// The whole last block.
    Mac([u8; 8]),
    /// No MAC; [`MacStatus::Ready`] asks for the next part.
    Status(MacStatus),
}

impl MacResponse {
    /// Returns the packet.
    #[must_use]
    pub fn encode(&self) -> Frame {
        let mut text = b"Z67".to_vec();
        match self {
            Self::Mac(mac) => {
                text.push(b'0');
                push_hex(&mut text, mac);
            }
            Self::Status(status) => text.push(status.code()),
        }
        transaction(text)
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        match rest {
            [b'0', mac @ ..] => parse_block(mac).map(Self::Mac),
            [code] => Ok(Self::Status(MacStatus::from_code(*code))),
            _ => Err(PacketError::Length),
        }
    }
}

/// Says why there is no MAC (MX800 p. 339, PP791 p. 234).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MacStatus {
    /// `1`: the next part, please.
    #[error("more data expected")]
    Ready,
    /// `2`: parts out of order.
    #[error("parts out of order")]
    Sequence,
    /// `3`: the master key is not loaded.
    #[error("master key not loaded")]
    NoMasterKey,
    /// `5`: the data have a wrong length.
    #[error("data of a wrong length")]
    Length,
    /// `7`: the data are malformed.
    #[error("data malformed")]
    Data,
    /// `8`: the working key is malformed.
    #[error("working key malformed")]
    Key,
    /// `A`: the working key is not for MACs.
    #[error("working key is not for MACs")]
    KeyUse,
    /// Any other code.
    #[error("code {:?}", char::from(*.0))]
    Other(u8),
}

impl MacStatus {
    fn code(self) -> u8 {
        match self {
            Self::Ready => b'1',
            Self::Sequence => b'2',
            Self::NoMasterKey => b'3',
            Self::Length => b'5',
            Self::Data => b'7',
            Self::Key => b'8',
            Self::KeyUse => b'A',
            Self::Other(code) => code,
        }
    }

    fn from_code(code: u8) -> Self {
        match code {
            b'1' => Self::Ready,
            b'2' => Self::Sequence,
            b'3' => Self::NoMasterKey,
            b'5' => Self::Length,
            b'7' => Self::Data,
            b'8' => Self::Key,
            b'A' => Self::KeyUse,
            code => Self::Other(code),
        }
    }
}
