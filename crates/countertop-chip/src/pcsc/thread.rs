//! The talking thread: everything that is said to a reader and its card.
//!
//! A context is for one thread, and a call of PC/SC blocks, so that both live here.

use core::time::Duration;
use std::ffi::{CStr, CString};
use std::sync::{Arc, mpsc};
use std::time::Instant;

use countertop_device::{DeviceError, DeviceErrorKind, Dialogue, Sensitive};
use countertop_wire::pcsc_part10::FeatureList;
use pcsc::{Context, Error, Scope};

use super::buffer::Buffer;
use super::held::Held;
use super::place::{self, Place};
use super::progress::Progress;
use super::request::{Awake, Powered, Request, Requests, Reset, Session};
use super::subject::Subject;
use super::t0::TransmitError;
use super::talk::HANGS;
use super::{card, error, lookout, names, service};

/// How long a reader that was pulled may still be there after pcscd's word for a card that left, or for
/// a transfer that failed.
const LAST_MOMENT: Duration = Duration::from_millis(300);
const GLANCE: Duration = Duration::from_millis(4);
/// How long pcscd may take to set a reader up that was just plugged in.
const READY: Duration = Duration::from_secs(1);

/// How long pcscd may take to forget a reader that was unplugged.
const FORGETS: Duration = Duration::from_secs(1);

/// How long a thread stays awake behind a command: about as long as waking it up takes.
const AWAKE: Duration = Duration::from_micros(50);

/// Leads to a thread.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) requests: Requests,
    /// Closes when the thread ends.
    pub(super) ended: mpsc::Receiver<()>,
}

/// Starts a thread, which ends when nobody is left to ask it.
pub(super) fn start(subject: &Arc<Subject>) -> Result<Line, DeviceError> {
    let (requests, received) = Requests::new(subject.number());
    let (end, ended) = mpsc::channel();
    let thread = Thread::new(Arc::clone(subject));
    std::thread::Builder::new()
        .name("pcsc-talk".into())
        .spawn(move || {
            thread.run(&received);
            // Closed when card and context have gone.
            drop(end);
        })
        .map_err(|error| DeviceError::from_io(error, subject.device(), "start a thread"))?;
    Ok(Line { requests, ended })
}

/// Returns the next request; `None` when nobody is left to ask. Behind a command the next one mostly
/// comes at once, and a thread that has not gone to sleep hears of it sooner.
fn next(requests: &mpsc::Receiver<Request>, soon: bool) -> Option<Request> {
    let end = Instant::now() + AWAKE;
    while soon && Instant::now() < end {
        match requests.try_recv() {
            Err(mpsc::TryRecvError::Empty) => core::hint::spin_loop(),
            request => return request.ok(),
        }
    }
    requests.recv().ok()
}

/// Is the state of the thread.
struct Thread {
    subject: Arc<Subject>,
    context: Option<Context>,
    held: Option<Held>,
    buffer: Buffer,
}

impl Thread {
    fn new(subject: Arc<Subject>) -> Self {
        Self { subject, context: None, held: None, buffer: Buffer::new() }
    }

    /// Serves requests until nobody is left to ask.
    fn run(mut self, requests: &mpsc::Receiver<Request>) {
        let mut soon = false;
        while let Some(request) = next(requests, soon) {
            soon = matches!(request, Request::Transmit { .. } | Request::Converse { .. });
            if !request.is_given_up() {
                self.serve(request);
            }
        }
    }

    /// Serves one request. A caller that gave up meanwhile does not hear of it.
    fn serve(&mut self, request: Request) {
        match request {
            Request::Find { action, reply } => {
                drop(reply.send(self.find(action)));
                // A connect is followed by news of its own: that the card is in use.
                lookout::look_again();
            }
            Request::Locate { name, action, reply } => {
                let located = self.require_place(&name, action).map(|()| self.subject.place());
                drop(reply.send(located));
                lookout::look_again();
            }
            // What nobody takes is dropped here, which powers the card down.
            Request::Connect { requests, reply } => drop(reply.send(self.connect(requests))),
            Request::Transmit { session, command, reply } => {
                drop(reply.send(self.transmit(session, &command)));
            }
            Request::Converse { session, dialogue, progress, reply } => {
                let given_up = || reply.is_closed();
                let done = self.converse(session, dialogue, &progress, given_up);
                drop(reply.send(done));
            }
            Request::Reset { session, reset, reply } => {
                drop(reply.send(self.reset(session, reset)));
            }
            Request::Features { session, reply } => drop(reply.send(self.features(session))),
            Request::Control { session, code, data, reply } => {
                drop(reply.send(self.control(session, code, &data)));
            }
            Request::Disconnect { session, reply } => {
                let ended = self.disconnect(session);
                if let Some(reply) = reply {
                    drop(reply.send(ended));
                }
            }
        }
    }

    fn find(&mut self, action: &'static str) -> Result<String, DeviceError> {
        let names = self.with_context(names::list).map_err(|error| self.error(action, error))?;
        names::find(&names, self.subject.prefix())
            .cloned()
            .ok_or_else(|| names::not_found(self.subject.device(), action, &names))
    }

    fn connect(&mut self, requests: Requests) -> Result<Powered, DeviceError> {
        if self.held.is_some() {
            return Err(self
                .error("connect", Error::SharingViolation)
                .with_help("end the other session with this reader"));
        }
        let name = self.find("connect")?;
        self.require_place(&name, "connect")?;
        let (held, card) = self.power(&name).map_err(|error| self.not_powered(error))?;
        let session = Session { number: held.session(), requests };
        self.held = Some(held);
        Ok(Powered { session, card })
    }

    fn not_powered(&self, error: Error) -> DeviceError {
        // A reader that was pulled in the middle of it had no card at last.
        let failure = self.error("connect", self.behind(error));
        match error {
            Error::SharingViolation if self.subject.hanging() > 0 => failure.with_help(HANGS),
            _ => failure,
        }
    }

    fn locate(&mut self, name: &str) -> Result<Place, Error> {
        let names = [name.to_owned()];
        let places = self.with_context(|context| {
            names::list(context).map(|_the_service_answers| place::locate(context, &names))
        })?;
        Ok(places.into_iter().next().unwrap_or_default())
    }

    /// Notes where the reader is; fails when another one has taken its name meanwhile.
    fn require_place(&mut self, name: &str, action: &'static str) -> Result<(), DeviceError> {
        let before = self.subject.place();
        let first = before == Place::Hidden;
        if !first && before.is_attached() {
            return Ok(());
        }
        let now = self.locate(name).map_err(|error| self.error(action, error))?;
        if !first && now.identity(name) != before.identity(name) {
            return Err(self
                .error(action, Error::ReaderUnavailable)
                .with_help("another reader has taken its name: open the reader again"));
        }
        self.subject.set_place(now);
        Ok(())
    }

    fn power(&mut self, name: &str) -> Result<(Held, Awake), Error> {
        let reader = CString::new(name).map_err(|_| Error::UnknownReader)?;
        let session = self.subject.number();
        let mut power =
            || self.with_context(|context| Held::power(context, reader.clone(), session));
        let powered = match power() {
            // pcscd is in the middle of powering a card that has just come.
            Err(Error::ProtoMismatch | Error::UnpoweredCard | Error::ResetCard) => power(),
            result => result,
        };
        match powered {
            // An abandoned session lets go of the reader when the reader lets go of it.
            Err(Error::SharingViolation) => {}
            result => return result,
        }
        match self.subject.await_the_hanging() {
            true => self.with_context(|context| Held::power(context, reader.clone(), session)),
            false => Err(Error::SharingViolation),
        }
    }

    fn transmit(&mut self, session: u64, command: &Sensitive) -> Result<Sensitive, DeviceError> {
        let held = self.held.as_mut().filter(|held| held.session() == session);
        let held = held.ok_or_else(|| {
            error::device_error(self.subject.device(), "transmit", Error::RemovedCard)
        })?;
        let answer = held.transmit(command.expose(), &mut self.buffer);
        answer.map_err(|error| self.not_transmitted(error))
    }

    /// Sends a dialogue's commands until it has none, or nobody waits for it.
    fn converse(
        &mut self,
        session: u64,
        mut dialogue: Box<dyn Dialogue>,
        progress: &Progress,
        given_up: impl Fn() -> bool,
    ) -> Result<Box<dyn Dialogue>, DeviceError> {
        let mut answer = None;
        while let Some(command) = dialogue.next_command(answer.take()).filter(|_| !given_up()) {
            progress.begin();
            answer = Some(self.transmit(session, &command)?);
        }
        Ok(dialogue)
    }

    fn not_transmitted(&mut self, error: TransmitError<Error>) -> DeviceError {
        let subject = Arc::clone(&self.subject);
        let failed = |kind| DeviceError::new(kind, subject.device(), "transmit");
        match error {
            TransmitError::Line(error) => self.failed("transmit", error),
            TransmitError::Malformed => failed(DeviceErrorKind::InvalidInput)
                .with_help("send a command APDU (ISO/IEC 7816-3, clause 12.1)"),
            TransmitError::TooLong => failed(DeviceErrorKind::InvalidInput).with_help(
                "this reader takes short commands alone and the card no chains: use another reader",
            ),
            TransmitError::BadAnswer => failed(DeviceErrorKind::Protocol),
        }
    }

    fn reset(&mut self, session: u64, reset: Reset) -> Result<Awake, DeviceError> {
        let held = self.held.as_mut().filter(|held| held.session() == session);
        let awake = held.ok_or(Error::RemovedCard).and_then(|held| held.reset(reset));
        awake.map_err(|error| self.failed("reset the card", error))
    }

    fn features(&mut self, session: u64) -> Result<FeatureList, DeviceError> {
        let held = self.held.as_ref().filter(|held| held.session() == session);
        let features =
            held.ok_or(Error::RemovedCard).and_then(|held| held.features(&mut self.buffer));
        features.map_err(|error| self.failed("ask for features", error))
    }

    fn control(
        &mut self,
        session: Option<u64>,
        code: u32,
        data: &Sensitive,
    ) -> Result<Sensitive, DeviceError> {
        const ACTION: &str = "control the reader";
        let held = self.held.as_ref().filter(|held| session.is_none_or(|it| it == held.session()));
        let answer = match (held, session) {
            (Some(held), _) => held.control(code, data.expose(), &mut self.buffer),
            (None, Some(_)) => Err(Error::RemovedCard),
            (None, None) => {
                let name = self.find(ACTION)?;
                self.control_directly(&name, code, data.expose())
            }
        };
        answer.map_err(|error| self.failed(ACTION, error))
    }

    /// Sends something to the reader without powering a card.
    fn control_directly(&mut self, name: &str, code: u32, data: &[u8]) -> Result<Sensitive, Error> {
        let reader = CString::new(name).map_err(|_| Error::UnknownReader)?;
        let end = Instant::now() + READY;
        let connection =
            self.with_context(|context| place::connect_directly(context, &reader, end))?;
        let answer = self.buffer.take(|buffer| connection.control(code.into(), data, buffer));
        place::leave(connection)?;
        answer
    }

    /// Creates the error of a call to card or reader, with what is behind it.
    fn failed(&mut self, action: &str, error: Error) -> DeviceError {
        let error = self.behind(error);
        if let (Some(held), Error::RemovedCard | Error::NoSmartcard | Error::ReaderUnavailable) =
            (&mut self.held, error)
        {
            held.leaves();
        }
        self.error(action, error)
    }

    /// Returns what is behind an error of card or reader.
    fn behind(&self, error: Error) -> Error {
        if self.was_unplugged(error) {
            return Error::ReaderUnavailable;
        }
        match (&self.held, &self.context) {
            (Some(held), Some(context)) => card::why(context, held.reader(), error),
            _ => error,
        }
    }

    /// Tells whether `error` came because the reader was unplugged: pcscd takes that for a card that
    /// left. The kernel ends the transfers before it takes the device away.
    fn was_unplugged(&self, error: Error) -> bool {
        let patience = match error {
            Error::RemovedCard
            | Error::NoSmartcard
            | Error::UnpoweredCard
            | Error::UnresponsiveCard
            | Error::ProtoMismatch
            | Error::NotTransacted
            | Error::InternalError => LAST_MOMENT,
            _ => Duration::ZERO,
        };
        let place = self.subject.place();
        let end = Instant::now() + patience;
        while place.node().is_some() && Instant::now() < end {
            if !place.is_attached() {
                return true;
            }
            std::thread::sleep(GLANCE);
        }
        !place.is_attached()
    }

    fn disconnect(&mut self, session: u64) -> Result<(), DeviceError> {
        let Some(mut held) = self.held.take_if(|held| held.session() == session) else {
            return Ok(());
        };
        if !self.subject.place().is_attached() {
            held.leaves();
            self.await_forgotten(held.reader());
        }
        match held.disconnect() {
            Ok(()) | Err(Error::RemovedCard | Error::NoSmartcard) => Ok(()),
            Err(error) => Err(self.error("disconnect", error)),
        }
    }

    /// Waits until pcscd has forgotten a reader that was unplugged.
    ///
    /// pcscd (1.9.9) tells its thread for the reader to end by a mark that each call that ends overwrites
    /// (`EHDestroyEventHandler`, `RFUnlockSharing`). The end of a session, in just that moment, would have it wait
    /// for the thread for ever, and nobody would see a reader come or go any more.
    fn await_forgotten(&self, reader: &CStr) {
        let Some(context) = &self.context else { return };
        let reader = reader.to_string_lossy();
        let end = Instant::now() + FORGETS;
        let lists = || names::list(context).is_ok_and(|names| names.iter().any(|it| *it == reader));
        while Instant::now() < end && lists() {
            std::thread::sleep(GLANCE);
        }
    }

    /// Calls the service, with a fresh context when the one at hand died with the service.
    fn with_context<T>(
        &mut self,
        mut call: impl FnMut(&Context) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(context) = self.context.take() {
            match call(&context) {
                Err(error) if error::service_is_gone(error) => {}
                result => {
                    self.context = Some(context);
                    return result;
                }
            }
        }
        let context = Context::establish(Scope::User)?;
        let result = call(&context);
        self.context = Some(context);
        result
    }

    fn error(&self, action: &str, error: Error) -> DeviceError {
        self.subject.error(action, service::refusal(error))
    }
}
