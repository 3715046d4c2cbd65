//! Packets from the host to the PIN pad.

use super::display::{encode_lines, encode_string, parse_lines, parse_string};
use super::frame::{Frame, FrameKind};
use super::mac::MacRequest;
use super::offline::OfflinePinRequest;
use super::pin::{AmountPinRequest, PinEntryRequest};
use super::text::{PacketError, administration, transaction};

/// Is a packet from the host.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// `70`: take a PIN, show the amount.
    AmountPin(AmountPinRequest),
    /// `72`: end the entry.
    Cancel,
    /// `1C`: what is built in.
    Capabilities,
    /// `04`: is this master key, 0 to 9, loaded.
    CheckMasterKey(u8),
    /// `11`: is anybody there.
    ConnectionTest,
    /// `Z3`: show up to seven lines of 16 characters.
    DisplayLines(Vec<String>),
    /// `Z2`: show up to 64 characters.
    DisplayString(String),
    /// `Z66`: compute a MAC.
    Mac(MacRequest),
    /// `X36`, extension: take a PIN for the card.
    OfflinePin(OfflinePinRequest),
    /// `Z62`: take a PIN.
    PinEntry(PinEntryRequest),
    /// `Z1`: back to the idle screen.
    Reset,
    /// `08`: use this master key, 0 to 9.
    SelectMasterKey(u8),
    /// `06`: the serial number.
    SerialNumber,
}

impl Request {
    /// Returns the packet.
    ///
    /// # Errors
    ///
    /// When a field is out of the bounds that are given with it.
    pub fn encode(&self) -> Result<Frame, PacketError> {
        let simple = |text: &[u8]| Ok(transaction(text.to_vec()));
        match self {
            Self::AmountPin(request) => request.encode(),
            Self::Cancel => simple(b"72"),
            Self::Capabilities => Ok(administration(b"1C".to_vec())),
            Self::CheckMasterKey(key) => with_key(b"04", *key),
            Self::ConnectionTest => Ok(administration(b"11".to_vec())),
            Self::DisplayLines(lines) => encode_lines(lines).map(transaction),
            Self::DisplayString(string) => encode_string(string).map(transaction),
            Self::Mac(request) => request.encode(),
            Self::OfflinePin(request) => request.encode(),
            Self::PinEntry(request) => request.encode(),
            Self::Reset => simple(b"Z1"),
            Self::SelectMasterKey(key) => with_key(b"08", *key),
            Self::SerialNumber => Ok(administration(b"06".to_vec())),
        }
    }

    /// Parses a packet that a PIN pad received.
    ///
    /// # Errors
    ///
    /// [`PacketError::Type`] for a packet that is not known; else what is wrong with a field.
    pub fn parse(frame: &Frame) -> Result<Self, PacketError> {
        match frame.kind() {
            FrameKind::Administration => parse_administration(frame.text()),
            FrameKind::Transaction => parse_transaction(frame.text()),
        }
    }
}

fn parse_administration(text: &[u8]) -> Result<Request, PacketError> {
    match text {
        [b'0', b'4', key @ ..] => parse_key_number(key).map(Request::CheckMasterKey),
        [b'0', b'8', key @ ..] => parse_key_number(key).map(Request::SelectMasterKey),
        b"06" => Ok(Request::SerialNumber),
        b"11" => Ok(Request::ConnectionTest),
        b"1C" => Ok(Request::Capabilities),
        _ => Err(PacketError::Type),
    }
}

fn parse_transaction(text: &[u8]) -> Result<Request, PacketError> {
    match text {
        b"72" => Ok(Request::Cancel),
        b"Z1" => Ok(Request::Reset),
        [b'7', b'0', b'.', rest @ ..] => AmountPinRequest::parse(rest).map(Request::AmountPin),
        [b'Z', b'6', b'2', b'.', rest @ ..] => PinEntryRequest::parse(rest).map(Request::PinEntry),
        [b'Z', b'6', b'6', rest @ ..] => MacRequest::parse(rest).map(Request::Mac),
        [b'Z', b'2', rest @ ..] => parse_string(rest).map(Request::DisplayString),
        [b'Z', b'3', rest @ ..] => parse_lines(rest).map(Request::DisplayLines),
        [b'X', b'3', b'6', rest @ ..] => OfflinePinRequest::parse(rest).map(Request::OfflinePin),
        _ => Err(PacketError::Type),
    }
}

fn with_key(id: &[u8], key: u8) -> Result<Frame, PacketError> {
    if key > 9 {
        return Err(PacketError::Length);
    }
    Ok(administration([id, &[b'0' + key]].concat()))
}

fn parse_key_number(text: &[u8]) -> Result<u8, PacketError> {
    match text {
        [digit @ b'0'..=b'9'] => Ok(digit - b'0'),
        _ => Err(PacketError::Digits),
    }
}
