//! The entry point: from the limits to the outcome (EMV Book B).

mod candidates;
mod ppse;
mod pre_processing;

use std::sync::Arc;

use countertop_device::{CardSession, DeviceErrorKind};
use countertop_wire::apdu::StatusWord;

pub(super) use ppse::Entry;
pub(super) use pre_processing::Combination;

use super::kernels::{self, Activation, TornLog};
use super::outcome::{ErrorIndication, Level1Error, Level2Error, UserInterface};
use super::{Clock, Outcome, OutcomeStatus, Reason, SystemClock};
use crate::parameters::EmvParameters;
use crate::{EmvError, TransactionData, exchange};
use candidates::Candidates;

/// Is the entry point of a reader: it takes one tap after the other, and remembers those that were
/// torn.
#[derive(Debug)]
pub struct EntryPoint {
    clock: Arc<dyn Clock>,
    torn: TornLog,
}

impl Default for EntryPoint {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock::default()))
    }
}

impl EntryPoint {
    /// Creates an entry point that has seen no card.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, torn: TornLog::default() }
    }

    /// Returns how many torn transactions are remembered.
    #[must_use]
    pub fn torn_transactions(&self) -> usize {
        self.torn.len()
    }

    /// Runs a whole tap, from the limits to the card's cryptogram. The field is off afterwards.
    ///
    /// A card that leaves, breaks the rules or refuses is an [`Outcome`]. `ui` is told what is to
    /// be shown while the card is in the field.
    ///
    /// # Errors
    ///
    /// What makes the reader unusable.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and switches the field off; a torn transaction is not
    /// remembered then.
    pub async fn tap(
        &mut self,
        mut session: Box<dyn CardSession>,
        parameters: &EmvParameters,
        data: &TransactionData,
        ui: &mut dyn UserInterface,
    ) -> Result<Outcome, EmvError> {
        let outcome = self.enter(&mut *session, parameters, data, ui).await;
        if let Err(error) = session.close().await {
            tracing::debug!(%error, "the card had left before its session was closed");
        }
        outcome
    }

    async fn enter(
        &mut self,
        session: &mut dyn CardSession,
        parameters: &EmvParameters,
        data: &TransactionData,
        ui: &mut dyn UserInterface,
    ) -> Result<Outcome, EmvError> {
        // Start A: pre-processing.
        let allowed = pre_processing::allowed(parameters, data);
        if allowed.is_empty() {
            return Ok(Outcome::try_another_interface(Reason::OverLimit, None));
        }
        // Start B was the card's coming. Start C: combination selection.
        let entries = match directory(session).await {
            Ok(entries) => entries,
            Err(error) => return ended(error, OutcomeStatus::TryAgain),
        };
        let candidates = Candidates::new(&entries, &allowed);
        if candidates.is_empty() {
            return Ok(nothing_in_common(&entries, parameters));
        }
        let mut last = ErrorIndication::default();
        for (entry, combination) in candidates {
            let outcome =
                self.process(session, (entry, combination), (parameters, data), ui).await?;
            if outcome.status != OutcomeStatus::SelectNext {
                return Ok(outcome);
            }
            last = outcome.error;
        }
        Ok(exhausted(last))
    }

    /// Selects a candidate and runs its kernel; "select next" when the next one is to be tried.
    async fn process(
        &mut self,
        session: &mut dyn CardSession,
        (entry, combination): (&Entry, &Combination<'_>),
        (parameters, data): (&EmvParameters, &TransactionData),
        ui: &mut dyn UserInterface,
    ) -> Result<Outcome, EmvError> {
        let select = exchange::select(&combination.name(entry));
        let answer = match exchange::send(session, &select).await {
            Ok(answer) => answer,
            Err(error) => return ended(error, OutcomeStatus::TryAgain),
        };
        if !answer.is_success() {
            return Ok(Outcome::select_next(ErrorIndication::status(answer.status())));
        }
        // Start D: kernel activation.
        let (fci, clock) = (answer.data(), &*self.clock);
        let activation = Activation { entry, combination, fci, parameters, data, clock };
        match activation.run(session, &mut self.torn, ui).await {
            Ok(outcome) => Ok(outcome),
            Err(kernels::Stop::Outcome(outcome)) => Ok(*outcome),
            Err(kernels::Stop::Error(error)) => ended(error, OutcomeStatus::EndApplication),
        }
    }
}

/// Runs a whole tap with an entry point of its own, which forgets what was torn.
///
/// # Errors
///
/// As [`EntryPoint::tap`].
///
/// # Cancel safety
///
/// As [`EntryPoint::tap`].
pub async fn tap(
    session: Box<dyn CardSession>,
    parameters: &EmvParameters,
    data: &TransactionData,
) -> Result<Outcome, EmvError> {
    EntryPoint::default().tap(session, parameters, data, &mut ()).await
}

/// Selects the directory; a card without one has no entries (EMV Book B, requirement 3.3.2.3).
async fn directory(session: &mut dyn CardSession) -> Result<Vec<Entry>, EmvError> {
    let answer = exchange::send(session, &exchange::select(ppse::PPSE)).await?;
    match answer.status() {
        StatusWord::SUCCESS => ppse::parse(answer.data()),
        _ => Ok(Vec::new()),
    }
}

/// Turns what the card did into an outcome, and leaves alone what the reader did.
///
/// A card at the edge of the field answers too late or not at all.
fn ended(error: EmvError, lost: OutcomeStatus) -> Result<Outcome, EmvError> {
    let level_2 = match &error {
        EmvError::Device(device) => {
            return match device.kind() {
                DeviceErrorKind::TimedOut => {
                    Ok(Outcome::communication_error(lost, Level1Error::TimeOut))
                }
                DeviceErrorKind::CardRemoved => {
                    Ok(Outcome::communication_error(lost, Level1Error::Protocol))
                }
                _ => Err(error),
            };
        }
        EmvError::Missing(_) => ErrorIndication::level_2(Level2Error::CardDataMissing),
        EmvError::Refused { status, .. } => ErrorIndication::status(*status),
        EmvError::Malformed { .. } => ErrorIndication::level_2(Level2Error::ParsingError),
        _ => return Err(error),
    };
    Ok(Outcome::end_application(Reason::CardError(error.to_string()), level_2))
}

/// Says what to do with a card that no kernel here can process.
fn nothing_in_common(entries: &[Entry], parameters: &EmvParameters) -> Outcome {
    if entries.iter().any(|entry| parameters.application(&entry.aid).is_some()) {
        Outcome::try_another_interface(Reason::NoKernel, None)
    } else {
        let error =
            if entries.is_empty() { Level2Error::NoPpse } else { Level2Error::EmptyCandidateList };
        Outcome::end_application(Reason::NoApplication, ErrorIndication::level_2(error))
    }
}

/// No candidate is left (EMV Book B, requirement 3.3.3.2).
fn exhausted(last: ErrorIndication) -> Outcome {
    let error = match last.is_clear() {
        true => ErrorIndication::level_2(Level2Error::EmptyCandidateList),
        false => last,
    };
    let text = "none of the card's applications can be used";
    Outcome::end_application(Reason::CardError(text.into()), error)
}
