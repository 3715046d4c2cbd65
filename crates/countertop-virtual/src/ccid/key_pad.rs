//! The key pad of a reader: PIN verification (CCID 1.1, clause 6.1.11).

use core::time::Duration;

use countertop_device::Sensitive;
use countertop_wire::ccid::{
    Exchange, Header, IccStatus, Parameters, PinVerification, ResponseBody, SlotError,
};
use countertop_wire::pcsc_part10::{Part10Error, PinOutcome};
use zeroize::Zeroizing;

use super::commands::{Outcome, answer, refusal, refuse};
use super::shared::{Shared, State};

/// How long the reader waits where the host sets no limit.
const OWN_LIMIT: Duration = Duration::from_secs(30);
/// Where the data of a command begin.
const DATA_AT: usize = 5;
/// bmFormatString in the message.
const FORMAT: SlotError = SlotError(12);

/// Is what a person did at the key pad.
#[derive(Debug)]
pub(super) enum Typed {
    /// Digits, and the key that ends them.
    Pin(Sensitive),
    /// The cancel key.
    Cancel,
}

/// Begins to ask for a PIN. What was typed before does not count.
pub(super) fn ask(shared: &Shared, state: &mut State, header: &Header, content: &[u8]) -> Outcome {
    if state.icc() != IccStatus::Active {
        return refuse(state, header, SlotError::ICC_MUTE);
    }
    let verification = match PinVerification::decode(content) {
        Ok(verification) => verification,
        Err(error) => return refuse(state, header, refusal(&error)),
    };
    state.typed.clear();
    if let Some(asked) = &shared.pins_asked {
        asked.send_modify(|asked| *asked += 1);
    }
    Outcome::Pin(verification)
}

/// Returns how long a person may take.
pub(super) fn limit(verification: &PinVerification) -> Duration {
    match verification.timeout {
        0 => OWN_LIMIT,
        seconds => Duration::from_secs(seconds.into()),
    }
}

/// Gives the PIN that was typed to the card. One of another length the card does not see.
pub(super) fn verify(
    shared: &Shared,
    header: &Header,
    verification: &PinVerification,
    pin: &Sensitive,
) -> Outcome {
    let mut state = shared.lock();
    let mut command = Zeroizing::new(verification.command.to_vec());
    let data = command.get_mut(DATA_AT..).unwrap_or_default();
    match verification.format.fill(data, pin.expose()) {
        Ok(()) => {}
        Err(Part10Error::WrongLength(_)) => {
            let status = PinOutcome::BadLength.status().0.to_be_bytes();
            return Outcome::Answer(answer(&state, header, ResponseBody::data(&status[..])));
        }
        Err(_) => return refuse(&state, header, FORMAT),
    }
    let is_t1 = matches!(state.parameters, Parameters::T1(_));
    let block = match shared.exchange {
        Exchange::Character | Exchange::Tpdu if is_t1 => wrap(verification.prologue, &command),
        _ => command,
    };
    shared.blocks.send_modify(|blocks| *blocks += 1);
    match state.exchange(0, shared.longest_block, &block) {
        Some(reaction) => Outcome::Card(reaction),
        None => refuse(&state, header, SlotError::ICC_MUTE),
    }
}

/// Makes a block of T=1, whose prologue the host has made (ISO/IEC 7816-3, clause 11.3).
fn wrap(prologue: [u8; 3], command: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut block = Zeroizing::new([&prologue[..], command].concat());
    let check = block.iter().fold(0, |check, byte| check ^ byte);
    block.push(check);
    block
}
