//! A sale by contacts.

use std::sync::Arc;

use countertop_acquirer::{CardEntry, ReversalReason};
use countertop_device::{CardSession, EncryptedPinBlock, Money};
use countertop_emv::contact::{ContactTransaction, GoOnline, Outcome, Step};
use countertop_emv::parameters::EmvParameters;
use countertop_emv::{EmvError, TransactionData};

use super::ended::Ended;
use super::host::{Asked, Host, Reversal, Said};
use super::{failed, pin};
use crate::failure::Failure;

/// Runs the kernel to its end. Of several applications the card's first is taken.
pub(super) async fn pay(
    session: Box<dyn CardSession>,
    parameters: Arc<EmvParameters>,
    data: TransactionData,
    host: &mut Host,
) -> Result<Ended, Failure> {
    let amount = data.amount;
    let mut block = None;
    let mut step = cured(ContactTransaction::start(session, parameters, data).await)?;
    loop {
        step = match step {
            Step::ChooseApplication(choice) => cured(choice.choose(0).await)?,
            Step::EnterOnlinePin(entry) => {
                let (next, typed) = pin::online_step(host, entry, amount).await?;
                block = typed;
                next
            }
            Step::EnterOfflinePin(entry) => pin::offline_step(host, entry, amount).await?,
            Step::EnterPinAtReader(entry) => cured(entry.verify(pin::PATIENCE).await)?,
            Step::GoOnline(request) => return online(request, amount, block, host).await,
            Step::Finished(outcome) => return Ok(Ended::of_contact(&outcome, None, None)),
            _ => return Err(Failure::new("the card wants a step that is not known here")),
        };
    }
}

fn cured<T>(result: Result<T, EmvError>) -> Result<T, Failure> {
    result.map_err(|error| failed(&error))
}

async fn online(
    request: Box<GoOnline>,
    amount: Money,
    block: Option<EncryptedPinBlock>,
    host: &mut Host,
) -> Result<Ended, Failure> {
    let card = request.card();
    let entry = CardEntry::Chip {
        pan: card.pan.clone(),
        expiry: card.expiry.clone(),
        sequence: card.sequence_number,
        track2: card.track_2.clone().unwrap_or_default(),
        emv: request.field55().clone(),
    };
    let asked = host.ask(amount, entry, block).await?;
    let told = tell(request, &asked).await;
    let reversal = reverse_if_due(host, &asked, &told).await;
    match told {
        Ok(outcome) => Ok(Ended::of_contact(&outcome, Some(&asked), reversal)),
        Err(error) => Err(Failure::new(match &reversal {
            None => error.to_string(),
            Some(reversal) => format!("{error}; {reversal}"),
        })
        .with_help(error.help())),
    }
}

/// Brings the host's answer to the card.
async fn tell(request: Box<GoOnline>, asked: &Asked) -> Result<Box<Outcome>, EmvError> {
    match &asked.said {
        Said::Answered(answer) => {
            let approved = asked.approval().is_some();
            let code = answer.code.as_bytes();
            request.host_answered(approved, code, answer.emv.expose()).await
        }
        Said::NotSent(_) | Said::Unknown(..) => request.unable_to_go_online().await,
    }
}

/// Has the host undo what the card did not complete, and what nobody knows of.
async fn reverse_if_due(
    host: &mut Host,
    asked: &Asked,
    told: &Result<Box<Outcome>, EmvError>,
) -> Option<Reversal> {
    let completed = told.as_ref().is_ok_and(|outcome| outcome.is_approved());
    let not_completed =
        (asked.approval().is_some() && !completed).then_some(ReversalReason::CannotComplete);
    let reason = asked.reversal_due().or(not_completed)?;
    Some(host.reverse(asked, reason).await)
}
