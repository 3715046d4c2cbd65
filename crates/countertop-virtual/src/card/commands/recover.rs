//! RECOVER AC (EMV Book C-2, clause 5.7): the answer to a GENERATE AC that did not arrive.

use countertop_wire::apdu::{CommandApdu, StatusWord};
use countertop_wire::tlv::{Dol, tags};

use crate::card::payment_card::Answer;
use crate::card::session::{Phase, TerminalData};
use crate::card::{Interface, PaymentCard};

/// Is the last answer to GENERATE AC, and the number that the terminal had for it.
#[derive(Debug, Clone)]
pub(in crate::card) struct Recoverable {
    number: Vec<u8>,
    answer: Vec<u8>,
}

/// What the card wants to be told to recover an answer: the value of `9F51`.
pub(in crate::card) fn drdol() -> Dol {
    Dol::new([(tags::UNPREDICTABLE_NUMBER, 4)])
}

impl PaymentCard {
    pub(in crate::card) fn recover_ac(&mut self, command: &CommandApdu) -> Answer {
        if self.interface != Interface::Contactless || !self.profile.radio.recovers {
            return Err(StatusWord::INSTRUCTION_NOT_SUPPORTED);
        }
        if [command.p1(), command.p2()] != [0x00, 0x00] {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        self.require(&[Phase::Initiated])?;
        let last = self.counters.recoverable.clone();
        let last = last.filter(|last| last.number == command.data());
        let last = last.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        self.session.phase = Phase::Finished;
        Ok(last.answer)
    }

    /// Keeps an answer to GENERATE AC by radio; there is no second one in this transaction.
    pub(super) fn keep_answer(&mut self, terminal: &TerminalData<'_>, answer: &[u8]) {
        if self.interface == Interface::Contactless {
            let number = terminal.get(tags::UNPREDICTABLE_NUMBER).unwrap_or_default().to_vec();
            self.counters.recoverable = Some(Recoverable { number, answer: answer.to_vec() });
            self.session.phase = Phase::Finished;
        }
    }
}
