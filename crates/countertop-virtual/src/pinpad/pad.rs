//! The PIN pad itself: requests and keys in, answers out.

use countertop_wire::pin_block::DesKey;
use countertop_wire::pinpad::{
    Frame, MacRequest, MacResponse, MacStatus, OFFLINE_PIN, OfflinePinResponse, PinError,
    PinResponse, Request, Response, TEST_KEYS,
};
use tokio::time::Instant;

use super::PinPadConfig;
use super::control::Screen;
use super::keypad::{KeyBuffer, Typed};
use super::keys::{KeyError, KeyStore};
use super::link::{Answer, Event};
use super::mac::{self, MacSession};
use super::prompt::Prompt;

#[derive(Debug)]
pub(super) struct Pad {
    config: PinPadConfig,
    keys: KeyStore,
    mac: Option<MacSession>,
    prompt: Option<Prompt>,
    /// What the host wants to be shown; the idle text when empty.
    lines: Vec<String>,
    typed_ahead: KeyBuffer,
    answers: Vec<Answer>,
}

impl Pad {
    pub(super) fn new(config: PinPadConfig) -> Self {
        Self {
            keys: KeyStore::new(&config),
            config,
            mac: None,
            prompt: None,
            lines: Vec::new(),
            typed_ahead: KeyBuffer::default(),
            answers: Vec::new(),
        }
    }

    pub(super) fn answers(&mut self) -> impl Iterator<Item = Answer> {
        core::mem::take(&mut self.answers).into_iter()
    }

    pub(super) fn screen(&self) -> Screen {
        match &self.prompt {
            Some(prompt) => {
                Screen { lines: prompt.lines.clone(), prompting: true, stars: prompt.entry.stars() }
            }
            None if self.lines.is_empty() => {
                Screen { lines: vec![self.config.idle_text.clone()], ..Screen::default() }
            }
            None => Screen { lines: self.lines.clone(), ..Screen::default() },
        }
    }

    /// Returns when [`tick`](Self::tick) is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.prompt.as_ref().map(|prompt| prompt.deadline)
    }

    pub(super) fn tick(&mut self) {
        if self.deadline().is_some_and(|deadline| deadline <= Instant::now()) {
            self.prompt = None;
            self.answers.push(Answer::Eot);
        }
    }

    pub(super) fn handle(&mut self, event: Event) {
        match event {
            Event::Request(Request::Cancel) => self.cancel(),
            // While a PIN is typed, nothing but 72 is listened to (PP791 p. 201).
            Event::Request(_) | Event::Malformed(_) if self.prompt.is_some() => {}
            Event::Request(request) => self.execute(request),
            Event::Malformed(frame) => self.refuse(&frame),
            Event::Ended => self.mac = None,
        }
    }

    fn cancel(&mut self) {
        self.mac = None;
        let interrupted = self.prompt.take().is_some();
        self.answers.push(if interrupted { Answer::Eot } else { Answer::Ack });
    }

    fn execute(&mut self, request: Request) {
        match request {
            Request::SelectMasterKey(slot) => {
                self.keys.select(slot);
                self.answers.push(Answer::Eot);
            }
            Request::ConnectionTest => self.answers.push(Answer::Eot),
            Request::CheckMasterKey(slot) => {
                self.reply(&Response::MasterKey { loaded: self.keys.is_loaded(slot) });
            }
            Request::SerialNumber => {
                self.reply(&Response::SerialNumber(self.config.serial_number.clone()));
            }
            Request::Capabilities => {
                let names = [TEST_KEYS, OFFLINE_PIN].map(String::from);
                self.reply(&Response::Capabilities(names.into()));
            }
            Request::Mac(request) => self.compute_mac(&request),
            Request::Reset => self.lines.clear(),
            Request::DisplayString(string) => self.lines = vec![string],
            Request::DisplayLines(lines) => self.lines = lines,
            request => self.ask(request),
        }
    }

    /// Answers a request with fields out of bounds; a packet of an unknown type is ignored (PP791,
    /// section 4, "Packet Error").
    fn refuse(&mut self, frame: &Frame) {
        match frame.text() {
            [b'7', b'0', ..] | [b'Z', b'6', b'0' | b'2', ..] => {
                self.reply(&Response::Pin(PinResponse::Refused(PinError::Format)));
            }
            [b'Z', b'6', b'6', ..] => {
                self.reply(&Response::Mac(MacResponse::Status(MacStatus::Data)));
            }
            [b'X', b'3', b'6', ..] => {
                self.reply(&Response::OfflinePin(OfflinePinResponse::KeyRefused));
            }
            _ => {}
        }
    }

    fn compute_mac(&mut self, request: &MacRequest) {
        let answer = mac::compute(&mut self.mac, &mut self.keys, request);
        self.reply(&Response::Mac(answer));
    }

    /// Starts an entry, which keys that were typed ahead may end at once.
    fn ask(&mut self, request: Request) {
        let prompt = match request {
            Request::PinEntry(request) => {
                self.pin_key(&request.working_key).map(|key| Prompt::of_pin_entry(request, key))
            }
            Request::AmountPin(request) => {
                self.pin_key(&request.working_key).map(|key| Prompt::of_amount(request, key))
            }
            Request::OfflinePin(request) => Ok(Prompt::of_offline(request)),
            _ => return,
        };
        match prompt {
            Ok(prompt) => {
                self.prompt = Some(prompt);
                self.type_on();
            }
            Err(error) => self.reply(&Response::Pin(PinResponse::Refused(error))),
        }
    }

    fn pin_key(&mut self, cryptogram: &[u8]) -> Result<DesKey, PinError> {
        self.keys.pin_key(cryptogram).map_err(|error| match error {
            KeyError::NoMasterKey => PinError::NoMasterKey,
            KeyError::Role => PinError::Key,
            KeyError::Length => PinError::KeyFormat,
        })
    }

    pub(super) fn press(&mut self, keys: &KeyBuffer) {
        self.typed_ahead.append(keys);
        self.type_on();
    }

    fn type_on(&mut self) {
        while let Some(prompt) = &mut self.prompt {
            let Some(key) = self.typed_ahead.take_key() else { return };
            let answer = match prompt.entry.press(key) {
                Typed::More => continue,
                Typed::Cancelled => Answer::Eot,
                Typed::Bypassed => Answer::Frame(prompt.bypassed().encode()),
                Typed::Entered(pin) => {
                    self.lines = vec![prompt.processing.clone()];
                    Answer::Frame(prompt.entered(pin).encode())
                }
            };
            self.answers.push(answer);
            self.prompt = None;
        }
    }

    fn reply(&mut self, response: &Response) {
        self.answers.push(Answer::Frame(response.encode()));
    }
}
