//! Reading the records that the card names (EMV Book 3, clauses 7 and 10.2).
//!
//! The crate `emv` passes over a record that it cannot take apart; the books end the transaction.

use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::tags;
use emv::Tlv;
use emv::core::tag_store::Source;
use emv::core::{read_record, tags as theirs};
use emv::de::application_file_locator::ReadStep;

use super::bridge::Stop;
use super::kernel::Kernel;
use crate::EmvError;

/// The first file whose records belong to the scheme or the issuer (EMV Book 3, clause 5.3.2.2).
const PROPRIETARY_FILES: u8 = 11;

/// What has to be there, or the transaction ends (EMV Book 3, clause 7.2).
const MANDATORY: [countertop_wire::tlv::Tag; 4] =
    [tags::APPLICATION_EXPIRATION_DATE, tags::APPLICATION_PAN, tags::CDOL1, tags::CDOL2];

impl Kernel<'_> {
    /// Reads all records into the store.
    pub(super) async fn read_records(&mut self) -> Result<(), Stop> {
        let missing = EmvError::Missing(tags::APPLICATION_FILE_LOCATOR);
        let locator = self.tx.ctx.afl.clone().ok_or(missing)?;
        for step in locator.iter_reads() {
            let command = read_record::command(step.sfi, step.record_number)?;
            let answer = self.bridge.transmit(&command).await?;
            let status = StatusWord(answer.status_word());
            if status != StatusWord::SUCCESS {
                return Err(EmvError::Refused { command: "READ RECORD", status }.into());
            }
            self.keep(step, answer.data())?;
        }
        match MANDATORY.into_iter().find(|tag| self.of_card(*tag).is_none()) {
            Some(tag) => Err(EmvError::Missing(tag).into()),
            None => self.check_dates(),
        }
    }

    fn keep(&mut self, step: ReadStep, record: &[u8]) -> Result<(), Stop> {
        let template = match Tlv::from_bytes(record) {
            Ok(template) => template,
            // What is in there is nobody's business as long as it is not signed.
            Err(_) if step.sfi >= PROPRIETARY_FILES && !step.in_oda => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if template.tag() != theirs::READ_RECORD_RESPONSE_TEMPLATE {
            // EMV Book 3, clause 10.3: authentication has failed then, and that is all.
            self.record_without_template |= step.in_oda;
            return Ok(());
        }
        let source = Source::Record { sfi: step.sfi, record: step.record_number };
        for object in template.value().as_constructed().unwrap_or_default() {
            self.tx.ctx.tag_store.insert_tlv(object, source)?;
        }
        if step.in_oda {
            let whole = step.sfi >= PROPRIETARY_FILES;
            let start = if whole { 0 } else { record.len().saturating_sub(template.value_len()) };
            self.records.extend_from_slice(record.get(start..).unwrap_or(record));
        }
        Ok(())
    }

    /// Ends the transaction for a date that no calendar has (EMV Book 3, clause 7.5).
    fn check_dates(&self) -> Result<(), Stop> {
        for tag in [tags::APPLICATION_EXPIRATION_DATE, tags::APPLICATION_EFFECTIVE_DATE] {
            if self.of_card(tag).is_some_and(|date| !is_date(date)) {
                let name = tag.name().unwrap_or("a date");
                return Err(EmvError::malformed(name, "no calendar has this date").into());
            }
        }
        Ok(())
    }
}

/// Tells whether these are year, month and day, two digits to a byte.
fn is_date(date: &[u8]) -> bool {
    let digits = date.iter().all(|byte| byte >> 4 <= 9 && byte & 0x0F <= 9);
    matches!(date, [_, 0x01..=0x12, 0x01..=0x31]) && digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_the_calendar() {
        assert!(is_date(&[0x30, 0x12, 0x31]));
        for wrong in [&[0x30, 0x13, 0x01][..], &[0x30, 0, 1], &[0x3A, 1, 1], &[0x30, 1, 0x32], &[]]
        {
            assert!(!is_date(wrong), "{wrong:02X?}");
        }
    }
}
