//! What stays the same over replug and reboot.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Identifies a device over replug and reboot.
///
/// It is made once, from the serial number where the device has one, else from the place where it is
/// plugged in, and is compared as a whole afterwards. Its form, such as
/// `04b8:0e15-s-6e0b2d9f4c3a1180`, names vendor and product for people; what follows is a hash, so
/// that no serial number stands in a configuration or a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Identity(pub String);

impl Identity {
    /// Makes the identity of a device with a serial number.
    #[must_use]
    pub fn from_serial_number(vendor: u16, product: u16, serial: &str) -> Self {
        Self(format!("{vendor:04x}:{product:04x}-s-{:016x}", hash(serial)))
    }

    /// Makes the identity of whatever of this vendor and product is plugged in at `place`, a text
    /// that names controller and ports, such as `0000:00:14.0/usb2/1.3`.
    #[must_use]
    pub fn from_place(vendor: u16, product: u16, place: &str) -> Self {
        Self(format!("{vendor:04x}:{product:04x}-p-{:016x}", hash(place)))
    }

    /// Makes the identity of what has no vendor and product, such as a reader that is known by name
    /// alone.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self(format!("name-{:016x}", hash(name)))
    }
}

/// FNV-1a with 64 bits (draft-eastlake-fnv, section 2): the devices of one counter are few, and
/// nobody gains by a collision.
fn hash(text: &str) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    text.bytes().fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_published() {
        // Vectors of draft-eastlake-fnv, appendix C.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn serial_number_and_place_are_told_apart() {
        let serial = Identity::from_serial_number(0x04b8, 0x0e15, "X1");
        let place = Identity::from_place(0x04b8, 0x0e15, "X1");
        assert_ne!(serial, place);
        assert!(serial.to_string().starts_with("04b8:0e15-s-"));
        assert!(!serial.to_string().contains("X1"));
    }
}
