//! Storage cards without contacts, as PC/SC tells of them (part 3, clause 3.1.3.2.3.2 and its
//! supplement).

use super::AnswerToReset;

/// The RID of the PC/SC workgroup.
const RID: [u8; 5] = [0xa0, 0x00, 0x00, 0x03, 0x06];
/// Category indicator, tag 4F and length in front of it.
const PREFIX: [u8; 3] = [0x80, 0x4f, 0x0c];

/// Says which storage card is in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StorageCard {
    /// SS: the standard that it follows.
    pub standard: StorageStandard,
    /// NN NN: the card's name.
    pub name: CardName,
}

/// Is SS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StorageStandard(pub u8);

impl StorageStandard {
    /// The reader does not say.
    pub const UNKNOWN: Self = Self(0x00);
    /// ISO/IEC 14443 A, part 3.
    pub const ISO_14443_A_3: Self = Self(0x03);
    /// ISO/IEC 14443 B, part 3.
    pub const ISO_14443_B_3: Self = Self(0x07);
    /// ISO/IEC 15693, part 3.
    pub const ISO_15693_3: Self = Self(0x0b);
    /// FeliCa.
    pub const FELICA: Self = Self(0x11);
}

/// Is NN NN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardName(pub u16);

macro_rules! card_names {
    ($($constant:ident = $number:literal, $name:literal;)*) => {
        impl CardName {
            $(
                #[doc = concat!("Is: ", $name, ".")]
                pub const $constant: Self = Self($number);
            )*

            /// Returns the name as people write it, if it is known here.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                Some(match self.0 {
                    $($number => $name,)*
                    _ => return None,
                })
            }
        }
    };
}

card_names! {
    MIFARE_CLASSIC_1K = 0x0001, "MIFARE Classic 1K";
    MIFARE_CLASSIC_4K = 0x0002, "MIFARE Classic 4K";
    MIFARE_ULTRALIGHT = 0x0003, "MIFARE Ultralight";
    MIFARE_MINI = 0x0026, "MIFARE Mini";
    MIFARE_PLUS_SL1_2K = 0x0036, "MIFARE Plus 2K, security level 1";
    MIFARE_PLUS_SL1_4K = 0x0037, "MIFARE Plus 4K, security level 1";
    MIFARE_PLUS_SL2_2K = 0x0038, "MIFARE Plus 2K, security level 2";
    MIFARE_PLUS_SL2_4K = 0x0039, "MIFARE Plus 4K, security level 2";
    MIFARE_ULTRALIGHT_C = 0x003a, "MIFARE Ultralight C";
    FELICA = 0x003b, "FeliCa";
    // The names of ACS for what the supplement did not have.
    TOPAZ = 0xf004, "Topaz or Jewel";
    FELICA_212K = 0xf011, "FeliCa 212K";
    FELICA_424K = 0xf012, "FeliCa 424K";
}

impl StorageCard {
    /// Creates the identification of a card.
    #[must_use]
    pub const fn new(standard: StorageStandard, name: CardName) -> Self {
        Self { standard, name }
    }

    /// Returns the answer to reset that PC/SC makes up for such a card.
    #[must_use]
    pub fn answer_to_reset(self) -> AnswerToReset {
        let name = self.name.0.to_be_bytes();
        let rest = [&[self.standard.0], &name[..], &[0; 4]].concat();
        AnswerToReset::contactless(&[&PREFIX[..], &RID, &rest].concat())
    }

    pub(super) fn from_historical(bytes: &[u8]) -> Option<Self> {
        let card = bytes.strip_prefix(&PREFIX)?.strip_prefix(&RID)?;
        let [standard, high, low, ..] = card else { return None };
        let name = CardName(u16::from_be_bytes([*high, *low]));
        Some(Self { standard: StorageStandard(*standard), name })
    }
}
