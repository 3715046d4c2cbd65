//! The application directory of a MIFARE card: which sector is for what (NXP AN10787).

use core::ops::Range;

/// Application identifier of NDEF in the directory, as it lies there (AN1304, 3.1).
const NDEF_AID: [u8; 2] = [0x03, 0xe1];
/// Info byte: the card's publisher is that of sector 1.
const INFO: u8 = 0x01;
/// Bits of the general purpose byte in the trailer of sector 0: the directory's version (AN10787, 3.6).
const VERSION: u8 = 0x03;
const SECOND_VERSION: u8 = 0x02;
/// The sector of the second directory.
pub(super) const SECOND: u8 = 16;

/// Tells whether the general purpose byte promises a second directory.
pub(super) const fn has_second(general_purpose: u8) -> bool {
    general_purpose & VERSION == SECOND_VERSION
}

/// Is one of a card's directories: the sectors that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Directory {
    /// Of the first KiB, in sector 0.
    First,
    /// Of the other three, in sector 16.
    Second,
}

impl Directory {
    pub(super) const fn sectors(self) -> Range<u8> {
        match self {
            Self::First => 1..16,
            Self::Second => 17..40,
        }
    }

    /// Returns the sector in which it lies.
    pub(super) const fn sector(self) -> u8 {
        match self {
            Self::First => 0,
            Self::Second => SECOND,
        }
    }

    /// Returns its blocks: that of the maker, in sector 0, is none of them.
    pub(super) const fn blocks(self) -> Range<u8> {
        match self {
            Self::First => 1..3,
            Self::Second => 64..67,
        }
    }

    /// Returns the directory of a card that is for NDEF alone: CRC, info byte, and an identifier for each
    /// sector.
    pub(super) fn for_ndef(self) -> Vec<u8> {
        let content = [&[INFO], &NDEF_AID.repeat(self.sectors().len())[..]].concat();
        [&[crc8(&content)], &content[..]].concat()
    }

    /// Returns the sectors that it gives to NDEF; `None` when its CRC is wrong.
    pub(super) fn ndef_sectors(self, directory: &[u8]) -> Option<Vec<u8>> {
        let (crc, content) = directory.split_first()?;
        let (_info, identifiers) = content.split_first()?;
        let (identifiers, _) = identifiers.as_chunks::<2>();
        let numbered = self.sectors().zip(identifiers);
        let sectors = numbered.filter(|(_, id)| **id == NDEF_AID).map(|(sector, _)| sector);
        (*crc == crc8(content)).then(|| sectors.collect())
    }
}

/// CRC of the directory (AN10787, 3.7): polynomial 1D, preset C7.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0xc7, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { (crc << 1) ^ 0x1d })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On the cards of the field they begin with 14 01 03 E1 and E8 01 03 E1.
    #[test]
    fn directories() {
        for (kind, length, crc) in [(Directory::First, 32, 0x14), (Directory::Second, 48, 0xe8)] {
            let directory = kind.for_ndef();
            assert_eq!((directory.len(), &directory[..4]), (length, &[crc, 0x01, 0x03, 0xe1][..]));
            assert_eq!(kind.blocks().len() * 16, length);
            assert_eq!(kind.ndef_sectors(&directory), Some(kind.sectors().collect()));
            let mut broken = directory.clone();
            broken[5] ^= 1;
            assert_eq!(kind.ndef_sectors(&broken), None);
            let other = [&[0x01], &vec![0; length - 2][..]].concat();
            let other = [&[crc8(&other)], &other[..]].concat();
            assert_eq!(kind.ndef_sectors(&other), Some(Vec::new()));
            (0..4).for_each(|length| assert_eq!(kind.ndef_sectors(&directory[..length]), None));
        }
    }

    #[test]
    fn the_general_purpose_byte_tells_the_version() {
        assert!(!has_second(0xc1) && has_second(0xc2) && !has_second(0x69));
    }
}
