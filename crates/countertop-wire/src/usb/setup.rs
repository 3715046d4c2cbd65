//! Setup packets (clause 9.3).

use super::UsbError;

/// Is the eight bytes with which every control transfer begins (clause 9.3, table 9-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetupPacket {
    /// bmRequestType: direction, kind and recipient.
    pub request_type: u8,
    /// bRequest.
    pub request: u8,
    /// wValue.
    pub value: u16,
    /// wIndex: often an interface or endpoint.
    pub index: u16,
    /// wLength: bytes in the data stage, at the most.
    pub length: u16,
}

/// Is the direction of a transfer's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From host to device.
    Out,
    /// From device to host.
    In,
}

/// Says who defines a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// Chapter 9.
    Standard,
    /// The class of the device or interface.
    Class,
    /// The vendor.
    Vendor,
    /// Reserved.
    Reserved,
}

/// Says to whom a request is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// The device.
    Device,
    /// The interface in the low byte of wIndex.
    Interface,
    /// The endpoint in the low byte of wIndex.
    Endpoint,
    /// Something else, or reserved.
    Other,
}

impl SetupPacket {
    /// Bytes of a setup packet.
    pub const LENGTH: usize = 8;

    /// Creates a setup packet.
    #[must_use]
    pub const fn new(request_type: u8, request: u8, value: u16, index: u16, length: u16) -> Self {
        Self { request_type, request, value, index, length }
    }

    /// Reads a setup packet; every eight bytes are one.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        let [request_type, request, v0, v1, i0, i1, l0, l1] = bytes;
        Self {
            request_type,
            request,
            value: u16::from_le_bytes([v0, v1]),
            index: u16::from_le_bytes([i0, i1]),
            length: u16::from_le_bytes([l0, l1]),
        }
    }

    /// Reads a setup packet from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Truncated`](UsbError::Truncated) when there are fewer than eight.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let error = UsbError::Truncated { what: "setup packet", length: bytes.len() };
        bytes.first_chunk().map(|&bytes| Self::from_bytes(bytes)).ok_or(error)
    }

    /// Returns the packet's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        let [v0, v1] = self.value.to_le_bytes();
        let [i0, i1] = self.index.to_le_bytes();
        let [l0, l1] = self.length.to_le_bytes();
        [self.request_type, self.request, v0, v1, i0, i1, l0, l1]
    }

    /// Returns the direction of the data stage: bit 7 of bmRequestType.
    #[must_use]
    pub const fn direction(self) -> Direction {
        if self.request_type & 0x80 == 0 { Direction::Out } else { Direction::In }
    }

    /// Returns who defines the request: bits 6 and 5 of bmRequestType.
    #[must_use]
    pub const fn kind(self) -> RequestKind {
        match (self.request_type >> 5) & 0x03 {
            0 => RequestKind::Standard,
            1 => RequestKind::Class,
            2 => RequestKind::Vendor,
            _ => RequestKind::Reserved,
        }
    }

    /// Returns to whom the request goes: bits 4 to 0 of bmRequestType.
    #[must_use]
    pub const fn recipient(self) -> Recipient {
        match self.request_type & 0x1f {
            0 => Recipient::Device,
            1 => Recipient::Interface,
            2 => Recipient::Endpoint,
            _ => Recipient::Other,
        }
    }

    /// Returns wValue's high and low byte: for GET_DESCRIPTOR type and index, for HID reports type
    /// and identifier.
    #[must_use]
    pub const fn value_bytes(self) -> (u8, u8) {
        let [low, high] = self.value.to_le_bytes();
        (high, low)
    }

    /// Returns wIndex's low byte: the interface or endpoint.
    #[must_use]
    pub const fn index_low(self) -> u8 {
        let [low, _] = self.index.to_le_bytes();
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let get_device = SetupPacket::new(0x80, 6, 0x0100, 0, 18);
        assert_eq!(get_device.to_bytes(), [0x80, 6, 0, 1, 0, 0, 18, 0]);
        assert_eq!(SetupPacket::parse(&get_device.to_bytes()), Ok(get_device));
        assert_eq!(get_device.value_bytes(), (1, 0));
        for length in 0..8 {
            let error = UsbError::Truncated { what: "setup packet", length };
            assert_eq!(SetupPacket::parse(&get_device.to_bytes()[..length]), Err(error));
        }
    }

    #[test]
    fn request_types() {
        let of = |request_type| {
            let setup = SetupPacket::new(request_type, 0, 0, 0x0182, 0);
            assert_eq!(setup.index_low(), 0x82);
            (setup.direction(), setup.kind(), setup.recipient())
        };
        assert_eq!(of(0x80), (Direction::In, RequestKind::Standard, Recipient::Device));
        assert_eq!(of(0x21), (Direction::Out, RequestKind::Class, Recipient::Interface));
        assert_eq!(of(0xc0), (Direction::In, RequestKind::Vendor, Recipient::Device));
        assert_eq!(of(0x02), (Direction::Out, RequestKind::Standard, Recipient::Endpoint));
        assert_eq!(of(0x63), (Direction::Out, RequestKind::Reserved, Recipient::Other));
    }
}
