//! The numbers of kernels (EMV Book B, clause 3.3.2.5).

use core::fmt;

/// Identifies a kernel: what processes an application by radio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KernelId(pub(super) u32);

/// Registered application providers with the kernel that is meant when the card names none
/// (EMV Book B, table 3-6).
const DEFAULTS: [([u8; 5], KernelId); 6] = [
    ([0xA0, 0x00, 0x00, 0x00, 0x04], KernelId::MASTERCARD),
    ([0xA0, 0x00, 0x00, 0x00, 0x03], KernelId::VISA),
    ([0xA0, 0x00, 0x00, 0x00, 0x25], KernelId::AMERICAN_EXPRESS),
    ([0xA0, 0x00, 0x00, 0x00, 0x65], KernelId::JCB),
    ([0xA0, 0x00, 0x00, 0x01, 0x52], KernelId::DISCOVER),
    ([0xA0, 0x00, 0x00, 0x03, 0x33], KernelId::UNIONPAY),
];

impl KernelId {
    /// Kernel 2, Book C-2.
    pub const MASTERCARD: Self = Self(2);
    /// Kernel 3, Book C-3.
    pub const VISA: Self = Self(3);
    /// Kernel 4, Book C-4.
    pub const AMERICAN_EXPRESS: Self = Self(4);
    /// Kernel 5, Book C-5.
    pub const JCB: Self = Self(5);
    /// Kernel 6, Book C-6.
    pub const DISCOVER: Self = Self(6);
    /// Kernel 7, Book C-7.
    pub const UNIONPAY: Self = Self(7);

    /// Whatever kernel the terminal has for the application.
    pub(super) const ANY: Self = Self(0);

    /// Returns the kernel of an application's provider; none for a provider without one.
    #[must_use]
    pub fn of_provider(aid: &[u8]) -> Option<Self> {
        DEFAULTS.iter().find(|(rid, _)| aid.starts_with(rid)).map(|(_, kernel)| *kernel)
    }

    /// Reads Kernel Identifier (`9F2A`) of a directory entry: one byte for a kernel of EMVCo, three
    /// for a domestic one; `None` when the entry is to be passed over.
    ///
    /// A domestic entry whose short number is 0 would be the business of proprietary rules, which
    /// there are none of here.
    pub(super) fn requested(identifier: Option<&[u8]>, aid: &[u8]) -> Option<Self> {
        match identifier {
            None | Some([]) => Some(Self::of_provider(aid).unwrap_or(Self::ANY)),
            Some([first, ..]) if first & 0x80 == 0 => Some(Self(u32::from(*first))),
            Some([first, second, third, ..]) if first & 0x3F != 0 => {
                Some(Self(u32::from_be_bytes([0, *first, *second, *third])))
            }
            Some(_) => None,
        }
    }
}

impl fmt::Display for KernelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            short @ ..0x100 => write!(f, "kernel {short}"),
            long => write!(f, "domestic kernel {long:06X}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISA: [u8; 7] = [0xA0, 0, 0, 0, 0x03, 0x10, 0x10];

    #[test]
    fn requests_follow_the_table() {
        for (identifier, aid, expected) in [
            (None, &VISA[..], Some(KernelId::VISA)),
            (Some(&[][..]), &VISA, Some(KernelId::VISA)),
            (Some(&[0x07]), &VISA, Some(KernelId::UNIONPAY)),
            (Some(&[0x00]), &VISA, Some(KernelId::ANY)),
            // An unassigned number of EMVCo, bits 8 and 7 01.
            (Some(&[0x42]), &VISA, Some(KernelId(0x42))),
            (Some(&[0x81, 0x01, 0x56]), &VISA, Some(KernelId(0x0081_0156))),
            (Some(&[0x81, 0x01]), &VISA, None),
            (Some(&[0xC0, 0x01, 0x56]), &VISA, None),
            (None, &[0xF0, 0, 0, 0, 1], Some(KernelId::ANY)),
        ] {
            assert_eq!(KernelId::requested(identifier, aid), expected, "{identifier:02X?}");
        }
    }

    #[test]
    fn kernels_have_names() {
        assert_eq!(KernelId::UNIONPAY.to_string(), "kernel 7");
        assert_eq!(KernelId(0x0081_0156).to_string(), "domestic kernel 810156");
    }
}
