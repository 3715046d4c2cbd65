//! Torn transactions: remembering them (S9.11) and RECOVER AC (Book C-2, clause 5.7; S10).

use countertop_device::{CardSession, DeviceErrorKind};
use countertop_wire::apdu::{CommandApdu, ResponseApdu};
use countertop_wire::tlv::{Dol, Tag, tags};

use super::torn::{CardDigest, TornRecord, digest};
use super::{DRDOL, Stop, TornLog, Transaction};
use crate::EmvError;
use crate::exchange::{ALL, send};

/// What the terminal said when the transaction was torn, and what it says in its place when it is
/// recovered (annex A.1.188).
const TERMINAL_DATA: [Tag; 14] = [
    tags::AMOUNT_AUTHORISED,
    tags::AMOUNT_OTHER,
    tags::INTERFACE_DEVICE_SERIAL_NUMBER,
    tags::TERMINAL_COUNTRY_CODE,
    tags::TERMINAL_TYPE,
    tags::TRANSACTION_CURRENCY_CODE,
    tags::TRANSACTION_CURRENCY_EXPONENT,
    tags::TRANSACTION_DATE,
    tags::TRANSACTION_TIME,
    tags::TRANSACTION_TYPE,
    tags::UNPREDICTABLE_NUMBER,
    tags::TRANSACTION_SEQUENCE_COUNTER,
    tags::APPLICATION_VERSION_NUMBER_TERMINAL,
    tags::APPLICATION_IDENTIFIER_TERMINAL,
];

/// What has to be the same for a transaction to be the one that was torn. The book compares the card
/// alone, and would hand an old amount to the host.
const SAME: [Tag; 4] = [
    tags::AMOUNT_AUTHORISED,
    tags::AMOUNT_OTHER,
    tags::TRANSACTION_CURRENCY_CODE,
    tags::TRANSACTION_TYPE,
];

impl Transaction<'_> {
    fn card_digest(&self) -> Result<CardDigest, EmvError> {
        let pan = self.objects.mandatory(tags::APPLICATION_PAN)?;
        Ok(digest(pan, self.objects.get(tags::PAN_SEQUENCE_NUMBER)))
    }

    /// Remembers a transaction whose card left (S9.5, S9.11 to S9.13).
    pub(super) fn remember(&self, torn: &mut TornLog, error: &EmvError) {
        let lost = matches!(error, EmvError::Device(device)
            if matches!(device.kind(), DeviceErrorKind::CardRemoved | DeviceErrorKind::TimedOut));
        let list = self.objects.mandatory(DRDOL).ok().and_then(|list| Dol::parse(list).ok());
        let (true, false, Some(list), Ok(card)) = (lost, torn.is_off(), list, self.card_digest())
        else {
            return;
        };
        torn.add(TornRecord {
            card,
            at: self.activation.clock.elapsed(),
            pdol_data: self.pdol_data.clone().into(),
            cdol_data: self.cdol_data.clone().into(),
            drdol_data: list.answer(|tag| self.value(tag)).into(),
            control: self.control,
            tvr: self.tvr,
            cvm: self.cvm,
            cvm_results: self.cvm_results,
            capabilities: self.capabilities,
            receipt: self.receipt,
            terminal: TERMINAL_DATA
                .into_iter()
                .filter_map(|tag| Some((tag, self.terminal(tag)?)))
                .collect(),
        });
    }

    /// Asks the card for the cryptogram of its torn transaction; none when there is none, or when
    /// the card has not got one either.
    pub(super) async fn recover(
        &mut self,
        session: &mut dyn CardSession,
        torn: &mut TornLog,
    ) -> Result<Option<ResponseApdu>, Stop> {
        if self.objects.mandatory(DRDOL).is_err() {
            return Ok(None);
        }
        let card = self.card_digest()?;
        let Some(record) = torn.find(&card).filter(|record| self.is_same(record)).cloned() else {
            return Ok(None);
        };
        let command =
            CommandApdu::new(0x80, 0xD0, 0, 0).with_data(record.drdol_data.expose()).expecting(ALL);
        // A card that leaves again can be recovered again: the record stays.
        let answer = send(session, &command).await?;
        torn.forget(&card);
        if !answer.is_success() {
            // S10.8: the card had not got so far.
            return Ok(None);
        }
        self.resume(record);
        Ok(Some(answer))
    }

    fn is_same(&self, record: &TornRecord) -> bool {
        SAME.into_iter().all(|tag| {
            let then = record.terminal.iter().find(|(known, _)| *known == tag);
            then.map(|(_, value)| value) == self.terminal(tag).as_ref()
        })
    }

    /// S10.11: goes on where the transaction was torn.
    fn resume(&mut self, record: TornRecord) {
        self.pdol_data = record.pdol_data.expose().to_vec();
        self.cdol_data = record.cdol_data.expose().to_vec();
        self.control = record.control;
        self.tvr = record.tvr;
        self.cvm = record.cvm;
        self.cvm_results = record.cvm_results;
        self.capabilities = record.capabilities;
        self.receipt = record.receipt;
        self.recovered = record.terminal;
    }
}
