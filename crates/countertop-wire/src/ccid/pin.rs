//! PIN entry at the reader: what PC_to_RDR_Secure carries (CCID 1.1, clause 6.1.11).

use super::{CardData, CcidError};
use crate::pcsc_part10::{EntryValidation, Part10Error, PinFormat};

/// bPINOperation: a PIN is verified.
const VERIFY: u8 = 0x00;
/// PC_to_RDR_Secure.
const SECURE: u8 = 0x69;
/// Where bPINOperation stands in the message.
const OPERATION_AT: u8 = 10;
/// Bytes in front of abPINApdu.
const FIXED: usize = 15;

/// Lets a person type a PIN, which the reader gives to the card for verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinVerification {
    /// bTimeOut in seconds; 0 for the reader's own.
    pub timeout: u8,
    /// Where the digits go.
    pub format: PinFormat,
    /// What ends the entry.
    pub validation: EntryValidation,
    /// bNumberMessage: how many texts are shown; `ff` for the reader's own.
    pub messages: u8,
    /// wLangId: the language of the texts.
    pub language: u16,
    /// bMsgIndex: which text.
    pub message_index: u8,
    /// bTeoPrologue: NAD, PCB and LEN of the block at T=1 and TPDU level.
    pub prologue: [u8; 3],
    /// The command for the card, with room for the PIN.
    pub command: CardData,
}

impl PinVerification {
    /// Returns bPINOperation and the PIN verification data structure.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (format, digits) = self.format.encode();
        let mut out = vec![VERIFY, self.timeout];
        out.extend_from_slice(&format);
        out.extend_from_slice(&digits);
        out.extend_from_slice(&[self.validation.0, self.messages]);
        out.extend_from_slice(&self.language.to_le_bytes());
        out.push(self.message_index);
        out.extend_from_slice(&self.prologue);
        out.extend_from_slice(&self.command);
        out
    }

    /// Reads what a PC_to_RDR_Secure carries.
    ///
    /// # Errors
    ///
    /// [`Field`](CcidError::Field) with the place in the message: when the content is too short, it asks for
    /// another operation than verification, or a field of the format has no meaning.
    pub fn decode(content: &[u8]) -> Result<Self, CcidError> {
        let short = field(1, u8::try_from(content.len()).unwrap_or(u8::MAX));
        let (fixed, command) = content.split_first_chunk::<FIXED>().ok_or(short)?;
        let [
            operation,
            timeout,
            format,
            block,
            length,
            max,
            min,
            validation,
            messages,
            low,
            high,
            message_index,
            prologue @ ..,
        ] = *fixed;
        if operation != VERIFY {
            return Err(field(OPERATION_AT, operation));
        }
        let wrong = |error| match error {
            Part10Error::BadValue("bmPINLengthFormat") => field(OPERATION_AT + 4, length),
            _ => field(OPERATION_AT + 2, format),
        };
        Ok(Self {
            timeout,
            format: PinFormat::decode([format, block, length], [max, min]).map_err(wrong)?,
            validation: EntryValidation(validation),
            messages,
            language: u16::from_le_bytes([low, high]),
            message_index,
            prologue,
            command: command.into(),
        })
    }
}

fn field(offset: u8, value: u8) -> CcidError {
    CcidError::Field { message_type: SECURE, offset, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What libccid 1.5.2 makes of the structure of PC/SC part 10 for the offline PIN of EMV: without the
    /// second limit and the length.
    const EMV: &[u8] = &[
        0x00, 30, 0x89, 0x47, 0x04, 12, 4, 0x02, 0x01, 0x09, 0x04, 0x00, 0x00, 0x40, 0x0d, 0x00,
        0x20, 0x00, 0x80, 0x08, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];

    #[test]
    fn a_verification_both_ways() {
        let verification = PinVerification::decode(EMV).unwrap();
        assert_eq!((verification.timeout, verification.language), (30, 0x0409));
        assert_eq!((verification.format, verification.prologue), (PinFormat::EMV, [0, 0x40, 13]));
        assert_eq!(verification.command.len(), 13);
        assert_eq!(verification.encode(), EMV);
        for length in 0..FIXED {
            let short = field(1, u8::try_from(length).unwrap());
            assert_eq!(PinVerification::decode(&EMV[..length]), Err(short));
        }
    }

    #[test]
    fn what_has_no_meaning_is_named_by_its_place() {
        for (at, value, offset) in [(0, 1, 10), (2, 0x8b, 12), (4, 0xe4, 14)] {
            let mut bytes = EMV.to_vec();
            bytes[at] = value;
            assert_eq!(PinVerification::decode(&bytes), Err(field(offset, value)));
        }
    }
}
