//! A message in a memory of blocks (TLV), and the order in which it is replaced.

use countertop_wire::ndef::{FoundTlv, LockBits, OpenBytes, find_tlv, tlv_place, wrap_tlv};

use super::TagError;

/// Where the length byte is behind the beginning of the NDEF message block.
const LENGTH: usize = 1;
/// A message block without a message.
const EMPTY: [u8; 2] = [0x03, 0x00];
const TERMINATED: [u8; 1] = [0xfe];

/// Is a memory of blocks, and which of its bytes are for them.
#[derive(Debug)]
pub(super) struct Area {
    memory: Vec<u8>,
    open: OpenBytes,
    /// The open bytes, in one piece.
    blocks: Vec<u8>,
}

/// Is the writes that change a memory, in their order: which unit, and what it holds then.
pub(super) type Steps = Vec<(usize, Vec<u8>)>;

impl Area {
    /// Takes a memory in which nothing is reserved.
    pub(super) fn whole(memory: Vec<u8>) -> Self {
        Self { open: OpenBytes::all(memory.len()), blocks: memory.clone(), memory }
    }

    /// Takes the memory of a tag of type 1 or 2, whose first byte has the address `first`.
    pub(super) fn of_tag(memory: Vec<u8>, first: usize) -> Self {
        let open = OpenBytes::find(&memory, first);
        Self { blocks: open.read(&memory), open, memory }
    }

    /// Returns the lock bits that a block of the memory names.
    pub(super) fn lock_bits(&self) -> Option<LockBits> {
        self.open.lock_bits()
    }

    /// Returns the longest message that the memory takes.
    pub(super) fn capacity(&self) -> usize {
        capacity(&self.blocks)
    }

    /// Returns the message in the memory; none where its blocks end without one.
    pub(super) fn message(&self) -> Result<Option<Vec<u8>>, TagError> {
        match find_tlv(&self.blocks) {
            FoundTlv::Message(message) => Ok(Some(message.to_vec())),
            FoundTlv::Absent => Ok(None),
            FoundTlv::Incomplete if ends_with_a_block(&self.blocks) => Ok(None),
            FoundTlv::Incomplete => Err(TagError::Truncated),
        }
    }

    /// Plans to replace the message. Blocks in front of it and reserved bytes stay.
    ///
    /// The unit with the length is written first and last, and nothing but the length changes in it then: to
    /// zero, and to what it is to be. So the length is what guards a unit that is torn itself.
    pub(super) fn replace(&self, message: &[u8], unit: usize) -> Result<Steps, TagError> {
        let place = tlv_place(&self.blocks);
        let block = self.fit(place, message)?;
        let length_at = self.open.place(place + LENGTH).ok_or(TagError::Malformed("write"))?;
        let without_length = |mut memory: Vec<u8>| {
            if let Some(length) = memory.get_mut(length_at) {
                *length = 0;
            }
            memory
        };
        let mut done = self.memory.clone();
        self.open.write(&mut done, place, &block);
        let empty = without_length(self.memory.clone());
        let armed = without_length(done.clone());
        let length_unit = length_at / unit;
        let mut steps = vec![(length_unit, part(&empty, length_unit, unit))];
        steps.extend(changes(&empty, &armed, unit));
        steps.push((length_unit, part(&done, length_unit, unit)));
        Ok(steps)
    }

    /// Plans to put an empty message behind the blocks that tell of reserved bytes, whatever is there.
    ///
    /// Until the last step a terminator is in its place: nothing behind it counts, whatever a torn unit
    /// holds.
    pub(super) fn empty(&self, unit: usize) -> Result<Steps, TagError> {
        let place = self.open.control_end();
        let block = self.fit(place, &[])?;
        let mut steps = Steps::new();
        let mut before = self.memory.clone();
        for (at, bytes) in [
            (place, &TERMINATED[..]),
            (place + 1, block.get(1..).unwrap_or_default()),
            (place, &block),
        ] {
            let mut after = before.clone();
            self.open.write(&mut after, at, bytes);
            steps.extend(changes(&before, &after, unit));
            before = after;
        }
        Ok(steps)
    }

    /// Wraps a message for the open bytes from `place` on.
    fn fit(&self, place: usize, message: &[u8]) -> Result<Vec<u8>, TagError> {
        let mut block = wrap_tlv(message);
        let room = self.blocks.len().saturating_sub(place);
        if block.len() == room + 1 {
            // At the very end no terminator is needed.
            block.pop();
        }
        if block.len() > room {
            return Err(TagError::TooLong { length: message.len(), capacity: self.capacity() });
        }
        Ok(block)
    }
}

fn part(memory: &[u8], index: usize, unit: usize) -> Vec<u8> {
    memory.chunks(unit).nth(index).map(<[u8]>::to_vec).unwrap_or_default()
}

/// Returns the units that differ, as they are to be.
fn changes(before: &[u8], after: &[u8], unit: usize) -> Steps {
    let both = before.chunks(unit).zip(after.chunks(unit)).enumerate();
    let differ = both.filter(|(_, (before, after))| before != after);
    differ.map(|(index, (_, after))| (index, after.to_vec())).collect()
}

fn capacity(blocks: &[u8]) -> usize {
    let room = blocks.len().saturating_sub(tlv_place(blocks));
    // Tag and length; a long length takes two bytes more.
    match room.saturating_sub(2) {
        short if short < 0xff => short,
        long => long.saturating_sub(2).max(0xfe),
    }
}

/// Tells whether no block goes beyond the memory: an empty message behind it is found as such.
fn ends_with_a_block(blocks: &[u8]) -> bool {
    let followed = [blocks, &EMPTY].concat();
    find_tlv(&followed) == FoundTlv::Message(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first address of a type 2 tag's memory for messages.
    const FIRST: usize = 16;

    fn area(memory: &[u8]) -> Area {
        Area::of_tag(memory.to_vec(), FIRST)
    }

    fn found(memory: &[u8]) -> Result<Option<Vec<u8>>, TagError> {
        area(memory).message()
    }

    /// Whatever step the tag leaves behind, nobody takes a half for a whole.
    #[test]
    fn a_torn_write_leaves_old_nothing_or_new() {
        let old = b"\x01\x03\xa0\x0c\x34\x03\x04old!\xfe";
        let mut memory = old.to_vec();
        memory.resize(320, 0);
        for length in [0, 1, 60, 254, 255, 300] {
            let new: Vec<u8> = (0..length).map(|it| u8::try_from(it % 251).unwrap()).collect();
            for unit in [1, 4, 8, 16] {
                let mut tag = memory.clone();
                let steps = area(&memory).replace(&new, unit).unwrap();
                let count = steps.len();
                for (number, (index, bytes)) in steps.into_iter().enumerate() {
                    tag[index * unit..][..bytes.len()].copy_from_slice(&bytes);
                    let found = found(&tag).unwrap().unwrap();
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
            for (index, bytes) in area(&memory).replace(new, unit).unwrap() {
                for mixture in 0_u32..1 << unit.min(8) {
                    let mut torn = tag.clone();
                    for (at, byte) in bytes.iter().enumerate() {
                        // Of a long unit two bytes stand together.
                        if mixture >> (at * 8 / unit.max(8)) & 1 == 1 {
                            torn[index * unit + at] = *byte;
                        }
                    }
                    let found = found(&torn).unwrap().unwrap();
                    assert!([&b"old!"[..], b"", new].contains(&&found[..]), "{unit} {found:02x?}");
                }
                tag[index * unit..][..bytes.len()].copy_from_slice(&bytes);
            }
            assert_eq!(found(&tag).unwrap().unwrap(), new);
        }
    }

    #[test]
    fn no_message_is_another_thing_than_half_of_one() {
        for none in [&[][..], &[0; 48], b"\xfe", b"\x01\x03\xa0\x0c\x34", b"\xfd\x00\xfe\x03\xff"] {
            assert_eq!(found(none).unwrap(), None, "{none:02x?}");
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
            assert!(matches!(found(half), Err(TagError::Truncated)), "{half:02x?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert_eq!(capacity(&[0; 48]), 46);
        assert_eq!(capacity(&[0; 256]), 254);
        assert_eq!(capacity(&[0; 257]), 254);
        assert_eq!(capacity(&[0; 888]), 884);
        for size in [48, 256, 257, 258, 260, 888] {
            let area = Area::whole(vec![0; size]);
            let most = area.capacity();
            assert!(area.replace(&vec![1; most], 4).is_ok(), "{size}");
            let error = area.replace(&vec![1; most + 1], 4).unwrap_err();
            assert!(
                matches!(error, TagError::TooLong { capacity, .. } if capacity == most),
                "{size}"
            );
        }
    }

    /// Two bytes in the middle of the message are reserved, at the addresses 32 and 33, and the blocks
    /// that say so stand behind empty ones.
    const CONTROLLED: &[u8] = b"\x00\x00\x02\x03\x20\x02\x04\x01\x03\xa0\x0c\x34";
    const RESERVED: core::ops::Range<usize> = 16..18;

    /// Returns such a memory, with `content` behind them.
    fn controlled(content: &[u8]) -> Vec<u8> {
        let mut memory = CONTROLLED.to_vec();
        memory.resize(144, 0);
        memory[RESERVED].fill(0xee);
        area(&memory).open.write(&mut memory, CONTROLLED.len(), content);
        memory
    }

    /// Applies steps, each torn in every mixture of its bytes, and hands what is there then to `look`.
    fn tear(mut tag: Vec<u8>, steps: Steps, unit: usize, look: impl Fn(&[u8])) -> Vec<u8> {
        for (index, bytes) in steps {
            for mixture in 0_u32..1 << bytes.len().min(8) {
                let mut torn = tag.clone();
                for (at, byte) in bytes.iter().enumerate() {
                    if mixture >> (at * 8 / bytes.len().max(8)) & 1 == 1 {
                        torn[index * unit + at] = *byte;
                    }
                }
                look(&torn);
            }
            tag[index * unit..][..bytes.len()].copy_from_slice(&bytes);
        }
        tag
    }

    fn keeps_what_is_reserved(tag: &[u8]) {
        assert_eq!(tag[..CONTROLLED.len()], *CONTROLLED);
        assert_eq!(tag[RESERVED], [0xee; 2]);
    }

    #[test]
    fn a_torn_write_keeps_what_is_reserved_and_what_says_so() {
        let new = b"a new one, on both sides of what is reserved";
        for content in
            [&b""[..], b"\xfe", b"\x00\x00\xfe", b"\x03\x09an old on\xfe", b"\x00\x00\x03\x00"]
        {
            let memory = controlled(content);
            let old = found(&memory).unwrap().unwrap_or_default();
            for unit in [1, 4, 8] {
                let steps = area(&memory).replace(new, unit).unwrap();
                let tag = tear(memory.clone(), steps, unit, |torn| {
                    keeps_what_is_reserved(torn);
                    let found = found(torn).unwrap().unwrap_or_default();
                    assert!([&old[..], b"", new].contains(&&found[..]), "{unit} {found:02x?}");
                });
                assert_eq!(found(&tag).unwrap().unwrap(), new, "{unit} {content:02x?}");
            }
        }
    }

    /// Whatever was there, a format that was torn leaves the old, no or an empty message, or what no
    /// program could read before either.
    #[test]
    fn a_torn_format_keeps_what_is_reserved_and_what_says_so() {
        for content in [
            &b""[..],
            b"\x03\x00\xfe",
            b"\x03\x09an old on\xfe",
            b"\x00\x00\x00\x03\x09an old on\xfe",
            b"\xfd\x02ab\x03\x01c\xfe",
            b"\x03\xff\x08\x00 and more",
            b"\xfd\xf0junk",
        ] {
            let memory = controlled(content);
            let old = found(&memory).ok().flatten();
            for unit in [1, 4, 8] {
                let steps = area(&memory).empty(unit).unwrap();
                let tag = tear(memory.clone(), steps, unit, |torn| {
                    keeps_what_is_reserved(torn);
                    match found(torn) {
                        Ok(found) => {
                            assert!([None, old.clone(), Some(Vec::new())].contains(&found))
                        }
                        Err(_) => assert_eq!(torn, memory, "{unit} {content:02x?}"),
                    }
                });
                assert_eq!(found(&tag).unwrap(), Some(Vec::new()), "{unit} {content:02x?}");
                assert_eq!(area(&tag).capacity(), 144 - CONTROLLED.len() - RESERVED.len() - 2);
            }
        }
    }

    #[test]
    fn what_is_reserved_takes_no_message() {
        assert_eq!(area(&controlled(b"")).capacity(), 128);
        assert!(area(&controlled(b"")).replace(&[0x5a; 128], 4).is_ok());
        let error = area(&controlled(b"")).replace(&[0x5a; 129], 4).unwrap_err();
        assert!(matches!(error, TagError::TooLong { capacity: 128, .. }), "{error}");
        // Control blocks to the end.
        for (room, fits) in [(0, false), (1, false), (2, true), (3, true)] {
            let memory = [b"\x01\x03\xa0\x0c\x34", &[0; 3][..room]].concat();
            assert_eq!(area(&memory).empty(4).is_ok(), fits, "{room}");
            assert_eq!(area(&memory).replace(&[], 4).is_ok(), fits, "{room}");
        }
    }
}
