//! What a reader does by itself (dwFeatures, dwProtocols, bVoltageSupport; CCID 1.1, table 5.1-1).

use core::ops::BitOr;

/// Is dwFeatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Features(pub u32);

/// Says at which level blocks are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// Single characters; the host does all.
    Character,
    /// TPDUs: the host makes blocks of T=1 and T=0 commands.
    Tpdu,
    /// Short APDUs.
    ShortApdu,
    /// Short and extended APDUs, chained where they are long.
    ExtendedApdu,
}

impl Features {
    /// The reader takes the parameters from the answer to reset.
    pub const AUTOMATIC_PARAMETERS: Self = Self(0x0000_0002);
    /// The reader powers the card when it is inserted.
    pub const AUTOMATIC_ACTIVATION: Self = Self(0x0000_0004);
    /// The reader chooses the voltage.
    pub const AUTOMATIC_VOLTAGE: Self = Self(0x0000_0008);
    /// The reader sets the clock after the active parameters.
    pub const AUTOMATIC_CLOCK: Self = Self(0x0000_0010);
    /// The reader sets the baud rate after frequency and Fi/Di.
    pub const AUTOMATIC_BAUD_RATE: Self = Self(0x0000_0020);
    /// The reader negotiates the parameters by rules of its own.
    pub const AUTOMATIC_NEGOTIATION: Self = Self(0x0000_0040);
    /// The reader makes the PPS after the active parameters.
    pub const AUTOMATIC_PPS: Self = Self(0x0000_0080);
    /// The reader can stop the card's clock.
    pub const CLOCK_STOP: Self = Self(0x0000_0100);
    /// Node addresses other than 0 are taken (T=1).
    pub const NAD: Self = Self(0x0000_0200);
    /// The reader exchanges the IFSD as the first block (T=1).
    pub const AUTOMATIC_IFSD: Self = Self(0x0000_0400);
    /// TPDU level.
    pub const TPDU: Self = Self(0x0001_0000);
    /// Short APDU level.
    pub const SHORT_APDU: Self = Self(0x0002_0000);
    /// Short and extended APDU level.
    pub const EXTENDED_APDU: Self = Self(0x0004_0000);
    /// A card that comes wakes a suspended reader.
    pub const WAKE_UP: Self = Self(0x0010_0000);

    /// Tells whether all of `other` are there.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the level of exchange; `None` when the bits contradict each other.
    #[must_use]
    pub fn exchange(self) -> Option<Exchange> {
        const MASK: u32 = 0x0007_0000;
        match Self(self.0 & MASK) {
            Self(0) => Some(Exchange::Character),
            Self::TPDU => Some(Exchange::Tpdu),
            Self::SHORT_APDU => Some(Exchange::ShortApdu),
            Self::EXTENDED_APDU => Some(Exchange::ExtendedApdu),
            _ => None,
        }
    }
}

impl BitOr for Features {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Is dwProtocols: what the reader can speak with cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Protocols(pub u32);

impl Protocols {
    /// T=0.
    pub const T0: Self = Self(0x0001);
    /// T=1.
    pub const T1: Self = Self(0x0002);
    /// Both.
    pub const BOTH: Self = Self(0x0003);
}

/// Is bVoltageSupport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Voltages(pub u8);

impl Voltages {
    /// 5 V, 3 V and 1.8 V.
    pub const ALL: Self = Self(0x07);
}
