//! What the reader does with each command.

use countertop_wire::ccid::{
    CcidError, Chain, Command, CommandBody, Exchange, Header, IccStatus, Parameters,
    PinVerification, Response, ResponseBody, SlotError, SlotStatus,
};

use super::atr;
use super::control::CcidFault;
use super::key_pad;
use super::link::Reaction;
use super::shared::{Shared, State};

/// Is what comes of a command.
#[derive(Debug)]
pub(super) enum Outcome {
    /// An answer at once.
    Answer(Response),
    /// An answer when the card has one.
    Card(Reaction),
    /// An answer when somebody has typed a PIN.
    Pin(PinVerification),
    /// No answer at all.
    Silence,
}

/// Carries a message out.
pub(super) fn run(shared: &Shared, header: &Header, message: &[u8]) -> Outcome {
    let mut state = shared.lock();
    match Command::decode(message) {
        Err(error) => refuse(&state, header, refusal(&error)),
        Ok(command) if command.slot != 0 => refuse(&state, header, SlotError::BAD_SLOT),
        Ok(command) => carry_out(shared, &mut state, header, command.body),
    }
}

fn carry_out(shared: &Shared, state: &mut State, header: &Header, command: CommandBody) -> Outcome {
    let body = match command {
        CommandBody::IccPowerOn(_) => match state.power_on(shared.exchange) {
            Some(answer_to_reset) => ResponseBody::data(answer_to_reset),
            None => return refuse(state, header, SlotError::ICC_MUTE),
        },
        CommandBody::IccPowerOff => {
            state.power_off();
            // The clock stands low while there is no power.
            ResponseBody::SlotStatus { clock: 1 }
        }
        CommandBody::GetSlotStatus | CommandBody::IccClock { .. } => {
            ResponseBody::SlotStatus { clock: 0 }
        }
        CommandBody::XfrBlock { level, data, .. } => {
            return exchange(shared, state, header, level, &data);
        }
        CommandBody::GetParameters
        | CommandBody::ResetParameters
        | CommandBody::SetParameters(_) => return parameters(shared, state, header, &command),
        CommandBody::Secure { data, .. } if shared.pins_asked.is_some() => {
            return key_pad::ask(shared, state, header, &data);
        }
        CommandBody::SetDataRateAndClock { clock, rate } => {
            ResponseBody::DataRateAndClock(Some((clock, rate)))
        }
        _ => return refuse(state, header, SlotError::COMMAND_NOT_SUPPORTED),
    };
    Outcome::Answer(answer(state, header, body))
}

fn parameters(
    shared: &Shared,
    state: &mut State,
    header: &Header,
    command: &CommandBody,
) -> Outcome {
    if state.icc() != IccStatus::Active {
        return refuse(state, header, SlotError::ICC_MUTE);
    }
    match command {
        CommandBody::SetParameters(parameters) => {
            state.set_parameters(*parameters, shared.exchange);
        }
        CommandBody::ResetParameters => state.parameters = reset(&state.parameters),
        _ => {}
    }
    let body = ResponseBody::Parameters(Some(state.parameters));
    Outcome::Answer(answer(state, header, body))
}

/// Returns what holds behind a reset for the same protocol.
fn reset(parameters: &Parameters) -> Parameters {
    match parameters {
        Parameters::T0(_) => atr::parameters(&[]),
        Parameters::T1(_) => Parameters::T1(Default::default()),
    }
}

fn exchange(
    shared: &Shared,
    state: &mut State,
    header: &Header,
    level: u16,
    block: &[u8],
) -> Outcome {
    shared.blocks.send_modify(|blocks| *blocks += 1);
    match state.faults.pop_front() {
        Some(CcidFault::Silent) => return Outcome::Silence,
        Some(CcidFault::Failed(error)) => return refuse(state, header, error),
        None => {}
    }
    if block.len() > shared.longest_block {
        return refuse(state, header, SlotError::BAD_LENGTH);
    }
    let chains = shared.exchange == Exchange::ExtendedApdu;
    let chain = Chain::from_level(level).filter(|_| chains || level == 0);
    let Some(chain) = chain else { return refuse(state, header, SlotError::BAD_LEVEL) };
    if matches!(chain, Chain::Continues | Chain::Ends) && state.is_too_long(block) {
        return refuse(state, header, SlotError::BAD_LENGTH);
    }
    match state.exchange(level, shared.longest_block, block) {
        Some(reaction) => Outcome::Card(reaction),
        None => refuse(state, header, SlotError::ICC_MUTE),
    }
}

/// Returns the answer of a command that was carried out.
pub(super) fn answer(state: &State, header: &Header, body: ResponseBody) -> Response {
    Response::new(header.slot, header.sequence, SlotStatus::processed(state.icc()), body)
}

/// Returns the answer of a command that failed.
pub(super) fn failure(state: &State, header: &Header, error: SlotError) -> Response {
    let status = SlotStatus::failed(state.icc(), error);
    let body = ResponseBody::refusal(header.message_type);
    Response::new(header.slot, header.sequence, status, body)
}

pub(super) fn refuse(state: &State, header: &Header, error: SlotError) -> Outcome {
    Outcome::Answer(failure(state, header, error))
}

pub(super) fn refusal(error: &CcidError) -> SlotError {
    match error {
        CcidError::Length { .. } => SlotError::BAD_LENGTH,
        CcidError::Field { offset, .. } => SlotError(*offset),
        _ => SlotError::COMMAND_NOT_SUPPORTED,
    }
}
