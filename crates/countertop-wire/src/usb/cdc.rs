//! Communications devices: serial lines of the abstract control model (USB Class Definitions for
//! Communications Devices 1.2, and its PSTN subclass 1.2).

use super::{SetupPacket, UsbError};

/// Is the class of the interface that controls the line.
pub const COMMUNICATIONS: u8 = 0x02;
/// Is the subclass of a serial line (PSTN, table 2).
pub const ABSTRACT_CONTROL_MODEL: u8 = 0x02;
/// Is the protocol of a line that understands AT commands, as most devices claim.
pub const AT_COMMANDS: u8 = 0x01;
/// Is the class of the interface that carries the data.
pub const DATA: u8 = 0x0a;

const SET_LINE_CODING: u8 = 0x20;
const GET_LINE_CODING: u8 = 0x21;
const SET_CONTROL_LINE_STATE: u8 = 0x22;
const SEND_BREAK: u8 = 0x23;
const SERIAL_STATE: u8 = 0x20;

/// Is how characters stand on a serial line (PSTN, table 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineCoding {
    /// Bits a second.
    pub baud: u32,
    /// Stop bits.
    pub stop_bits: StopBits,
    /// Parity.
    pub parity: Parity,
    /// Data bits: 5 to 8, or 16.
    pub data_bits: u8,
}

/// Is the number of stop bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopBits {
    /// One.
    One,
    /// One and a half.
    OneAndHalf,
    /// Two.
    Two,
}

/// Is the parity of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Odd number of ones.
    Odd,
    /// Even number of ones.
    Even,
    /// Always one.
    Mark,
    /// Always zero.
    Space,
}

impl StopBits {
    /// Returns the number by which both CDC and FTDI know it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::One => 0,
            Self::OneAndHalf => 1,
            Self::Two => 2,
        }
    }

    /// Returns the stop bits that a number means.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::One),
            1 => Some(Self::OneAndHalf),
            2 => Some(Self::Two),
            _ => None,
        }
    }
}

impl Parity {
    /// Returns the number by which both CDC and FTDI know it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Odd => 1,
            Self::Even => 2,
            Self::Mark => 3,
            Self::Space => 4,
        }
    }

    /// Returns the parity that a number means.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::Odd),
            2 => Some(Self::Even),
            3 => Some(Self::Mark),
            4 => Some(Self::Space),
            _ => None,
        }
    }
}

impl Default for LineCoding {
    /// Returns 9600 bits a second, 8N1.
    fn default() -> Self {
        Self { baud: 9600, stop_bits: StopBits::One, parity: Parity::None, data_bits: 8 }
    }
}

impl LineCoding {
    /// Bytes of a line coding.
    pub const LENGTH: usize = 7;

    /// Returns its bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        let [b0, b1, b2, b3] = self.baud.to_le_bytes();
        [b0, b1, b2, b3, self.stop_bits.code(), self.parity.code(), self.data_bits]
    }

    /// Reads a line coding.
    ///
    /// # Errors
    ///
    /// [`Truncated`](UsbError::Truncated) when there are fewer than seven bytes,
    /// [`Unknown`](UsbError::Unknown) when stop bits or parity are none that there are.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let what = "line coding";
        let truncated = UsbError::Truncated { what, length: bytes.len() };
        let &[b0, b1, b2, b3, stop, parity, data_bits] =
            bytes.first_chunk::<{ Self::LENGTH }>().ok_or(truncated)?;
        let unknown = |value| UsbError::Unknown { what, value };
        Ok(Self {
            baud: u32::from_le_bytes([b0, b1, b2, b3]),
            stop_bits: StopBits::from_code(stop).ok_or_else(|| unknown(stop))?,
            parity: Parity::from_code(parity).ok_or_else(|| unknown(parity))?,
            data_bits,
        })
    }
}

/// Is a request of a serial line (PSTN, clause 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CdcRequest {
    /// Sets the line coding, which comes as data.
    SetLineCoding,
    /// Asks for the line coding.
    GetLineCoding,
    /// Sets the lines that the host drives.
    SetControlLineState {
        /// Data terminal ready.
        dtr: bool,
        /// Request to send.
        rts: bool,
    },
    /// Sends a break of so many milliseconds; `0xffff` until the next request, which has 0.
    SendBreak(u16),
}

impl CdcRequest {
    /// Reads a request; `None` when it is none of these.
    #[must_use]
    pub const fn parse(setup: &SetupPacket) -> Option<Self> {
        match (setup.request_type, setup.request) {
            (0x21, SET_LINE_CODING) => Some(Self::SetLineCoding),
            (0xa1, GET_LINE_CODING) => Some(Self::GetLineCoding),
            (0x21, SET_CONTROL_LINE_STATE) => {
                let (dtr, rts) = (setup.value & 1 != 0, setup.value & 2 != 0);
                Some(Self::SetControlLineState { dtr, rts })
            }
            (0x21, SEND_BREAK) => Some(Self::SendBreak(setup.value)),
            _ => None,
        }
    }

    /// Returns the request to the controlling interface.
    #[must_use]
    pub fn setup(self, interface: u8) -> SetupPacket {
        let index = u16::from(interface);
        match self {
            Self::SetLineCoding => SetupPacket::new(0x21, SET_LINE_CODING, 0, index, 7),
            Self::GetLineCoding => SetupPacket::new(0xa1, GET_LINE_CODING, 0, index, 7),
            Self::SetControlLineState { dtr, rts } => {
                let value = u16::from(dtr) | u16::from(rts) << 1;
                SetupPacket::new(0x21, SET_CONTROL_LINE_STATE, value, index, 0)
            }
            Self::SendBreak(duration) => SetupPacket::new(0x21, SEND_BREAK, duration, index, 0),
        }
    }
}

/// Is what the device tells of its lines (PSTN, clause 6.5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SerialState {
    /// Carrier detect.
    pub carrier: bool,
    /// Data set ready.
    pub dsr: bool,
    /// A break is received.
    pub break_received: bool,
    /// Ring.
    pub ring: bool,
    /// A character had no stop bit.
    pub framing_error: bool,
    /// A character had the wrong parity.
    pub parity_error: bool,
    /// Characters were lost.
    pub overrun: bool,
}

impl SerialState {
    /// Bytes of the notification.
    pub const LENGTH: usize = 10;

    /// Returns the notification of an interface.
    #[must_use]
    pub fn notification(self, interface: u8) -> [u8; Self::LENGTH] {
        [0xa1, SERIAL_STATE, 0, 0, interface, 0, 2, 0, self.bits(), 0]
    }

    fn bits(self) -> u8 {
        let Self { carrier, dsr, break_received, ring, framing_error, parity_error, overrun } =
            self;
        let bits = [carrier, dsr, break_received, ring, framing_error, parity_error, overrun];
        bits.into_iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(bit))
    }

    /// Reads a notification; `None` when it is another one.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let &[0xa1, SERIAL_STATE, _, _, _, _, 2, 0, bits, _] = bytes else { return None };
        let bit = |position: u8| bits >> position & 1 != 0;
        Some(Self {
            carrier: bit(0),
            dsr: bit(1),
            break_received: bit(2),
            ring: bit(3),
            framing_error: bit(4),
            parity_error: bit(5),
            overrun: bit(6),
        })
    }
}

/// Returns the class descriptors of a serial line's controlling interface: header, call management,
/// abstract control model and union (CDC, clause 5.2.3; PSTN, clause 5.3).
#[must_use]
pub fn functional_descriptors(control: u8, data: u8) -> [u8; 19] {
    const HEADER: u8 = 0x00;
    const CALL_MANAGEMENT: u8 = 0x01;
    const ACM: u8 = 0x02;
    const UNION: u8 = 0x06;
    const CS_INTERFACE: u8 = 0x24;
    /// The device knows the line coding and control line state requests.
    const LINE_REQUESTS: u8 = 0x02;
    [
        5,
        CS_INTERFACE,
        HEADER,
        0x20,
        0x01,
        5,
        CS_INTERFACE,
        CALL_MANAGEMENT,
        0,
        data,
        4,
        CS_INTERFACE,
        ACM,
        LINE_REQUESTS,
        5,
        CS_INTERFACE,
        UNION,
        control,
        data,
    ]
}

#[cfg(test)]
mod tests {
    use super::super::descriptor::RawDescriptors;
    use super::*;

    #[test]
    fn line_coding_both_ways() {
        let coding = LineCoding {
            baud: 115_200,
            stop_bits: StopBits::Two,
            parity: Parity::Even,
            data_bits: 7,
        };
        let bytes = coding.to_bytes();
        assert_eq!(bytes, [0x00, 0xc2, 0x01, 0x00, 2, 2, 7]);
        assert_eq!(LineCoding::parse(&bytes), Ok(coding));
        for length in 0..7 {
            let error = UsbError::Truncated { what: "line coding", length };
            assert_eq!(LineCoding::parse(&bytes[..length]), Err(error));
        }
        let error = UsbError::Unknown { what: "line coding", value: 5 };
        assert_eq!(LineCoding::parse(&[0, 0, 0, 0, 0, 5, 8]), Err(error));
    }

    #[test]
    fn requests_both_ways() {
        for request in [
            CdcRequest::SetLineCoding,
            CdcRequest::GetLineCoding,
            CdcRequest::SetControlLineState { dtr: true, rts: false },
            CdcRequest::SetControlLineState { dtr: false, rts: true },
            CdcRequest::SendBreak(250),
        ] {
            assert_eq!(CdcRequest::parse(&request.setup(2)), Some(request));
        }
        assert_eq!(CdcRequest::parse(&SetupPacket::new(0x21, 0x02, 0, 0, 0)), None);
    }

    #[test]
    fn states_both_ways() {
        let state = SerialState { dsr: true, overrun: true, ..SerialState::default() };
        let bytes = state.notification(0);
        assert_eq!(bytes, [0xa1, 0x20, 0, 0, 0, 0, 2, 0, 0x42, 0]);
        assert_eq!(SerialState::parse(&bytes), Some(state));
        for length in 0..bytes.len() {
            assert_eq!(SerialState::parse(&bytes[..length]), None);
        }
    }

    #[test]
    fn functional_descriptors_are_four() {
        let bytes = functional_descriptors(0, 1);
        let subtypes: Vec<u8> =
            RawDescriptors::new(&bytes).map(|raw| raw.unwrap().bytes[2]).collect();
        assert_eq!(subtypes, [0, 1, 2, 6]);
    }
}
