//! Which bytes of a tag's memory are for blocks, and which are reserved (NFC Forum Type 1 Tag 1.2 and
//! Type 2 Tag 1.2, 2.3: lock control and memory control TLV).

use core::ops::Range;

use super::tlv::{Block, LOCK_CONTROL, MEMORY_CONTROL, NDEF_MESSAGE, TERMINATOR, block};

/// Is where in a tag's memory bytes of blocks are. Blocks go on behind reserved bytes as if those
/// were not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBytes {
    places: Vec<usize>,
    control_end: usize,
    lock_bits: Option<LockBits>,
}

/// Is where a tag's dynamic lock bits are: from the lowest of a byte on, and in the bytes behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockBits {
    /// Address of the first byte, counted from the tag's first one.
    pub address: usize,
    /// How many bits, 1 to 256.
    pub count: usize,
}

impl OpenBytes {
    /// Returns those of a memory of `size` bytes in which nothing is reserved, as a MIFARE Classic's.
    #[must_use]
    pub fn all(size: usize) -> Self {
        Self { places: (0..size).collect(), control_end: 0, lock_bits: None }
    }

    /// Finds those of `memory`, whose first byte has the address `first` on the tag: all but the
    /// lock bytes and reserved bytes that control blocks in front of the message name. What a block
    /// names in front of its own end was read as a block already, and stays open.
    #[must_use]
    pub fn find(memory: &[u8], first: usize) -> Self {
        let mut open = Self::all(memory.len());
        let mut bytes = memory.to_vec();
        let mut at = 0;
        while let Some(Block { tag, value, behind }) = bytes.get(at..).and_then(block)
            && !matches!(tag, NDEF_MESSAGE | TERMINATOR)
        {
            at = bytes.len() - behind.len();
            if let Some(reserved) = reserved(tag, value) {
                open.control_end = at;
                open.lock_bits = open.lock_bits.or_else(|| lock_bits(tag, value));
                open.close(at, |place| reserved.contains(&(first + place)));
                bytes = open.read(memory);
            }
        }
        open
    }

    /// Takes away the places from the open byte `at` on that are reserved.
    fn close(&mut self, at: usize, is_reserved: impl Fn(usize) -> bool) {
        let behind = self.places.split_off(at);
        self.places.extend(behind.into_iter().filter(|place| !is_reserved(*place)));
    }

    /// Returns where the last control block ends, counted in open bytes: what tells of reserved bytes is in
    /// front of it.
    #[must_use]
    pub fn control_end(&self) -> usize {
        self.control_end
    }

    /// Returns the lock bits that the first lock control block names.
    #[must_use]
    pub fn lock_bits(&self) -> Option<LockBits> {
        self.lock_bits
    }

    /// Returns where in the memory the open byte `at` is.
    #[must_use]
    pub fn place(&self, at: usize) -> Option<usize> {
        self.places.get(at).copied()
    }

    /// Returns the open bytes of `memory`, the blocks in one piece.
    #[must_use]
    pub fn read(&self, memory: &[u8]) -> Vec<u8> {
        self.places.iter().filter_map(|place| memory.get(*place)).copied().collect()
    }

    /// Puts `bytes` into `memory` from the open byte `at` on. What is beyond its end is left out.
    pub fn write(&self, memory: &mut [u8], at: usize, bytes: &[u8]) {
        for (place, byte) in self.places.iter().skip(at).zip(bytes) {
            if let Some(old) = memory.get_mut(*place) {
                *old = *byte;
            }
        }
    }
}

/// Returns the addresses that a control block names: pages of a size of its own, an offset behind one
/// of them, and how many bits of locks or bytes there are, where 0 stands for 256.
fn reserved(tag: u8, value: &[u8]) -> Option<Range<usize>> {
    let (first, size) = control(value)?;
    let bytes = match tag {
        LOCK_CONTROL => size.div_ceil(8),
        MEMORY_CONTROL => size,
        _ => return None,
    };
    Some(first..first + bytes)
}

fn lock_bits(tag: u8, value: &[u8]) -> Option<LockBits> {
    let (address, count) = control(value).filter(|_| tag == LOCK_CONTROL)?;
    Some(LockBits { address, count })
}

/// Reads an address and a size.
fn control(value: &[u8]) -> Option<(usize, usize)> {
    let &[position, size, pages] = value else { return None };
    let size = if size == 0 { 256 } else { usize::from(size) };
    let first = (usize::from(position >> 4) << (pages & 0x0f)) + usize::from(position & 0x0f);
    Some((first, size))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The control blocks of a Topaz 512 and of an NTAG213.
    #[test]
    fn control_blocks_name_addresses() {
        assert_eq!(reserved(LOCK_CONTROL, &[0xf2, 0x30, 0x33]), Some(122..128));
        assert_eq!(reserved(MEMORY_CONTROL, &[0xf0, 0x02, 0x03]), Some(120..122));
        assert_eq!(reserved(LOCK_CONTROL, &[0xa0, 0x0c, 0x34]), Some(160..162));
        assert_eq!(reserved(LOCK_CONTROL, &[0x10, 0x00, 0x04]), Some(16..48));
        assert_eq!(reserved(MEMORY_CONTROL, &[0xff, 0x00, 0x0f]), Some(491_535..491_791));
        for none in [&[][..], &[0xa0, 0x0c], &[0xa0, 0x0c, 0x34, 0]] {
            assert_eq!(reserved(LOCK_CONTROL, none), None);
        }
        assert_eq!(reserved(0xfd, &[0xa0, 0x0c, 0x34]), None);
    }

    /// Two bytes are reserved in the middle of the message, at the addresses 24 and 25.
    #[test]
    fn blocks_go_on_behind_reserved_bytes() {
        let memory = b"\x00\x02\x03\x18\x02\x04\x03\x05\xff\xffhello\xfe";
        let open = OpenBytes::find(memory, 16);
        assert_eq!(open.read(memory), b"\x00\x02\x03\x18\x02\x04\x03\x05hello\xfe");
        assert_eq!((open.control_end(), open.place(7), open.place(8)), (6, Some(7), Some(10)));
        assert_eq!(open.lock_bits(), None, "it is a memory control block");
        let mut written = memory.to_vec();
        open.write(&mut written, 7, b"\x04well\xfe and beyond the end");
        assert_eq!(written, b"\x00\x02\x03\x18\x02\x04\x03\x04\xff\xffwell\xfe ");
    }

    /// The second control block lies on both sides of what the first one names.
    #[test]
    fn control_blocks_may_be_parted_themselves() {
        let memory = b"\x02\x03\x08\x01\x03\x01\x03\x18\xee\x08\x03\x03\x00\xfe\x00\x00\xee\x00";
        let open = OpenBytes::find(memory, 0);
        assert_eq!(open.control_end(), 10);
        assert_eq!(open.read(memory).len(), memory.len() - 2);
        assert!(!open.read(memory).contains(&0xee));
    }

    /// Of two lock control blocks the first counts; 0 bits are 256.
    #[test]
    fn lock_bits_are_where_the_first_lock_control_block_says() {
        let memory = b"\x02\x03\xf0\x02\x03\x01\x03\xa0\x0c\x34\x01\x03\x10\x00\x04\x03\x00\xfe";
        let bits = LockBits { address: 160, count: 12 };
        assert_eq!(OpenBytes::find(memory, 16).lock_bits(), Some(bits));
        assert_eq!(lock_bits(LOCK_CONTROL, &[0x10, 0x00, 0x04]).unwrap().count, 256);
        assert_eq!(lock_bits(MEMORY_CONTROL, &[0x10, 0x00, 0x04]), None);
    }

    #[test]
    fn what_lies_behind_the_message_or_is_read_already_reserves_nothing() {
        for memory in
            [&b"\x03\x00\x02\x03\x08\x02\x03\x00\x00"[..], b"\xfe\x02\x03\x08\x02\x03\x00\x00\x00"]
        {
            assert_eq!(OpenBytes::find(memory, 0), OpenBytes::all(memory.len()));
        }
        let itself = b"\x02\x03\x00\x06\x03\xaa\x00";
        assert_eq!(OpenBytes::find(itself, 0).read(itself), b"\x02\x03\x00\x06\x03\x00");
    }

    proptest! {
        /// Reading what was written, and finding the same bytes open behind it.
        #[test]
        fn any_memory_has_its_open_bytes(
            memory in prop::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 0..96),
            first in 0_usize..32,
        ) {
            let open = OpenBytes::find(&memory, first);
            let bytes = open.read(&memory);
            prop_assert!(open.control_end() <= bytes.len());
            let mut again = memory;
            open.write(&mut again, open.control_end(), b"\x03\x00\xfe");
            prop_assert_eq!(OpenBytes::find(&again, first), open);
        }
    }
}
