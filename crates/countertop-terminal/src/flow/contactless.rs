//! Cards by radio: the tap, and what it leaves to do.

use std::sync::Arc;

use countertop_acquirer::{CardEntry, Stan};
use countertop_device::{CardSession, EncryptedPinBlock, Money};
use countertop_emv::contactless::{ContactlessCvm, DataRecord, OutcomeStatus, Reason};
use countertop_hub::Role;
use countertop_wire::tlv::tags;

use super::chip::{ChipState, Stop, cryptogram, field, hex, is_foreign};
use super::core::Core;
use super::verify::Read;
use super::{Attendant, FlowError};
use crate::journal::{EmvVoucher, SignatureState};

impl Core {
    pub(super) async fn read_contactless(
        &mut self,
        session: Box<dyn CardSession>,
        stan: Stan,
        amount: Money,
        attendant: &mut dyn Attendant,
    ) -> Result<Read, Stop> {
        let data = self.transaction_data(stan, amount).await?;
        let emv = Arc::clone(&self.parts.emv);
        let mut quiet = ();
        let outcome = tokio::select! {
            biased;
            () = attendant.cancelled() => return Err(Stop::Cancelled),
            outcome = self.entry_point.tap(session, &emv, &data, &mut quiet) => outcome,
        };
        let outcome = outcome.map_err(|error| Stop::card(Role::Contactless, error))?;
        let (OutcomeStatus::OnlineRequest, Some(record)) = (outcome.status, outcome.record) else {
            return Err(stopped(outcome.status, outcome.reason));
        };
        let pin_block = match outcome.cvm {
            Some(ContactlessCvm::OnlinePin) => {
                self.ask_pin(&record.card.pan, amount, attendant).await?
            }
            _ => None,
        };
        let signature = self.contactless_signature(outcome.cvm, pin_block.as_ref());
        Ok(read(*record, pin_block, signature))
    }

    fn contactless_signature(
        &self,
        cvm: Option<ContactlessCvm>,
        pin_block: Option<&EncryptedPinBlock>,
    ) -> SignatureState {
        match cvm {
            Some(ContactlessCvm::None) => {
                SignatureState::Waived { limit: self.parts.settings.no_pin_limit() }
            }
            Some(ContactlessCvm::Signature) => SignatureState::Required,
            Some(ContactlessCvm::OnlinePin) if pin_block.is_none() => SignatureState::Required,
            _ => SignatureState::NotRequired,
        }
    }
}

fn read(
    record: DataRecord,
    pin_block: Option<EncryptedPinBlock>,
    signature: SignatureState,
) -> Read {
    let voucher = voucher(&record);
    let DataRecord { card, field55, .. } = record;
    Read {
        label: Some(card.application.name().to_owned()),
        foreign: is_foreign(&card),
        entry: CardEntry::Contactless {
            pan: card.pan,
            expiry: card.expiry,
            sequence: card.sequence_number,
            track2: card.track_2.unwrap_or_default(),
            emv: field55,
        },
        pin_block,
        chip: ChipState::Contactless(voucher),
        signature,
    }
}

fn voucher(record: &DataRecord) -> EmvVoucher {
    let application = &record.card.application;
    EmvVoucher {
        aid: hex(&application.aid),
        label: Some(application.label.clone()),
        preferred_name: application.preferred_name.clone(),
        tvr: field(&record.field55, tags::TERMINAL_VERIFICATION_RESULTS).unwrap_or_default(),
        tsi: None,
        atc: Some(format!("{:04X}", record.cryptogram.counter)),
        cryptogram: Some(cryptogram(&record.cryptogram)),
    }
}

/// Says why a tap came to nothing; the card can be used again, or otherwise.
fn stopped(status: OutcomeStatus, reason: Option<Reason>) -> Stop {
    let text = reason.as_ref().map_or_else(|| "the card asks for it".into(), Reason::to_string);
    match (status, reason) {
        (_, Some(Reason::CardLost)) => Stop::CardLeft,
        (_, Some(Reason::SeePhone)) => Stop::Card(FlowError::TapAgain),
        (OutcomeStatus::TryAgain, _) => Stop::CardLeft,
        (OutcomeStatus::Declined, _) => Stop::Declined,
        (OutcomeStatus::TryAnotherInterface, _) => Stop::Card(FlowError::OtherInterface(text)),
        (OutcomeStatus::Approved, _) => {
            let text = "it approved offline, which this terminal has not asked for";
            Stop::Card(FlowError::CardUnusable(text.into()))
        }
        _ => Stop::Card(FlowError::CardUnusable(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_tells_the_cashier_what_to_do() {
        for (status, reason, expected) in [
            (OutcomeStatus::EndApplication, Some(Reason::CardLost), "CardLeft"),
            (OutcomeStatus::TryAgain, Some(Reason::CardLost), "CardLeft"),
            (OutcomeStatus::EndApplication, Some(Reason::SeePhone), "Card(TapAgain)"),
            (OutcomeStatus::Declined, Some(Reason::Expired), "Declined"),
            (OutcomeStatus::Approved, None, "Card(CardUnusable(\"it approved offline"),
            (
                OutcomeStatus::TryAnotherInterface,
                Some(Reason::OverLimit),
                "Card(OtherInterface(\"the amount is above the limit for taps\"))",
            ),
            (
                OutcomeStatus::EndApplication,
                Some(Reason::NoApplication),
                "Card(CardUnusable(\"no application in common",
            ),
        ] {
            let stop = format!("{:?}", stopped(status, reason));
            assert!(stop.starts_with(expected), "{stop}");
        }
    }
}
