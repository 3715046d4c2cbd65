//! Historical bytes (ISO/IEC 7816-4:2020, clause 12.1.1).

use crate::apdu::StatusWord;

/// Is what the historical bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Historical<'a> {
    /// There are none.
    Absent,
    /// `00`: data objects, and the card's life cycle and status in the last three bytes.
    WithStatus {
        /// The data objects in front.
        objects: CompactTlvs<'a>,
        /// The life cycle status.
        life_cycle: u8,
        /// The status word; `0000` where none is told.
        status: StatusWord,
    },
    /// `10`: where the DIR data is, which tells the rest.
    DirReference(u8),
    /// `80`: data objects.
    Objects(CompactTlvs<'a>),
    /// Anything else: the maker's own.
    Proprietary(&'a [u8]),
}

impl<'a> Historical<'a> {
    /// Reads historical bytes.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Self {
        match bytes {
            [] => Self::Absent,
            [0x00, objects @ .., life_cycle, sw1, sw2] => Self::WithStatus {
                objects: CompactTlvs { rest: objects },
                life_cycle: *life_cycle,
                status: StatusWord(u16::from_be_bytes([*sw1, *sw2])),
            },
            [0x10, reference] => Self::DirReference(*reference),
            [0x80, objects @ ..] => Self::Objects(CompactTlvs { rest: objects }),
            other => Self::Proprietary(other),
        }
    }

    /// Returns the data objects, of which there may be none.
    #[must_use]
    pub fn objects(self) -> CompactTlvs<'a> {
        match self {
            Self::WithStatus { objects, .. } | Self::Objects(objects) => objects,
            _ => CompactTlvs { rest: &[] },
        }
    }

    /// Returns what the card says that it can do, if it says so.
    #[must_use]
    pub fn capabilities(self) -> Option<CardCapabilities> {
        self.objects().find(|object| object.tag == 7).map(|object| {
            let byte = |index| object.value.get(index).copied().unwrap_or_default();
            CardCapabilities([byte(0), byte(1), byte(2)])
        })
    }
}

/// Is a data object whose tag and length share a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompactTlv<'a> {
    /// The tag, 0 to 15: 1 country, 2 issuer, 3 card service data, 4 initial access data, 5 issuer's
    /// data, 6 pre-issuing data, 7 card capabilities, 8 status, 15 application identifier.
    pub tag: u8,
    /// The value, 0 to 15 bytes.
    pub value: &'a [u8],
}

/// Iterates over data objects. It ends where one is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompactTlvs<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for CompactTlvs<'a> {
    type Item = CompactTlv<'a>;

    fn next(&mut self) -> Option<CompactTlv<'a>> {
        let (first, rest) = self.rest.split_first()?;
        let (value, rest) = rest.split_at_checked(usize::from(first & 0x0f))?;
        self.rest = rest;
        Some(CompactTlv { tag: first >> 4, value })
    }
}

/// Is the card's software function table (ISO/IEC 7816-4:2020, clause 12.1.1.9); bytes that the card
/// leaves out are nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardCapabilities(pub [u8; 3]);

impl CardCapabilities {
    /// Tells whether the card takes commands in a chain.
    #[must_use]
    pub fn command_chaining(self) -> bool {
        self.has(0x80)
    }

    /// Tells whether the card takes extended length fields.
    #[must_use]
    pub fn extended_lengths(self) -> bool {
        self.has(0x40)
    }

    /// Tells whether EF.ATR/INFO says how long commands and answers may be.
    #[must_use]
    pub fn extended_length_information(self) -> bool {
        self.has(0x20)
    }

    fn has(self, bit: u8) -> bool {
        let Self([_, _, third]) = self;
        third & bit != 0
    }
}
