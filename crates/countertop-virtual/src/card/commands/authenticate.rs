//! INTERNAL AUTHENTICATE and EXTERNAL AUTHENTICATE (EMV Book 3, clauses 6.5.9 and 6.5.4).

use countertop_wire::apdu::{CommandApdu, StatusWord};
use countertop_wire::tlv::{TlvWriter, tags};

use crate::card::crypto::authorisation_response_cryptogram;
use crate::card::payment_card::Answer;
use crate::card::session::{IssuerAnswer, Phase};
use crate::card::{Fault, IssuerAuthentication, PaymentCard};

/// The format of signed dynamic data and the indicator of SHA-1 (EMV Book 2, tables 15 and B2).
pub(super) const SIGNED_DATA_FORMAT: u8 = 0x05;
pub(super) const SHA1_INDICATOR: u8 = 0x01;

impl PaymentCard {
    pub(in crate::card) fn internal_authenticate(&mut self, command: &CommandApdu) -> Answer {
        if [command.p1(), command.p2()] != [0x00, 0x00] {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        self.require(&[Phase::Initiated])?;
        if !self.profile.data_authentication.has_icc_key() || self.session.extended {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        // The card's DDOL asks for the unpredictable number alone; a terminal's own may ask for
        // more.
        if command.data().len() < 4 {
            return Err(StatusWord::WRONG_LENGTH);
        }
        let number = self.next_unpredictable_number();
        let signature = self.sign_dynamic_data(&number, &[], command.data());
        self.session.dda_performed = true;
        Ok(TlvWriter::new().put(tags::RESPONSE_TEMPLATE_FORMAT_1, signature).finish())
    }

    pub(in crate::card) fn external_authenticate(&mut self, command: &CommandApdu) -> Answer {
        if [command.p1(), command.p2()] != [0x00, 0x00] {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        self.require(&[Phase::Online])?;
        let allowed =
            self.profile.issuer_authentication == IssuerAuthentication::ExternalAuthenticate;
        if !allowed || self.session.issuer_answer != IssuerAnswer::None {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        if !(8..=16).contains(&command.data().len()) {
            return Err(StatusWord::WRONG_LENGTH);
        }
        match self.check_issuer_answer(command.data()) {
            IssuerAnswer::Accepted => Ok(Vec::new()),
            _ => Err(StatusWord::AUTHENTICATION_FAILED),
        }
    }

    /// Checks the issuer authentication data: the response cryptogram and the response code.
    pub(super) fn check_issuer_answer(&mut self, data: &[u8]) -> IssuerAnswer {
        self.session.issuer_answer = match data {
            [cryptogram @ .., code1, code2] if *cryptogram == self.expected([*code1, *code2]) => {
                IssuerAnswer::Accepted
            }
            _ => IssuerAnswer::Refused,
        };
        self.session.issuer_answer
    }

    /// Returns signed dynamic application data: `number` with its length byte, then `more`, over
    /// `terminal_data` (EMV Book 2, clause 6.5.1).
    pub(super) fn sign_dynamic_data(
        &self,
        number: &[u8],
        more: &[u8],
        terminal_data: &[u8],
    ) -> Vec<u8> {
        // At most 8 + 29 bytes, so that both lengths fit.
        let length = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        let mut dynamic = [&[length(number.len())][..], number, more].concat();
        if self.profile.faults.contains(&Fault::NoDynamicNumberLength) {
            dynamic.remove(0);
        }
        let head = [SIGNED_DATA_FORMAT, SHA1_INDICATOR, length(dynamic.len())];
        let mut signature =
            self.memory.icc_key.sign(&[&head[..], &dynamic].concat(), terminal_data);
        if self.profile.faults.contains(&Fault::WrongSignature)
            && let Some(last) = signature.last_mut()
        {
            *last ^= 0x01;
        }
        signature
    }

    fn expected(&self, response_code: [u8; 2]) -> [u8; 8] {
        authorisation_response_cryptogram(
            self.profile.cryptogram_version,
            &self.memory.master_key,
            self.counters.transactions,
            self.session.cryptogram,
            response_code,
        )
    }
}
