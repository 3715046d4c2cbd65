//! What pcscd says of a card.

use core::time::Duration;
use std::ffi::CStr;
use std::time::Instant;

use countertop_device::CardProtocol;
use pcsc::{CardStatusOwned, Context, Error, Protocol, Protocols, ReaderState, State};

/// The protocols that a payment card may speak.
pub(super) const PROTOCOLS: Protocols = Protocols::T0.union(Protocols::T1);
/// How long pcscd may take to see that a card left: it asks the slot every 400 ms.
const REMOVAL_IS_SEEN: Duration = Duration::from_millis(1_000);

/// Returns what the card speaks.
pub(super) fn protocol(status: &CardStatusOwned) -> Result<CardProtocol, Error> {
    match status.protocol2() {
        Some(Protocol::T0) => Ok(CardProtocol::T0),
        Some(Protocol::T1) => Ok(CardProtocol::T1),
        Some(Protocol::RAW) | None => Err(Error::ProtoMismatch),
    }
}

/// Finds out whether a failed exchange means that the card or the reader left.
pub(super) fn why(context: &Context, reader: &CStr, error: Error) -> Error {
    let unclear = matches!(error, Error::NotTransacted | Error::CommError | Error::InternalError);
    if !unclear {
        return error;
    }
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    let end = Instant::now() + REMOVAL_IS_SEEN;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match context.get_status_change(left, &mut states) {
            Err(Error::UnknownReader) => return Error::ReaderUnavailable,
            Err(Error::Timeout) => return error,
            Err(failure) => return failure,
            Ok(()) => {}
        }
        let [state] = &mut states;
        if state.event_state().intersects(State::UNKNOWN | State::UNAVAILABLE) {
            return Error::ReaderUnavailable;
        }
        if state.event_state().contains(State::EMPTY) {
            return Error::RemovedCard;
        }
        if left.is_zero() {
            return error;
        }
        state.sync_current_state();
    }
}
