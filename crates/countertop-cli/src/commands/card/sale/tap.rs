//! A sale by radio.

use countertop_acquirer::CardEntry;
use countertop_device::CardSession;
use countertop_emv::TransactionData;
use countertop_emv::contactless::{self, ContactlessCvm, DataRecord, Outcome, OutcomeStatus};
use countertop_emv::parameters::EmvParameters;

use super::ended::Ended;
use super::failed;
use super::host::Host;
use super::pin::{self, Typed};
use crate::failure::Failure;

/// Runs the tap, and asks the host where the card wants that.
pub(super) async fn pay(
    session: Box<dyn CardSession>,
    parameters: &EmvParameters,
    data: TransactionData,
    host: &mut Host,
) -> Result<Ended, Failure> {
    let outcome = contactless::tap(session, parameters, &data).await;
    let mut outcome = outcome.map_err(|error| failed(&error))?;
    let Some(record) = outcome.record.take() else { return Err(came_to_nothing(&outcome)) };
    match outcome.status {
        OutcomeStatus::OnlineRequest => online(&outcome, &record, data, host).await,
        OutcomeStatus::Approved | OutcomeStatus::Declined => {
            Ok(Ended::of_tap(&outcome, &record, None, None))
        }
        _ => Err(came_to_nothing(&outcome)),
    }
}

async fn online(
    outcome: &Outcome,
    record: &DataRecord,
    data: TransactionData,
    host: &mut Host,
) -> Result<Ended, Failure> {
    let block = match outcome.cvm {
        Some(ContactlessCvm::OnlinePin) => {
            match pin::online(host, &record.card.pan, data.amount).await? {
                Typed::Block(block) => Some(block),
                Typed::Nothing => None,
                Typed::NoPinPad => {
                    return Err(Failure::new("the card wants a PIN, and there is no PIN pad")
                        .with_help("name a configuration with one: --config FILE"));
                }
            }
        }
        _ => None,
    };
    let card = &record.card;
    let entry = CardEntry::Contactless {
        pan: card.pan.clone(),
        expiry: card.expiry.clone(),
        sequence: card.sequence_number,
        track2: card.track_2.clone().unwrap_or_default(),
        emv: record.field55.clone(),
    };
    let asked = host.ask(data.amount, entry, block).await?;
    let reversal = match asked.reversal_due() {
        Some(reason) => Some(host.reverse(&asked, reason).await),
        None => None,
    };
    Ok(Ended::of_tap(outcome, record, Some(&asked), reversal))
}

fn came_to_nothing(outcome: &Outcome) -> Failure {
    let reason =
        outcome.reason.as_ref().map_or_else(|| "no reason is given".into(), ToString::to_string);
    let what = match outcome.status {
        OutcomeStatus::Declined => "declined",
        OutcomeStatus::TryAnotherInterface => "the card wants another interface",
        OutcomeStatus::TryAgain => "the card left too early",
        _ => "the card cannot be used",
    };
    Failure::new(format!("{what}: {reason}")).with_help(match outcome.status {
        OutcomeStatus::TryAnotherInterface => {
            "insert the card: name a reader with contacts by --at"
        }
        _ => "hold the card to the reader again, or take another one",
    })
}
