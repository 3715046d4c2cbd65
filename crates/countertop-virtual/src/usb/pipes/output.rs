use std::collections::VecDeque;
use std::task::Context;

use countertop_wire::usbip::status;

use super::wakers::Wakers;
use super::{Frame, frame};

/// Is an OUT endpoint: the transfers of the host, and what of them the device has taken.
#[derive(Debug, Default)]
pub(in super::super) struct OutPipe {
    requests: VecDeque<Request>,
    halted: bool,
    /// Whether an endpoint handle takes the data; else the function gets it at once.
    held: bool,
    readers: Wakers,
}

#[derive(Debug)]
struct Request {
    sequence: u32,
    data: Vec<u8>,
    taken: usize,
    done: bool,
}

impl OutPipe {
    pub(super) fn clear(&mut self) {
        self.requests.clear();
        self.halted = false;
        self.readers.wake();
    }

    /// Keeps data for a handle from now on.
    pub(in super::super) fn hold(&mut self) {
        self.held = true;
    }

    pub(super) fn is_halted(&self) -> bool {
        self.halted
    }

    pub(super) fn halt(&mut self) {
        self.halted = true;
    }

    pub(super) fn end_halt(&mut self) {
        self.halted = false;
    }

    /// Takes a transfer; returns its data where they go to the function.
    pub(super) fn submit(&mut self, sequence: u32, data: Vec<u8>) -> Option<Vec<u8>> {
        let mut request = Request { sequence, data, taken: 0, done: false };
        let mut for_function = None;
        if !self.held && !self.halted {
            for_function = Some(request.data.clone());
            request.taken = request.data.len();
            request.done = true;
        }
        self.requests.push_back(request);
        self.readers.wake();
        for_function
    }

    /// Takes a request back; returns how much of it the device had taken, `None` when it is not
    /// here.
    pub(super) fn unlink(&mut self, sequence: u32) -> Option<usize> {
        let position = self.requests.iter().position(|request| request.sequence == sequence)?;
        self.requests.remove(position).map(|request| request.taken)
    }

    /// Returns what the device has not taken yet of the oldest transfer, which may be empty;
    /// `None` when the host sends nothing.
    pub(in super::super) fn peek(&self) -> Option<&[u8]> {
        let request = self.requests.iter().find(|request| !request.done)?;
        if self.halted { None } else { request.data.get(request.taken..) }
    }

    /// Takes so many bytes of what [`peek`](Self::peek) returned; the transfer ends with its last.
    pub(in super::super) fn take(&mut self, count: usize) {
        if let Some(request) = self.requests.iter_mut().find(|request| !request.done) {
            request.taken = request.data.len().min(request.taken + count);
            request.done = request.taken == request.data.len();
        }
    }

    /// Lets a task know when the host has sent something.
    pub(in super::super) fn watch(&mut self, context: &Context<'_>) {
        self.readers.add(context);
    }

    /// Fails the transfers that wait; what of them was taken is told.
    pub(super) fn fail(&mut self, replies: &mut Vec<Frame>) {
        let failed =
            |request: Request| frame(request.sequence, status::PROTOCOL, request.taken, &[]);
        replies.extend(self.requests.drain(..).map(failed));
    }

    /// Answers the transfers that the device has taken whole, or, halted, all of them.
    pub(super) fn complete(&mut self, replies: &mut Vec<Frame>) {
        while let Some(request) = self.requests.front() {
            let status = match (request.done, self.halted) {
                (true, _) => status::OK,
                (false, true) => status::STALL,
                (false, false) => return,
            };
            replies.push(frame(request.sequence, status, request.taken, &[]));
            self.requests.pop_front();
        }
    }
}
