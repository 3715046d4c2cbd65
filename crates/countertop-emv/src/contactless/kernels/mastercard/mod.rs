//! Kernel 2: Mastercard, EMV mode (EMV Book C-2).
//!
//! The steps named in these files (S3, S456, S9, …) are those of the book's state diagrams in clause
//! 6. Magstripe mode, data exchange, data storage, balance reading and relay resistance are not
//! there.

mod action_analysis;
mod conclude;
mod cvm;
mod generate;
mod initiate;
mod prepare;
mod recover;
mod response;
mod restrict;
mod torn;

use countertop_device::CardSession;
use countertop_wire::tlv::{Tag, tags};

pub(in crate::contactless) use torn::TornLog;

use super::{Activation, Stop};
use crate::contactless::outcome::{ErrorIndication, Level2Error, UserInterface};
use crate::contactless::primitives::{Objects, StaticData};
use crate::contactless::{
    ContactlessCvm, MessageIdentifier, Outcome, OutcomeStatus, Reason, UiRequest, UiStatus,
};
use crate::parameters::Kernel2Parameters;
use crate::{CvmResults, EmvError, TerminalVerificationResults};
use generate::Control;

/// Mastercard's meaning of tags that others use otherwise: Application Capabilities Information
/// (`9F5D`), DRDOL (`9F51`) and Third Party Data (`9F6E`).
const APPLICATION_CAPABILITIES: Tag = tags::AVAILABLE_OFFLINE_SPENDING_AMOUNT;
const DRDOL: Tag = tags::UNIONPAY_APPLICATION_CURRENCY_CODE;
const THIRD_PARTY_DATA: Tag = tags::FORM_FACTOR_INDICATOR;

/// Bits of Application Interchange Profile (`82`; Book C-2, annex A.1.16).
const PROFILE_CVM: u8 = 0x10;
const PROFILE_ON_DEVICE_CVM: u8 = 0x02;
const PROFILE_CDA: u8 = 0x01;
const PROFILE_EMV_MODE: u8 = 0x80;

/// Is a transaction on its way through the kernel.
struct Transaction<'a> {
    activation: &'a Activation<'a>,
    objects: Objects,
    signed: StaticData,
    pdol_data: Vec<u8>,
    cdol_data: Vec<u8>,
    profile: [u8; 2],
    /// "ODA Status": whether combined authentication is wanted by both sides.
    combined: bool,
    tvr: TerminalVerificationResults,
    capabilities: [u8; 3],
    cvm: ContactlessCvm,
    cvm_results: CvmResults,
    receipt: bool,
    control: Control,
    /// What the terminal said when this transaction was torn, in its place now.
    recovered: Vec<(Tag, Vec<u8>)>,
}

/// Runs an application to its outcome.
pub(super) async fn run(
    activation: &Activation<'_>,
    session: &mut dyn CardSession,
    torn: &mut TornLog,
    ui: &mut dyn UserInterface,
) -> Result<Outcome, Stop> {
    match go(activation, session, torn, ui).await {
        Err(Stop::Error(error)) => match other_card_error(&error) {
            Some(indication) => {
                let reason = Reason::CardError(error.to_string());
                Ok(other_card(activation, reason, indication))
            }
            None => Err(Stop::Error(error)),
        },
        outcome => outcome,
    }
}

async fn go(
    activation: &Activation<'_>,
    session: &mut dyn CardSession,
    torn: &mut TornLog,
    ui: &mut dyn UserInterface,
) -> Result<Outcome, Stop> {
    torn.configure(&activation.combination.limits.kernel_2, activation.clock.elapsed());
    let mut transaction = Transaction::initiate(activation, session).await?;
    transaction.read(session).await?;
    transaction.prepare()?;
    let response = transaction.cryptogram(session, torn).await?;
    ui.request(&UiRequest::new(MessageIdentifier::ClearDisplay, UiStatus::CardReadSuccessfully));
    let cryptogram = transaction.check(&response)?;
    transaction.conclude(cryptogram, ui)
}

impl Transaction<'_> {
    fn configuration(&self) -> &Kernel2Parameters {
        &self.activation.combination.limits.kernel_2
    }

    /// Tells whether both sides know confirmation on the device (S3.33, CVM.1, GAC.22).
    fn on_device_cvm(&self) -> bool {
        self.profile[0] & PROFILE_ON_DEVICE_CVM != 0 && self.configuration().on_device_cvm
    }

    /// Returns the value of a data object of the terminal or the kernel.
    fn terminal(&self, tag: Tag) -> Option<Vec<u8>> {
        let recovered = self.recovered.iter().find(|(known, _)| *known == tag);
        if let Some((_, value)) = recovered {
            return Some(value.clone());
        }
        match tag {
            tags::TERMINAL_VERIFICATION_RESULTS => Some(self.tvr.0.to_vec()),
            tags::CVM_RESULTS => Some(self.cvm_results.0.to_vec()),
            tags::TERMINAL_CAPABILITIES => Some(self.capabilities.to_vec()),
            tag => self.activation.terminal(tag),
        }
    }

    /// Returns a value for a data object list: the terminal's, else the card's own.
    fn value(&self, tag: Tag) -> Option<Vec<u8>> {
        self.terminal(tag).or_else(|| self.objects.get(tag).map(<[u8]>::to_vec))
    }

    /// Ends with a fault of the card's data.
    fn fault(&self, error: Level2Error, why: &str) -> Stop {
        let reason = Reason::CardError(format!("the card's data are against the book: {why}"));
        other_card(self.activation, reason, ErrorIndication::level_2(error)).into()
    }
}

/// Says what an error of the card is in the book's terms; none for one of the reader, or when the
/// card has left.
fn other_card_error(error: &EmvError) -> Option<ErrorIndication> {
    match error {
        EmvError::Missing(_) => Some(ErrorIndication::level_2(Level2Error::CardDataMissing)),
        EmvError::Malformed { .. } => Some(ErrorIndication::level_2(Level2Error::ParsingError)),
        EmvError::Refused { status, .. } => Some(ErrorIndication::status(*status)),
        _ => None,
    }
}

/// Creates the end with "insert, swipe or try another card" (S4.10, S910.50 and others).
fn other_card(activation: &Activation<'_>, reason: Reason, error: ErrorIndication) -> Outcome {
    let message = MessageIdentifier::InsertSwipeOrTryAnotherCard;
    let hold = activation.combination.limits.kernel_2.message_hold_time();
    Outcome {
        ui_on_outcome: Some(UiRequest::new(message, UiStatus::NotReady).held(hold)),
        error: error.on_error(message),
        ..Outcome::new(OutcomeStatus::EndApplication).because(reason)
    }
}
