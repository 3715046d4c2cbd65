use super::super::error::descriptor;
use super::super::{Direction, UsbError};
use super::ENDPOINT;

/// Is an endpoint descriptor (clause 9.6.6, table 9-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EndpointDescriptor {
    /// bEndpointAddress: the number, and bit 7 for IN.
    pub address: u8,
    /// bmAttributes: the transfer type in bits 1 and 0.
    pub attributes: u8,
    /// wMaxPacketSize: bytes in bits 10 to 0.
    pub max_packet_size: u16,
    /// bInterval: at full and low speed milliseconds, at high speed an exponent.
    pub interval: u8,
}

/// Is how an endpoint transfers (clause 4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferType {
    /// Requests and answers.
    Control,
    /// A stream with reserved bandwidth that may lose data.
    Isochronous,
    /// Much data, when the bus has time.
    Bulk,
    /// Little data, asked for at intervals.
    Interrupt,
}

impl EndpointDescriptor {
    /// Bytes of an endpoint descriptor.
    pub const LENGTH: usize = 7;

    /// Creates the descriptor of a bulk endpoint.
    #[must_use]
    pub const fn bulk(address: u8, max_packet_size: u16) -> Self {
        Self { address, attributes: 0x02, max_packet_size, interval: 0 }
    }

    /// Creates the descriptor of an interrupt endpoint.
    #[must_use]
    pub const fn interrupt(address: u8, max_packet_size: u16, interval: u8) -> Self {
        Self { address, attributes: 0x03, max_packet_size, interval }
    }

    /// Reads a descriptor from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are another descriptor.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let fields: [u8; Self::LENGTH] = descriptor(bytes, ENDPOINT, "endpoint descriptor")?;
        let [_, _, address, attributes, m0, m1, interval] = fields;
        let max_packet_size = u16::from_le_bytes([m0, m1]);
        Ok(Self { address, attributes, max_packet_size, interval })
    }

    /// Returns the descriptor's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        let [m0, m1] = self.max_packet_size.to_le_bytes();
        [7, ENDPOINT, self.address, self.attributes, m0, m1, self.interval]
    }

    /// Returns the direction of the endpoint's data.
    #[must_use]
    pub const fn direction(self) -> Direction {
        if self.address & 0x80 == 0 { Direction::Out } else { Direction::In }
    }

    /// Returns how the endpoint transfers.
    #[must_use]
    pub const fn transfer_type(self) -> TransferType {
        match self.attributes & 0x03 {
            0 => TransferType::Control,
            1 => TransferType::Isochronous,
            2 => TransferType::Bulk,
            _ => TransferType::Interrupt,
        }
    }

    /// Returns the bytes that one packet holds at the most, without the bits for high-bandwidth
    /// endpoints.
    #[must_use]
    pub fn packet_size(self) -> usize {
        usize::from(self.max_packet_size & 0x07ff)
    }
}
