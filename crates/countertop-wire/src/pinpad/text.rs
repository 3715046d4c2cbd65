//! Fields of a packet's text.

use super::frame::{Frame, FrameKind};

/// Field separator.
pub(super) const FS: u8 = 0x1c;
/// A parameter follows; in `Z2` and `Z3` it clears the screen.
pub(super) const SUB: u8 = 0x1a;

/// Longest text of a prompt or of a line.
pub(super) const MAX_LINE: usize = 16;

/// Says why a packet cannot be understood. Carries no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PacketError {
    /// Something other than digits where digits belong.
    #[error("something other than digits in a number")]
    Digits,
    /// Something other than pairs of hexadecimal digits.
    #[error("something other than hexadecimal digits in a field")]
    Hex,
    /// A field is too short, too long or missing.
    #[error("a field is too short, too long or missing")]
    Length,
    /// Something other than printable ASCII in a text.
    #[error("something other than printable ASCII in a text")]
    Text,
    /// A packet type that does not belong to this direction or is not known.
    #[error("unknown packet type")]
    Type,
}

pub(super) fn transaction(text: Vec<u8>) -> Frame {
    Frame::new(FrameKind::Transaction, text)
}

pub(super) fn administration(text: Vec<u8>) -> Frame {
    Frame::new(FrameKind::Administration, text)
}

pub(super) fn is_printable(text: &[u8]) -> bool {
    text.iter().all(|byte| (0x20..0x7f).contains(byte))
}

/// Parses a text of at most `max` printable characters.
pub(super) fn printable(text: &[u8], max: usize) -> Result<String, PacketError> {
    if text.len() > max {
        return Err(PacketError::Length);
    }
    if !is_printable(text) {
        return Err(PacketError::Text);
    }
    Ok(text.iter().copied().map(char::from).collect())
}

/// Checks a text that is to be sent.
pub(super) fn check_printable(text: &str, max: usize) -> Result<(), PacketError> {
    printable(text.as_bytes(), max).map(drop)
}

/// Parses two digits.
pub(super) fn two_digits(text: &[u8]) -> Result<u8, PacketError> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Ok((tens - b'0') * 10 + (ones - b'0')),
        [_, _] => Err(PacketError::Digits),
        _ => Err(PacketError::Length),
    }
}

/// Checks an account number: 8 to 19 digits.
pub(super) fn check_account(account: &[u8]) -> Result<(), PacketError> {
    if !(8..=19).contains(&account.len()) {
        return Err(PacketError::Length);
    }
    if !account.iter().all(u8::is_ascii_digit) {
        return Err(PacketError::Digits);
    }
    Ok(())
}

/// Appends the optional time-out, one digit in units of 30 seconds.
pub(super) fn push_timeout(text: &mut Vec<u8>, half_minutes: Option<u8>) {
    if let Some(units @ 1..=9) = half_minutes {
        text.extend([FS, b'0' + units]);
    }
}

/// Parses the optional time-out.
pub(super) fn parse_timeout(field: Option<&[u8]>) -> Result<Option<u8>, PacketError> {
    match field {
        None | Some([]) => Ok(None),
        Some([units @ b'1'..=b'9']) => Ok(Some(units - b'0')),
        Some(_) => Err(PacketError::Digits),
    }
}
