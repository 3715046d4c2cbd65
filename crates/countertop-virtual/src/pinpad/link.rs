//! The PIN pad's side of ACK, NAK and EOT.

use core::time::Duration;

use countertop_wire::pinpad::{ACK, EOT, Frame, FrameDecoder, FrameKind, NAK, Request, Token};
use tokio::time::Instant;

/// How long the PIN pad waits for ACK before it sends again (PP791, section 4, "Time-out").
const ACK_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a packet is sent before the PIN pad gives up.
const ATTEMPTS: u8 = 3;

/// Is what happened on the line that matters to the PIN pad.
#[derive(Debug)]
pub(super) enum Event {
    /// A good packet came and was acknowledged, or is a cancellation.
    Request(Request),
    /// A good packet came whose type is not known or whose fields are out of bounds.
    Malformed(Frame),
    /// The host ended the exchange.
    Ended,
}

/// Is what the PIN pad sends.
#[derive(Debug)]
pub(super) enum Answer {
    Frame(Frame),
    Ack,
    Eot,
}

#[derive(Debug)]
struct Unacknowledged {
    frame: Frame,
    attempts: u8,
    deadline: Instant,
}

#[derive(Debug)]
pub(super) struct PadLink {
    decoder: FrameDecoder,
    output: Vec<u8>,
    waiting: Option<Unacknowledged>,
    naks: u8,
}

impl PadLink {
    pub(super) fn new() -> Self {
        Self { decoder: FrameDecoder::new(), output: Vec::new(), waiting: None, naks: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.decoder.push(bytes);
    }

    pub(super) fn take_output(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.output)
    }

    /// Returns when [`tick`](Self::tick) is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.waiting.as_ref().map(|waiting| waiting.deadline)
    }

    pub(super) fn send(&mut self, answer: Answer) {
        match answer {
            Answer::Ack => self.output.push(ACK),
            Answer::Eot => self.output.push(EOT),
            Answer::Frame(frame) => {
                self.output.extend_from_slice(&frame.encode());
                let deadline = Instant::now() + ACK_TIMEOUT;
                self.waiting = Some(Unacknowledged { frame, attempts: 1, deadline });
            }
        }
    }

    pub(super) fn tick(&mut self) {
        if self.deadline().is_some_and(|deadline| deadline <= Instant::now()) {
            self.send_again();
        }
    }

    pub(super) fn next_event(&mut self) -> Option<Event> {
        loop {
            let token = self.decoder.next_token()?;
            match token {
                Token::Ack => self.acknowledged(),
                Token::Nak => self.send_again(),
                Token::Eot => {
                    self.waiting = None;
                    return Some(Event::Ended);
                }
                Token::Damaged => self.refuse(),
                Token::Frame(frame) => return Some(self.accept(frame)),
            }
        }
    }

    /// Takes a good packet. A host that sends one has got the last answer, or does not want it.
    fn accept(&mut self, frame: Frame) -> Event {
        (self.waiting, self.naks) = (None, 0);
        match Request::parse(&frame) {
            // How 72 is answered depends on what it interrupts.
            Ok(Request::Cancel) => Event::Request(Request::Cancel),
            Ok(request) => {
                self.output.push(ACK);
                Event::Request(request)
            }
            Err(_) => {
                self.output.push(ACK);
                Event::Malformed(frame)
            }
        }
    }

    fn acknowledged(&mut self) {
        if let Some(waiting) = self.waiting.take()
            && waiting.frame.kind() == FrameKind::Administration
        {
            self.output.push(EOT);
        }
    }

    fn send_again(&mut self) {
        let Some(mut waiting) = self.waiting.take() else { return };
        if waiting.attempts == ATTEMPTS {
            self.output.push(EOT);
            return;
        }
        waiting.attempts += 1;
        waiting.deadline = Instant::now() + ACK_TIMEOUT;
        self.output.extend_from_slice(&waiting.frame.encode());
        self.waiting = Some(waiting);
    }

    fn refuse(&mut self) {
        self.naks += 1;
        if self.naks < ATTEMPTS {
            self.output.push(NAK);
        } else {
            self.naks = 0;
            self.output.push(EOT);
        }
    }
}
