//! A message in a memory of blocks (TLV), and the order in which it is replaced.

use countertop_wire::ndef::{FoundTlv, find_tlv, tlv_place, wrap_tlv};

use super::TagError;

/// Where the length byte is behind the beginning of the NDEF message block.
const LENGTH: usize = 1;
/// A message block without a message.
const EMPTY: [u8; 2] = [0x03, 0x00];

/// Is a plan of writes that replaces the message in a memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The memory with the new content and a length of zero.
    pub(super) armed: Vec<u8>,
    /// The memory as it is to be.
    pub(super) done: Vec<u8>,
    /// Where the length byte is. The unit that holds it is written first and last.
    pub(super) length_at: usize,
}

impl Plan {
    /// Plans to put `message` into `memory`, whose blocks in front of the message stay.
    pub(super) fn new(memory: &[u8], message: &[u8]) -> Result<Self, TagError> {
        let place = tlv_place(memory);
        let mut block = wrap_tlv(message);
        let room = memory.len().saturating_sub(place);
        if block.len() == room + 1 {
            // At the very end no terminator is needed.
            block.pop();
        }
        if block.len() > room {
            return Err(TagError::TooLong { length: message.len(), capacity: capacity(memory) });
        }
        let mut done = memory.to_vec();
        let target = done.get_mut(place..place + block.len()).unwrap_or_default();
        target.copy_from_slice(&block);
        let length_at = place + LENGTH;
        let mut armed = done.clone();
        if let Some(length) = armed.get_mut(length_at) {
            *length = 0;
        }
        Ok(Self { armed, done, length_at })
    }

    /// Returns the units to write, in their order: the one with the length, in which nothing but the length
    /// changes, to zero; all that differ from `memory` then; and the one with the length again, in which
    /// nothing but the length changes. So the length is what guards a unit that is torn itself.
    pub(super) fn steps(&self, memory: &[u8], unit: usize) -> Vec<(usize, Vec<u8>)> {
        let length_unit = self.length_at / unit;
        let part = |bytes: &[u8], index: usize| {
            bytes.chunks(unit).nth(index).map(<[u8]>::to_vec).unwrap_or_default()
        };
        let mut empty = memory.to_vec();
        if let Some(length) = empty.get_mut(self.length_at) {
            *length = 0;
        }
        let changed = (0..self.armed.len().div_ceil(unit))
            .filter(|index| part(&empty, *index) != part(&self.armed, *index));
        let mut steps = vec![(length_unit, part(&empty, length_unit))];
        steps.extend(changed.map(|index| (index, part(&self.armed, index))));
        steps.push((length_unit, part(&self.done, length_unit)));
        steps
    }
}

/// Returns the longest message that the memory takes.
pub(super) fn capacity(memory: &[u8]) -> usize {
    let room = memory.len().saturating_sub(tlv_place(memory));
    // Tag and length; a long length takes two bytes more.
    match room.saturating_sub(2) {
        short if short < 0xff => short,
        long => long.saturating_sub(2).max(0xfe),
    }
}

/// Returns the message in the memory; none where its blocks end without one.
pub(super) fn message(memory: &[u8]) -> Result<Option<Vec<u8>>, TagError> {
    match find_tlv(memory) {
        FoundTlv::Message(message) => Ok(Some(message.to_vec())),
        FoundTlv::Absent => Ok(None),
        FoundTlv::Incomplete if ends_with_a_block(memory) => Ok(None),
        FoundTlv::Incomplete => Err(TagError::Truncated),
    }
}

/// Tells whether no block goes beyond the memory: an empty message behind it is found as such.
fn ends_with_a_block(memory: &[u8]) -> bool {
    let followed = [memory, &EMPTY].concat();
    find_tlv(&followed) == FoundTlv::Message(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever step the tag leaves behind, nobody takes a half for a whole.
    #[test]
    fn a_torn_write_leaves_old_nothing_or_new() {
        let old = b"\x01\x03\xa0\x0c\x34\x03\x04old!\xfe";
        let mut memory = old.to_vec();
        memory.resize(320, 0);
        for length in [0, 1, 60, 254, 255, 300] {
            let new: Vec<u8> = (0..length).map(|it| u8::try_from(it % 251).unwrap()).collect();
            for unit in [1, 4, 8, 16] {
                let plan = Plan::new(&memory, &new).unwrap();
                let mut tag = memory.clone();
                let steps = plan.steps(&memory, unit);
                let count = steps.len();
                for (number, (index, bytes)) in steps.into_iter().enumerate() {
                    tag[index * unit..][..bytes.len()].copy_from_slice(&bytes);
                    let found = message(&tag).unwrap().unwrap();
                    let expected: &[u8] = if number + 1 == count { &new } else { b"" };
                    assert_eq!(found, expected, "{length} {unit} {number}");
                }
                assert_eq!(tag[..5], old[..5]);
            }
        }
    }

    /// A unit that is torn itself holds old and new bytes in any mixture.
    #[test]
    fn a_torn_unit_leaves_old_nothing_or_new() {
        let old: &[u8] = b"\x01\x03\xa0\x0c\x34\x03\x04old!\xfe";
        let mut memory = old.to_vec();
        memory.resize(64, 0);
        let new = b"a new one that is longer";
        for unit in [4, 8, 16] {
            let mut tag = memory.clone();
            for (index, bytes) in Plan::new(&memory, new).unwrap().steps(&memory, unit) {
                for mixture in 0_u32..1 << unit.min(8) {
                    let mut torn = tag.clone();
                    for (at, byte) in bytes.iter().enumerate() {
                        // Of a long unit two bytes stand together.
                        if mixture >> (at * 8 / unit.max(8)) & 1 == 1 {
                            torn[index * unit + at] = *byte;
                        }
                    }
                    let found = message(&torn).unwrap().unwrap();
                    assert!([&b"old!"[..], b"", new].contains(&&found[..]), "{unit} {found:02x?}");
                }
                tag[index * unit..][..bytes.len()].copy_from_slice(&bytes);
            }
            assert_eq!(message(&tag).unwrap().unwrap(), new);
        }
    }

    #[test]
    fn no_message_is_another_thing_than_half_of_one() {
        for none in [&[][..], &[0; 48], b"\xfe", b"\x01\x03\xa0\x0c\x34", b"\xfd\x00\xfe\x03\xff"] {
            assert_eq!(message(none).unwrap(), None, "{none:02x?}");
        }
        for half in [
            &b"\x03"[..],
            b"\x03\x01",
            b"\x03\x02a",
            b"\x03\x02",
            b"\x03\xff",
            b"\x03\xff\x01\x00abc",
            b"\x00\x00\xfd\x01",
            b"\xfd\x02",
            b"\x01\x03\xa0\x0c",
        ] {
            assert!(matches!(message(half), Err(TagError::Truncated)), "{half:02x?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert_eq!(capacity(&[0; 48]), 46);
        assert_eq!(capacity(&[0; 256]), 254);
        assert_eq!(capacity(&[0; 257]), 254);
        assert_eq!(capacity(&[0; 888]), 884);
        for size in [48, 256, 257, 258, 260, 888] {
            let memory = vec![0; size];
            let most = capacity(&memory);
            assert!(Plan::new(&memory, &vec![1; most]).is_ok(), "{size}");
            let error = Plan::new(&memory, &vec![1; most + 1]).unwrap_err();
            assert!(
                matches!(error, TagError::TooLong { capacity, .. } if capacity == most),
                "{size}"
            );
        }
    }
}
