//! GET PROCESSING OPTIONS (EMV Book 3, clause 6.5.8).

use countertop_wire::apdu::{CommandApdu, StatusWord};
use countertop_wire::tlv::{Tlv, TlvWriter, tags};

use crate::card::payment_card::Answer;
use crate::card::session::{Phase, TerminalData};
use crate::card::{Interface, PaymentCard};

/// Terminal Capabilities, byte 3: XDA (EMV Book 4, annex A2).
const XDA: u8 = 0x04;

impl PaymentCard {
    pub(in crate::card) fn get_processing_options(&mut self, command: &CommandApdu) -> Answer {
        if [command.p1(), command.p2()] != [0x00, 0x00] {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        self.require(&[Phase::Selected])?;
        let Ok((Tlv { tag: tags::COMMAND_TEMPLATE, value }, [])) = Tlv::parse(command.data())
        else {
            return Err(StatusWord::WRONG_DATA);
        };
        let pdol = self.interface_data().pdol.clone();
        let terminal = TerminalData::new(&pdol, value).map_err(|_| StatusWord::WRONG_LENGTH)?;
        let counter = self.counters.transactions.checked_add(1);
        // A counter that has come to its end ends the card (EMV Book 2, clause 8.1).
        self.counters.transactions = counter.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        self.session.pdol_data = value.to_vec();
        self.session.extended = self.can_extend(&terminal);
        match self.interface {
            Interface::Contact => Ok(self.initiate()),
            Interface::Contactless if self.profile.radio.generates => Ok(self.initiate()),
            Interface::Contactless => self.contactless_transaction(&terminal),
        }
    }

    /// Tells whether card and terminal both can use elliptic curves (EMV Book 3, clause 10.3).
    fn can_extend(&self, terminal: &TerminalData<'_>) -> bool {
        let capabilities = terminal.get(tags::TERMINAL_CAPABILITIES);
        self.interface == Interface::Contact
            && !self.memory.extended.is_empty()
            && matches!(capabilities, Some([_, _, security]) if security & XDA != 0)
    }

    fn initiate(&mut self) -> Vec<u8> {
        self.session.phase = Phase::Initiated;
        let data = self.interface_data();
        let options = [&data.interchange_profile[..], &data.file_locator].concat();
        TlvWriter::new().put(tags::RESPONSE_TEMPLATE_FORMAT_1, options).finish()
    }
}
