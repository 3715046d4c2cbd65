//! What a reader does with the digits that were typed.

use super::{Justification, Part10Error, PinEncoding, PinFormat, Units};

impl PinFormat {
    /// Puts a PIN, in ASCII digits, into the data of the command for the card. Bytes of the block that no digit
    /// falls on stay as they are.
    ///
    /// # Errors
    ///
    /// [`WrongLength`](Part10Error::WrongLength) when there are too few or too many digits,
    /// [`BadValue`](Part10Error::BadValue) when a field points behind the data, or something else than a digit
    /// was typed. A block whose length follows from the digits (`block_length` 0) is not supported.
    pub fn fill(self, data: &mut [u8], pin: &[u8]) -> Result<(), Part10Error> {
        let width = match self.encoding {
            PinEncoding::Bcd => 4,
            PinEncoding::Binary | PinEncoding::Ascii => 8,
        };
        let block = usize::from(self.block_length) * 8;
        if block == 0 {
            return Err(Part10Error::BadValue("bmPINBlockString"));
        }
        let (count, taken) = (pin.len(), pin.len() * width);
        let allowed = usize::from(self.min_digits)..=usize::from(self.max_digits);
        if !allowed.contains(&count) || taken > block {
            return Err(Part10Error::WrongLength(count));
        }
        let start = self.units.bits(self.position);
        let start = match self.justification {
            Justification::Left => start,
            Justification::Right => start + block - taken,
        };
        for (index, digit) in pin.iter().enumerate() {
            let value = self.encoding.value(*digit).ok_or(Part10Error::BadValue("PIN"))?;
            put(data, start + index * width, width, value.into(), "bmFormatString")?;
        }
        let Some(length) = self.length else { return Ok(()) };
        let (at, bits) = (length.units.bits(length.position), usize::from(length.bits));
        let count = u16::try_from(count).map_err(|_| Part10Error::WrongLength(count))?;
        put(data, at, bits, count, "bmPINLengthFormat")
    }
}

impl PinEncoding {
    fn value(self, digit: u8) -> Option<u8> {
        let value = digit.checked_sub(b'0').filter(|value| *value <= 9)?;
        Some(if self == Self::Ascii { digit } else { value })
    }
}

impl Units {
    fn bits(self, position: u8) -> usize {
        match self {
            Self::Bits => position.into(),
            Self::Bytes => usize::from(position) * 8,
        }
    }
}

/// Puts the last `count` bits of `value`, the highest first, behind `at` bits.
fn put(
    data: &mut [u8],
    at: usize,
    count: usize,
    value: u16,
    field: &'static str,
) -> Result<(), Part10Error> {
    for index in 0..count {
        let bit = value.checked_shr(u32::try_from(count - 1 - index).unwrap_or(u32::MAX));
        let place = at + index;
        let byte = data.get_mut(place / 8).ok_or(Part10Error::BadValue(field))?;
        let mask = 0x80 >> (place % 8);
        if bit.unwrap_or(0) & 1 == 1 { *byte |= mask } else { *byte &= !mask }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::PinLength;
    use super::*;

    /// EMV Book 3, table 25: control, length, digits, filler.
    #[test]
    fn the_offline_pin_of_emv() {
        let mut data = [0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        PinFormat::EMV.fill(&mut data, b"1234").unwrap();
        assert_eq!(data, [0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff]);
        let mut data = [0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        PinFormat::EMV.fill(&mut data, b"123456789012").unwrap();
        assert_eq!(data, [0x2c, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0xff]);
        for pin in [&b"123"[..], b"1234567890123", b""] {
            let refused = Err(Part10Error::WrongLength(pin.len()));
            assert_eq!(PinFormat::EMV.fill(&mut [0; 8], pin), refused);
        }
    }

    #[test]
    fn digits_at_the_right_and_as_characters() {
        let bytes = PinFormat {
            encoding: PinEncoding::Ascii,
            justification: Justification::Right,
            position: 0,
            block_length: 8,
            length: Some(PinLength { bits: 8, units: Units::Bytes, position: 1 }),
            max_digits: 15,
            ..PinFormat::EMV
        };
        let mut data = [0; 8];
        bytes.fill(&mut data, b"12345").unwrap();
        assert_eq!(data, [0, 5, 0, b'1', b'2', b'3', b'4', b'5']);
        assert_eq!(bytes.fill(&mut data, b"123456789"), Err(Part10Error::WrongLength(9)));
        let binary = PinFormat { encoding: PinEncoding::Binary, length: None, ..bytes };
        binary.fill(&mut data, b"90210123").unwrap();
        assert_eq!(data, [9, 0, 2, 1, 0, 1, 2, 3]);
    }

    #[test]
    fn what_points_elsewhere_is_refused() {
        for length in 0..8 {
            let refused = PinFormat::EMV.fill(&mut vec![0; length], b"123456789012");
            assert_eq!(refused.is_ok(), length >= 7, "{length}");
        }
        let empty = PinFormat { block_length: 0, ..PinFormat::EMV };
        let refused = Err(Part10Error::BadValue("bmPINBlockString"));
        assert_eq!(empty.fill(&mut [0; 8], b"1234"), refused);
        let refused = Err(Part10Error::BadValue("PIN"));
        assert_eq!(PinFormat::EMV.fill(&mut [0; 8], b"12a4"), refused);
        assert_eq!(PinFormat::EMV.fill(&mut [0; 8], b"12 4"), refused);
    }
}
