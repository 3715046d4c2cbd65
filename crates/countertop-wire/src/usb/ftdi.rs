//! FTDI's FT232R: a serial line by vendor requests.
//!
//! FTDI publishes the behaviour (datasheet DS_FT232R, application notes AN_120 on aliasing of baud
//! rates and AN232B-04 on latency); the requests are known from Linux, `drivers/usb/serial/ftdi_sio.h`.

use super::cdc::{LineCoding, Parity, StopBits};
use super::{SetupPacket, UsbError};

/// Is FTDI's vendor identifier.
pub const VENDOR: u16 = 0x0403;
/// Is the product identifier of an FT232R.
pub const FT232R: u16 = 0x6001;
/// Is the release by which drivers know an FT232R.
pub const FT232R_RELEASE: u16 = 0x0600;
/// Bytes of a packet, two of which tell the status of the line.
pub const PACKET: usize = 64;
/// Bytes of status in front of each packet.
pub const STATUS_LENGTH: usize = 2;

/// Clock from which the baud rate is divided, in eighths: 3 MHz.
const CLOCK_EIGHTHS: u32 = 24_000_000;
/// Eighths of the divisor, by the code that stands for them.
const EIGHTHS: [u32; 8] = [0, 4, 2, 1, 3, 5, 6, 7];

/// Is a vendor request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FtdiRequest {
    /// Resets the port.
    Reset,
    /// Forgets what the chip has received from the line.
    PurgeReceive,
    /// Forgets what the chip has yet to send.
    PurgeTransmit,
    /// Sets lines; `None` leaves a line as it is.
    ModemControl {
        /// Data terminal ready.
        dtr: Option<bool>,
        /// Request to send.
        rts: Option<bool>,
    },
    /// Sets the flow control.
    FlowControl(FtdiFlow),
    /// Sets the divisor of the baud rate.
    BaudRate(BaudDivisor),
    /// Sets data bits, parity and stop bits, and whether the line is held in a break.
    Data {
        /// Data bits, 7 or 8.
        data_bits: u8,
        /// Parity.
        parity: Parity,
        /// Stop bits.
        stop_bits: StopBits,
        /// Whether the line is held in a break.
        sends_break: bool,
    },
    /// Asks for the two bytes of status.
    ModemStatus,
    /// Sets the character that sends a packet at once; `None` for none.
    EventCharacter(Option<u8>),
    /// Sets the character that stands for one with an error; `None` for none.
    ErrorCharacter(Option<u8>),
    /// Sets the milliseconds after which a packet goes that is not full.
    SetLatency(u8),
    /// Asks for them.
    GetLatency,
    /// Sets the mode of the pins.
    BitMode {
        /// Pins that are outputs.
        pins: u8,
        /// The mode; 0 for the serial line.
        mode: u8,
    },
    /// Asks for the levels of the pins.
    ReadPins,
    /// Asks for a word of the EEPROM.
    ReadEeprom(u16),
}

/// Is a flow control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FtdiFlow {
    /// None.
    #[default]
    None,
    /// RTS and CTS.
    RtsCts,
    /// DTR and DSR.
    DtrDsr,
    /// XON and XOFF characters.
    XonXoff {
        /// Goes on.
        xon: u8,
        /// Stops.
        xoff: u8,
    },
}

/// Is the divisor of a baud rate, in eighths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaudDivisor(u32);

impl BaudDivisor {
    /// Returns the divisor that comes next to a baud rate.
    #[must_use]
    pub fn nearest(baud: u32) -> Self {
        let baud = baud.clamp(183, 3_000_000);
        let eighths = (CLOCK_EIGHTHS + baud / 2) / baud;
        // Between 1 and 2 the chip knows 1.5 only, and no divisor has more than 14 bits.
        Self(match eighths {
            ..=9 => 8,
            10..=13 => 12,
            14..=15 => 16,
            other => other.min(0x1_ffff),
        })
    }

    /// Returns the baud rate.
    #[must_use]
    pub const fn baud(self) -> u32 {
        CLOCK_EIGHTHS / self.0
    }

    fn from_wire(value: u16, index: u16) -> Self {
        match (value, index & 1) {
            (0, 0) => Self(8),
            (1, 0) => Self(12),
            _ => {
                let code = usize::from(value >> 14 | (index & 1) << 2);
                let eighths = EIGHTHS.get(code).copied().unwrap_or(0);
                Self((u32::from(value & 0x3fff) << 3 | eighths).max(8))
            }
        }
    }

    fn to_wire(self) -> (u16, u16) {
        match self.0 {
            8 => (0, 0),
            12 => (1, 0),
            eighths => {
                let code = EIGHTHS.iter().position(|&value| value == eighths & 7).unwrap_or(0);
                let code = u16::try_from(code).unwrap_or(0);
                let whole = u16::try_from(eighths >> 3 & 0x3fff).unwrap_or(0x3fff);
                (whole | (code & 3) << 14, code >> 2)
            }
        }
    }
}

const fn vendor_out(request: u8, value: u16, index: u16) -> SetupPacket {
    SetupPacket::new(0x40, request, value, index, 0)
}

const fn vendor_in(request: u8, index: u16, length: u16) -> SetupPacket {
    SetupPacket::new(0xc0, request, 0, index, length)
}

fn character(character: Option<u8>) -> u16 {
    character.map_or(0, |byte| 0x0100 | u16::from(byte))
}

impl FtdiRequest {
    /// Returns the request.
    #[must_use]
    pub fn setup(self) -> SetupPacket {
        match self {
            Self::Reset => vendor_out(0, 0, 0),
            Self::PurgeReceive => vendor_out(0, 1, 0),
            Self::PurgeTransmit => vendor_out(0, 2, 0),
            Self::ModemControl { dtr, rts } => {
                let line = |level: Option<bool>, bit: u16| {
                    level.map_or(0, |high| bit << 8 | if high { bit } else { 0 })
                };
                vendor_out(1, line(dtr, 1) | line(rts, 2), 0)
            }
            Self::FlowControl(flow) => match flow {
                FtdiFlow::None => vendor_out(2, 0, 0),
                FtdiFlow::RtsCts => vendor_out(2, 0, 0x0100),
                FtdiFlow::DtrDsr => vendor_out(2, 0, 0x0200),
                FtdiFlow::XonXoff { xon, xoff } => {
                    vendor_out(2, u16::from_le_bytes([xon, xoff]), 0x0400)
                }
            },
            Self::BaudRate(divisor) => {
                let (value, index) = divisor.to_wire();
                vendor_out(3, value, index)
            }
            Self::Data { data_bits, parity, stop_bits, sends_break } => {
                let high = parity.code() | stop_bits.code() << 3 | u8::from(sends_break) << 6;
                vendor_out(4, u16::from_le_bytes([data_bits, high]), 0)
            }
            Self::ModemStatus => vendor_in(5, 0, 2),
            Self::EventCharacter(event) => vendor_out(6, character(event), 0),
            Self::ErrorCharacter(error) => vendor_out(7, character(error), 0),
            Self::SetLatency(milliseconds) => vendor_out(9, milliseconds.into(), 0),
            Self::GetLatency => vendor_in(10, 0, 1),
            Self::BitMode { pins, mode } => vendor_out(11, u16::from_le_bytes([pins, mode]), 0),
            Self::ReadPins => vendor_in(12, 0, 1),
            Self::ReadEeprom(word) => vendor_in(0x90, word, 2),
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    ///
    /// [`Unknown`](UsbError::Unknown) when it is none that the chip knows.
    pub fn parse(setup: &SetupPacket) -> Result<Self, UsbError> {
        let unknown = UsbError::Unknown { what: "FTDI request", value: setup.request };
        let (high, low) = setup.value_bytes();
        let character = (high & 1 != 0).then_some(low);
        Ok(match (setup.request_type, setup.request) {
            (0x40, 0) => match setup.value {
                0 => Self::Reset,
                1 => Self::PurgeReceive,
                2 => Self::PurgeTransmit,
                _ => return Err(unknown),
            },
            (0x40, 1) => {
                let line = |bit: u8| (high & bit != 0).then_some(low & bit != 0);
                Self::ModemControl { dtr: line(1), rts: line(2) }
            }
            (0x40, 2) => Self::FlowControl(flow(setup)),
            (0x40, 3) => Self::BaudRate(BaudDivisor::from_wire(setup.value, setup.index)),
            (0x40, 4) => Self::Data {
                data_bits: low,
                parity: Parity::from_code(high & 0x07).ok_or(unknown)?,
                stop_bits: StopBits::from_code(high >> 3 & 0x07).ok_or(unknown)?,
                sends_break: high & 0x40 != 0,
            },
            (0xc0, 5) => Self::ModemStatus,
            (0x40, 6) => Self::EventCharacter(character),
            (0x40, 7) => Self::ErrorCharacter(character),
            (0x40, 9) => Self::SetLatency(low),
            (0xc0, 10) => Self::GetLatency,
            (0x40, 11) => Self::BitMode { pins: low, mode: high },
            (0xc0, 12) => Self::ReadPins,
            (0xc0, 0x90) => Self::ReadEeprom(setup.index),
            _ => return Err(unknown),
        })
    }
}

fn flow(setup: &SetupPacket) -> FtdiFlow {
    let (xoff, xon) = setup.value_bytes();
    match setup.index >> 8 {
        kind if kind & 1 != 0 => FtdiFlow::RtsCts,
        kind if kind & 2 != 0 => FtdiFlow::DtrDsr,
        kind if kind & 4 != 0 => FtdiFlow::XonXoff { xon, xoff },
        _ => FtdiFlow::None,
    }
}

/// Is what the two bytes in front of each packet say of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LineStatus {
    /// Clear to send.
    pub cts: bool,
    /// Data set ready.
    pub dsr: bool,
    /// Ring indicator.
    pub ring: bool,
    /// Carrier (received line signal) detect.
    pub carrier: bool,
    /// Characters were lost.
    pub overrun: bool,
    /// A character had the wrong parity.
    pub parity_error: bool,
    /// A character had no stop bit.
    pub framing_error: bool,
    /// A break was received.
    pub break_received: bool,
}

impl LineStatus {
    /// Returns the two bytes; the transmitter is always empty, and bit 0 is set as on the chip.
    #[must_use]
    pub fn to_bytes(self) -> [u8; STATUS_LENGTH] {
        let bit = |on: bool, position: u8| u8::from(on) << position;
        let modem = bit(self.cts, 4) | bit(self.dsr, 5) | bit(self.ring, 6) | bit(self.carrier, 7);
        let errors = bit(self.overrun, 1)
            | bit(self.parity_error, 2)
            | bit(self.framing_error, 3)
            | bit(self.break_received, 4);
        [modem | 0x01, errors | 0x60]
    }

    /// Reads the two bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; STATUS_LENGTH]) -> Self {
        let [modem, errors] = bytes;
        Self {
            cts: modem & 0x10 != 0,
            dsr: modem & 0x20 != 0,
            ring: modem & 0x40 != 0,
            carrier: modem & 0x80 != 0,
            overrun: errors & 0x02 != 0,
            parity_error: errors & 0x04 != 0,
            framing_error: errors & 0x08 != 0,
            break_received: errors & 0x10 != 0,
        }
    }
}

/// Takes the status out of what one transfer brought; returns the last status and the data.
///
/// # Errors
///
/// [`Truncated`](UsbError::Truncated) when a packet has no room for its status.
pub fn split_transfer(bytes: &[u8]) -> Result<(LineStatus, Vec<u8>), UsbError> {
    let truncated = UsbError::Truncated { what: "FTDI packet", length: bytes.len() };
    let (mut status, mut data) = (None, Vec::new());
    for packet in bytes.chunks(PACKET) {
        let (&head, rest) = packet.split_first_chunk().ok_or(truncated)?;
        status = Some(LineStatus::from_bytes(head));
        data.extend_from_slice(rest);
    }
    Ok((status.ok_or(truncated)?, data))
}

/// Returns the requests that give a line its coding.
#[must_use]
pub fn line_requests(coding: LineCoding) -> [FtdiRequest; 2] {
    let LineCoding { baud, stop_bits, parity, data_bits } = coding;
    let data = FtdiRequest::Data { data_bits, parity, stop_bits, sends_break: false };
    [FtdiRequest::BaudRate(BaudDivisor::nearest(baud)), data]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_both_ways() {
        let data = FtdiRequest::Data {
            data_bits: 7,
            parity: Parity::Even,
            stop_bits: StopBits::Two,
            sends_break: true,
        };
        for request in [
            FtdiRequest::Reset,
            FtdiRequest::PurgeReceive,
            FtdiRequest::PurgeTransmit,
            FtdiRequest::ModemControl { dtr: Some(true), rts: None },
            FtdiRequest::ModemControl { dtr: Some(false), rts: Some(true) },
            FtdiRequest::FlowControl(FtdiFlow::None),
            FtdiRequest::FlowControl(FtdiFlow::RtsCts),
            FtdiRequest::FlowControl(FtdiFlow::DtrDsr),
            FtdiRequest::FlowControl(FtdiFlow::XonXoff { xon: 0x11, xoff: 0x13 }),
            FtdiRequest::BaudRate(BaudDivisor::nearest(115_200)),
            data,
            FtdiRequest::ModemStatus,
            FtdiRequest::EventCharacter(Some(b'\r')),
            FtdiRequest::ErrorCharacter(None),
            FtdiRequest::SetLatency(1),
            FtdiRequest::GetLatency,
            FtdiRequest::BitMode { pins: 0xff, mode: 1 },
            FtdiRequest::ReadPins,
            FtdiRequest::ReadEeprom(0x0a),
        ] {
            assert_eq!(FtdiRequest::parse(&request.setup()), Ok(request));
        }
        let unknown = UsbError::Unknown { what: "FTDI request", value: 0x92 };
        assert_eq!(FtdiRequest::parse(&SetupPacket::new(0x40, 0x92, 0, 0, 0)), Err(unknown));
        assert!(FtdiRequest::parse(&SetupPacket::new(0x40, 4, 0x0508, 0, 0)).is_err());
    }

    #[test]
    fn known_divisors() {
        for (baud, value, index) in [
            (9600, 0x4138, 0),
            (19_200, 0x809c, 0),
            (38_400, 0xc04e, 0),
            (57_600, 0xc034, 0),
            (115_200, 0x001a, 0),
            (3_000_000, 0, 0),
            (2_000_000, 1, 0),
            (300, 0x2710, 0),
        ] {
            let divisor = BaudDivisor::nearest(baud);
            assert_eq!(divisor.to_wire(), (value, index), "{baud}");
            assert_eq!(BaudDivisor::from_wire(value, index), divisor);
            assert!(divisor.baud().abs_diff(baud) * 50 < baud, "{baud}: {}", divisor.baud());
        }
        // AN_120: 490 eighths are 61.25.
        assert_eq!(BaudDivisor(490).to_wire(), (61 | 2 << 14, 0));
        assert_eq!(BaudDivisor(493).to_wire(), (61 | 1 << 14, 1));
        for baud in [0, 1, u32::MAX] {
            let divisor = BaudDivisor::nearest(baud);
            let (value, index) = divisor.to_wire();
            assert_eq!(BaudDivisor::from_wire(value, index), divisor);
        }
    }

    #[test]
    fn status_stands_in_front_of_each_packet() {
        let status = LineStatus { cts: true, carrier: true, overrun: true, ..Default::default() };
        assert_eq!(status.to_bytes(), [0x91, 0x62]);
        assert_eq!(LineStatus::from_bytes(status.to_bytes()), status);
        let first = [LineStatus::default().to_bytes().as_slice(), &[7; 62]].concat();
        let transfer = [first.as_slice(), &status.to_bytes(), b"x"].concat();
        let expected = [[7; 62].as_slice(), b"x"].concat();
        assert_eq!(split_transfer(&transfer), Ok((status, expected)));
        assert!(split_transfer(&transfer[..65]).is_err());
        assert!(split_transfer(&[]).is_err());
    }

    #[test]
    fn a_coding_is_two_requests() {
        let [baud, data] = line_requests(LineCoding::default());
        assert_eq!(baud.setup().to_bytes(), [0x40, 3, 0x38, 0x41, 0, 0, 0, 0]);
        assert_eq!(data.setup().to_bytes(), [0x40, 4, 8, 0, 0, 0, 0, 0]);
    }
}
