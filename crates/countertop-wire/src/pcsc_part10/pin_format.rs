//! How a PIN is put into a command (bmFormatString, bmPINBlockString, bmPINLengthFormat,
//! wPINMaxExtraDigit, bEntryValidationCondition; CCID 1.1, clause 6.1.11 has the same fields).

use super::Part10Error;

/// Says where the reader puts the digits, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PinFormat {
    /// How a digit is coded.
    pub encoding: PinEncoding,
    /// On which side of the block the digits stand.
    pub justification: Justification,
    /// In which units `position` counts.
    pub units: Units,
    /// Where the digits begin, counted from the start of the command's data, 0 to 15.
    pub position: u8,
    /// Bytes of the block behind the position, 0 to 15; 0 for as many as are typed.
    pub block_length: u8,
    /// Where the number of digits is put; `None` for nowhere.
    pub length: Option<PinLength>,
    /// Fewest digits.
    pub min_digits: u8,
    /// Most digits.
    pub max_digits: u8,
}

/// Says how a digit is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PinEncoding {
    /// A byte each.
    Binary,
    /// Four bits each.
    Bcd,
    /// A character each.
    Ascii,
}

/// Says on which side of the block the digits stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Justification {
    /// Left.
    Left,
    /// Right.
    Right,
}

/// Says what a position counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Units {
    /// Bits.
    Bits,
    /// Bytes.
    Bytes,
}

/// Says where the number of digits is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PinLength {
    /// Bits of the number, 1 to 15.
    pub bits: u8,
    /// In which units `position` counts.
    pub units: Units,
    /// Where it begins, counted from the start of the command's data, 0 to 15.
    pub position: u8,
}

/// Says what ends the entry: any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryValidation(pub u8);

impl EntryValidation {
    /// The most digits were typed.
    pub const MAX_DIGITS: Self = Self(0x01);
    /// The key for it was pressed.
    pub const KEY: Self = Self(0x02);
    /// No key came in time.
    pub const TIMEOUT: Self = Self(0x04);
}

impl PinFormat {
    /// Is the plaintext offline PIN of EMV (Book 3, table 25): a byte of control and length, and
    /// seven bytes of BCD digits, filled with `F`.
    pub const EMV: Self = Self {
        encoding: PinEncoding::Bcd,
        justification: Justification::Left,
        units: Units::Bytes,
        position: 1,
        block_length: 7,
        length: Some(PinLength { bits: 4, units: Units::Bits, position: 4 }),
        min_digits: 4,
        max_digits: 12,
    };

    /// Returns bmFormatString, bmPINBlockString, bmPINLengthFormat and wPINMaxExtraDigit.
    pub(crate) fn encode(self) -> ([u8; 3], [u8; 2]) {
        let encoding = match self.encoding {
            PinEncoding::Binary => 0,
            PinEncoding::Bcd => 1,
            PinEncoding::Ascii => 2,
        };
        let justification = match self.justification {
            Justification::Left => 0,
            Justification::Right => 0x04,
        };
        let format = self.units.bit(0x80) | (self.position & 0x0f) << 3 | justification | encoding;
        let bits = self.length.map_or(0, |length| length.bits & 0x0f);
        let block = bits << 4 | self.block_length & 0x0f;
        let length =
            self.length.map_or(0, |length| length.units.bit(0x10) | length.position & 0x0f);
        ([format, block, length], [self.max_digits, self.min_digits])
    }

    pub(crate) fn decode(
        [format, block, length]: [u8; 3],
        [max_digits, min_digits]: [u8; 2],
    ) -> Result<Self, Part10Error> {
        let encoding = match format & 0x03 {
            0 => PinEncoding::Binary,
            1 => PinEncoding::Bcd,
            2 => PinEncoding::Ascii,
            _ => return Err(Part10Error::BadValue("bmFormatString")),
        };
        let justification =
            if format & 0x04 == 0 { Justification::Left } else { Justification::Right };
        if length & 0xe0 != 0 || (block >> 4 == 0 && length != 0) {
            return Err(Part10Error::BadValue("bmPINLengthFormat"));
        }
        let pin_length = (block >> 4 != 0).then(|| PinLength {
            bits: block >> 4,
            units: Units::from_bit(length & 0x10),
            position: length & 0x0f,
        });
        Ok(Self {
            encoding,
            justification,
            units: Units::from_bit(format & 0x80),
            position: format >> 3 & 0x0f,
            block_length: block & 0x0f,
            length: pin_length,
            min_digits,
            max_digits,
        })
    }
}

impl Units {
    fn bit(self, bit: u8) -> u8 {
        match self {
            Self::Bits => 0,
            Self::Bytes => bit,
        }
    }

    fn from_bit(bit: u8) -> Self {
        if bit == 0 { Self::Bits } else { Self::Bytes }
    }
}
