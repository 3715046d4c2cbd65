//! Packets from the PIN pad to the host.

use super::frame::{Frame, FrameKind};
use super::mac::MacResponse;
use super::offline::OfflinePinResponse;
use super::pin::PinResponse;
use super::text::{FS, PacketError, administration, printable};

/// Extension: the name in [`Response::Capabilities`] of a PIN pad that holds test keys only and must
/// never take a cardholder's PIN.
pub const TEST_KEYS: &str = "TESTKEYS";

/// Extension: the name in [`Response::Capabilities`] of a PIN pad that answers `X36`.
pub const OFFLINE_PIN: &str = "X36";

/// Is a packet from the PIN pad.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// `1C`: names of what is built in, such as `ICC`, `SAM`, `MSR`; `0` for nothing.
    Capabilities(Vec<String>),
    /// `Z67`: a MAC.
    Mac(MacResponse),
    /// `04`: whether the master key is loaded.
    MasterKey {
        /// Whether it is.
        loaded: bool,
    },
    /// `08`: `true` when the master key is selected. Many PIN pads answer EOT alone.
    MasterKeySelected(bool),
    /// `X37`, extension: an offline PIN.
    OfflinePin(OfflinePinResponse),
    /// `71`: a PIN.
    Pin(PinResponse),
    /// `06`: up to 20 characters, all zeros when none is loaded.
    SerialNumber(String),
}

impl Response {
    /// Returns the packet.
    #[must_use]
    pub fn encode(&self) -> Frame {
        match self {
            Self::Capabilities(names) => {
                let names = names.iter().flat_map(|name| [&[FS], name.as_bytes()].concat());
                administration(b"1C".iter().copied().chain(names).collect())
            }
            Self::Mac(response) => response.encode(),
            Self::MasterKey { loaded } => {
                administration(vec![b'0', b'4', if *loaded { b'F' } else { b'0' }])
            }
            Self::MasterKeySelected(good) => {
                administration(vec![b'0', b'8', if *good { b'0' } else { b'1' }])
            }
            Self::OfflinePin(response) => response.encode(),
            Self::Pin(response) => response.encode(),
            Self::SerialNumber(number) => {
                administration([b"06".as_slice(), number.as_bytes()].concat())
            }
        }
    }

    /// Parses a packet that a host received.
    ///
    /// # Errors
    ///
    /// [`PacketError::Type`] for a packet that is not known; else what is wrong with a field.
    pub fn parse(frame: &Frame) -> Result<Self, PacketError> {
        match (frame.kind(), frame.text()) {
            (FrameKind::Administration, text) => parse_administration(text),
            (FrameKind::Transaction, [b'7', b'1', rest @ ..]) => {
                PinResponse::parse(rest).map(Self::Pin)
            }
            (FrameKind::Transaction, [b'Z', b'6', b'7', rest @ ..]) => {
                MacResponse::parse(rest).map(Self::Mac)
            }
            (FrameKind::Transaction, [b'X', b'3', b'7', rest @ ..]) => {
                OfflinePinResponse::parse(rest).map(Self::OfflinePin)
            }
            (FrameKind::Transaction, _) => Err(PacketError::Type),
        }
    }
}

fn parse_administration(text: &[u8]) -> Result<Response, PacketError> {
    match text {
        [b'0', b'4', code, ..] => Ok(Response::MasterKey { loaded: *code == b'F' }),
        [b'0', b'6', number @ ..] => printable(number, 20).map(Response::SerialNumber),
        [b'0', b'8', code] => Ok(Response::MasterKeySelected(*code == b'0')),
        [b'1', b'C', names @ ..] => {
            let names = names.split(|byte| *byte == FS).filter(|name| !name.is_empty());
            let names = names.map(|name| printable(name, 16)).collect::<Result<_, _>>()?;
            Ok(Response::Capabilities(names))
        }
        _ => Err(PacketError::Type),
    }
}
