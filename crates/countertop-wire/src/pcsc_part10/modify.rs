//! PIN_MODIFY_STRUCTURE (clause 2.5.3).

use super::verify::length;
use super::{EntryValidation, Part10Error, PinFormat};
use crate::card_data::CardData;

/// Lets a person type a new PIN at the reader, which sends it to the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModifyPin {
    /// bTimerOut: seconds until the first key; 0 for the reader's own.
    pub timeout: u8,
    /// bTimerOut2: seconds behind the first key; 0 for the reader's own.
    pub timeout_after_key: u8,
    /// Where the digits go.
    pub format: PinFormat,
    /// bInsertionOffsetOld: bytes between the command's data and the block of the present PIN.
    pub old_offset: u8,
    /// bInsertionOffsetNew: the same for the new PIN.
    pub new_offset: u8,
    /// bConfirmPIN, bit 0: the new PIN is asked for twice.
    pub confirm_new: bool,
    /// bConfirmPIN, bit 1: the present PIN is asked for.
    pub ask_old: bool,
    /// What ends the entry.
    pub validation: EntryValidation,
    /// bNumberMessage: how many texts are shown; `ff` for the reader's own.
    pub messages: u8,
    /// wLangId: the language of the texts, such as 0409 for English.
    pub language: u16,
    /// bMsgIndex1 to 3: which texts.
    pub message_indices: [u8; 3],
    /// The command for the card, with room for the PINs.
    pub command: CardData,
}

/// Bytes in front of the command.
const FIXED: usize = 24;
const CONFIRM_NEW: u8 = 0x01;
const ASK_OLD: u8 = 0x02;

impl ModifyPin {
    /// Returns the structure.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (format, digits) = self.format.encode();
        let confirm =
            if self.confirm_new { CONFIRM_NEW } else { 0 } | if self.ask_old { ASK_OLD } else { 0 };
        let mut out = vec![self.timeout, self.timeout_after_key];
        out.extend_from_slice(&format);
        out.extend_from_slice(&[self.old_offset, self.new_offset]);
        out.extend_from_slice(&digits);
        out.extend_from_slice(&[confirm, self.validation.0, self.messages]);
        out.extend_from_slice(&self.language.to_le_bytes());
        out.extend_from_slice(&self.message_indices);
        // bTeoPrologue, which readers fill in themselves.
        out.extend_from_slice(&[0; 3]);
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
            old_offset,
            new_offset,
            max,
            min,
            confirm,
            validation,
            messages,
            low,
            high,
            first,
            second,
            third,
            _,
            _,
            _,
            declared @ ..,
        ] = *fixed;
        if declared != length(command) {
            return Err(wrong);
        }
        if confirm & !(CONFIRM_NEW | ASK_OLD) != 0 {
            return Err(Part10Error::BadValue("bConfirmPIN"));
        }
        Ok(Self {
            timeout,
            timeout_after_key,
            format: PinFormat::decode([format, block, pin_length], [max, min])?,
            old_offset,
            new_offset,
            confirm_new: confirm & CONFIRM_NEW != 0,
            ask_old: confirm & ASK_OLD != 0,
            validation: EntryValidation(validation),
            messages,
            language: u16::from_le_bytes([low, high]),
            message_indices: [first, second, third],
            command: command.into(),
        })
    }
}
