//! What the thread of a device does.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use countertop_device::{
    ContactlessTarget, DeviceError, DeviceErrorKind, HealthLevel, HealthReport, Sensitive,
};

use super::chip::NfcChip;
use super::settings::Timing;
use crate::field;
use crate::reader::{Handle, Reply, Request, SessionHandle, SessionId};

/// Is the thread of a device.
#[derive(Debug)]
pub(super) struct Worker {
    chip: NfcChip,
    inbox: Receiver<Request>,
    timing: Timing,
    held: Option<Held>,
    last_session: u64,
}

/// Is a target that was found. The field stays on for it.
#[derive(Debug)]
struct Held {
    target: ContactlessTarget,
    session: Option<SessionId>,
}

impl Worker {
    pub(super) fn new(chip: NfcChip, inbox: Receiver<Request>, timing: Timing) -> Self {
        Self { chip, inbox, timing, held: None, last_session: 0 }
    }

    /// Serves requests until nobody can send any.
    pub(super) fn run(mut self) {
        let mut next = self.receive();
        while let Some(request) = next {
            next = self.serve(request);
            if self.chip.is_gone() {
                // Whoever asks from now on, and whoever waits, hears that nobody is here any more.
                // The node is free for the next device.
                return;
            }
            next = next.or_else(|| self.receive());
        }
        self.release();
        self.chip.shut_down();
    }

    /// Returns the next request. A target that nobody connects to is let go meanwhile.
    fn receive(&mut self) -> Option<Request> {
        if self.held.as_ref().is_some_and(|held| held.session.is_none()) {
            match self.inbox.recv_timeout(self.timing.hold) {
                Ok(request) => return Some(request),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.release(),
            }
        }
        self.inbox.recv().ok()
    }

    /// Serves a request. A wait may return the request that ended it.
    fn serve(&mut self, request: Request) -> Option<Request> {
        match request {
            Request::Await(reply) => return self.wait(reply),
            Request::Interrupt => {
                if self.held.as_ref().is_some_and(|held| held.session.is_none()) {
                    self.release();
                }
            }
            Request::Connect(handle, reply) => self.connect(handle, reply),
            Request::Transmit { session, command, reply } => {
                // When nobody waits for the answer any more, the session is about to be dropped.
                let _ = reply.send(self.transmit(session, &command));
            }
            Request::Close { session, reply } => self.close(session, reply),
            Request::CheckHealth(level, reply) => {
                let _ = reply.send(self.check_health(level));
            }
            // Every request is followed by that look.
            Request::Gone => {}
        }
        None
    }

    /// Searches until a target is there, or nobody waits any more.
    fn wait(&mut self, reply: Reply<ContactlessTarget>) -> Option<Request> {
        self.release();
        match self.search_until(&reply) {
            Ok(Found::Target(target)) => {
                self.held = Some(Held { target: target.clone(), session: None });
                if reply.send(Ok(target)).is_err() {
                    self.release();
                }
                None
            }
            Ok(Found::Request(request)) => {
                self.release_field();
                request
            }
            Err(error) => {
                self.release_field();
                let _ = reply.send(Err(error));
                None
            }
        }
    }

    fn search_until(&mut self, reply: &Reply<ContactlessTarget>) -> Result<Found, DeviceError> {
        const ACTION: &str = "wait for a card";
        self.chip.raise_field(ACTION)?;
        let mut end = Instant::now() + field::SEARCH;
        while !reply.is_closed() {
            if self.chip.is_gone() {
                return Err(self.chip.error(DeviceErrorKind::Disconnected, ACTION));
            }
            if let Some(target) = self.chip.search(self.timing.collision)? {
                return Ok(Found::Target(target));
            }
            if Instant::now() > end {
                self.chip.reset_field(ACTION)?;
                end = Instant::now() + field::SEARCH;
            }
            match self.inbox.recv_timeout(self.timing.poll) {
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                // A session that is over may still be used and dropped.
                Ok(
                    request @ (Request::Interrupt
                    | Request::Gone
                    | Request::Transmit { .. }
                    | Request::Close { .. }),
                ) => drop(self.serve(request)),
                // The reader asks for something else: it has dropped this wait.
                Ok(request) => return Ok(Found::Request(Some(request))),
            }
        }
        Ok(Found::Request(None))
    }

    fn connect(&mut self, handle: Handle, reply: Reply<SessionHandle>) {
        let result = self.begin_session();
        match result {
            Err(error) => {
                self.release();
                let _ = reply.send(Err(error));
            }
            // A session that nobody takes is dropped with the reply, and so closed.
            Ok((id, target)) => drop(reply.send(Ok(SessionHandle {
                handle,
                id,
                protocol: target.protocol,
                ats: target.ats,
            }))),
        }
    }

    fn begin_session(&mut self) -> Result<(SessionId, ContactlessTarget), DeviceError> {
        let removed = self.chip.error(DeviceErrorKind::CardRemoved, "connect");
        let Some(held) = self.held.as_mut().filter(|held| held.session.is_none()) else {
            return Err(removed);
        };
        if !self.chip.is_present(&held.target) {
            return Err(self.chip.missing("connect"));
        }
        self.last_session += 1;
        let id = SessionId(self.last_session);
        held.session = Some(id);
        Ok((id, held.target.clone()))
    }

    fn transmit(
        &mut self,
        session: SessionId,
        command: &Sensitive,
    ) -> Result<Sensitive, DeviceError> {
        let Some(held) = self.held.as_ref().filter(|held| held.session == Some(session)) else {
            return Err(self.chip.error(DeviceErrorKind::CardRemoved, "transmit"));
        };
        let result = self.chip.transmit(&held.target, command.expose(), self.timing.transmit);
        if result.as_ref().is_err_and(|error| error.kind() != DeviceErrorKind::InvalidInput) {
            self.release();
        }
        result
    }

    fn close(&mut self, session: SessionId, reply: Option<Reply<()>>) {
        let mut result = Ok(());
        if self.held.as_ref().is_some_and(|held| held.session == Some(session)) {
            self.held = None;
            result = self.chip.release();
        }
        if let Some(reply) = reply {
            let _ = reply.send(result);
        }
    }

    fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        let model = self.chip.model();
        if let Some(held) = &self.held {
            let place = if self.chip.is_present(&held.target) { "in" } else { "no more in" };
            return Ok(HealthReport::good(format!("{model} answers, a card is {place} the field")));
        }
        if level != HealthLevel::Internal {
            self.chip.switch_field(true, "check health")?;
        }
        // The shortest exchange that there is: the field is off already.
        self.chip.switch_field(false, "check health")?;
        Ok(HealthReport::good(format!("{model} answers")))
    }

    /// Lets the target go, if there is one.
    fn release(&mut self) {
        if self.held.take().is_some() {
            self.release_field();
        }
    }

    fn release_field(&mut self) {
        if let Err(error) = self.chip.release() {
            tracing::debug!(%error, "the field may still be on");
        }
    }
}

/// Is how a search ended.
#[derive(Debug)]
enum Found {
    Target(ContactlessTarget),
    /// Nobody waits any more; perhaps something else is to be done.
    Request(Option<Request>),
}
