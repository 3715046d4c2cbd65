//! The task of a device.

use core::time::Duration;

use countertop_device::{
    ContactlessTarget, DeviceError, DeviceErrorKind, HealthLevel, HealthReport, Sensitive,
};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, timeout};

use super::chip::Chip;
use super::claim::Claim;
use crate::reader::{Handle, Reply, Request, SessionHandle, SessionId};

/// Is the task of a device. It alone talks to the chip, so that no exchange is ever left half way by
/// a caller who goes.
#[derive(Debug)]
pub(super) struct Worker {
    chip: Chip,
    inbox: UnboundedReceiver<Request>,
    held: Option<Held>,
    last_session: u64,
    gone: bool,
    // Behind the chip, so that it is dropped after its line.
    _claim: Option<Claim>,
}

/// Is a target that was found. The field stays on for it.
#[derive(Debug)]
struct Held {
    target: ContactlessTarget,
    session: Option<SessionId>,
}

const WAIT: &str = "wait for a card";
/// After so many failures in a row the device is given up; a search that lasted so long begins
/// another row.
const MOST_FAILURES: u8 = 5;
const CALM: Duration = Duration::from_secs(5);

impl Worker {
    pub(super) fn new(chip: Chip, inbox: UnboundedReceiver<Request>, claim: Option<Claim>) -> Self {
        Self { chip, inbox, held: None, last_session: 0, gone: false, _claim: claim }
    }

    /// Serves requests until nobody can send any, or the chip is gone. Leaves the chip awake with
    /// its field off.
    pub(super) async fn run(mut self) {
        let mut next = self.receive().await;
        while let Some(request) = next {
            next = self.serve(request).await;
            if self.gone {
                // Whoever asks from now on hears that nobody is here any more.
                return;
            }
            if next.is_none() {
                next = self.receive().await;
            }
        }
        self.release().await;
    }

    /// Returns the next request. A target that nobody connects to is let go meanwhile.
    async fn receive(&mut self) -> Option<Request> {
        if self.held.as_ref().is_some_and(|held| held.session.is_none()) {
            match timeout(self.chip.options.hold, self.inbox.recv()).await {
                Ok(request) => return request,
                Err(_elapsed) => self.release().await,
            }
        }
        self.inbox.recv().await
    }

    /// Serves a request. A wait may return the request that ended it.
    async fn serve(&mut self, request: Request) -> Option<Request> {
        match request {
            Request::Await(reply) => return self.wait(reply).await,
            Request::Interrupt => {
                if self.held.as_ref().is_some_and(|held| held.session.is_none()) {
                    self.release().await;
                }
            }
            Request::Connect(handle, reply) => self.connect(handle, reply).await,
            Request::Transmit { session, command, reply } => {
                let result = self.transmit(session, &command).await;
                // When nobody waits for the answer any more, the session is about to be dropped.
                drop(reply.send(self.watched(result)));
            }
            Request::Close { session, reply } => self.close(session, reply).await,
            Request::CheckHealth(level, reply) => {
                let result = self.check_health(level).await;
                drop(reply.send(self.watched(result)));
            }
            // The line itself tells when the device is unplugged.
            #[cfg(feature = "libnfc")]
            Request::Gone => {}
        }
        None
    }

    /// Remembers that the device is gone.
    fn watched<T>(&mut self, result: Result<T, DeviceError>) -> Result<T, DeviceError> {
        self.gone |= matches!(&result, Err(error) if error.kind() == DeviceErrorKind::Disconnected);
        result
    }

    /// Searches until a target is there, or nobody waits any more.
    async fn wait(&mut self, mut reply: Reply<ContactlessTarget>) -> Option<Request> {
        // A card that is in its protocol hears no request until the field was off.
        self.release().await;
        let Self { chip, inbox, .. } = self;
        let device = chip.channel.device().to_owned();
        let mut next = None;
        let found = {
            let search = search(chip);
            tokio::pin!(search);
            loop {
                tokio::select! {
                    biased;
                    () = reply.closed() => break None,
                    request = inbox.recv() => match request {
                        Some(request) if still_waits(&request) => stale(request, &device),
                        request => {
                            // The reader asks for something else: it has dropped this wait.
                            next = request;
                            break None;
                        }
                    },
                    found = &mut search => break Some(found),
                }
            }
        };
        match found {
            Some(Ok(target)) => {
                self.held = Some(Held { target: target.clone(), session: None });
                if reply.send(Ok(target)).is_err() {
                    self.release().await;
                }
            }
            Some(Err(error)) => {
                self.release_field().await;
                drop(reply.send(self.watched(Err(error))));
            }
            None => self.release_field().await,
        }
        next
    }

    async fn connect(&mut self, handle: Handle, reply: Reply<SessionHandle>) {
        let result = self.begin_session().await;
        match self.watched(result) {
            Err(error) => {
                self.release().await;
                drop(reply.send(Err(error)));
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

    async fn begin_session(&mut self) -> Result<(SessionId, ContactlessTarget), DeviceError> {
        let removed = self.chip.error(DeviceErrorKind::CardRemoved, "connect");
        let Some(held) = self.held.as_mut().filter(|held| held.session.is_none()) else {
            return Err(removed);
        };
        if !self.chip.is_present(&held.target).await? {
            return Err(removed);
        }
        self.last_session += 1;
        let id = SessionId(self.last_session);
        held.session = Some(id);
        Ok((id, held.target.clone()))
    }

    async fn transmit(
        &mut self,
        session: SessionId,
        command: &Sensitive,
    ) -> Result<Sensitive, DeviceError> {
        let Some(held) = self.held.as_ref().filter(|held| held.session == Some(session)) else {
            return Err(self.chip.error(DeviceErrorKind::CardRemoved, "transmit"));
        };
        let result = self.chip.transmit(&held.target, command.expose()).await;
        if result.as_ref().is_err_and(|error| error.kind() != DeviceErrorKind::InvalidInput) {
            self.release().await;
        }
        result
    }

    async fn close(&mut self, session: SessionId, reply: Option<Reply<()>>) {
        let mut result = Ok(());
        if self.held.as_ref().is_some_and(|held| held.session == Some(session)) {
            self.held = None;
            result = self.chip.release("release the card").await;
        }
        let result = self.watched(result);
        if let Some(reply) = reply {
            drop(reply.send(result));
        }
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        const ACTION: &str = "check health";
        self.chip.ping(ACTION).await?;
        let model = self.chip.model();
        if self.held.is_some() {
            return Ok(HealthReport::good(format!("{model} answers, a card is held")));
        }
        if level != HealthLevel::Internal {
            self.chip.switch_field(true, ACTION).await?;
            self.chip.switch_field(false, ACTION).await?;
        }
        Ok(HealthReport::good(format!("{model} answers")))
    }

    /// Lets the target go, if there is one.
    async fn release(&mut self) {
        if self.held.take().is_some() {
            self.release_field().await;
        }
    }

    async fn release_field(&mut self) {
        let result = self.chip.release("release the card").await;
        if let Err(error) = self.watched(result) {
            tracing::debug!(%error, "the field may still be on");
        }
    }
}

/// Searches from the field's rise on. A chip that fell silent, or lost its power, is woken again.
async fn search(chip: &mut Chip) -> Result<ContactlessTarget, DeviceError> {
    let mut failures = 0;
    loop {
        let begun = Instant::now();
        let result = async {
            chip.switch_field(true, WAIT).await?;
            chip.search().await
        };
        let error = match result.await {
            Err(error) if error.kind() != DeviceErrorKind::Disconnected => error,
            result => return result,
        };
        failures = if begun.elapsed() > CALM { 1 } else { failures + 1 };
        if failures > MOST_FAILURES {
            return Err(error);
        }
        tracing::debug!(%error, "the chip is woken again");
        chip.recover(WAIT).await?;
    }
}

/// Tells whether a wait goes on beside a request: a session that is over may still be used and
/// dropped.
fn still_waits(request: &Request) -> bool {
    matches!(request, Request::Interrupt | Request::Transmit { .. } | Request::Close { .. })
}

/// Answers a request of a session that is over.
fn stale(request: Request, device: &str) {
    match request {
        Request::Transmit { reply, .. } => {
            let over = DeviceError::new(DeviceErrorKind::CardRemoved, device, "transmit");
            drop(reply.send(Err(over)));
        }
        Request::Close { reply: Some(reply), .. } => drop(reply.send(Ok(()))),
        _ => {}
    }
}
