//! GENERATE AC (EMV Book 3, clauses 6.5.5 and 10.8; Book 2, clause 6.6).

use countertop_wire::apdu::{CommandApdu, StatusWord};
use countertop_wire::tlv::{TlvWriter, tags};
use sha1::{Digest as _, Sha1};

use crate::card::crypto::application_cryptogram;
use crate::card::payment_card::Answer;
use crate::card::session::{IssuerAnswer, Phase, TerminalData};
use crate::card::verification_results::{
    CardVerificationResults, cryptogram_input, issuer_application_data,
};
use crate::card::{CryptogramKind, Fault, Interface, PaymentCard};

/// P1, bits 5 and 4: which signature is asked for; and the bits that must be zero (EMV Book 3, table 12).
const SIGNATURE: u8 = 0x18;
const COMBINED: u8 = 0x10;
const EXTENDED: u8 = 0x08;
const RESERVED: u8 = 0x27;

/// The format of data signed on an elliptic curve (EMV Book 2, table 37).
const EXTENDED_DATA_FORMAT: u8 = 0x15;

/// Names the signature that a terminal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signature {
    None,
    Combined,
    Extended,
}

/// Is a cryptogram with what belongs to it in every answer.
pub(super) struct Cryptogram {
    pub(super) kind: CryptogramKind,
    pub(super) value: [u8; 8],
    pub(super) issuer_data: Vec<u8>,
}

impl PaymentCard {
    pub(in crate::card) fn generate_ac(&mut self, command: &CommandApdu) -> Answer {
        let kind = CryptogramKind::from_bits(command.p1());
        let (Some(asked), 0, 0x00) = (kind, command.p1() & RESERVED, command.p2()) else {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        };
        let signature = self.signature(command.p1()).ok_or(StatusWord::INCORRECT_PARAMETERS)?;
        match self.session.phase {
            Phase::Initiated => self.first(asked, signature, command.data()),
            Phase::Online => self.second(asked, signature, command.data()),
            _ => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
        }
    }

    /// Returns which signature P1 asks for; `None` for one that the card does not make.
    fn signature(&self, p1: u8) -> Option<Signature> {
        let extended = self.extended().is_some();
        match p1 & SIGNATURE {
            0 => Some(Signature::None),
            COMBINED if !extended && self.profile.data_authentication.can_combine() => {
                Some(Signature::Combined)
            }
            EXTENDED if extended => Some(Signature::Extended),
            _ => None,
        }
    }

    fn first(&mut self, asked: CryptogramKind, signature: Signature, data: &[u8]) -> Answer {
        let cdol = self.memory.cdol1.clone();
        let terminal = TerminalData::new(&cdol, data).map_err(|_| StatusWord::WRONG_LENGTH)?;
        let kind = self.overreached(self.first_kind(asked, &terminal));
        let results = CardVerificationResults { first: Some(kind), ..self.results() };
        let cryptogram = self.cryptogram(kind, results, &terminal)?;
        self.session.cdol1_data = data.to_vec();
        self.conclude(&cryptogram, &terminal);
        let answer = self.answer(&cryptogram, signature, &terminal, &[]);
        self.keep_answer(&terminal, &answer);
        Ok(answer)
    }

    fn second(&mut self, asked: CryptogramKind, signature: Signature, data: &[u8]) -> Answer {
        if asked == CryptogramKind::Arqc {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        let cdol = self.memory.cdol2.clone();
        let terminal = TerminalData::new(&cdol, data).map_err(|_| StatusWord::WRONG_LENGTH)?;
        self.hear_issuer(&terminal);
        let answer = self.session.issuer_answer;
        let offline = is_offline(&terminal, answer);
        let approved = match answer {
            _ if offline => self.is_within_limit(&terminal),
            IssuerAnswer::Accepted => true,
            IssuerAnswer::Refused => false,
            IssuerAnswer::None => !self.profile.issuer_authentication_mandatory,
        };
        let kind = self.overreached(if approved { asked } else { CryptogramKind::Aac });
        let results = CardVerificationResults {
            first: Some(CryptogramKind::Arqc),
            second: Some(kind),
            unable_to_go_online: offline,
            issuer_silent: !offline && answer == IssuerAnswer::None,
            ..self.results()
        };
        let cryptogram = self.cryptogram(kind, results, &terminal)?;
        if self.session.issuer_answer == IssuerAnswer::Accepted {
            self.counters.last_online = self.counters.transactions;
            self.counters.offline = 0;
        }
        self.conclude(&cryptogram, &terminal);
        Ok(self.answer(&cryptogram, signature, &terminal, data))
    }

    /// Takes the issuer's answer out of the data of the second GENERATE AC, if it comes there.
    fn hear_issuer(&mut self, terminal: &TerminalData<'_>) {
        let answer = terminal.get(tags::ISSUER_AUTHENTICATION_DATA).unwrap_or_default();
        // A terminal that has none sends zeros.
        if answer.iter().any(|byte| *byte != 0) {
            self.check_issuer_answer(answer);
        }
    }

    /// Decides on the first cryptogram: the card's own risk management (EMV Book 3, clause 10.8).
    fn first_kind(&self, asked: CryptogramKind, terminal: &TerminalData<'_>) -> CryptogramKind {
        let risk = &self.profile.risk;
        let amount = terminal.number(tags::AMOUNT_AUTHORISED);
        let number = self.counters.transactions;
        if risk.decline_above.is_some_and(|limit| amount > limit) {
            return CryptogramKind::Aac;
        }
        let wants_online = !self.is_within_limit(terminal)
            || risk.consecutive_limit.is_some_and(|limit| self.counters.offline >= limit)
            || risk.online_every.is_some_and(|every| every > 0 && number.is_multiple_of(every));
        match asked {
            CryptogramKind::Tc if wants_online => CryptogramKind::Arqc,
            asked => asked,
        }
    }

    /// Approves whatever was decided, in a card that does so.
    pub(super) fn overreached(&self, kind: CryptogramKind) -> CryptogramKind {
        if self.profile.faults.contains(&Fault::Overreaching) { CryptogramKind::Tc } else { kind }
    }

    /// Returns the cryptogram information data.
    pub(super) fn information(&self, kind: CryptogramKind) -> u8 {
        let has = |fault| self.profile.faults.contains(&fault);
        match kind {
            _ if has(Fault::ReservedCryptogram) => 0xc0,
            CryptogramKind::Aac if has(Fault::ServiceNotAllowed) => 0x01,
            kind => kind.to_bits(),
        }
    }

    fn is_within_limit(&self, terminal: &TerminalData<'_>) -> bool {
        let limit = match self.interface {
            Interface::Contact => self.profile.offline_limit,
            Interface::Contactless => self.profile.contactless_offline_limit,
        };
        terminal.number(tags::AMOUNT_AUTHORISED) <= limit
    }

    /// Returns what the card has to tell before it has decided.
    pub(super) fn results(&self) -> CardVerificationResults {
        CardVerificationResults {
            issuer_refused: self.session.issuer_answer == IssuerAnswer::Refused,
            pin_checked: self.session.pin_checked,
            pin_failed: self.session.pin_failed,
            pin_blocked: self.profile.pin.is_some() && self.counters.pin_tries == 0,
            dda_performed: self.session.dda_performed,
            ..CardVerificationResults::default()
        }
    }

    pub(super) fn cryptogram(
        &self,
        kind: CryptogramKind,
        results: CardVerificationResults,
        terminal: &TerminalData<'_>,
    ) -> Result<Cryptogram, StatusWord> {
        let results = results.to_bytes();
        let counter = self.counters.transactions;
        let interchange_profile = self.interface_data().interchange_profile;
        let input =
            cryptogram_input(|tag| terminal.get(tag), &interchange_profile, counter, results)
                .map_err(|_| StatusWord::NO_PRECISE_DIAGNOSIS)?;
        let version = self.profile.cryptogram_version;
        let mut value = application_cryptogram(version, &self.memory.master_key, counter, input);
        if self.profile.faults.contains(&Fault::WrongCryptogram) {
            value[0] ^= 0x01;
        }
        Ok(Cryptogram { kind, value, issuer_data: issuer_application_data(version, results) })
    }

    /// Remembers what was decided.
    pub(super) fn conclude(&mut self, cryptogram: &Cryptogram, terminal: &TerminalData<'_>) {
        self.session.cryptogram = cryptogram.value;
        self.session.phase = match cryptogram.kind {
            CryptogramKind::Arqc => Phase::Online,
            CryptogramKind::Aac | CryptogramKind::Tc => Phase::Finished,
        };
        if cryptogram.kind == CryptogramKind::Tc {
            if self.session.issuer_answer != IssuerAnswer::Accepted {
                self.counters.offline = self.counters.offline.saturating_add(1);
            }
            self.log.add(terminal, self.counters.transactions);
        }
    }

    fn answer(
        &mut self,
        cryptogram: &Cryptogram,
        signature: Signature,
        terminal: &TerminalData<'_>,
        cdol2_data: &[u8],
    ) -> Vec<u8> {
        match signature {
            // A decline is never signed (EMV Book 2, clause 6.6.1), but here it is (clause 12.5.1).
            Signature::Extended => return self.extended_answer(cryptogram, cdol2_data),
            Signature::Combined if cryptogram.kind != CryptogramKind::Aac => {
                return self.signed_answer(cryptogram, terminal, cdol2_data);
            }
            Signature::Combined | Signature::None => {}
        }
        let counter = self.counters.transactions.to_be_bytes();
        let content = [
            &[self.information(cryptogram.kind)][..],
            &counter,
            &cryptogram.value,
            &cryptogram.issuer_data,
        ];
        TlvWriter::new().put(tags::RESPONSE_TEMPLATE_FORMAT_1, content.concat()).finish()
    }

    /// Returns an answer that is signed as a whole (EMV Book 2, clause 12.5.2).
    fn extended_answer(&self, cryptogram: &Cryptogram, cdol2_data: &[u8]) -> Vec<u8> {
        let content = TlvWriter::new()
            .put(tags::CRYPTOGRAM_INFORMATION_DATA, [self.information(cryptogram.kind)])
            .put(tags::APPLICATION_TRANSACTION_COUNTER, self.counters.transactions.to_be_bytes())
            .put(tags::APPLICATION_CRYPTOGRAM, cryptogram.value)
            .put(tags::ISSUER_APPLICATION_DATA, &cryptogram.issuer_data);
        // Of the first cryptogram the lists before it are signed, of the second its own list alone.
        let told = match cdol2_data {
            [] => [&self.session.pdol_data[..], &self.session.cdol1_data].concat(),
            told => told.to_vec(),
        };
        let message = [&[EXTENDED_DATA_FORMAT][..], &told, &content.clone().finish()].concat();
        let key = self.extended().map(|extended| &extended.key);
        let mut signed = vec![EXTENDED_DATA_FORMAT];
        signed.extend(key.map(|key| key.sign(&message)).unwrap_or_default());
        if self.profile.faults.contains(&Fault::WrongSignature)
            && let Some(last) = signed.last_mut()
        {
            *last ^= 0x01;
        }
        let content = content.put(tags::SIGNED_DYNAMIC_APPLICATION_DATA, signed);
        TlvWriter::new().template(tags::RESPONSE_TEMPLATE_FORMAT_2, content).finish()
    }

    fn signed_answer(
        &mut self,
        cryptogram: &Cryptogram,
        terminal: &TerminalData<'_>,
        cdol2_data: &[u8],
    ) -> Vec<u8> {
        let information = self.information(cryptogram.kind);
        let head = TlvWriter::new()
            .put(tags::CRYPTOGRAM_INFORMATION_DATA, [information])
            .put(tags::APPLICATION_TRANSACTION_COUNTER, self.counters.transactions.to_be_bytes());
        let tail = TlvWriter::new().put(tags::ISSUER_APPLICATION_DATA, &cryptogram.issuer_data);
        let more_data = match self.interface {
            Interface::Contact => &[][..],
            Interface::Contactless => &self.profile.radio.answered,
        };
        let tail = more_data.iter().fold(tail, |tail, (tag, value)| tail.put(*tag, value));
        let hash = Sha1::new()
            .chain_update(&self.session.pdol_data)
            .chain_update(&self.session.cdol1_data)
            .chain_update(cdol2_data)
            .chain_update(head.clone().finish())
            .chain_update(tail.clone().finish())
            .finalize();
        let more = [&[information][..], &cryptogram.value, &hash].concat();
        let number = self.next_unpredictable_number();
        let unpredictable = terminal.get(tags::UNPREDICTABLE_NUMBER).unwrap_or_default();
        let signature = self.sign_dynamic_data(&number, &more, unpredictable);
        let content =
            head.put(tags::SIGNED_DYNAMIC_APPLICATION_DATA, signature).raw(&tail.finish());
        TlvWriter::new().template(tags::RESPONSE_TEMPLATE_FORMAT_2, content).finish()
    }
}

/// Tells whether the terminal has not reached the issuer: response code Y3 or Z3 (EMV Book 4, annex
/// A6), or none at all.
fn is_offline(terminal: &TerminalData<'_>, answer: IssuerAnswer) -> bool {
    match terminal.get(tags::AUTHORISATION_RESPONSE_CODE) {
        Some(b"Y3" | b"Z3") => true,
        Some([0x00, 0x00]) | None => answer == IssuerAnswer::None,
        Some(_) => false,
    }
}
