//! Cardholder verification (EMV Book 3, clause 10.5; EMV Book 2, clause 7).

use countertop_device::Sensitive;
use countertop_wire::apdu::StatusWord;
use emv::contact::cardholder_verification::CvmExecutionResult as Verified;
use emv::contact::processing_restrictions::TransactionCategory;
use emv::contact::transaction::CvmFlags;
use emv::core::apdu::Command;
use emv::core::card_reader::CardReader;
use emv::core::{get_challenge, tags, verify};
use emv::de::cardholder_verification_method_list::CardholderVerificationMethod as Method;
use emv::de::terminal_type::Environment;

use super::bridge::Stop;
use super::kernel::Kernel;
use super::run::{Answer, Prompt};
use super::step::OfflinePinKey;
use crate::EmvError;

/// Says which PIN a rule of the card's list asks for.
#[derive(Debug, Clone, Copy)]
enum Pin {
    Offline,
    Online,
}

/// Holds how PIN entry went, as far as it was asked for.
#[derive(Debug, Default)]
struct Pins {
    offline: Option<Verified>,
    online: Option<Verified>,
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
    pub(super) fn verify_cardholder(&mut self) -> Result<(), Stop> {
        let supported =
            |profile: &emv::de::application_interchange_profile::ApplicationInterchangeProfile| {
                profile.cardholder_verification_is_supported
            };
        if !self.tx.ctx.aip.as_ref().is_some_and(supported) {
            return self.remember(tags::CVM_RESULTS, &super::kernel::NO_CVM);
        }
        let mut pins = Pins::default();
        while let Some(pin) = self.work_through(&pins)? {
            self.take_pin(pin, &mut pins)?;
        }
        Ok(())
    }

    /// Returns the PIN that is needed first, in which case nothing has changed.
    fn work_through(&mut self, pins: &Pins) -> Result<Option<Pin>, Stop> {
        let flags = self.flags();
        let context = &mut self.tx.ctx;
        let before = (context.tag_store.clone(), context.tvr, context.tsi);
        let mut needed = None;
        context.cardholder_verification(flags, |rule| {
            let (pin, known) = match rule.method() {
                Method::NoCvmRequired => return Verified::Successful,
                Method::Signature => return Verified::Unknown,
                Method::EncipheredPinVerifiedOnline => (Pin::Online, pins.online),
                Method::EncipheredPinVerificationPerformedByIcc
                | Method::EncipheredPinVerificationPerformedByIccAndSignature => {
                    (Pin::Offline, pins.offline)
                }
                _ => return Verified::PinPadNotWorkingOrAbsent,
            };
            known.unwrap_or_else(|| {
                needed.get_or_insert(pin);
                Verified::Failed
            })
        })?;
        if needed.is_some() {
            (context.tag_store, context.tvr, context.tsi) = before;
        }
        Ok(needed)
    }

    fn take_pin(&mut self, pin: Pin, pins: &mut Pins) -> Result<(), Stop> {
        let result = match pin {
            Pin::Online => self.take_online_pin()?,
            Pin::Offline => self.take_offline_pin()?,
        };
        match pin {
            Pin::Online => pins.online = Some(result),
            Pin::Offline => pins.offline = Some(result),
        }
        if result == Verified::PinEntryBypassed {
            // EMV Book 4, clause 6.3.4.3: every further PIN is bypassed too.
            *pins = Pins { offline: Some(result), online: Some(result) };
        }
        Ok(())
    }

    fn take_online_pin(&self) -> Result<Verified, Stop> {
        match self.tx.card.ask(Prompt::OnlinePin(self.card()?))? {
            Answer::PinCaptured => Ok(Verified::Successful),
            Answer::PinBypassed => Ok(Verified::PinEntryBypassed),
            Answer::PinPadFailed => Ok(Verified::PinPadNotWorkingOrAbsent),
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    fn take_offline_pin(&mut self) -> Result<Verified, Stop> {
        let counter = self.tx.get_data(tags::PIN_TRY_COUNTER)?;
        let mut tries_left = counter.and_then(|counter| counter.first().copied());
        if tries_left == Some(0) {
            return Ok(Verified::PinTryLimitExceeded);
        }
        let Some(key) = self.pin_key() else { return Ok(Verified::Failed) };
        loop {
            match self.try_offline_pin(key.clone(), tries_left)? {
                Tried::Done(result) => return Ok(result),
                Tried::Wrong { left } => tries_left = Some(left),
            }
        }
    }

    fn try_offline_pin(
        &mut self,
        (modulus, exponent): (Vec<u8>, Vec<u8>),
        tries_left: Option<u8>,
    ) -> Result<Tried, Stop> {
        let Some(challenge) = self.challenge()? else { return Ok(Tried::Done(Verified::Failed)) };
        let key = OfflinePinKey { modulus, exponent, challenge };
        let prompt = Prompt::OfflinePin { card: self.card()?, key, tries_left };
        match self.tx.card.ask(prompt)? {
            Answer::PinEnciphered(data) => judge(self.verify(&data)?),
            Answer::PinBypassed => Ok(Tried::Done(Verified::PinEntryBypassed)),
            Answer::PinPadFailed => Ok(Tried::Done(Verified::PinPadNotWorkingOrAbsent)),
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    /// Asks the card for an unpredictable number; anything else than eight bytes fails the method.
    fn challenge(&mut self) -> Result<Option<[u8; 8]>, Stop> {
        let answer = self.tx.card.transmit(&get_challenge::command())?;
        let good = answer.status_word() == StatusWord::SUCCESS.0;
        Ok(answer.data().try_into().ok().filter(|_| good))
    }

    /// Hands the PIN, as the PIN pad enciphered it, to the card.
    fn verify(&mut self, data: &Sensitive) -> Result<StatusWord, Stop> {
        let qualifier = verify::VerifyQualifier::EncipheredPinRsa;
        let command: Command = verify::command(qualifier, data.expose().to_vec(), false);
        Ok(StatusWord(self.tx.card.transmit(&command)?.status_word()))
    }

    fn flags(&self) -> CvmFlags {
        let context = &self.tx.ctx;
        let data = self.values.data;
        let category = TransactionCategory::from_transaction_type(data.transaction_type.0);
        let unattended =
            matches!(context.terminal.terminal_type.environment(), Environment::Unattended);
        let currency =
            self.value(countertop_wire::tlv::tags::TRANSACTION_CURRENCY_CODE).unwrap_or_default();
        CvmFlags {
            transaction_in_application_currency: context
                .tag_store
                .get(tags::APPLICATION_CURRENCY_CODE)
                == Some(currency.as_slice()),
            transaction_is_unattended_cash: unattended
                && matches!(category, TransactionCategory::Cash),
            transaction_is_manual_cash: !unattended
                && matches!(category, TransactionCategory::Cash),
            transaction_is_purchase_with_cashback: matches!(
                category,
                TransactionCategory::Purchase
            ) && data.amount_other > 0,
        }
    }
}
