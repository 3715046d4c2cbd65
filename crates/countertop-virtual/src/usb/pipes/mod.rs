//! What waits at the endpoints: transfers of the host, data of the device.
//!
//! This is a state machine without I/O. Whatever changes it may produce replies for the host, which
//! the session fetches.

mod input;
mod output;
#[cfg(test)]
mod tests;
mod wakers;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use countertop_wire::usb::{Direction, TransferType};
use countertop_wire::usbip::{Reply, RetSubmit, RetUnlink, Submit, Unlink, status};
use tokio::time::Instant;

use super::{Speed, UsbDescriptors};
pub(super) use input::InPipe;
pub(super) use output::OutPipe;
use wakers::Wakers;

/// Is a reply with the data behind it.
pub(super) type Frame = Vec<u8>;

/// Is the pipes of a device, shared by its session and its endpoints.
///
/// The lock is never held while a function is called.
#[derive(Debug)]
pub(super) struct SharedPipes(Mutex<Pipes>);

#[derive(Debug)]
pub(super) struct Pipes {
    inputs: BTreeMap<u8, InPipe>,
    outputs: BTreeMap<u8, OutPipe>,
    /// Control requests that are never answered.
    silent: Vec<u32>,
    replies: Vec<Frame>,
    /// The session, which waits for replies.
    session: Wakers,
    /// Who waits until the host uses the device, or no longer does.
    onlookers: Wakers,
    /// The configuration in use; 0 for none.
    configuration: u8,
    plugged: bool,
    /// Whether the plug is being pulled: whatever waits has failed.
    severed: bool,
    /// Requests that came too late to be failed.
    lost: Vec<u32>,
}

impl SharedPipes {
    pub(super) fn new(descriptors: &UsbDescriptors) -> Self {
        let mut pipes = Pipes {
            inputs: BTreeMap::new(),
            outputs: BTreeMap::new(),
            silent: Vec::new(),
            replies: Vec::new(),
            session: Wakers::default(),
            onlookers: Wakers::default(),
            configuration: 0,
            plugged: false,
            severed: false,
            lost: Vec::new(),
        };
        let high = descriptors.bus_speed() == Speed::High;
        for endpoint in descriptors.endpoints() {
            let size = endpoint.packet_size();
            match endpoint.direction() {
                Direction::In => {
                    let interrupt = endpoint.transfer_type() == TransferType::Interrupt;
                    let pace = interrupt.then(|| input::interval(endpoint.interval, high));
                    pipes.inputs.entry(endpoint.address).or_insert_with(|| InPipe::new(size, pace));
                }
                Direction::Out => {
                    pipes.outputs.entry(endpoint.address).or_default();
                }
            }
        }
        Self(Mutex::new(pipes))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Pipes> {
        // A panic elsewhere leaves a device that can still be unplugged.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pipes {
    pub(super) fn input(&mut self, address: u8) -> Option<&mut InPipe> {
        self.inputs.get_mut(&address)
    }

    pub(super) fn output(&mut self, address: u8) -> Option<&mut OutPipe> {
        self.outputs.get_mut(&address)
    }

    pub(super) fn configuration(&self) -> u8 {
        self.configuration
    }

    /// Begins life on a bus: nothing waits, nothing is configured.
    pub(super) fn plug(&mut self) {
        self.clear();
        self.lost.clear();
        self.plugged = true;
    }

    /// Ends life on a bus: whatever waited is gone.
    pub(super) fn unplug(&mut self) {
        self.plugged = false;
        self.clear();
    }

    pub(super) fn is_plugged(&self) -> bool {
        self.plugged
    }

    /// Fails whatever waits, as a host controller does when the plug is pulled: the device does not
    /// answer. (With `ESHUTDOWN` usb-serial would not wake who waits until all is sent.)
    pub(super) fn sever(&mut self) {
        // What is ready now goes out first.
        self.collect(Instant::now());
        self.severed = true;
        for sequence in std::mem::take(&mut self.silent) {
            self.finish(sequence, status::PROTOCOL);
        }
        self.inputs.values_mut().for_each(|pipe| pipe.fail(&mut self.replies));
        self.outputs.values_mut().for_each(|pipe| pipe.fail(&mut self.replies));
        self.session.wake();
    }

    pub(super) fn is_severed(&self) -> bool {
        self.severed
    }

    /// Notes a request that comes behind the last replies.
    pub(super) fn lose(&mut self, submit: &Submit) {
        if is_waited_for(submit) {
            self.lost.push(submit.sequence);
        }
    }

    /// Forgets a lost request, which the host has taken back.
    pub(super) fn forget_lost(&mut self, victim: u32) {
        self.lost.retain(|sequence| *sequence != victim);
    }

    /// Returns the requests that were never answered.
    pub(super) fn take_lost(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.lost)
    }

    fn clear(&mut self) {
        self.severed = false;
        self.configuration = 0;
        self.silent.clear();
        self.replies.clear();
        self.inputs.values_mut().for_each(InPipe::clear);
        self.outputs.values_mut().for_each(OutPipe::clear);
        self.session.wake();
        self.onlookers.wake();
    }

    /// Takes a configuration into use, which ends every halt (clause 9.4.5).
    pub(super) fn configure(&mut self, value: u8) {
        self.configuration = value;
        self.inputs.values_mut().for_each(InPipe::end_halt);
        self.outputs.values_mut().for_each(OutPipe::end_halt);
        self.onlookers.wake();
    }

    /// Lets a task know when the configuration, or the plug, changes.
    pub(super) fn watch(&mut self, context: &Context<'_>) {
        self.onlookers.add(context);
    }

    pub(super) fn halted(&self, address: u8) -> Option<bool> {
        let input = self.inputs.get(&address).map(InPipe::is_halted);
        input.or_else(|| self.outputs.get(&address).map(OutPipe::is_halted))
    }

    /// Halts an endpoint or ends its halt; tells whether there is such an endpoint.
    pub(super) fn set_halt(&mut self, address: u8, halted: bool) -> bool {
        if let Some(pipe) = self.inputs.get_mut(&address) {
            if halted { pipe.halt() } else { pipe.end_halt() }
        } else if let Some(pipe) = self.outputs.get_mut(&address) {
            if halted { pipe.halt() } else { pipe.end_halt() }
        } else {
            return false;
        }
        self.session.wake();
        true
    }

    /// Takes a transfer to or from an endpoint other than 0. Returns the data where it goes to the
    /// function.
    pub(super) fn submit(&mut self, submit: &Submit, data: Vec<u8>) -> Option<Vec<u8>> {
        if submit.is_isochronous() {
            self.finish(submit.sequence, status::INVALID);
            return None;
        }
        let mut for_function = None;
        let address = submit.address();
        if let Some(pipe) = self.inputs.get_mut(&address) {
            pipe.submit(submit.sequence, submit.length);
        } else if let Some(pipe) = self.outputs.get_mut(&address) {
            for_function = pipe.submit(submit.sequence, data);
        } else {
            self.finish(submit.sequence, status::NO_ENTRY);
        }
        self.session.wake();
        for_function
    }

    /// Takes a transfer back.
    pub(super) fn unlink(&mut self, unlink: &Unlink) {
        // What is ready now goes out first: it cannot be taken back any more.
        self.collect(Instant::now());
        let victim = unlink.victim;
        let silent = self.silent.iter().position(|&sequence| sequence == victim);
        silent.map(|position| self.silent.swap_remove(position));
        let mut found = silent.is_some();
        found |= self.inputs.values_mut().any(|pipe| pipe.unlink(victim));
        let partly = self.outputs.values_mut().find_map(|pipe| pipe.unlink(victim));
        if let Some(taken) = partly {
            found = taken == 0;
            if !found {
                self.reply(victim, status::UNLINKED, taken);
            }
        }
        let status = if found { status::UNLINKED } else { status::OK };
        let reply = Reply::Unlink(RetUnlink { sequence: unlink.sequence, status });
        self.push(reply.to_bytes().to_vec());
    }

    /// Remembers a control request that is not answered.
    pub(super) fn keep_silent(&mut self, sequence: u32) {
        self.silent.push(sequence);
    }

    /// Ends a transfer without data.
    pub(super) fn finish(&mut self, sequence: u32, status: i32) {
        self.reply(sequence, status, 0);
    }

    /// Ends a transfer of which so many bytes went out.
    pub(super) fn reply(&mut self, sequence: u32, status: i32, length: usize) {
        self.push(frame(sequence, status, length, &[]));
    }

    /// Ends a transfer with what comes in.
    pub(super) fn answer(&mut self, sequence: u32, data: &[u8]) {
        self.push(frame(sequence, status::OK, data.len(), data));
    }

    fn push(&mut self, frame: Frame) {
        self.replies.push(frame);
        self.session.wake();
    }

    /// Lets the session look for what an endpoint has changed.
    pub(super) fn touched(&mut self) {
        self.session.wake();
    }

    /// Returns the replies there are, or when to look again.
    pub(super) fn poll_replies(&mut self, context: &Context<'_>) -> Poll<Vec<Frame>> {
        self.collect(Instant::now());
        if self.replies.is_empty() {
            self.session.add(context);
            return Poll::Pending;
        }
        Poll::Ready(std::mem::take(&mut self.replies))
    }

    /// Returns when an endpoint's pace lets the next data out.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.inputs.values().filter_map(InPipe::due).min()
    }

    fn collect(&mut self, now: Instant) {
        for pipe in self.inputs.values_mut() {
            pipe.complete(now, &mut self.replies);
        }
        for pipe in self.outputs.values_mut() {
            pipe.complete(&mut self.replies);
        }
    }
}

/// Tells whether a driver may wait for a request: it does for what goes out and for control requests, and
/// asks again and again for what comes in.
pub(super) fn is_waited_for(submit: &Submit) -> bool {
    submit.direction == Direction::Out || submit.endpoint == 0
}

/// Returns a reply with the data behind it.
fn frame(sequence: u32, status: i32, length: usize, data: &[u8]) -> Frame {
    let actual_length = u32::try_from(length).unwrap_or(u32::MAX);
    let header = Reply::Submit(RetSubmit { sequence, status, actual_length }).to_bytes();
    [header.as_slice(), data].concat()
}
