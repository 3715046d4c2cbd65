//! Aborts, which come in two halves: a request on the control endpoint and a message among the commands, in
//! either order (CCID 1.1, clauses 5.3.1 and 6.1.13).

use countertop_wire::ccid::Header;

/// Is what has come of an abort.
#[derive(Debug, Default)]
pub(super) struct Abort {
    /// Slot and sequence number of the request.
    asked: Option<(u8, u8)>,
    message: Option<Header>,
}

impl Abort {
    /// Takes the request.
    pub(super) fn ask(&mut self, slot: u8, sequence: u8) {
        self.asked = Some((slot, sequence));
    }

    /// Takes the message; it is not answered before its request is there.
    pub(super) fn hear(&mut self, message: Header) {
        self.message = Some(message);
    }

    /// Tells whether the request is there, so that every command fails until its message is.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Returns the message once both halves are there, and forgets them.
    pub(super) fn complete(&mut self) -> Option<Header> {
        let message = self.message.take_if(|own| self.asked == Some((own.slot, own.sequence)))?;
        self.asked = None;
        Some(message)
    }
}
