//! Commands to a card.

use countertop_device::CardSession;
use countertop_wire::apdu::{CommandApdu, ResponseApdu};

use crate::EmvError;

/// Le = `00`: as much as there is.
pub(crate) const ALL: usize = 256;

/// Sends a command and returns the answer, whatever its status word.
pub(crate) async fn send(
    session: &mut dyn CardSession,
    command: &CommandApdu,
) -> Result<ResponseApdu, EmvError> {
    let answer = session.transmit(&command.to_bytes()).await?;
    ResponseApdu::parse(answer.expose()).map_err(|error| EmvError::malformed("a command", error))
}

/// Creates SELECT by name, first or only occurrence (EMV Book 1, clause 11.3).
pub(crate) fn select(name: &[u8]) -> CommandApdu {
    CommandApdu::new(0x00, 0xA4, 0x04, 0x00).with_data(name).expecting(ALL)
}

/// Creates READ RECORD (EMV Book 3, clause 6.5.11).
pub(crate) fn read_record(sfi: u8, number: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0xB2, number, sfi << 3 | 0x04).expecting(ALL)
}
