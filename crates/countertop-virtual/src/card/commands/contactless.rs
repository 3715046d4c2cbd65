//! The contactless transaction: everything in one GET PROCESSING OPTIONS.
//!
//! This is the path that UnionPay calls qUICS and Visa qVSDC (EMV Books C-7 and C-3): the card
//! reads the terminal transaction qualifiers, decides, and answers with its cryptogram; the records
//! with its certificates are read only when offline data authentication follows (fDDA).

use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::{TlvWriter, tags};

use super::cryptogram::Cryptogram;
use crate::card::payment_card::Answer;
use crate::card::session::{Phase, TerminalData};
use crate::card::verification_results::CardVerificationResults;
use crate::card::{CryptogramKind, PaymentCard};

/// Terminal transaction qualifiers, byte 1: what the terminal can (EMV Book C-3, annex A).
const CHIP_SUPPORTED: u8 = 0x20;
const OFFLINE_ONLY: u8 = 0x08;
const ONLINE_PIN_SUPPORTED: u8 = 0x04;
const SIGNATURE_SUPPORTED: u8 = 0x02;
const AUTHENTICATES_ONLINE_TRANSACTIONS: u8 = 0x01;
/// Terminal transaction qualifiers, byte 2: what the terminal asks for.
const ONLINE_CRYPTOGRAM_REQUIRED: u8 = 0x80;
const CVM_REQUIRED: u8 = 0x40;

/// Card transaction qualifiers, byte 1: what the card asks for.
const ONLINE_PIN_REQUIRED: u8 = 0x80;
const SIGNATURE_REQUIRED: u8 = 0x40;

/// Card transaction qualifiers, byte 2: the cardholder was verified on the device.
const CONSUMER_DEVICE: u8 = 0x80;

/// What an answer holds.
const MOST_ANSWERED: usize = 256;

/// Is an fDDA signature and what the card puts into it.
struct Signature {
    related: Vec<u8>,
    signed: Vec<u8>,
}

/// Is what the card has decided.
struct Decision {
    kind: CryptogramKind,
    qualifiers: [u8; 2],
    signs: bool,
}

impl PaymentCard {
    pub(super) fn contactless_transaction(&mut self, terminal: &TerminalData<'_>) -> Answer {
        let qualifiers = terminal.get(tags::TERMINAL_TRANSACTION_QUALIFIERS);
        let Some(&[can, asks, ..]) = qualifiers else {
            return Err(StatusWord::NO_PRECISE_DIAGNOSIS);
        };
        if can & CHIP_SUPPORTED == 0 {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        let decision = self.decide(can, asks, terminal.number(tags::AMOUNT_AUTHORISED));
        let results = CardVerificationResults {
            first: Some(decision.kind),
            dda_performed: decision.signs,
            ..self.results()
        };
        let cryptogram = self.cryptogram(decision.kind, results, terminal)?;
        self.conclude(&cryptogram, terminal);
        // There is no second cryptogram by radio.
        self.session.phase = Phase::Finished;
        Ok(self.contactless_answer(&decision, &cryptogram, terminal))
    }

    fn decide(&self, can: u8, asks: u8, amount: u64) -> Decision {
        let has_keys = self.profile.data_authentication.has_icc_key();
        let device = self.profile.radio.consumer_device;
        let verification = match asks & CVM_REQUIRED {
            0 => Some(0),
            _ if device => Some(0),
            _ if can & ONLINE_PIN_SUPPORTED != 0 => Some(ONLINE_PIN_REQUIRED),
            _ if can & SIGNATURE_SUPPORTED != 0 => Some(SIGNATURE_REQUIRED),
            _ => None,
        };
        let offline_allowed = asks & ONLINE_CRYPTOGRAM_REQUIRED == 0
            && verification != Some(ONLINE_PIN_REQUIRED)
            && has_keys
            && amount <= self.profile.contactless_offline_limit;
        let kind = match verification {
            None => CryptogramKind::Aac,
            Some(_) if offline_allowed => CryptogramKind::Tc,
            Some(_) if can & OFFLINE_ONLY != 0 => CryptogramKind::Aac,
            Some(_) => CryptogramKind::Arqc,
        };
        let kind = self.overreached(kind);
        let signs = match kind {
            CryptogramKind::Tc => true,
            CryptogramKind::Arqc => has_keys && can & AUTHENTICATES_ONLINE_TRANSACTIONS != 0,
            CryptogramKind::Aac => false,
        };
        let [first, second] = self.profile.radio.qualifiers;
        let confirmed = if device { CONSUMER_DEVICE } else { 0 };
        let qualifiers = [first | verification.unwrap_or(0), second | confirmed];
        Decision { kind, qualifiers, signs }
    }

    fn contactless_answer(
        &mut self,
        decision: &Decision,
        cryptogram: &Cryptogram,
        terminal: &TerminalData<'_>,
    ) -> Vec<u8> {
        let locator = self.interface_data().file_locator.clone();
        if !decision.signs {
            return template(self.answered(decision, cryptogram, None));
        }
        let Signature { related, signed } = self.sign_fast(decision, terminal);
        let content = self.answered(decision, cryptogram, Some(&locator));
        let content = content.put(tags::CARD_AUTHENTICATION_RELATED_DATA, &related);
        let answer = template(content.put(tags::SIGNED_DYNAMIC_APPLICATION_DATA, &signed));
        if answer.len() <= MOST_ANSWERED {
            return answer;
        }
        // What does not fit in the answer is in a record (EMV Book C-3, annex A; Visa's specification for
        // keys of more than 1024 bits).
        let locator = self.add_record(locator, &signed);
        let content = self.answered(decision, cryptogram, Some(&locator));
        template(content.put(tags::CARD_AUTHENTICATION_RELATED_DATA, &related))
    }

    /// Returns the answer's content without a signature.
    fn answered(
        &self,
        decision: &Decision,
        cryptogram: &Cryptogram,
        locator: Option<&[u8]>,
    ) -> TlvWriter {
        let counter = self.counters.transactions.to_be_bytes();
        let radio = &self.profile.radio;
        let information = radio.has_information.then_some([self.information(cryptogram.kind)]);
        let qualifiers = radio.has_qualifiers.then_some(decision.qualifiers);
        // With the locator it is in a record; nothing may be given twice.
        let sequence = locator.is_none().then_some([self.profile.sequence]);
        let content = TlvWriter::new()
            .put(tags::APPLICATION_INTERCHANGE_PROFILE, self.interface_data().interchange_profile)
            .put_some(tags::APPLICATION_FILE_LOCATOR, locator)
            .put(tags::TRACK_2_EQUIVALENT_DATA, &self.memory.track2)
            .put_some(tags::PAN_SEQUENCE_NUMBER, sequence)
            .put(tags::ISSUER_APPLICATION_DATA, &cryptogram.issuer_data)
            .put(tags::APPLICATION_CRYPTOGRAM, cryptogram.value)
            .put_some(tags::CRYPTOGRAM_INFORMATION_DATA, information)
            .put(tags::APPLICATION_TRANSACTION_COUNTER, counter)
            .put_some(tags::CARD_TRANSACTION_QUALIFIERS, qualifiers);
        radio.answered.iter().fold(content, |content, (tag, value)| content.put(*tag, value))
    }

    /// Puts the signature into a record behind the last one, and returns the locator with it.
    fn add_record(&mut self, mut locator: Vec<u8>, signed: &[u8]) -> Vec<u8> {
        if let Some([reference, _, last, _]) = locator.last_chunk_mut::<4>() {
            *last = last.saturating_add(1);
            let content = TlvWriter::new().put(tags::SIGNED_DYNAMIC_APPLICATION_DATA, signed);
            let record = TlvWriter::new().template(tags::READ_RECORD_TEMPLATE, content).finish();
            self.session.signature = Some(((*reference >> 3, *last), record));
        }
        locator
    }

    /// Makes the fDDA signature and what the card puts into it.
    fn sign_fast(&mut self, decision: &Decision, terminal: &TerminalData<'_>) -> Signature {
        let number = self.next_unpredictable_number();
        let radio = &self.profile.radio;
        let qualifiers = radio.signed_qualifiers.unwrap_or(decision.qualifiers);
        let related = [&[radio.fdda_version][..], &number[..4], &qualifiers].concat();
        let mut data = Vec::new();
        for tag in
            [tags::UNPREDICTABLE_NUMBER, tags::AMOUNT_AUTHORISED, tags::TRANSACTION_CURRENCY_CODE]
        {
            data.extend_from_slice(terminal.get(tag).unwrap_or_default());
        }
        data.extend_from_slice(&related);
        let counter = self.counters.transactions.to_be_bytes();
        let signed = self.sign_dynamic_data(&counter, &[], &data);
        Signature { related, signed }
    }
}

fn template(content: TlvWriter) -> Vec<u8> {
    TlvWriter::new().template(tags::RESPONSE_TEMPLATE_FORMAT_2, content).finish()
}
