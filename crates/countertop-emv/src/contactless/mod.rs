//! Contactless transactions: the entry point (EMV Book B) and UnionPay's kernel.
//!
//! ```no_run
//! use countertop_device::CardSession;
//! use countertop_emv::contactless::{Outcome, tap};
//! # use countertop_emv::{EmvError, TransactionData, parameters::EmvParameters};
//!
//! # async fn pay(
//! #     session: Box<dyn CardSession>,
//! #     parameters: &EmvParameters,
//! #     data: &TransactionData,
//! # ) -> Result<(), EmvError> {
//! match tap(session, parameters, data).await? {
//!     Outcome::OnlineRequest(request) => println!("ask the host for {:?}", request.card),
//!     Outcome::TryAgain(_) => println!("present the card again"),
//!     other => println!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```

mod afl;
mod cvm;
mod limits;
mod outcome;
mod ppse;
mod unionpay;

use countertop_device::{CardSession, DeviceErrorKind};
use countertop_wire::apdu::StatusWord;

pub use cvm::ContactlessCvm;
pub use outcome::{Interface, OnlineRequest, Outcome, Retry};

use crate::parameters::EmvParameters;
use crate::{EmvError, TransactionData, exchange};
use limits::Permitted;
use ppse::Entry;

/// Name of the directory of contactless applications (EMV Book B, clause 3.3.2).
const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// Runs a whole tap: from the directory to the card's cryptogram. The field is off afterwards.
///
/// Nothing is approved here: what does not end earlier goes to the host.
///
/// # Errors
///
/// What makes the reader unusable. A card that leaves the field is [`Outcome::TryAgain`], a card
/// that breaks the rules is [`Outcome::EndApplication`].
///
/// # Cancel safety
///
/// Dropping the call ends the transaction and switches the field off.
pub async fn tap(
    mut session: Box<dyn CardSession>,
    parameters: &EmvParameters,
    data: &TransactionData,
) -> Result<Outcome, EmvError> {
    let outcome = enter(&mut *session, parameters, data).await;
    if let Err(error) = session.close().await {
        tracing::debug!(%error, "the card had left before its session was closed");
    }
    match outcome {
        Err(EmvError::Device(error)) if left(error.kind()) => {
            Ok(Outcome::TryAgain(Retry::CardLost))
        }
        Err(error @ (EmvError::Malformed { .. } | EmvError::Missing(_))) => {
            Ok(Outcome::EndApplication(error.to_string()))
        }
        outcome => outcome,
    }
}

/// A card at the edge of the field answers too late or not at all.
fn left(kind: DeviceErrorKind) -> bool {
    matches!(kind, DeviceErrorKind::CardRemoved | DeviceErrorKind::TimedOut)
}

/// Is the entry point (EMV Book B, clause 3).
async fn enter(
    session: &mut dyn CardSession,
    parameters: &EmvParameters,
    data: &TransactionData,
) -> Result<Outcome, EmvError> {
    let permitted = limits::permitted(parameters, data);
    if permitted.is_empty() {
        return Ok(Outcome::TryAnotherInterface(Interface::OverLimit));
    }
    let directory = exchange::send(session, &exchange::select(PPSE)).await?;
    let entries = match directory.status() {
        StatusWord::SUCCESS => ppse::parse(directory.data())?,
        _ => Vec::new(),
    };
    let candidates = combine(&entries, &permitted);
    if candidates.is_empty() {
        return Ok(nothing_in_common(&entries, parameters));
    }
    for (entry, permitted) in candidates {
        let kernel = unionpay::Kernel { entry, permitted, parameters, data };
        if let Some(outcome) = kernel.run(session).await? {
            return Ok(outcome);
        }
    }
    Ok(Outcome::EndApplication("none of the card's applications can be used".into()))
}

/// Combines the card's applications with the terminal's, in the card's order of priority, as far
/// as there is a kernel.
fn combine<'a>(
    entries: &'a [Entry],
    permitted: &'a [Permitted<'a>],
) -> Vec<(&'a Entry, &'a Permitted<'a>)> {
    let mut candidates: Vec<_> = entries
        .iter()
        .filter(|entry| entry.kernel() == Some(ppse::KERNEL_UNIONPAY))
        .filter_map(|entry| {
            let fits = |known: &&Permitted<'_>| known.application.matches(&entry.aid);
            Some((entry, permitted.iter().filter(fits).max_by_key(|p| p.application.aid.len())?))
        })
        .collect();
    candidates.sort_by_key(|(entry, _)| entry.rank());
    candidates
}

/// Says what to do with a card that no kernel here can process.
fn nothing_in_common(entries: &[Entry], parameters: &EmvParameters) -> Outcome {
    if entries.iter().any(|entry| parameters.application(&entry.aid).is_some()) {
        Outcome::TryAnotherInterface(Interface::NoKernel)
    } else {
        Outcome::EndApplication(EmvError::NoApplication.to_string())
    }
}
