//! The talking thread: holds the second context and at most one card.

use core::time::Duration;
use std::ffi::CString;
use std::sync::mpsc;
use std::time::Instant;

use countertop_device::{CardProtocol, DeviceError, DeviceErrorKind, Sensitive};
use pcsc::{Card, Context, Disposition, Error, Scope, ShareMode};

use super::card::{self, Exchange};
use super::place::{self, Place};
use super::talk::{Powered, Request, Session};
use super::{error, names};

/// How long a reader may still be there after pcscd's word for a card that left.
const LAST_MOMENT: Duration = Duration::from_millis(40);
/// The same after pcscd's word for a transfer that failed, which the cable mostly is.
const LAST_MOMENT_OF_CABLE: Duration = Duration::from_millis(300);
const GLANCE: Duration = Duration::from_millis(4);

/// Is the state of the thread.
pub(super) struct Thread {
    prefix: String,
    device: String,
    context: Option<Context>,
    /// Where the reader was when it was opened.
    place: Place,
    held: Option<Held>,
    sessions: u64,
}

/// Is the card that is powered.
struct Held {
    session: u64,
    card: Card,
    protocol: CardProtocol,
    reader: CString,
}

impl Thread {
    /// Creates the thread's state for the reader whose name starts with `prefix`.
    pub(super) fn new(prefix: String, device: String) -> Self {
        Self { prefix, device, context: None, place: Place::Hidden, held: None, sessions: 0 }
    }

    /// Serves requests until nobody is left to ask.
    pub(super) fn run(mut self, requests: &mpsc::Receiver<Request>) {
        while let Ok(request) = requests.recv() {
            self.serve(request);
        }
    }

    /// Serves one request, unless the caller gave up while an earlier one hung.
    fn serve(&mut self, request: Request) {
        match request {
            Request::Find { action, reply } if !reply.is_closed() => {
                let found = self.find(action);
                let _ = reply.send(found);
            }
            Request::Locate { name, action, reply } if !reply.is_closed() => {
                let located = self.require_place(&name, action).map(|()| self.place.clone());
                let _ = reply.send(located);
            }
            Request::Connect { requests, reply } if !reply.is_closed() => {
                let powered = self.connect(requests);
                // What nobody takes is dropped here, which powers the card down.
                let _ = reply.send(powered);
            }
            Request::Transmit { session, command, reply } if !reply.is_closed() => {
                let answer = self.transmit(session, &command);
                let _ = reply.send(answer);
            }
            Request::Disconnect { session, reply } => {
                let ended = self.disconnect(session);
                if let Some(reply) = reply {
                    let _ = reply.send(ended);
                }
            }
            Request::Find { .. }
            | Request::Locate { .. }
            | Request::Connect { .. }
            | Request::Transmit { .. } => {}
        }
    }

    fn find(&mut self, action: &'static str) -> Result<String, DeviceError> {
        let names = self.with_context(names::list).map_err(|error| self.error(action, error))?;
        names::find(&names, &self.prefix)
            .cloned()
            .ok_or_else(|| names::not_found(&self.device, action, &names))
    }

    fn connect(&mut self, requests: mpsc::Sender<Request>) -> Result<Powered, DeviceError> {
        if self.held.is_some() {
            return Err(self
                .error("connect", Error::SharingViolation)
                .with_help("end the other session with this reader"));
        }
        let name = self.find("connect")?;
        self.require_place(&name, "connect")?;
        let (held, answer_to_reset) =
            self.power(&name).map_err(|error| self.error("connect", error))?;
        let session = Session { number: held.session, requests };
        let protocol = held.protocol;
        self.held = Some(held);
        Ok(Powered { session, protocol, answer_to_reset })
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
        let first = self.place == Place::Hidden;
        if !first && self.place.is_attached() {
            return Ok(());
        }
        let now = self.locate(name).map_err(|error| self.error(action, error))?;
        if !first && now.identity(name) != self.place.identity(name) {
            return Err(self
                .error(action, Error::ReaderUnavailable)
                .with_help("another reader has taken its name: open the reader again"));
        }
        self.place = now;
        Ok(())
    }

    fn power(&mut self, name: &str) -> Result<(Held, Vec<u8>), Error> {
        let reader = CString::new(name).map_err(|_| Error::UnknownReader)?;
        let card = self.with_context(|context| {
            context.connect(&reader, ShareMode::Exclusive, card::PROTOCOLS)
        })?;
        let status = card.status2_owned()?;
        let protocol = card::protocol(&status)?;
        self.sessions += 1;
        let held = Held { session: self.sessions, card, protocol, reader };
        Ok((held, status.atr().to_vec()))
    }

    fn transmit(&self, session: u64, command: &Sensitive) -> Result<Sensitive, DeviceError> {
        let held = self.held.as_ref().filter(|held| held.session == session);
        let (Some(held), Some(context)) = (held, &self.context) else {
            return Err(self.error("transmit", Error::RemovedCard));
        };
        let failed = |kind| DeviceError::new(kind, &self.device, "transmit");
        card::transmit(&held.card, held.protocol, command.expose()).map_err(|error| match error {
            Exchange::Line(error) if self.was_unplugged(error) => {
                self.error("transmit", Error::ReaderUnavailable)
            }
            Exchange::Line(error) => {
                self.error("transmit", card::why(context, &held.reader, error))
            }
            Exchange::Malformed => failed(DeviceErrorKind::InvalidInput)
                .with_help("send a short command APDU (ISO/IEC 7816-3, clause 12.1)"),
            Exchange::BadAnswer => failed(DeviceErrorKind::Protocol),
        })
    }

    /// Tells whether `error` came because the reader was unplugged: pcscd takes that for a card that
    /// left. The kernel ends the transfers before it takes the device away.
    fn was_unplugged(&self, error: Error) -> bool {
        let patience = match error {
            Error::RemovedCard | Error::NoSmartcard => LAST_MOMENT,
            Error::NotTransacted | Error::InternalError => LAST_MOMENT_OF_CABLE,
            _ => Duration::ZERO,
        };
        let end = Instant::now() + patience;
        while self.place.node().is_some() && Instant::now() < end {
            if !self.place.is_attached() {
                return true;
            }
            std::thread::sleep(GLANCE);
        }
        !self.place.is_attached()
    }

    fn disconnect(&mut self, session: u64) -> Result<(), DeviceError> {
        let Some(held) = self.held.take_if(|held| held.session == session) else { return Ok(()) };
        match held.card.disconnect(Disposition::UnpowerCard) {
            Ok(()) | Err((_, Error::RemovedCard | Error::NoSmartcard)) => Ok(()),
            Err((_, error)) => Err(self.error("disconnect", error)),
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
        error::device_error(&self.device, action, error)
    }
}
