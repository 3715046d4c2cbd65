//! Cardholder verification (EMV Book 3, clause 10.5; EMV Book 2, clause 7).

use countertop_device::Sensitive;
use countertop_wire::apdu::StatusWord;
use emv::Tlv;
use emv::contact::cardholder_verification::CvmExecutionResult as Verified;
use emv::core::apdu::Command;
use emv::core::{get_challenge, get_data, tags, verify};
use emv::de::cardholder_verification_method_list::CardholderVerificationMethod as Method;

use super::bridge::Stop;
use super::kernel::Kernel;
use super::run::{Answer, Prompt};
use super::step::OfflinePinKey;
use crate::EmvError;

/// Says which PIN a rule of the card's list asks for.
#[derive(Debug, Clone, Copy)]
enum Pin {
    /// Enciphered by the PIN pad for the card.
    Enciphered,
    /// Enciphered by the PIN pad for the host.
    Online,
    /// Given to the card in clear by a reader with a key pad.
    Plaintext,
}

/// Holds how PIN entry went, as far as it was asked for.
#[derive(Debug, Clone, Copy, Default)]
struct Pins {
    enciphered: Option<Verified>,
    online: Option<Verified>,
    plaintext: Option<Verified>,
}

impl Pins {
    fn get(&self, pin: Pin) -> Option<Verified> {
        match pin {
            Pin::Enciphered => self.enciphered,
            Pin::Online => self.online,
            Pin::Plaintext => self.plaintext,
        }
    }

    fn put(&mut self, pin: Pin, result: Verified) {
        let result = Some(result);
        match pin {
            // EMV Book 4, clause 6.3.4.3: every further PIN is bypassed too.
            _ if result == Some(Verified::PinEntryBypassed) => {
                *self = Self { enciphered: result, online: result, plaintext: result };
            }
            Pin::Enciphered => self.enciphered = result,
            Pin::Online => self.online = result,
            Pin::Plaintext => self.plaintext = result,
        }
    }
}

/// Is what came of one try at an offline PIN.
#[derive(Debug)]
enum Tried {
    Done(Verified),
    Wrong { left: u8 },
}

/// Judges the card's answer to VERIFY (EMV Book 3, clause 6.5.12).
fn judge(status: StatusWord) -> Result<Tried, Stop> {
    match (status, status.tries_left()) {
        (StatusWord::SUCCESS, _) => Ok(Tried::Done(Verified::Successful)),
        (StatusWord::AUTHENTICATION_METHOD_BLOCKED | StatusWord::REFERENCE_DATA_INVALIDATED, _)
        | (_, Some(0)) => Ok(Tried::Done(Verified::PinTryLimitExceeded)),
        (_, Some(left)) => Ok(Tried::Wrong { left }),
        (status, None) => Err(EmvError::Refused { command: "VERIFY", status }.into()),
    }
}

impl Kernel<'_> {
    /// Works through the card's list of methods.
    ///
    /// The list is worked through anew, from the same state, whenever a PIN has become known that
    /// it asked for, because its conditions cannot wait for a person half-way.
    pub(super) async fn verify_cardholder(&mut self) -> Result<(), Stop> {
        let profile = self.tx.ctx.aip.as_ref();
        if !profile.is_some_and(|profile| profile.cardholder_verification_is_supported) {
            return self.remember(tags::CVM_RESULTS, &super::kernel::NO_CVM);
        }
        let mut pins = Pins::default();
        loop {
            let mut needed = None;
            let done = self.work_through(|method| {
                let pin = match method {
                    Method::NoCvmRequired => return Some(Verified::Successful),
                    Method::Signature => return Some(Verified::Unknown),
                    Method::EncipheredPinVerifiedOnline => Pin::Online,
                    Method::EncipheredPinVerificationPerformedByIcc
                    | Method::EncipheredPinVerificationPerformedByIccAndSignature => {
                        Pin::Enciphered
                    }
                    Method::PlaintextPinVerificationPerformedByIcc
                    | Method::PlaintextPinVerificationPerformedByIccAndSignature => Pin::Plaintext,
                    _ => return Some(Verified::PinPadNotWorkingOrAbsent),
                };
                let known = pins.get(pin);
                if known.is_none() {
                    needed.get_or_insert(pin);
                }
                known
            })?;
            let Some(pin) = needed.filter(|_| !done) else { return Ok(()) };
            let result = match pin {
                Pin::Online => self.take_online_pin().await?,
                Pin::Enciphered | Pin::Plaintext => self.take_offline_pin(pin).await?,
            };
            pins.put(pin, result);
        }
    }

    async fn take_online_pin(&self) -> Result<Verified, Stop> {
        match self.bridge.ask(Prompt::OnlinePin(self.card()?)).await? {
            Answer::PinCaptured => Ok(Verified::Successful),
            Answer::PinBypassed => Ok(Verified::PinEntryBypassed),
            Answer::PinPadFailed => Ok(Verified::PinPadNotWorkingOrAbsent),
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    async fn take_offline_pin(&self, pin: Pin) -> Result<Verified, Stop> {
        let mut tries_left = self.tries_left().await?;
        if tries_left == Some(0) {
            return Ok(Verified::PinTryLimitExceeded);
        }
        loop {
            let tried = match pin {
                Pin::Plaintext => self.try_plaintext_pin(tries_left).await?,
                Pin::Enciphered | Pin::Online => self.try_enciphered_pin(tries_left).await?,
            };
            match tried {
                Tried::Done(result) => return Ok(result),
                Tried::Wrong { left } => tries_left = Some(left),
            }
        }
    }

    /// Asks for the PIN Try Counter, which not every card tells.
    async fn tries_left(&self) -> Result<Option<u8>, Stop> {
        let answer = self.bridge.transmit(&get_data::command(tags::PIN_TRY_COUNTER)?).await?;
        if answer.status_word() != StatusWord::SUCCESS.0 {
            return Ok(None);
        }
        let counter = Tlv::from_bytes(answer.data())?;
        let value =
            counter.value().as_primitive().filter(|_| counter.tag() == tags::PIN_TRY_COUNTER);
        Ok(value.and_then(|value| value.first().copied()))
    }

    async fn try_enciphered_pin(&self, tries_left: Option<u8>) -> Result<Tried, Stop> {
        let Some((modulus, exponent)) = self.pin_key() else {
            return Ok(Tried::Done(Verified::Failed));
        };
        let Some(challenge) = self.challenge().await? else {
            return Ok(Tried::Done(Verified::Failed));
        };
        let key = OfflinePinKey { modulus, exponent, challenge };
        let prompt = Prompt::OfflinePin { card: self.card()?, key, tries_left };
        match self.bridge.ask(prompt).await? {
            Answer::PinEnciphered(data) => judge(self.verify(&data).await?),
            Answer::PinBypassed => Ok(Tried::Done(Verified::PinEntryBypassed)),
            Answer::PinPadFailed => Ok(Tried::Done(Verified::PinPadNotWorkingOrAbsent)),
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    async fn try_plaintext_pin(&self, tries_left: Option<u8>) -> Result<Tried, Stop> {
        let prompt = Prompt::PinAtReader { card: self.card()?, tries_left };
        match self.bridge.ask(prompt).await? {
            Answer::PinAtReader(status) => judge(status),
            Answer::PinBypassed => Ok(Tried::Done(Verified::PinEntryBypassed)),
            Answer::PinPadFailed => Ok(Tried::Done(Verified::PinPadNotWorkingOrAbsent)),
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    /// Asks the card for an unpredictable number; anything else than eight bytes fails the method.
    async fn challenge(&self) -> Result<Option<[u8; 8]>, Stop> {
        let answer = self.bridge.transmit(&get_challenge::command()).await?;
        let good = answer.status_word() == StatusWord::SUCCESS.0;
        Ok(answer.data().try_into().ok().filter(|_| good))
    }

    /// Hands the PIN, as the PIN pad enciphered it, to the card.
    async fn verify(&self, data: &Sensitive) -> Result<StatusWord, Stop> {
        let qualifier = verify::VerifyQualifier::EncipheredPinRsa;
        let command: Command = verify::command(qualifier, data.expose().to_vec(), false);
        Ok(StatusWord(self.bridge.transmit(&command).await?.status_word()))
    }
}
