//! Cards of ISO/IEC 14443-4, whose APDUs the reader passes on.

use core::time::Duration;

use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::atr::AnswerToReset;
use countertop_wire::pcsc_part3::{CLASS, CardInformation, StorageCommand};

use crate::card::VirtualCard;

/// Is a card of ISO/IEC 14443-4 behind a contactless reader: a payment card that is tapped.
#[derive(Debug)]
pub struct PassedOn<C> {
    card: C,
    uid: Vec<u8>,
}

impl<C: VirtualCard> PassedOn<C> {
    /// Holds `card` with this UID into the reader's field.
    #[must_use]
    pub fn new(card: C, uid: impl Into<Vec<u8>>) -> Self {
        Self { card, uid: uid.into() }
    }

    fn historical_bytes(&self) -> Vec<u8> {
        let select = self.card.answer_to_select();
        // TL, then T0, which announces TA, TB and TC.
        let [_, format, rest @ ..] = select.as_slice() else { return Vec::new() };
        let interface = (format & 0x70).count_ones().try_into().unwrap_or(0);
        rest.get(interface..).unwrap_or_default().to_vec()
    }

    fn answer(&self, command: &[u8]) -> ResponseApdu {
        let command = CommandApdu::parse(command).ok();
        match command.as_ref().and_then(StorageCommand::from_apdu) {
            Some(StorageCommand::GetData(CardInformation::Uid)) => {
                ResponseApdu::new(self.uid.clone(), StatusWord::SUCCESS)
            }
            Some(StorageCommand::GetData(CardInformation::HistoricalBytes)) => {
                ResponseApdu::new(self.historical_bytes(), StatusWord::SUCCESS)
            }
            _ => StatusWord::FUNCTION_NOT_SUPPORTED.into(),
        }
    }
}

impl<C: VirtualCard> VirtualCard for PassedOn<C> {
    fn answer_to_reset(&self) -> Vec<u8> {
        AnswerToReset::contactless(&self.historical_bytes()).encode()
    }

    fn answer_to_select(&self) -> Vec<u8> {
        self.card.answer_to_select()
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        match command.first() {
            Some(&CLASS) => self.answer(command).to_bytes(),
            _ => self.card.transmit(command),
        }
    }

    fn delay(&self) -> Duration {
        self.card.delay()
    }

    fn is_present(&self) -> bool {
        self.card.is_present()
    }
}
