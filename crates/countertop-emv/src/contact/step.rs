//! What comes next, with nothing that could come in the wrong order.

use core::time::Duration;

use countertop_device::{Money, OfflinePinRequest, SecurePinOutcome, SecurePinRequest, Sensitive};
use countertop_wire::apdu::StatusWord;

use super::Outcome;
use super::run::{Answer, Line};
use crate::{Candidate, CardData, CvmResults, EmvError};

/// Is what a transaction needs next.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// The cardholder chooses or confirms an application.
    ChooseApplication(ChooseApplication),
    /// The cardholder enters a PIN for the card.
    EnterOfflinePin(EnterOfflinePin),
    /// The cardholder enters a PIN for the host.
    EnterOnlinePin(EnterOnlinePin),
    /// The cardholder enters a PIN at the card reader, which has a key pad.
    EnterPinAtReader(EnterPinAtReader),
    /// The host decides.
    GoOnline(Box<GoOnline>),
    /// The transaction is over and the card is powered down.
    Finished(Box<Outcome>),
}

/// Waits for the cardholder's choice of an application.
#[derive(Debug)]
pub struct ChooseApplication {
    pub(super) line: Line,
    pub(super) candidates: Vec<Candidate>,
}

impl ChooseApplication {
    /// Returns the applications in the card's order of priority; a single one is to be confirmed.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Goes on with the application at `index`.
    ///
    /// An application that turns out unusable is asked about no more; the rest may be offered again.
    ///
    /// # Errors
    ///
    /// [`EmvError::InvalidInput`] when there is none at `index`; else what the card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn choose(self, index: usize) -> Result<Step, EmvError> {
        if index >= self.candidates.len() {
            return Err(EmvError::InvalidInput("there is no such application to choose"));
        }
        self.line.answer(Answer::Application(index)).await
    }
}

/// Waits for a PIN that goes to the host, enciphered by the PIN pad.
#[derive(Debug)]
pub struct EnterOnlinePin {
    pub(super) line: Line,
    pub(super) card: CardData,
}

impl EnterOnlinePin {
    /// Returns the card, whose number the PIN block is bound to.
    #[must_use]
    pub fn card(&self) -> &CardData {
        &self.card
    }

    /// Goes on after the PIN pad gave a PIN block; the caller keeps it for the host.
    ///
    /// # Errors
    ///
    /// What the card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn captured(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinCaptured).await
    }

    /// Goes on without a PIN: the cardholder pressed enter alone (EMV Book 4, clause 6.3.4.3).
    ///
    /// # Errors
    ///
    /// As [`captured`](Self::captured).
    ///
    /// # Cancel safety
    ///
    /// As [`captured`](Self::captured).
    pub async fn bypassed(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinBypassed).await
    }

    /// Goes on without a PIN: the PIN pad does not work.
    ///
    /// # Errors
    ///
    /// As [`captured`](Self::captured).
    ///
    /// # Cancel safety
    ///
    /// As [`captured`](Self::captured).
    pub async fn pin_pad_failed(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinPadFailed).await
    }
}

/// Holds what a PIN is enciphered with for the card (EMV Book 2, clause 7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflinePinKey {
    /// Modulus of the card's PIN encipherment key, or of its own key.
    pub modulus: Vec<u8>,
    /// Public exponent.
    pub exponent: Vec<u8>,
    /// The card's unpredictable number, from GET CHALLENGE.
    pub challenge: [u8; 8],
}

/// Waits for a PIN that the PIN pad enciphers for the card.
#[derive(Debug)]
pub struct EnterOfflinePin {
    pub(super) line: Line,
    pub(super) card: CardData,
    pub(super) key: OfflinePinKey,
    pub(super) tries_left: Option<u8>,
}

impl EnterOfflinePin {
    /// Returns the card.
    #[must_use]
    pub fn card(&self) -> &CardData {
        &self.card
    }

    /// Returns how many tries are left, where the card has said.
    #[must_use]
    pub fn tries_left(&self) -> Option<u8> {
        self.tries_left
    }

    /// Returns what the PIN is enciphered with.
    #[must_use]
    pub fn key(&self) -> &OfflinePinKey {
        &self.key
    }

    /// Returns the request for the PIN pad.
    #[must_use]
    pub fn request(&self, amount: Money, timeout: Duration) -> OfflinePinRequest {
        let OfflinePinKey { modulus, exponent, challenge } = self.key.clone();
        OfflinePinRequest { modulus, exponent, challenge, amount, timeout }
    }

    /// Goes on with the data field of VERIFY that the PIN pad gave. After a wrong PIN the same step
    /// comes again while tries are left.
    ///
    /// # Errors
    ///
    /// [`EmvError::InvalidInput`] when the data field is not as long as the modulus; else what the
    /// card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn enciphered(self, data_field: Sensitive) -> Result<Step, EmvError> {
        if data_field.len() != self.key.modulus.len() {
            return Err(EmvError::InvalidInput("the enciphered PIN is as long as the modulus"));
        }
        self.line.answer(Answer::PinEnciphered(data_field)).await
    }

    /// Goes on without a PIN: the cardholder pressed enter alone (EMV Book 4, clause 6.3.4.3).
    ///
    /// # Errors
    ///
    /// What the card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn bypassed(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinBypassed).await
    }

    /// Goes on without a PIN: the PIN pad does not work.
    ///
    /// # Errors
    ///
    /// As [`bypassed`](Self::bypassed).
    ///
    /// # Cancel safety
    ///
    /// As [`bypassed`](Self::bypassed).
    pub async fn pin_pad_failed(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinPadFailed).await
    }
}

/// Waits for a PIN that the card reader takes and gives to the card; it never comes to this
/// computer.
#[derive(Debug)]
pub struct EnterPinAtReader {
    pub(super) line: Line,
    pub(super) card: CardData,
    pub(super) tries_left: Option<u8>,
}

impl EnterPinAtReader {
    /// Returns the card.
    #[must_use]
    pub fn card(&self) -> &CardData {
        &self.card
    }

    /// Returns how many tries are left, where the card has said.
    #[must_use]
    pub fn tries_left(&self) -> Option<u8> {
        self.tries_left
    }

    /// Lets the reader ask for the PIN, and goes on. After a wrong PIN the same step comes again
    /// while tries are left; a PIN of another length costs no try. Cancel and silence count as no
    /// PIN.
    ///
    /// # Errors
    ///
    /// What the card met.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the reader goes on asking; dropping the call powers the card down.
    pub async fn verify(mut self, timeout: Duration) -> Result<Step, EmvError> {
        let request = SecurePinRequest { min_length: 4, max_length: 12, timeout };
        let outcome = match self.line.session.secure_pin_entry().await? {
            Some(entry) => entry.verify_pin(&request).await?,
            None => return self.pin_pad_failed().await,
        };
        let answer = match outcome {
            SecurePinOutcome::Answered(status) => {
                Answer::PinAtReader(StatusWord(u16::from_be_bytes(status)))
            }
            SecurePinOutcome::WrongLength => return Ok(Step::EnterPinAtReader(self)),
            _ => Answer::PinBypassed,
        };
        self.line.answer(answer).await
    }

    /// Goes on without a PIN.
    ///
    /// # Errors
    ///
    /// What the card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn bypassed(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinBypassed).await
    }

    /// Goes on without a PIN: the reader's key pad does not work.
    ///
    /// # Errors
    ///
    /// As [`bypassed`](Self::bypassed).
    ///
    /// # Cancel safety
    ///
    /// As [`bypassed`](Self::bypassed).
    pub async fn pin_pad_failed(self) -> Result<Step, EmvError> {
        self.line.answer(Answer::PinPadFailed).await
    }
}

/// Waits for the host's answer.
#[derive(Debug)]
pub struct GoOnline {
    pub(super) line: Line,
    pub(super) card: CardData,
    pub(super) field55: Sensitive,
    pub(super) cvm: CvmResults,
}

impl GoOnline {
    /// Returns the card.
    #[must_use]
    pub fn card(&self) -> &CardData {
        &self.card
    }

    /// Returns field 55 of the request.
    #[must_use]
    pub fn field55(&self) -> &Sensitive {
        &self.field55
    }

    /// Returns how the cardholder was verified.
    #[must_use]
    pub fn cvm(&self) -> CvmResults {
        self.cvm
    }

    /// Goes on with the host's answer: `code` is field 39, `field55` holds `8A`, `91`, `71` and
    /// `72` as far as the host sent them.
    ///
    /// # Errors
    ///
    /// What the card met. When `approved`, the terminal has to reverse.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the card may have decided already. Reverse what the host approved.
    pub async fn host_answered(
        self: Box<Self>,
        approved: bool,
        code: [u8; 2],
        field55: &[u8],
    ) -> Result<Box<Outcome>, EmvError> {
        let field55 = Sensitive::from(field55);
        self.line.finish(Answer::Host { approved, code, field55 }).await
    }

    /// Goes on without the host: card and terminal decide (EMV Book 3, clause 10.7).
    ///
    /// # Errors
    ///
    /// What the card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn unable_to_go_online(self: Box<Self>) -> Result<Box<Outcome>, EmvError> {
        self.line.finish(Answer::NoHost).await
    }
}
