//! A session with a virtual card in memory, and parameters that trust the test authority.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, Currency, DeviceError, DeviceErrorKind, Money, SecurePinEntry,
    SecurePinOutcome, SecurePinRequest, Sensitive,
};
use countertop_emv::parameters::{
    ApplicationParameters, CaPublicKey, ContactlessParameters, EcCaPublicKey, EmvParameters,
};
use countertop_emv::{PinSupport, TransactionData, TransactionType};
use countertop_virtual::card::{TestCa, TestIssuer, VirtualCard};
use countertop_wire::tlv::{TlvWriter, tags};

/// How long a transaction may take before it is called a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const VISA: [u8; 7] = [0xA0, 0, 0, 0, 0x03, 0x10, 0x10];

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it hangs")
}

/// Is a session with a card in memory. It writes the commands down.
#[derive(Debug)]
pub(crate) struct MemorySession {
    card: Box<dyn VirtualCard>,
    answer_to_reset: Vec<u8>,
    commands: Commands,
    key_pad: Option<KeyPad>,
}

/// Is the key pad of a reader, with the PINs that the cardholder types there.
#[derive(Debug, Clone)]
pub(crate) struct KeyPad {
    pub(crate) typed: Vec<SecurePinOutcomeOrPin>,
}

/// Is what the cardholder does at a reader's key pad.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SecurePinOutcomeOrPin {
    Pin(&'static str),
    Outcome(SecurePinOutcome),
}

/// Holds the commands that a card has seen.
pub(crate) type Commands = Arc<Mutex<Vec<Vec<u8>>>>;

impl MemorySession {
    pub(crate) fn open(card: impl VirtualCard + 'static) -> (Box<dyn CardSession>, Commands) {
        let mut card: Box<dyn VirtualCard> = Box::new(card);
        card.reset();
        let commands = Commands::default();
        let answer_to_reset = card.answer_to_reset();
        let session =
            Self { card, answer_to_reset, commands: Arc::clone(&commands), key_pad: None };
        (Box::new(session), commands)
    }

    /// Does what a reader does with a card that talks T=0 (ISO/IEC 7816-3, clause 12.2).
    fn exchange(&mut self, command: &[u8]) -> Vec<u8> {
        let mut answer = self.card.transmit(command);
        for _ in 0..8 {
            answer = match answer[..] {
                [0x61, length] => self.card.transmit(&[command[0], 0xC0, 0, 0, length]),
                [0x6C, length] => {
                    let again = [&command[..command.len() - 1], &[length]].concat();
                    self.card.transmit(&again)
                }
                _ => return answer,
            };
        }
        answer
    }

    /// Opens a session of a reader with a key pad.
    pub(crate) fn with_key_pad(
        card: impl VirtualCard + 'static,
        typed: impl IntoIterator<Item = SecurePinOutcomeOrPin>,
    ) -> (Box<dyn CardSession>, Commands) {
        let mut card: Box<dyn VirtualCard> = Box::new(card);
        card.reset();
        let commands = Commands::default();
        let mut typed: Vec<_> = typed.into_iter().collect();
        typed.reverse();
        let session = Self {
            answer_to_reset: card.answer_to_reset(),
            card,
            commands: Arc::clone(&commands),
            key_pad: Some(KeyPad { typed }),
        };
        (Box::new(session), commands)
    }
}

#[async_trait]
impl SecurePinEntry for MemorySession {
    async fn verify_pin(&mut self, _: &SecurePinRequest) -> Result<SecurePinOutcome, DeviceError> {
        let typed = self.key_pad.as_mut().and_then(|pad| pad.typed.pop());
        let pin = match typed {
            Some(SecurePinOutcomeOrPin::Outcome(outcome)) => return Ok(outcome),
            Some(SecurePinOutcomeOrPin::Pin(pin)) => pin,
            None => return Ok(SecurePinOutcome::TimedOut),
        };
        let digits: Vec<u8> = pin.bytes().map(|digit| digit & 0x0F).collect();
        let block = emv::core::verify::plaintext_pin_block(&digits).expect("a PIN");
        let command = [&[0x00, 0x20, 0x00, 0x80, 0x08][..], &block].concat();
        let answer = self.transmit(&command).await?;
        Ok(SecurePinOutcome::Answered(answer.expose().try_into().expect("a status word")))
    }
}

#[async_trait]
impl CardSession for MemorySession {
    fn protocol(&self) -> CardProtocol {
        CardProtocol::T1
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.answer_to_reset
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        self.commands.lock().unwrap().push(command.to_vec());
        let answer = self.exchange(command);
        let failed = |kind| DeviceError::new(kind, "virtual:card", "transmit");
        if !self.card.is_present() {
            return Err(failed(DeviceErrorKind::CardRemoved));
        }
        if answer.is_empty() {
            return Err(failed(DeviceErrorKind::TimedOut));
        }
        Ok(answer.into())
    }

    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        Ok(self.key_pad.is_some().then_some(self as &mut dyn SecurePinEntry))
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// Returns the default parameters with the test authority's keys, and Visa beside UnionPay.
pub(crate) fn parameters() -> Arc<EmvParameters> {
    let mut visa = ApplicationParameters::new(VISA, [0x00, 0x96]);
    visa.contactless = Some(ContactlessParameters::new(1_000_000, 100_000, [0x36, 0, 0, 0]));
    let parameters = EmvParameters::default().with_application(visa);
    let keys = TestCa::capks()
        .into_iter()
        .map(|key| CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
    Arc::new(keys.fold(parameters, EmvParameters::with_key))
}

/// Returns the parameters of a terminal that has the authority's keys on curves too, and says so.
pub(crate) fn parameters_with_curves() -> EmvParameters {
    let mut parameters = (*parameters()).clone();
    parameters.terminal.capabilities[2] |= 0x04;
    let keys = TestCa::ec_capks()
        .into_iter()
        .map(|key| EcCaPublicKey::new(key.rid, key.index, key.suite, key.point));
    keys.fold(parameters, EmvParameters::with_ec_key)
}

/// Returns the data of a purchase with a PIN pad that enciphers for host and card.
pub(crate) fn purchase(minor: u64) -> TransactionData {
    let mut data = TransactionData::new(
        Money::from_minor(minor, Currency::CNY),
        TransactionType::PURCHASE,
        [0x26, 0x11, 0x22],
        [0x20, 0x15, 0x00],
        [0x12, 0x34, 0x56, 0x78],
    );
    data.pin = PinSupport::OnlineAndOfflineEnciphered;
    data
}

/// Returns field 55 of the issuer's answer to `request`, after its cryptogram was checked.
pub(crate) fn issuer_answer(pan: &str, request: &[u8], code: [u8; 2]) -> Vec<u8> {
    let verified = TestIssuer.verify(pan, 1, request).expect("the issuer believes the card");
    let authentication = verified.authentication_data(code);
    TlvWriter::new()
        .put(tags::ISSUER_AUTHENTICATION_DATA, authentication)
        .put(tags::AUTHORISATION_RESPONSE_CODE, code)
        .finish()
}

/// Is a card whose answers are altered on the way.
pub(crate) struct Altered<C, F> {
    card: C,
    alter: F,
}

impl<C, F> Altered<C, F>
where
    C: VirtualCard,
    F: FnMut(&C, &[u8], &mut Vec<u8>) + Send,
{
    /// Alters each answer of `card`, given the command that it answers.
    pub(crate) fn new(card: C, alter: F) -> Self {
        Self { card, alter }
    }
}

impl<C: fmt::Debug, F> fmt::Debug for Altered<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Altered").field("card", &self.card).finish_non_exhaustive()
    }
}

impl<C, F> VirtualCard for Altered<C, F>
where
    C: VirtualCard,
    F: FnMut(&C, &[u8], &mut Vec<u8>) + Send,
{
    fn answer_to_reset(&self) -> Vec<u8> {
        self.card.answer_to_reset()
    }

    fn answer_to_select(&self) -> Vec<u8> {
        self.card.answer_to_select()
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let mut answer = self.card.transmit(command);
        (self.alter)(&self.card, command, &mut answer);
        answer
    }

    fn is_present(&self) -> bool {
        self.card.is_present()
    }
}
