//! What the talking thread is asked to do.

use std::sync::{Arc, mpsc};

use countertop_device::{CardProtocol, DeviceError, Dialogue, Sensitive};
use countertop_wire::pcsc_part10::FeatureList;
use tokio::sync::oneshot;

use super::place::Place;
use super::progress::Progress;

/// Takes the answer; closed when the caller has given up.
pub(super) type Reply<T> = oneshot::Sender<Result<T, DeviceError>>;

/// Takes requests to a thread.
#[derive(Debug, Clone)]
pub(super) struct Requests {
    thread: u64,
    sender: mpsc::Sender<Request>,
}

impl Requests {
    /// Creates the way to the thread of this number, which takes them from the receiver.
    pub(super) fn new(thread: u64) -> (Self, mpsc::Receiver<Request>) {
        let (sender, receiver) = mpsc::channel();
        (Self { thread, sender }, receiver)
    }

    /// Returns the number of the thread.
    pub(super) fn thread(&self) -> u64 {
        self.thread
    }

    /// Sends a request. A thread that has ended drops it with its reply, which the caller sees; it
    /// has dropped its card already.
    pub(super) fn send(&self, request: Request) {
        let _ = self.sender.send(request);
    }
}

/// Is what the thread is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    /// Find the reader.
    Find { action: &'static str, reply: Reply<String> },
    /// Find out where the reader is.
    Locate { name: String, action: &'static str, reply: Reply<Place> },
    /// Power the card that is in.
    Connect { requests: Requests, reply: Reply<Powered> },
    /// Send a command APDU.
    Transmit { session: u64, command: Sensitive, reply: Reply<Sensitive> },
    /// Send the commands of a dialogue.
    Converse {
        session: u64,
        dialogue: Box<dyn Dialogue>,
        progress: Arc<Progress>,
        reply: Reply<Box<dyn Dialogue>>,
    },
    /// Reset the card.
    Reset { session: u64, reset: Reset, reply: Reply<Awake> },
    /// Ask for the reader's features.
    Features { session: u64, reply: Reply<FeatureList> },
    /// Send something to the reader itself; without a session the card is left alone.
    Control { session: Option<u64>, code: u32, data: Sensitive, reply: Reply<Sensitive> },
    /// Power the card down.
    Disconnect { session: u64, reply: Option<Reply<()>> },
}

impl Request {
    /// Tells whether the caller gave up while an earlier request hung. A session is ended all the
    /// same.
    pub(super) fn is_given_up(&self) -> bool {
        match self {
            Self::Find { reply, .. } => reply.is_closed(),
            Self::Locate { reply, .. } => reply.is_closed(),
            Self::Connect { reply, .. } => reply.is_closed(),
            Self::Transmit { reply, .. } | Self::Control { reply, .. } => reply.is_closed(),
            Self::Converse { reply, .. } => reply.is_closed(),
            Self::Reset { reply, .. } => reply.is_closed(),
            Self::Features { reply, .. } => reply.is_closed(),
            Self::Disconnect { .. } => false,
        }
    }
}

/// Says how a card is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reset {
    /// By the reset contact, under power (ISO/IEC 7816-3, clause 6.2.3).
    Warm,
    /// By power off and on.
    Cold,
}

/// Is a card that was powered.
#[derive(Debug)]
pub(super) struct Powered {
    pub(super) session: Session,
    pub(super) card: Awake,
}

/// Is what a card said when it was reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Awake {
    pub(super) protocol: CardProtocol,
    pub(super) answer_to_reset: Vec<u8>,
}

/// Stands for the card in the thread, which is powered down when this is dropped.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) number: u64,
    pub(super) requests: Requests,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.requests.send(Request::Disconnect { session: self.number, reply: None });
    }
}
