use super::super::cdc::{Parity, StopBits};
use super::super::{SetupPacket, UsbError};
use super::BaudDivisor;

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
