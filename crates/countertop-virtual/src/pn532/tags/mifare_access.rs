//! The access conditions of MIFARE Classic (MF1S50YYX_V1 data sheet, 8.7).

/// Is a key with which a reader has authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    A,
    B,
}

/// Is what a reader does to a data block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    Write,
    Increment,
    /// Decrement, restore and transfer.
    Decrement,
}

/// Is the bits C1, C2 and C3 of a block, C1 the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Condition(u8);

impl Condition {
    /// Reads the conditions of the four groups of blocks from a trailer; `None` when the inverted
    /// copies do not fit, which blocks the sector for ever.
    pub(super) fn of_trailer(trailer: &[u8; 16]) -> Option<[Self; 4]> {
        let [_, _, _, _, _, _, b6, b7, b8, ..] = *trailer;
        let (c1, c2, c3) = (b7 >> 4, b8 & 0x0f, b8 >> 4);
        let sound = b6 & 0x0f == !c1 & 0x0f && b6 >> 4 == !c2 & 0x0f && b7 & 0x0f == !c3 & 0x0f;
        let bit = |nibble: u8, group: usize| (nibble >> group) & 1;
        let condition =
            |group| Self((bit(c1, group) << 2) | (bit(c2, group) << 1) | bit(c3, group));
        sound.then(|| core::array::from_fn(condition))
    }

    /// Tells whether a data block allows an operation (table 8).
    pub(super) fn allows(self, operation: Operation, key: Key) -> bool {
        use Operation::{Decrement, Increment, Read, Write};
        match (self.0, operation) {
            (0b000, _) => true,
            (0b010 | 0b100 | 0b110 | 0b001, Read) | (0b110 | 0b001, Decrement) => true,
            (0b100 | 0b110 | 0b011, Write) | (0b110, Increment) | (0b011 | 0b101, Read) => {
                key == Key::B
            }
            _ => false,
        }
    }

    /// Tells whether key B can be read: then it is data, and opens nothing (8.7.2).
    pub(super) fn key_b_is_readable(self) -> bool {
        matches!(self.0, 0b000..=0b010)
    }

    /// Tells whether access bits can be read; they always can with a key that opens the sector.
    pub(super) fn can_write_keys(self, key: Key) -> bool {
        match self.0 {
            0b000 | 0b001 => key == Key::A,
            0b100 | 0b011 => key == Key::B,
            _ => false,
        }
    }

    pub(super) fn can_write_access_bits(self, key: Key) -> bool {
        match self.0 {
            0b001 => key == Key::A,
            0b011 | 0b101 => key == Key::B,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trailer(bits: [u8; 3]) -> [u8; 16] {
        let mut trailer = [0; 16];
        trailer[6..9].copy_from_slice(&bits);
        trailer
    }

    /// As the factory writes them, and those of a MAD sector and an NDEF sector (AN1304, 5).
    #[test]
    fn trailers_of_the_field() {
        let factory = Condition::of_trailer(&trailer([0xff, 0x07, 0x80])).unwrap();
        assert_eq!(factory, [Condition(0), Condition(0), Condition(0), Condition(1)]);
        let mad = Condition::of_trailer(&trailer([0x78, 0x77, 0x88])).unwrap();
        assert_eq!(mad, [Condition(4), Condition(4), Condition(4), Condition(3)]);
        let ndef = Condition::of_trailer(&trailer([0x7f, 0x07, 0x88])).unwrap();
        assert_eq!(ndef, [Condition(0), Condition(0), Condition(0), Condition(3)]);
        assert_eq!(Condition::of_trailer(&trailer([0xff, 0x07, 0x81])), None);
    }

    #[test]
    fn conditions_of_data() {
        use Operation::{Decrement, Increment, Read, Write};
        let operations = [Read, Write, Increment, Decrement];
        for (bits, with_a, with_b) in [
            (0b000, [true; 4], [true; 4]),
            (0b010, [true, false, false, false], [true, false, false, false]),
            (0b100, [true, false, false, false], [true, true, false, false]),
            (0b110, [true, false, false, true], [true; 4]),
            (0b001, [true, false, false, true], [true, false, false, true]),
            (0b011, [false; 4], [true, true, false, false]),
            (0b101, [false; 4], [true, false, false, false]),
            (0b111, [false; 4], [false; 4]),
        ] {
            let allowed = |key| operations.map(|it| Condition(bits).allows(it, key));
            assert_eq!((allowed(Key::A), allowed(Key::B)), (with_a, with_b), "{bits:03b}");
        }
    }
}
