//! PIN_VERIFY_STRUCTURE (clause 2.5.2).

use super::{EntryValidation, Part10Error, PinFormat};
use crate::card_data::CardData;

/// Lets a person type a PIN at the reader, which sends it to the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyPin {
    /// bTimerOut: seconds until the first key; 0 for the reader's own.
    pub timeout: u8,
    /// bTimerOut2: seconds behind the first key; 0 for the reader's own.
    pub timeout_after_key: u8,
    /// Where the digits go.
    pub format: PinFormat,
    /// What ends the entry.
    pub validation: EntryValidation,
    /// bNumberMessage: how many texts are shown; `ff` for the reader's own.
    pub messages: u8,
    /// wLangId: the language of the texts, such as 0409 for English.
    pub language: u16,
    /// bMsgIndex: which text.
    pub message_index: u8,
    /// The command for the card, with room for the PIN.
    pub command: CardData,
}

/// Bytes in front of the command.
const FIXED: usize = 19;

impl VerifyPin {
    /// Creates the entry of a plaintext offline PIN (EMV Book 3, clause 6.5.12): the reader fills in
    /// length and digits.
    #[must_use]
    pub fn emv(timeout: u8) -> Self {
        let block = [0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        Self {
            timeout,
            timeout_after_key: timeout,
            format: PinFormat::EMV,
            validation: EntryValidation::KEY,
            messages: 1,
            language: 0x0409,
            message_index: 0,
            command: [&[0x00, 0x20, 0x00, 0x80, 0x08][..], &block].concat().into(),
        }
    }

    /// Returns the structure.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (format, digits) = self.format.encode();
        let mut out = vec![self.timeout, self.timeout_after_key];
        out.extend_from_slice(&format);
        out.extend_from_slice(&digits);
        out.extend_from_slice(&[self.validation.0, self.messages]);
        out.extend_from_slice(&self.language.to_le_bytes());
        // bMsgIndex and bTeoPrologue, which readers fill in themselves.
        out.extend_from_slice(&[self.message_index, 0, 0, 0]);
        out.extend_from_slice(&length(&self.command));
        out.extend_from_slice(&self.command);
        out
    }

    /// Reads a structure.
    ///
    /// # Errors
    ///
    /// [`Part10Error`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Part10Error> {
        let wrong = Part10Error::WrongLength(bytes.len());
        let (fixed, command) = bytes.split_first_chunk::<FIXED>().ok_or(wrong)?;
        let [
            timeout,
            timeout_after_key,
            format,
            block,
            pin_length,
            max,
            min,
            validation,
            messages,
            low,
            high,
            message_index,
            _,
            _,
            _,
            declared @ ..,
        ] = *fixed;
        if declared != length(command) {
            return Err(wrong);
        }
        Ok(Self {
            timeout,
            timeout_after_key,
            format: PinFormat::decode([format, block, pin_length], [max, min])?,
            validation: EntryValidation(validation),
            messages,
            language: u16::from_le_bytes([low, high]),
            message_index,
            command: command.into(),
        })
    }
}

/// Returns ulDataLength.
pub(super) fn length(command: &[u8]) -> [u8; 4] {
    u32::try_from(command.len()).unwrap_or(u32::MAX).to_le_bytes()
}
