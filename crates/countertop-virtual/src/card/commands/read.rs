//! READ RECORD and GET DATA (EMV Book 3, clauses 6.5.11 and 6.5.7).

use countertop_wire::apdu::{CommandApdu, StatusWord};
use countertop_wire::tlv::{Tag, TlvWriter, tags};

use super::select::directory_record;
use crate::card::PaymentCard;
use crate::card::log::{LOG_ENTRY, TransactionLog};
use crate::card::payment_card::Answer;
use crate::card::session::Phase;

/// The short file identifier of the directory's records.
pub(super) const DIRECTORY_FILE: u8 = 1;

/// P2, bits 3 to 1: P1 is a record number.
const BY_NUMBER: u8 = 0x04;

impl PaymentCard {
    pub(in crate::card) fn read_record(&self, command: &CommandApdu) -> Answer {
        no_data(command)?;
        let [number, reference] = [command.p1(), command.p2()];
        let file = reference >> 3;
        if reference & 0x07 != BY_NUMBER || number == 0 || !(1..=30).contains(&file) {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        match self.session.phase {
            Phase::Idle => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
            Phase::Directory => self.read_directory(file, number),
            _ if file == LOG_ENTRY[0] => {
                self.log.record(number).ok_or(StatusWord::RECORD_NOT_FOUND)
            }
            Phase::Selected => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
            _ => self.read_file(file, number),
        }
    }

    pub(in crate::card) fn get_data(&self, command: &CommandApdu) -> Answer {
        no_data(command)?;
        if matches!(self.session.phase, Phase::Idle | Phase::Directory) {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        let number = u32::from(u16::from_be_bytes([command.p1(), command.p2()]));
        let tag = Tag::try_from(number).map_err(|_| StatusWord::INCORRECT_PARAMETERS)?;
        let value = self.data_object(tag).ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
        Ok(TlvWriter::new().put(tag, value).finish())
    }

    fn data_object(&self, tag: Tag) -> Option<Vec<u8>> {
        match tag {
            tags::APPLICATION_TRANSACTION_COUNTER | tags::LAST_ONLINE_ATC_REGISTER
                if self.profile.risk.hides_counters =>
            {
                None
            }
            tags::APPLICATION_TRANSACTION_COUNTER => {
                Some(self.counters.transactions.to_be_bytes().into())
            }
            tags::LAST_ONLINE_ATC_REGISTER => Some(self.counters.last_online.to_be_bytes().into()),
            tags::PIN_TRY_COUNTER => {
                self.profile.pin.is_some().then(|| vec![self.counters.pin_tries])
            }
            tags::LOG_FORMAT => Some(TransactionLog::format().to_bytes()),
            _ => None,
        }
    }

    fn read_directory(&self, file: u8, number: u8) -> Answer {
        if file != DIRECTORY_FILE || self.interface != crate::card::Interface::Contact {
            return Err(StatusWord::FILE_NOT_FOUND);
        }
        directory_record(&self.profile.applications, number).ok_or(StatusWord::RECORD_NOT_FOUND)
    }

    fn read_file(&self, file: u8, number: u8) -> Answer {
        let records = &self.interface_data().records;
        if let Some((at, record)) = &self.session.signature
            && *at == (file, number)
        {
            return Ok(record.clone());
        }
        if !records.keys().any(|(known, _)| *known == file) {
            return Err(StatusWord::FILE_NOT_FOUND);
        }
        records.get(&(file, number)).cloned().ok_or(StatusWord::RECORD_NOT_FOUND)
    }
}

fn no_data(command: &CommandApdu) -> Result<(), StatusWord> {
    if command.data().is_empty() { Ok(()) } else { Err(StatusWord::WRONG_LENGTH) }
}
