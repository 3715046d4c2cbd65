//! Where the models of type 2 tags differ.

use core::ops::Range;

/// Is a model of a type 2 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Type2Model {
    /// MIFARE Ultralight, MF0ICU1: 48 bytes.
    Ultralight,
    /// MIFARE Ultralight C, MF0ICU2: 144 bytes. It refuses to authenticate: its key is not known.
    UltralightC,
    /// MIFARE Ultralight EV1, MF0UL11: 48 bytes.
    Mf0ul11,
    /// MIFARE Ultralight EV1, MF0UL21: 128 bytes.
    Mf0ul21,
    /// NTAG210: 48 bytes.
    Ntag210,
    /// NTAG212: 128 bytes.
    Ntag212,
    /// NTAG213: 144 bytes.
    Ntag213,
    /// NTAG215: 504 bytes.
    Ntag215,
    /// NTAG216: 888 bytes.
    Ntag216,
}

impl Type2Model {
    pub(super) const fn pages(self) -> usize {
        match self {
            Self::Ultralight => 0x10,
            Self::UltralightC => 0x30,
            Self::Mf0ul11 | Self::Ntag210 => 0x14,
            Self::Mf0ul21 | Self::Ntag212 => 0x29,
            Self::Ntag213 => 0x2d,
            Self::Ntag215 => 0x87,
            Self::Ntag216 => 0xe7,
        }
    }

    /// Pages for users, which the message lies in.
    pub(super) const fn user(self) -> Range<usize> {
        match self {
            Self::Ultralight | Self::Mf0ul11 | Self::Ntag210 => 0x04..0x10,
            Self::Mf0ul21 | Self::Ntag212 => 0x04..0x24,
            Self::UltralightC | Self::Ntag213 => 0x04..0x28,
            Self::Ntag215 => 0x04..0x82,
            Self::Ntag216 => 0x04..0xe2,
        }
    }

    /// Size byte of the capability container, as the factory writes it: units of 8 bytes, of the
    /// NTAG215 and 216 less than there are.
    pub(super) const fn container_size(self) -> u8 {
        match self {
            Self::Ultralight | Self::Mf0ul11 | Self::Ntag210 => 0x06,
            Self::Mf0ul21 | Self::Ntag212 => 0x10,
            Self::UltralightC | Self::Ntag213 => 0x12,
            Self::Ntag215 => 0x3e,
            Self::Ntag216 => 0x6d,
        }
    }

    /// The answer to GET_VERSION (data sheets of NTAG, NTAG210/212 and MF0ULx1, 10.1).
    pub(super) const fn version(self) -> Option<[u8; 8]> {
        let (product, size) = match self {
            Self::Ultralight | Self::UltralightC => return None,
            Self::Mf0ul11 => (0x03, 0x0b),
            Self::Mf0ul21 => (0x03, 0x0e),
            Self::Ntag210 => (0x04, 0x0b),
            Self::Ntag212 => (0x04, 0x0e),
            Self::Ntag213 => (0x04, 0x0f),
            Self::Ntag215 => (0x04, 0x11),
            Self::Ntag216 => (0x04, 0x13),
        };
        // The antenna: 17 pF of the smaller ones, 50 pF of NTAG213 and up.
        let subtype = if size > 0x0e { 0x02 } else { 0x01 };
        Some([0x00, 0x04, product, subtype, 0x01, 0x00, size, 0x03])
    }

    /// Returns how many counters there are that a reader counts up (MF0ULx1, 8.7).
    pub(super) const fn counters(self) -> u8 {
        match self {
            Self::Mf0ul11 | Self::Mf0ul21 => 3,
            _ => 0,
        }
    }

    /// Tells whether there is a counter of readings (NTAG21x, 8.7).
    pub(super) const fn counts_reads(self) -> bool {
        matches!(self, Self::Ntag213 | Self::Ntag215 | Self::Ntag216)
    }

    /// Page of the dynamic lock bytes.
    pub(super) const fn dynamic_locks(self) -> Option<usize> {
        match self {
            Self::Ultralight | Self::Mf0ul11 | Self::Ntag210 => None,
            _ => Some(self.user().end),
        }
    }

    /// The dynamic lock bit of a page from 16 on (NTAG data sheet, 8.5.3; MF0ICU2, 7.5.3).
    pub(super) fn dynamic_lock_bit(self, page: usize) -> Option<usize> {
        let behind = page.checked_sub(16).filter(|_| self.user().contains(&page))?;
        Some(match self {
            Self::Ultralight | Self::Mf0ul11 | Self::Ntag210 => return None,
            // Of the first lock byte bits 0 and 4 block others.
            Self::UltralightC => [1, 2, 3, 5, 6, 7].get(behind / 4).copied()?,
            Self::Ntag213 | Self::Ntag212 | Self::Mf0ul21 => behind / 2,
            Self::Ntag215 | Self::Ntag216 => behind / 16,
        })
    }

    /// First of four pages: MIRROR and AUTH0, ACCESS, PWD, PACK.
    pub(super) const fn configuration(self) -> Option<usize> {
        match self {
            Self::Ultralight | Self::UltralightC => None,
            Self::Mf0ul11 | Self::Ntag210 => Some(self.user().end),
            _ => Some(self.user().end + 1),
        }
    }

    /// First page that reads as zeros.
    pub(super) const fn first_secret(self) -> usize {
        match self.configuration() {
            Some(first) => first + 2,
            None => self.pages(),
        }
    }

    /// Pages that can be read at all: the keys of an Ultralight C cannot.
    pub(super) const fn readable(self) -> usize {
        match self {
            Self::UltralightC => 0x2c,
            _ => self.pages(),
        }
    }

    /// Pages that are not zero when the tag leaves the factory.
    pub(super) fn factory_pages(self) -> Vec<(usize, [u8; 4])> {
        let Some(first) = self.configuration() else {
            return match self {
                // AUTH0 behind the memory: nothing needs the key.
                Self::UltralightC => vec![(0x2a, [0x30, 0, 0, 0])],
                _ => Vec::new(),
            };
        };
        let mirror = if self.counts_reads() { 0x04 } else { 0x00 };
        let locks = self.dynamic_locks().map(|page| (page, [0x00, 0x00, 0x00, 0xbd]));
        let configuration = [
            (first, [mirror, 0x00, 0x00, 0xff]),
            (first + 1, [0x00, 0x05, 0x00, 0x00]),
            (first + 2, [0xff; 4]),
        ];
        locks.into_iter().chain(configuration).collect()
    }
}
