//! The host: what it knows, and the way of a request through it.

use core::hash::BuildHasher;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::RandomState;
use std::io;

use countertop_wire::iso8583::{Message, MessageError, Mti};
use countertop_wire::pin_block::DesKey;
use countertop_wire::unionpay::{BatchEntry, Frame, HostTask, split_mac};
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::behaviour::{Script, by_amount};
use super::clock::Moment;
use super::ledger::Ledger;
use super::ledger_file::LedgerFile;
use super::{Account, AcquirerConfig, Behaviour, Reconciliation, SeenRequest};

/// How many requests are remembered.
const SEEN_MAX: usize = 10_000;

/// Is the state of a virtual acquirer.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) config: AcquirerConfig,
    pub(super) terminals: BTreeMap<String, TerminalState>,
    pub(super) ledger: Ledger,
    pub(super) script: Script,
    pub(super) reconciliations: Vec<Reconciliation>,
    pub(super) seen: VecDeque<SeenRequest>,
    /// How many requests were seen in all.
    pub(super) seen_total: watch::Sender<usize>,
    pub(super) task: HostTask,
    pub(super) used_codes: UsedCodes,
    pub(super) counter: u32,
}

/// Remembers payment codes as hashes, since a code is never kept.
#[derive(Debug, Default)]
pub(super) struct UsedCodes {
    hasher: RandomState,
    hashes: BTreeSet<u64>,
}

impl UsedCodes {
    /// Uses a code up; tells whether it was fresh.
    pub(super) fn take(&mut self, code: &[u8]) -> bool {
        self.hashes.insert(self.hasher.hash_one(code))
    }
}

/// Is what the host knows of a terminal.
#[derive(Debug, Default)]
pub(super) struct TerminalState {
    pub(super) keys: Option<Keys>,
    /// The batch that is open; `None` before the first message.
    pub(super) batch: Option<u32>,
    /// The batches that were settled.
    pub(super) closed: BTreeSet<u32>,
    /// What was uploaded of the open batch, by trace number.
    pub(super) uploaded: BTreeMap<u32, BatchEntry>,
}

/// Are the working keys of a terminal.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) pin: DesKey,
    pub(super) mac: Zeroizing<Vec<u8>>,
}

/// Withholds the keys.
impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Is what a connection does about a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Answer { bytes: Vec<u8>, delay: Duration },
    Silence,
    HangUp,
}

/// Refuses a request with a response code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) [u8; 2]);

impl Refusal {
    pub(super) const DUPLICATE: Self = Self(*b"94");
    pub(super) const FAULT: Self = Self(*b"96");
    pub(super) const FORMAT: Self = Self(*b"30");
    pub(super) const MAC: Self = Self(*b"A0");
    pub(super) const MERCHANT: Self = Self(*b"03");
    pub(super) const NOT_FOUND: Self = Self(*b"25");
    pub(super) const NOT_SUPPORTED: Self = Self(*b"40");
    pub(super) const SIGN_IN: Self = Self(*b"77");
    pub(super) const TERMINAL: Self = Self(*b"97");

    pub(super) fn code(code: &str) -> Self {
        Self(code.as_bytes().try_into().unwrap_or(Self::FAULT.0))
    }
}

impl From<MessageError> for Refusal {
    fn from(_: MessageError) -> Self {
        Self::FAULT
    }
}

impl From<io::Error> for Refusal {
    fn from(_: io::Error) -> Self {
        Self::FAULT
    }
}

impl Host {
    pub(super) fn new(config: AcquirerConfig) -> io::Result<Self> {
        let file = config.ledger_file.as_deref().map(LedgerFile::open).transpose()?;
        Ok(Self {
            config,
            terminals: BTreeMap::new(),
            ledger: Ledger::new(file),
            script: Script::default(),
            reconciliations: Vec::new(),
            seen: VecDeque::new(),
            seen_total: watch::Sender::new(0),
            task: HostTask::None,
            used_codes: UsedCodes::default(),
            counter: 0,
        })
    }

    pub(super) fn set_account(&mut self, account: Account) {
        let same = |other: &&mut Account| other.pan == account.pan;
        match self.config.accounts.iter_mut().find(same) {
            Some(earlier) => *earlier = account,
            None => self.config.accounts.push(account),
        }
    }

    /// Handles a frame without its length.
    pub(super) fn process(&mut self, body: &[u8]) -> Reply {
        let Ok(frame) = Frame::parse_body(body) else { return Reply::HangUp };
        let Ok(request) = frame.read_message() else { return self.malformed(&frame) };
        if request.mti().is_response() {
            return Reply::HangUp;
        }
        let behaviour = self.behaviour(&request);
        match behaviour {
            Some(Behaviour::DropRequest) => return self.lose(&frame, &request, Reply::Silence),
            Some(Behaviour::HangUp) => return self.lose(&frame, &request, Reply::HangUp),
            _ => {}
        }
        let now = Moment::now();
        let answer = self.handle(&frame, &request, behaviour.as_ref(), &now);
        self.remember(&frame, &request, answer.text(39));
        self.reply(&frame, answer, behaviour)
    }

    fn behaviour(&mut self, request: &Message) -> Option<Behaviour> {
        let scripted = self.script.take(request.mti());
        let rules = self.config.amount_rules;
        scripted.or_else(|| rules.then(|| by_amount(request)).flatten())
    }

    fn lose(&mut self, frame: &Frame, request: &Message, reply: Reply) -> Reply {
        self.remember(frame, request, None);
        reply
    }

    fn remember(&mut self, frame: &Frame, request: &Message, code: Option<&str>) {
        self.seen.push_back(SeenRequest {
            mti: request.mti(),
            stan: request.text(11).map(String::from),
            fields: request.numbers().collect(),
            training: frame.header.state() == 1,
            code: code.map(String::from),
        });
        if self.seen.len() > SEEN_MAX {
            self.seen.pop_front();
        }
        self.seen_total.send_modify(|total| *total += 1);
    }

    fn handle(
        &mut self,
        frame: &Frame,
        request: &Message,
        behaviour: Option<&Behaviour>,
        now: &Moment,
    ) -> Message {
        let checked = self.check(frame, request);
        let handled = checked.and_then(|()| match behaviour {
            Some(Behaviour::Decline(code)) => self.decline(request, Refusal(*code)),
            _ => self.dispatch(request, behaviour, now),
        });
        let rrn = self.next_rrn(now);
        handled.unwrap_or_else(|refusal| super::answer::refuse(request, refusal, now, &rrn))
    }

    /// Uses up the trace number of a request that is refused by script.
    fn decline(&mut self, request: &Message, refusal: Refusal) -> Result<Message, Refusal> {
        if let Ok(information) = super::financial::information(request)
            && let (Some(terminal), Some(stan)) =
                (request.text(41), super::financial::stan(request))
        {
            self.ledger.take_number(terminal, information.batch, stan);
        }
        Err(refusal)
    }

    fn dispatch(
        &mut self,
        request: &Message,
        behaviour: Option<&Behaviour>,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        let approve = behaviour == Some(&Behaviour::Approve);
        match request.mti() {
            Mti::FINANCIAL => self.financial(request, approve, now),
            Mti::REVERSAL => self.reverse(request, now),
            Mti::RECONCILIATION => self.settle(request, now),
            Mti::BATCH_UPLOAD => self.upload(request, now),
            Mti::NETWORK_REQUEST => self.network_request(request, behaviour, now),
            Mti::NETWORK_ADVICE => self.network_advice(request, now),
            Mti::SCRIPT_RESULT => {
                let rrn = self.next_rrn(now);
                Ok(super::answer::approve(request, now, &rrn)?)
            }
            _ => Err(Refusal::NOT_SUPPORTED),
        }
    }

    /// Checks terminal, merchant and authentication code.
    fn check(&self, frame: &Frame, request: &Message) -> Result<(), Refusal> {
        let terminal = request.text(41).ok_or(Refusal::FORMAT)?;
        let merchant = request.text(42).ok_or(Refusal::FORMAT)?;
        let known = &self.config.terminals;
        match known.iter().find(|identity| identity.terminal_id == terminal) {
            None if !known.is_empty() => return Err(Refusal::TERMINAL),
            Some(identity) if identity.merchant_id != merchant => return Err(Refusal::MERCHANT),
            _ => {}
        }
        if !is_authenticated(request.mti()) {
            return Ok(());
        }
        let keys = self.keys(terminal).ok_or(Refusal::SIGN_IN)?;
        let (block, received) = split_mac(&frame.message).ok_or(Refusal::MAC)?;
        match self.config.mac.compute(&keys.mac, block) {
            Ok(computed) if computed == received => Ok(()),
            _ => Err(Refusal::MAC),
        }
    }

    pub(super) fn keys(&self, terminal: &str) -> Option<&Keys> {
        self.terminals.get(terminal)?.keys.as_ref()
    }

    /// Returns the next retrieval reference number: time and a counter, all digits.
    pub(super) fn next_rrn(&mut self, now: &Moment) -> String {
        self.counter = self.counter % 999_999 + 1;
        format!("{}{:06}", now.time, self.counter)
    }

    /// Answers a message that cannot be read with a format error, if its type can.
    fn malformed(&mut self, frame: &Frame) -> Reply {
        let mti = frame.message.first_chunk::<2>().and_then(|bytes| Mti::from_bytes(*bytes));
        let Some(mti) = mti.filter(|mti| !mti.is_response()) else { return Reply::HangUp };
        let request = Message::new(mti);
        self.remember(frame, &request, Some("30"));
        let now = Moment::now();
        let rrn = self.next_rrn(&now);
        let answer = super::answer::refuse(&request, Refusal::FORMAT, &now, &rrn);
        self.reply(frame, answer, None)
    }
}

/// Tells whether requests of this type carry an authentication code.
pub(super) fn is_authenticated(mti: Mti) -> bool {
    matches!(mti.to_bytes(), [0x01 | 0x02 | 0x04 | 0x06, _])
}
