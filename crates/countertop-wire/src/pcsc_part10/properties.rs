//! What a reader tells of itself (clauses 2.5.5 and 2.6.14).

use super::{EntryValidation, Part10Error};

/// Is PIN_PROPERTIES_STRUCTURE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PinProperties {
    /// wLcdLayout: lines in the high byte, characters in the low one; 0 without a display.
    pub lcd_layout: u16,
    /// What can end an entry.
    pub validation: EntryValidation,
    /// Whether bTimerOut2 is obeyed.
    pub timeout_after_key: bool,
}

impl PinProperties {
    /// Returns the structure.
    #[must_use]
    pub fn encode(self) -> [u8; 4] {
        let [low, high] = self.lcd_layout.to_le_bytes();
        [low, high, self.validation.0, u8::from(self.timeout_after_key)]
    }

    /// Reads a structure.
    ///
    /// # Errors
    ///
    /// [`Part10Error`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Part10Error> {
        let [low, high, validation, timeout] = *bytes else {
            return Err(Part10Error::WrongLength(bytes.len()));
        };
        Ok(Self {
            lcd_layout: u16::from_le_bytes([low, high]),
            validation: EntryValidation(validation),
            timeout_after_key: timeout != 0,
        })
    }
}

/// Is the answer to GET_TLV_PROPERTIES; `None` is what the reader does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReaderProperties {
    /// wLcdLayout.
    pub lcd_layout: Option<u16>,
    /// bEntryValidationCondition.
    pub validation: Option<u8>,
    /// bTimeOut2.
    pub timeout_after_key: Option<u8>,
    /// wLcdMaxCharacters.
    pub lcd_characters: Option<u16>,
    /// wLcdMaxLines.
    pub lcd_lines: Option<u16>,
    /// bMinPINSize.
    pub min_pin: Option<u8>,
    /// bMaxPINSize.
    pub max_pin: Option<u8>,
    /// sFirmwareID.
    pub firmware: Option<String>,
    /// bPPDUSupport: bit 0 by SCardControl, bit 1 by SCardTransmit.
    pub ppdu: Option<u8>,
    /// dwMaxAPDUDataSize: 0 for short APDUs alone, else the most data that a command may carry.
    pub max_apdu_data: Option<u32>,
    /// wIdVendor.
    pub vendor: Option<u16>,
    /// wIdProduct.
    pub product: Option<u16>,
}

impl ReaderProperties {
    /// Reads data objects; those of an unknown tag are left out.
    ///
    /// # Errors
    ///
    /// [`Part10Error`].
    pub fn parse(mut bytes: &[u8]) -> Result<Self, Part10Error> {
        let mut properties = Self::default();
        while let [tag, length, rest @ ..] = bytes {
            let length = usize::from(*length);
            let bad = Part10Error::BadLength { tag: *tag, length };
            let (value, rest) = rest.split_at_checked(length).ok_or(bad)?;
            properties.take(*tag, value).ok_or(bad)?;
            bytes = rest;
        }
        match bytes {
            [] => Ok(properties),
            _ => Err(Part10Error::WrongLength(bytes.len())),
        }
    }

    fn take(&mut self, tag: u8, value: &[u8]) -> Option<()> {
        let byte = || <[u8; 1]>::try_from(value).ok().map(|[byte]| byte);
        let word = || value.try_into().ok().map(u16::from_le_bytes);
        match tag {
            0x01 => self.lcd_layout = Some(word()?),
            0x02 => self.validation = Some(byte()?),
            0x03 => self.timeout_after_key = Some(byte()?),
            0x04 => self.lcd_characters = Some(word()?),
            0x05 => self.lcd_lines = Some(word()?),
            0x06 => self.min_pin = Some(byte()?),
            0x07 => self.max_pin = Some(byte()?),
            0x08 => self.firmware = Some(String::from_utf8_lossy(value).into_owned()),
            0x09 => self.ppdu = Some(byte()?),
            0x0a => self.max_apdu_data = Some(value.try_into().ok().map(u32::from_le_bytes)?),
            0x0b => self.vendor = Some(word()?),
            0x0c => self.product = Some(word()?),
            _ => {}
        }
        Some(())
    }

    /// Returns the data objects; a firmware's name is cut off behind 255 bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut put = |tag: u8, value: Option<&[u8]>| {
            let Some(value) = value else { return };
            let value = value.get(..0xff).unwrap_or(value);
            out.extend_from_slice(&[tag, u8::try_from(value.len()).unwrap_or(0xff)]);
            out.extend_from_slice(value);
        };
        let byte = |value: Option<u8>| value.map(|value| [value]);
        let word = |value: Option<u16>| value.map(u16::to_le_bytes);
        put(0x01, word(self.lcd_layout).as_ref().map(|it| it.as_slice()));
        put(0x02, byte(self.validation).as_ref().map(|it| it.as_slice()));
        put(0x03, byte(self.timeout_after_key).as_ref().map(|it| it.as_slice()));
        put(0x04, word(self.lcd_characters).as_ref().map(|it| it.as_slice()));
        put(0x05, word(self.lcd_lines).as_ref().map(|it| it.as_slice()));
        put(0x06, byte(self.min_pin).as_ref().map(|it| it.as_slice()));
        put(0x07, byte(self.max_pin).as_ref().map(|it| it.as_slice()));
        put(0x08, self.firmware.as_ref().map(String::as_bytes));
        put(0x09, byte(self.ppdu).as_ref().map(|it| it.as_slice()));
        let longest = self.max_apdu_data.map(u32::to_le_bytes);
        put(0x0a, longest.as_ref().map(|it| it.as_slice()));
        put(0x0b, word(self.vendor).as_ref().map(|it| it.as_slice()));
        put(0x0c, word(self.product).as_ref().map(|it| it.as_slice()));
        out
    }
}
