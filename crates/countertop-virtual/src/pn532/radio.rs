//! What goes through the air: frames of ISO/IEC 14443, FeliCa and Topaz.

use core::fmt;

/// Is a frame that the reader sends.
#[derive(Clone, Copy)]
pub(super) enum RadioFrame<'a> {
    /// Type A, seven bits: REQA or WUPA.
    Short(u8),
    /// Type A, whole bytes, their CRC included where they have one.
    Bytes(&'a [u8]),
    /// Type A, a whole authentication of MIFARE Classic: the cipher is not modelled. The bytes are
    /// those of the chip's command.
    MifareAuthentication(&'a [u8]),
    /// Type B, with CRC.
    TypeB(&'a [u8]),
    /// FeliCa, from the length byte on, with CRC.
    Felica(&'a [u8]),
    /// A command of Topaz with its CRC, whose bytes go out one by one.
    Topaz(&'a [u8]),
}

/// Is a frame with which a target answers.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RadioAnswer {
    pub(super) bytes: Vec<u8>,
    /// Valid bits of the last byte, 0 for all.
    pub(super) last_bits: u8,
}

/// REQA: who is idle, answer (ISO/IEC 14443-3, 6.4.1).
pub(super) const REQA: u8 = 0x26;
/// WUPA: who is idle or halted, answer.
pub(super) const WUPA: u8 = 0x52;
/// HLTA: the active target is halted.
pub(super) const HLTA: [u8; 2] = [0x50, 0x00];
/// SEL of the three cascade levels.
pub(super) const SEL: [u8; 3] = [0x93, 0x95, 0x97];
/// NVB of SELECT: the whole level follows.
pub(super) const NVB_SELECT: u8 = 0x70;
/// The cascade tag: the UID goes on in the next level.
pub(super) const CASCADE_TAG: u8 = 0x88;
/// Bit of SAK: the UID is not complete.
pub(super) const SAK_CASCADE: u8 = 0x04;
/// Bit of SAK: speaks ISO/IEC 14443-4.
pub(super) const SAK_ISO_DEP: u8 = 0x20;

impl RadioAnswer {
    pub(super) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), last_bits: 0 }
    }

    /// Returns it with every bit of its last byte turned: neither CRC nor code is right any more.
    pub(super) fn garbled(mut self) -> Self {
        if let Some(last) = self.bytes.last_mut() {
            *last = !*last;
        }
        self
    }

    /// The four bits with which a type 2 tag acknowledges or refuses.
    pub(super) fn nibble(value: u8) -> Self {
        Self { bytes: vec![value & 0x0f], last_bits: 4 }
    }
}

impl fmt::Debug for RadioAnswer {
    /// Withholds the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RadioAnswer({} bytes)", self.bytes.len())
    }
}

/// Splits a UID into its cascade levels: four bytes, with cascade tags, and BCC each.
pub(super) fn cascade_levels(uid: &[u8]) -> Vec<[u8; 5]> {
    let mut levels = Vec::new();
    let mut rest = uid;
    while let Some((level, behind)) = rest.split_first_chunk::<3>().filter(|_| rest.len() > 4) {
        levels.push(with_bcc([CASCADE_TAG, level[0], level[1], level[2]]));
        rest = behind;
    }
    if let Ok(last) = rest.try_into() {
        levels.push(with_bcc(last));
    }
    levels
}

fn with_bcc([a, b, c, d]: [u8; 4]) -> [u8; 5] {
    [a, b, c, d, a ^ b ^ c ^ d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_short_and_long_uids() {
        assert_eq!(cascade_levels(&[8, 1, 2, 3]), [[8, 1, 2, 3, 8]]);
        assert_eq!(
            cascade_levels(&[4, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66]),
            [[0x88, 4, 0x11, 0x22, 0xbf], [0x33, 0x44, 0x55, 0x66, 0x44]]
        );
        assert_eq!(cascade_levels(&[1; 10]).len(), 3);
        assert!(cascade_levels(&[1, 2]).is_empty());
    }
}
