//! Cards by radio: the tap, and what it leaves to do.

use countertop_acquirer::{CardEntry, Stan};
use countertop_device::{CardSession, EncryptedPinBlock, Money};
use countertop_emv::contactless::{ContactlessCvm, Interface, OnlineRequest, Outcome, Retry, tap};
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
        let outcome = tokio::select! {
            biased;
            () = attendant.cancelled() => return Err(Stop::Cancelled),
            outcome = tap(session, &self.parts.emv, &data) => outcome,
        };
        let request = match outcome.map_err(|error| Stop::card(Role::Contactless, error))? {
            Outcome::OnlineRequest(request) => request,
            other => return Err(stopped(other)),
        };
        let pin_block = match request.cvm {
            ContactlessCvm::OnlinePin => self.ask_pin(&request.card.pan, amount, attendant).await?,
            _ => None,
        };
        let signature = self.contactless_signature(&request, pin_block.as_ref());
        Ok(read(*request, pin_block, signature))
    }

    fn contactless_signature(
        &self,
        request: &OnlineRequest,
        pin_block: Option<&EncryptedPinBlock>,
    ) -> SignatureState {
        match request.cvm {
            ContactlessCvm::None => {
                SignatureState::Waived { limit: self.parts.settings.no_pin_limit() }
            }
            ContactlessCvm::Signature => SignatureState::Required,
            ContactlessCvm::OnlinePin if pin_block.is_none() => SignatureState::Required,
            _ => SignatureState::NotRequired,
        }
    }
}

fn read(
    request: OnlineRequest,
    pin_block: Option<EncryptedPinBlock>,
    signature: SignatureState,
) -> Read {
    let voucher = voucher(&request);
    let OnlineRequest { card, field55, .. } = request;
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

fn voucher(request: &OnlineRequest) -> EmvVoucher {
    let application = &request.card.application;
    EmvVoucher {
        aid: hex(&application.aid),
        label: Some(application.label.clone()),
        preferred_name: application.preferred_name.clone(),
        tvr: field(&request.field55, tags::TERMINAL_VERIFICATION_RESULTS).unwrap_or_default(),
        tsi: None,
        atc: Some(format!("{:04X}", request.cryptogram.counter)),
        cryptogram: Some(cryptogram(&request.cryptogram)),
    }
}

/// Says why a tap came to nothing; the card can be used again, or otherwise.
fn stopped(outcome: Outcome) -> Stop {
    Stop::Card(match outcome {
        Outcome::Declined(_) => return Stop::Declined,
        Outcome::TryAgain(Retry::CardLost) => return Stop::CardLeft,
        Outcome::TryAgain(_) => FlowError::TapAgain,
        Outcome::TryAnotherInterface(Interface::OverLimit) => {
            FlowError::OtherInterface("the amount is above the limit for taps")
        }
        Outcome::TryAnotherInterface(Interface::NoKernel) => {
            FlowError::OtherInterface("this terminal takes the card by contact only")
        }
        Outcome::TryAnotherInterface(_) => FlowError::OtherInterface("the card asks for it"),
        Outcome::EndApplication(reason) => FlowError::CardUnusable(reason),
        _ => FlowError::CardUnusable("the card ends in a way that is not known here".into()),
    })
}
