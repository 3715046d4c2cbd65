//! The conversation with the host.

use std::io;
use std::sync::Arc;

use countertop_wire::ccid::{
    CommandStatus, Header, Notification, PinVerification, Response, ResponseBody, SlotError,
    SlotStatus,
};
use tokio::time::{Instant, interval_at, sleep};

use super::commands::{self, Outcome};
use super::key_pad::{self, Typed};
use super::link::Reaction;
use super::shared::{PATIENCE, Shared};
use super::transfer::Collector;
use super::usb::{COMMANDS, NOTICES, PACKET, RESPONSES};
use crate::usb::{EndpointIn, EndpointOut, UsbDevice};

/// PC_to_RDR_Abort.
const ABORT: u8 = 0x72;

/// Answers commands, one at a time, and tells how the slot is.
#[derive(Debug)]
pub(super) struct Slots {
    shared: Arc<Shared>,
    commands: EndpointOut,
    responses: EndpointIn,
    notices: EndpointIn,
    collector: Collector,
}

/// Says how waiting for a card ended.
enum Waited {
    /// The card is ready.
    Ready,
    /// It left.
    Removed,
    /// The host aborted the command; this is the abort.
    Aborted(Header),
    /// The reader was unplugged.
    Unplugged,
    /// Somebody typed.
    Typed(Typed),
}

impl Slots {
    pub(super) fn new(device: &mut UsbDevice, shared: Arc<Shared>) -> io::Result<Self> {
        Ok(Self {
            shared,
            commands: device.endpoint_out(COMMANDS)?,
            responses: device.endpoint_in(RESPONSES)?,
            notices: device.endpoint_in(NOTICES)?,
            collector: Collector::default(),
        })
    }

    pub(super) async fn serve(mut self) {
        loop {
            tokio::select! {
                transfer = self.commands.receive() => {
                    if let Some((header, message)) = self.collect(&transfer) {
                        self.message(header, &message).await;
                    }
                }
                () = self.shared.changed.notified() => self.tell(),
            }
            let abort = self.shared.lock().abort.complete();
            if let Some(abort) = abort {
                self.aborted(&abort);
            }
        }
    }

    async fn message(&mut self, header: Header, message: &[u8]) {
        match self.refusal(header) {
            None if is_abort(&header) => {}
            None => self.command(&header, message).await,
            Some(error) => self.fail(&header, error),
        }
    }

    /// Takes an abort's message; says why another one must not be carried out.
    fn refusal(&self, header: Header) -> Option<SlotError> {
        let mut state = self.shared.lock();
        if is_abort(&header) {
            state.abort.hear(header);
            return None;
        }
        state.abort.is_asked().then_some(SlotError::ABORTED)
    }

    fn collect(&mut self, transfer: &[u8]) -> Option<(Header, Vec<u8>)> {
        let plugged = self.shared.lock().plugged;
        self.collector.take(transfer, PACKET.into(), plugged)
    }

    /// Tells the host of a card that came or left since it was told last.
    fn tell(&self) {
        let mut state = self.shared.lock();
        if core::mem::take(&mut state.untold) {
            // One that was not fetched is out of date.
            self.notices.clear();
            self.notices.queue(&Notification::slot_0(state.has_card()).encode());
        }
    }

    async fn command(&mut self, header: &Header, message: &[u8]) {
        let before = self.shared.lock().moves;
        match commands::run(&self.shared, header, message) {
            Outcome::Answer(response) => self.respond(&response),
            Outcome::Silence => {}
            Outcome::Card(reaction) => self.await_card(header, reaction, before).await,
            Outcome::Pin(verification) => self.await_pin(header, &verification, before).await,
        }
        // The card may have left with the command.
        self.tell();
    }

    async fn await_card(&mut self, header: &Header, reaction: Reaction, moves: u64) {
        let waited = self.wait(header, &reaction, moves, false).await;
        self.finish(header, reaction, &waited);
    }

    /// Waits for a PIN, and gives it to the card.
    async fn await_pin(&mut self, header: &Header, verification: &PinVerification, moves: u64) {
        let limit = key_pad::limit(verification);
        let nothing = Reaction { wait: limit, extends: false, answer: None, chain: 0 };
        match self.wait(header, &nothing, moves, true).await {
            Waited::Typed(Typed::Pin(pin)) => {
                match key_pad::verify(&self.shared, header, verification, &pin) {
                    Outcome::Card(reaction) => self.await_card(header, reaction, moves).await,
                    Outcome::Answer(response) => self.respond(&response),
                    Outcome::Pin(_) | Outcome::Silence => {}
                }
            }
            Waited::Typed(Typed::Cancel) => self.fail(header, SlotError::PIN_CANCELLED),
            Waited::Ready => self.fail(header, SlotError::PIN_TIMEOUT),
            other => self.finish(header, nothing, &other),
        }
    }

    /// Waits for the card, or for keys, and asks the host for more time meanwhile.
    async fn wait(
        &mut self,
        header: &Header,
        reaction: &Reaction,
        moves: u64,
        keys: bool,
    ) -> Waited {
        let plugged = self.shared.lock().plugged;
        let mut ready = core::pin::pin!(sleep(reaction.wait));
        let mut patience = interval_at(Instant::now() + PATIENCE, PATIENCE);
        loop {
            tokio::select! {
                biased;
                () = self.shared.changed.notified() => self.tell(),
                transfer = self.commands.receive() => {
                    if let Some((other, _)) = self.collect(&transfer) {
                        match self.refusal(other) {
                            None if is_abort(&other) => {}
                            refusal => self.fail(&other, refusal.unwrap_or(SlotError::SLOT_BUSY)),
                        }
                    }
                }
                () = &mut ready => return Waited::Ready,
                _ = patience.tick(), if reaction.extends => self.ask_for_time(header),
            }
            let mut state = self.shared.lock();
            if state.plugged != plugged {
                return Waited::Unplugged;
            }
            if let Some(abort) = state.abort.complete() {
                return Waited::Aborted(abort);
            }
            if state.moves != moves {
                return Waited::Removed;
            }
            if let Some(typed) = state.typed.pop_front().filter(|_| keys) {
                return Waited::Typed(typed);
            }
        }
    }

    fn finish(&self, header: &Header, reaction: Reaction, waited: &Waited) {
        match (waited, reaction.answer) {
            (Waited::Unplugged | Waited::Typed(_), _) => {}
            (Waited::Ready, Some(answer)) => {
                let body = ResponseBody::DataBlock { chain: reaction.chain, data: answer.into() };
                let response = commands::answer(&self.shared.lock(), header, body);
                self.respond(&response);
            }
            (Waited::Ready, None) | (Waited::Removed, _) => self.fail(header, SlotError::ICC_MUTE),
            (Waited::Aborted(abort), _) => {
                self.fail(header, SlotError::ABORTED);
                self.aborted(abort);
            }
        }
    }

    fn aborted(&self, abort: &Header) {
        let body = ResponseBody::SlotStatus { clock: 0 };
        let response = commands::answer(&self.shared.lock(), abort, body);
        self.respond(&response);
    }

    fn ask_for_time(&self, header: &Header) {
        let icc = self.shared.lock().icc();
        let status = SlotStatus { icc, command: CommandStatus::TimeExtension(1) };
        let body = ResponseBody::data(Vec::new());
        self.respond(&Response::new(header.slot, header.sequence, status, body));
    }

    fn fail(&self, header: &Header, error: SlotError) {
        let response = commands::failure(&self.shared.lock(), header, error);
        self.respond(&response);
    }

    fn respond(&self, response: &Response) {
        self.responses.queue(&response.encode());
    }
}

/// Tells whether a message is an abort of the one slot.
fn is_abort(header: &Header) -> bool {
    header.message_type == ABORT && header.slot == 0
}
