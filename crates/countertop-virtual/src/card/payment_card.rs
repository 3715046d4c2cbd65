//! The card itself: which command goes where.

use core::fmt;
use core::time::Duration;

use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};

use super::log::TransactionLog;
use super::personalisation::{Extended, InterfaceData, Personalisation};
use super::session::{Counters, Phase, Session};
use super::t0::T0;
use super::{CardProfile, Fault, Transmission, VirtualCard};

/// What a command is answered with: data and `9000`, or another status word.
pub(super) type Answer = Result<Vec<u8>, StatusWord>;

/// Names the side of a card that a reader talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Interface {
    /// The contacts: payment system environment, GENERATE AC.
    #[default]
    Contact,
    /// The radio: proximity payment system environment, the cryptogram with GET PROCESSING OPTIONS.
    Contactless,
}

/// Is a dual-interface EMV card with test keys.
///
/// Counters, PIN tries and the transaction log outlive resets, and are the same on both interfaces.
/// Its "random" numbers come from a counter and its own key, so that a run can be repeated; a clone
/// of a card repeats them.
#[derive(Clone)]
pub struct PaymentCard {
    pub(super) profile: CardProfile,
    pub(super) memory: Personalisation,
    pub(super) interface: Interface,
    pub(super) session: Session,
    pub(super) counters: Counters,
    pub(super) log: TransactionLog,
    t0: T0,
    commands: u32,
    removed: bool,
    /// The card was torn out, and is out of the field until it is presented again.
    torn: bool,
    away: bool,
}

impl PaymentCard {
    /// Personalises a card; a reader reaches it by its contacts.
    #[must_use]
    pub fn new(profile: CardProfile) -> Self {
        Self {
            memory: Personalisation::new(&profile),
            interface: Interface::default(),
            session: Session::default(),
            counters: Counters {
                pin_tries: profile.pin_tries,
                transactions: profile.risk.transactions,
                last_online: profile.risk.last_online,
                ..Counters::default()
            },
            log: TransactionLog::default(),
            t0: T0::default(),
            commands: 0,
            removed: false,
            torn: false,
            away: false,
            profile,
        }
    }

    /// Turns another side of the card to the reader, and resets it.
    #[must_use]
    pub fn on(mut self, interface: Interface) -> Self {
        self.interface = interface;
        self.reset();
        self
    }

    /// Returns what the card was personalised with.
    #[must_use]
    pub fn profile(&self) -> &CardProfile {
        &self.profile
    }

    /// Returns how many transactions were started: the application transaction counter.
    #[must_use]
    pub fn transaction_counter(&self) -> u16 {
        self.counters.transactions
    }

    /// Returns how many tries are left for the offline PIN.
    #[must_use]
    pub fn pin_tries(&self) -> u8 {
        self.counters.pin_tries
    }

    /// Returns what the interface in use has of its own.
    pub(super) fn interface_data(&self) -> &InterfaceData {
        match (self.interface, self.extended()) {
            (_, Some(extended)) => &extended.interface,
            (Interface::Contact, None) => &self.memory.contact,
            (Interface::Contactless, None) => &self.memory.contactless,
        }
    }

    /// Returns what the selected application has for elliptic curves, where they are used.
    pub(super) fn extended(&self) -> Option<&Extended> {
        let extended = self.memory.extended.get(self.session.application);
        extended.filter(|_| self.session.extended)
    }

    /// Returns an error unless the transaction is in one of `phases`.
    pub(super) fn require(&self, phases: &[Phase]) -> Result<(), StatusWord> {
        if phases.contains(&self.session.phase) {
            Ok(())
        } else {
            Err(StatusWord::CONDITIONS_NOT_SATISFIED)
        }
    }

    fn execute(&mut self, command: &CommandApdu) -> Answer {
        // An enciphered PIN must follow its GET CHALLENGE at once.
        let challenge = self.session.challenge.take();
        match (command.class(), command.instruction()) {
            (0x00, 0x20) => self.verify(command, challenge),
            (0x00, 0x82) => self.external_authenticate(command),
            (0x00, 0x84) => self.get_challenge(command),
            (0x00, 0x88) => self.internal_authenticate(command),
            (0x00, 0xa4) => self.select(command),
            (0x00, 0xb2) => self.read_record(command),
            (0x80, 0xa8) => self.get_processing_options(command),
            (0x80, 0xae) => self.generate_ac(command),
            (0x80, 0xd0) => self.recover_ac(command),
            (0x80, 0xca) => self.get_data(command),
            (0x80, 0x20 | 0x82 | 0x84 | 0x88 | 0xa4 | 0xb2) | (0x00, 0xa8 | 0xae | 0xca) => {
                Err(StatusWord::CLASS_NOT_SUPPORTED)
            }
            (0x00 | 0x80, _) => Err(StatusWord::INSTRUCTION_NOT_SUPPORTED),
            _ => Err(StatusWord::CLASS_NOT_SUPPORTED),
        }
    }

    fn respond(&mut self, command: &[u8]) -> ResponseApdu {
        if self.speaks_t0() {
            let mut t0 = core::mem::take(&mut self.t0);
            let response = t0.respond(command, |command| self.respond_whole(command));
            self.t0 = t0;
            return response;
        }
        self.respond_whole(command)
    }

    fn speaks_t0(&self) -> bool {
        self.interface == Interface::Contact && self.profile.transmission == Transmission::T0
    }

    fn respond_whole(&mut self, command: &[u8]) -> ResponseApdu {
        let Ok(command) = CommandApdu::parse(command) else {
            return StatusWord::WRONG_LENGTH.into();
        };
        match self.execute(&command) {
            Ok(data) if command.expected() == 0 || data.len() <= command.expected() => {
                ResponseApdu::new(data, StatusWord::SUCCESS)
            }
            Ok(data) => wrong_expected(data.len()),
            Err(status) => status.into(),
        }
    }

    fn fault(&self) -> Option<Fault> {
        self.profile.faults.iter().copied().find(|fault| {
            matches!(fault, Fault::RemovedAt(at) | Fault::MuteAt(at) | Fault::StatusAt(at, _)
                | Fault::GarbageAt(at) | Fault::TornAt(at) | Fault::TruncatedAt(at) if *at == self.commands)
        })
    }
}

/// Returns `6Cxx`: the answer has `length` bytes, more than were asked for.
fn wrong_expected(length: usize) -> ResponseApdu {
    let length = u16::try_from(length).ok().filter(|length| *length < 0x100).unwrap_or(0);
    StatusWord(0x6c00 | length).into()
}

impl VirtualCard for PaymentCard {
    /// Returns an ATR for T=0 or for T=1 with block size 254 (EMV Book 1, clause 8.3) whose historical bytes
    /// say that applications are selected by full or partial name.
    fn answer_to_reset(&self) -> Vec<u8> {
        if self.profile.transmission == Transmission::T0 {
            // TS T0 TB1 TC1, category, card service data; T=0 alone has no check byte.
            return vec![0x3b, 0x63, 0x00, 0x00, 0x80, 0x31, 0xc0];
        }
        let mut atr = vec![
            0x3b, 0xe3, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x45, // TS T0 TB1 TC1 TD1 TD2 TA3 TB3
            0x80, 0x31, 0xc0, // category, card service data
        ];
        atr.push(atr.iter().skip(1).fold(0, |check, byte| check ^ byte));
        atr
    }

    /// Returns an ATS for frames of 256 bytes at 106 kbit/s (EMV Contactless Book D, clause 5.7).
    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x08, 0x78, 0x80, 0x70, 0x02, 0x80, 0x31, 0xc0]
    }

    fn reset(&mut self) {
        self.session = Session::default();
        self.t0 = T0::default();
        self.commands = 0;
        self.away = false;
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.commands = self.commands.saturating_add(1);
        match self.fault() {
            Some(Fault::RemovedAt(_)) => {
                self.removed = true;
                Vec::new()
            }
            Some(Fault::TornAt(_)) if !self.torn => {
                self.respond(command);
                (self.torn, self.away) = (true, true);
                Vec::new()
            }
            Some(Fault::MuteAt(_)) => Vec::new(),
            Some(Fault::GarbageAt(at)) if !self.removed => {
                let length = self.respond(command).data().len().clamp(1, 40);
                noise(at, length)
            }
            Some(Fault::TruncatedAt(_)) if !self.removed => {
                let response = self.respond(command);
                let data = response.data();
                let half = data.get(..data.len() / 2).unwrap_or_default();
                ResponseApdu::new(half.to_vec(), response.status()).to_bytes()
            }
            Some(Fault::StatusAt(_, status)) => ResponseApdu::from(status).to_bytes(),
            _ if self.removed || self.away => Vec::new(),
            _ => self.respond(command).to_bytes(),
        }
    }

    fn delay(&self) -> Duration {
        let slow = |fault: &Fault| match fault {
            Fault::Slow(delay) => Some(*delay),
            _ => None,
        };
        self.profile.faults.iter().find_map(slow).unwrap_or_default()
    }

    fn is_present(&self) -> bool {
        !self.removed && !self.away
    }
}

/// Returns bytes that mean nothing, and `9000`; the same ones for the same `seed`.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[0]
    };
    let mut answer: Vec<u8> = (0..length).map(|_| next()).collect();
    answer.extend([0x90, 0x00]);
    answer
}

impl fmt::Debug for PaymentCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentCard")
            .field("interface", &self.interface)
            .field("phase", &self.session.phase)
            .field("transactions", &self.counters.transactions)
            .finish_non_exhaustive()
    }
}
