//! What pcscd says of a card.

use core::time::Duration;
use std::ffi::CStr;
use std::time::Instant;

use countertop_device::CardProtocol;
use pcsc::{Card, Context, Error, MAX_ATR_SIZE, Protocol, Protocols, ReaderState, State};

use super::request::Awake;

/// The protocols that a payment card may speak.
pub(super) const PROTOCOLS: Protocols = Protocols::T0.union(Protocols::T1);
/// How long pcscd may take to see that a card left: it asks the slot every 400 ms.
const REMOVAL_IS_SEEN: Duration = Duration::from_millis(1_000);
/// How long to sleep before looking again: what libpcsclite before 2.0.1 tells a thread may be what it told
/// another one before.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// MAX_READERNAME, and a nought.
const LONGEST_NAME: usize = 129;

/// Returns what the card said and speaks; `None` while pcscd does not know it.
pub(super) fn status(card: &Card) -> Result<Option<Awake>, Error> {
    let (mut name, mut answer) = ([0; LONGEST_NAME], [0; MAX_ATR_SIZE]);
    let status = match card.status2(&mut name, &mut answer) {
        Err(Error::InsufficientBuffer) => return Ok(None),
        status => status?,
    };
    let protocol = match status.protocol2() {
        Some(Protocol::T0) => CardProtocol::T0,
        Some(Protocol::T1) => CardProtocol::T1,
        Some(Protocol::RAW) | None => return Ok(None),
    };
    let awake = Awake { protocol, answer_to_reset: status.atr().to_vec() };
    Ok((!awake.answer_to_reset.is_empty()).then_some(awake))
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
        match context.get_status_change(left.min(LOOK_AGAIN), &mut states) {
            Err(Error::UnknownReader) => return Error::ReaderUnavailable,
            Err(Error::Timeout) if left.is_zero() => return error,
            Err(Error::Timeout) => {}
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
