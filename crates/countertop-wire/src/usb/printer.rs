//! The printer class (Universal Serial Bus Device Class Definition for Printing Devices 1.1).

use super::{SetupPacket, UsbError};

/// Is the class code of a printer's interface.
pub const CLASS: u8 = 0x07;
/// Is the one subclass.
pub const SUBCLASS: u8 = 0x01;
/// Is the protocol of a printer that only receives.
pub const UNIDIRECTIONAL: u8 = 0x01;
/// Is the protocol of a printer that also answers.
pub const BIDIRECTIONAL: u8 = 0x02;

/// Is a request of the class (clause 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrinterRequest {
    /// Asks for the IEEE 1284 device identification (clause 4.2.1).
    GetDeviceId,
    /// Asks for the port status (clause 4.2.2).
    GetPortStatus,
    /// Flushes the buffers and ends halts (clause 4.2.3).
    SoftReset,
}

impl PrinterRequest {
    /// Reads a request; `None` when it is none of the class.
    #[must_use]
    pub const fn parse(setup: &SetupPacket) -> Option<Self> {
        match (setup.request_type, setup.request) {
            (0xa1, 0) => Some(Self::GetDeviceId),
            (0xa1, 1) => Some(Self::GetPortStatus),
            // Hosts after version 1.0 of the class address "other".
            (0x21 | 0x23, 2) => Some(Self::SoftReset),
            _ => None,
        }
    }

    /// Returns the request to an interface, with room for `length` bytes of identification.
    #[must_use]
    pub const fn setup(self, interface: u8, length: u16) -> SetupPacket {
        let index = u16::from_le_bytes([interface, 0]);
        match self {
            // The identification's index has the interface in the high byte.
            Self::GetDeviceId => {
                SetupPacket::new(0xa1, 0, 0, u16::from_le_bytes([0, interface]), length)
            }
            Self::GetPortStatus => SetupPacket::new(0xa1, 1, 0, index, 1),
            Self::SoftReset => SetupPacket::new(0x21, 2, 0, index, 0),
        }
    }
}

/// Is what a printer's port says, as on a parallel cable (clause 4.2.2, table 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PortStatus {
    /// Paper is empty.
    pub paper_empty: bool,
    /// The printer is selected: online.
    pub selected: bool,
    /// There is an error; on the wire the bit says that there is none.
    pub error: bool,
}

impl PortStatus {
    /// Is a printer that is ready: `0x18`.
    pub const READY: Self = Self { paper_empty: false, selected: true, error: false };

    /// Reads the status byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Self {
        Self { paper_empty: byte & 0x20 != 0, selected: byte & 0x10 != 0, error: byte & 0x08 == 0 }
    }

    /// Returns the status byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        let paper = if self.paper_empty { 0x20 } else { 0 };
        let selected = if self.selected { 0x10 } else { 0 };
        let no_error = if self.error { 0 } else { 0x08 };
        paper | selected | no_error
    }
}

/// Returns the answer to GET_DEVICE_ID: the text, with its length in front, which counts itself and
/// is big-endian.
///
/// # Errors
///
/// [`TooLong`](UsbError::TooLong) when the text has more than 65 533 bytes.
pub fn device_id(text: &str) -> Result<Vec<u8>, UsbError> {
    let length = text.len() + 2;
    let length = u16::try_from(length).map_err(|_| UsbError::TooLong(length))?;
    Ok([&length.to_be_bytes(), text.as_bytes()].concat())
}

/// Returns the text of an answer to GET_DEVICE_ID, as far as it was read.
///
/// # Errors
///
/// [`Truncated`](UsbError::Truncated) and [`BadLength`](UsbError::BadLength) when the length is not
/// there or too small, [`BadString`](UsbError::BadString) when the text is no UTF-8.
pub fn parse_device_id(bytes: &[u8]) -> Result<&str, UsbError> {
    let what = "device identification";
    let truncated = UsbError::Truncated { what, length: bytes.len() };
    let (&length, text) = bytes.split_first_chunk().ok_or(truncated)?;
    let length = usize::from(u16::from_be_bytes(length));
    let said = length.checked_sub(2).ok_or(UsbError::BadLength { what, length })?;
    let text = text.get(..said).unwrap_or(text);
    core::str::from_utf8(text).map_err(|_| UsbError::BadString(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_both_ways() {
        for request in
            [PrinterRequest::GetDeviceId, PrinterRequest::GetPortStatus, PrinterRequest::SoftReset]
        {
            assert_eq!(PrinterRequest::parse(&request.setup(1, 1024)), Some(request));
        }
        let id = PrinterRequest::GetDeviceId.setup(1, 1023).to_bytes();
        assert_eq!(id, [0xa1, 0, 0, 0, 0, 1, 0xff, 0x03]);
        assert_eq!(PrinterRequest::parse(&SetupPacket::new(0xa1, 3, 0, 0, 1)), None);
    }

    #[test]
    fn status_both_ways() {
        assert_eq!(PortStatus::READY.to_byte(), 0x18);
        let empty = PortStatus { paper_empty: true, selected: false, error: true };
        assert_eq!(empty.to_byte(), 0x20);
        for status in [PortStatus::READY, empty] {
            assert_eq!(PortStatus::from_byte(status.to_byte()), status);
        }
    }

    #[test]
    fn identification_both_ways() {
        let bytes = device_id("MFG:X;").unwrap();
        assert_eq!(bytes, b"\x00\x08MFG:X;");
        assert_eq!(parse_device_id(&bytes), Ok("MFG:X;"));
        assert_eq!(parse_device_id(&bytes[..5]), Ok("MFG"));
        for length in 0..2 {
            let what = "device identification";
            let error = UsbError::Truncated { what, length };
            assert_eq!(parse_device_id(&bytes[..length]), Err(error));
        }
        assert!(parse_device_id(&[0, 1]).is_err());
        assert_eq!(parse_device_id(&[0, 3, 0xff]), Err(UsbError::BadString(1)));
        assert!(device_id(&"x".repeat(0xfffe)).is_err());
    }
}
