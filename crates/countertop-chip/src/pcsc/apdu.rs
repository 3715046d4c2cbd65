//! Command APDUs as reader and card can take them.

use countertop_device::{CardProtocol, Sensitive};
use countertop_wire::apdu::CommandApdu;
use countertop_wire::atr::CardCapabilities;

use super::t0::{self, GET_RESPONSE_LIMIT, Line, TransmitError};

/// The most data of a short command.
const SHORT_DATA: usize = 0xff;
/// The most data in return for a short command.
const SHORT_EXPECTED: usize = 0x100;
/// The class bit of a command that goes on in the next one (ISO/IEC 7816-4, clause 5.3.3).
const CHAINING: u8 = 0x10;
/// ENVELOPE (ISO/IEC 7816-4, clause 11.7.2).
const ENVELOPE: u8 = 0xc2;

/// Says what may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ability {
    /// What the card says of itself in its answer to reset.
    pub(super) card: Option<CardCapabilities>,
    /// dwMaxAPDUDataSize of the reader: 0 for short commands alone; `None` when it does not tell.
    pub(super) reader: Option<usize>,
}

impl Ability {
    /// Tells whether the reader takes this command with extended length fields.
    fn reader_takes(self, command: &CommandApdu) -> bool {
        self.reader.is_none_or(|most| most > 0 && command.data().len() <= most)
    }

    fn card_chains(self) -> bool {
        self.card.is_some_and(CardCapabilities::command_chaining)
    }

    /// Tells whether a command has to go in a chain of short ones.
    fn needs_chain(self, command: &CommandApdu) -> bool {
        let refuses = self.card.is_some_and(|card| !card.extended_lengths());
        self.card_chains() && (refuses || !self.reader_takes(command))
    }
}

/// Tells whether the command has extended length fields.
pub(super) fn is_extended(command: &[u8]) -> bool {
    matches!(command, [_, _, _, _, 0, _, _, ..])
}

/// Sends `command` over `line` and returns the whole answer with its last status word.
pub(super) fn transmit<L: Line>(
    command: &[u8],
    protocol: CardProtocol,
    ability: Ability,
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    if !is_extended(command) {
        return short(command, protocol, line);
    }
    let extended = CommandApdu::parse(command).map_err(|_| TransmitError::Malformed)?;
    if protocol == CardProtocol::T0 {
        return over_t0(command, &extended, ability, line);
    }
    if ability.needs_chain(&extended) {
        return chain(&extended, protocol, line);
    }
    match ability.reader_takes(&extended) {
        true => line.exchange(command).map_err(TransmitError::Line),
        false => Err(TransmitError::TooLong),
    }
}

fn short<L: Line>(
    command: &[u8],
    protocol: CardProtocol,
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    match protocol {
        CardProtocol::T0 => t0::transmit(command, line),
        _ if command.len() < 4 => Err(TransmitError::Malformed),
        _ => line.exchange(command).map_err(TransmitError::Line),
    }
}

/// Sends what T=0 has no length fields for (ISO/IEC 7816-3, clauses 12.2.3 to 12.2.5, cases 2E to
/// 4E): in short form where the data fits, else in a chain or in envelopes.
fn over_t0<L: Line>(
    bytes: &[u8],
    command: &CommandApdu,
    ability: Ability,
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    if command.data().len() <= SHORT_DATA {
        return t0::transmit(&last_link(command, command.data()).to_bytes(), line);
    }
    if ability.card_chains() {
        return chain(command, CardProtocol::T0, line);
    }
    in_envelopes(command, bytes, line)
}

/// Sends a command in links of a chain; a link that the card refuses is the answer.
fn chain<L: Line>(
    command: &CommandApdu,
    protocol: CardProtocol,
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    let links = command.data().chunks(SHORT_DATA);
    let goes_on = links.len().saturating_sub(1);
    let class = command.class() | CHAINING;
    for data in links.clone().take(goes_on) {
        let link = CommandApdu::new(class, command.instruction(), command.p1(), command.p2());
        let link = Sensitive::from(link.with_data(data).to_bytes());
        let answer = short(link.expose(), protocol, line)?;
        if answer.expose() != [0x90, 0x00] {
            return Ok(answer);
        }
    }
    last(&last_link(command, links.last().unwrap_or_default()), protocol, line)
}

/// Sends the last link, and fetches what does not fit into one answer.
fn last<L: Line>(
    link: &CommandApdu,
    protocol: CardProtocol,
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    let bytes = Sensitive::from(link.to_bytes());
    match protocol {
        CardProtocol::T0 => t0::transmit(bytes.expose(), line),
        _ => t0::fetch_all(bytes.expose(), line),
    }
}

/// Returns the command in short form with `data`.
fn last_link(command: &CommandApdu, data: &[u8]) -> CommandApdu {
    CommandApdu::new(command.class(), command.instruction(), command.p1(), command.p2())
        .with_data(data)
        .expecting(command.expected().min(SHORT_EXPECTED))
}

/// Sends the whole extended command, header and all, as the data of ENVELOPE commands; the answer to
/// the last one is the answer.
fn in_envelopes<L: Line>(
    command: &CommandApdu,
    bytes: &[u8],
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    let class = t0::plain_class(command.class());
    let parts = bytes.chunks(SHORT_DATA);
    let count = parts.len();
    for (number, part) in parts.enumerate() {
        let envelope = CommandApdu::new(class, ENVELOPE, 0, 0).with_data(part);
        let is_last = number + 1 == count;
        let expected = if is_last { command.expected().min(SHORT_EXPECTED) } else { 0 };
        let envelope = Sensitive::from(envelope.expecting(expected).to_bytes());
        let answer = t0::transmit(envelope.expose(), line)?;
        if is_last || answer.expose() != [0x90, 0x00] {
            return Ok(answer);
        }
    }
    // There is always a part: the command has more than 255 bytes.
    Err(TransmitError::Malformed)
}

const _: () = assert!(GET_RESPONSE_LIMIT * SHORT_EXPECTED >= 0x1_0000);

#[cfg(test)]
mod tests;
