//! FTDI's FT232R: a serial line by vendor requests.
//!
//! FTDI publishes the behaviour (datasheet DS_FT232R, application notes AN_120 on aliasing of baud
//! rates and AN232B-04 on latency); the requests are known from Linux, `drivers/usb/serial/ftdi_sio.h`.

mod divisor;
mod request;
#[cfg(test)]
mod tests;

use super::UsbError;
use super::cdc::LineCoding;
pub use divisor::BaudDivisor;
pub use request::{FtdiFlow, FtdiRequest};

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
