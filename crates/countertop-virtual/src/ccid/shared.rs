//! What host, card and hand share.

use core::time::Duration;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countertop_wire::ccid::{Exchange, IccStatus, Parameters, T0Parameters};
use tokio::sync::{Notify, watch};

use super::abort::Abort;
use super::atr;
use super::config::CcidConfig;
use super::control::CcidFault;
use super::key_pad::Typed;
use super::link::{CardLink, Reaction};
use crate::card::{LONGEST_COMMAND, VirtualCard};

/// Is the reader's state, and how others learn that it changed.
pub(super) struct Shared {
    state: Mutex<State>,
    /// Rings when a card came or left, and when the reader was plugged or told to abort.
    pub(super) changed: Notify,
    /// Counts the blocks that the host has sent to the card.
    pub(super) blocks: watch::Sender<u64>,
    /// At which level blocks are exchanged.
    pub(super) exchange: Exchange,
    /// How many bytes a block may have.
    pub(super) longest_block: usize,
    /// Counts how often a PIN was asked for; `None` in a reader without key pad.
    pub(super) pins_asked: Option<watch::Sender<u64>>,
}

/// Is the state of reader and slot.
pub(super) struct State {
    card: Option<Box<dyn VirtualCard>>,
    powered: bool,
    link: CardLink,
    pub(super) parameters: Parameters,
    pub(super) faults: VecDeque<CcidFault>,
    pub(super) abort: Abort,
    /// Whether the host has to be told how the slot is.
    pub(super) untold: bool,
    /// Counts how often the reader was plugged.
    pub(super) plugged: u64,
    /// Counts cards that came and left.
    pub(super) moves: u64,
    /// What was typed since a PIN was asked for.
    pub(super) typed: VecDeque<Typed>,
}

impl Shared {
    pub(super) fn new(config: &CcidConfig) -> Self {
        let state = State {
            card: None,
            powered: false,
            link: CardLink::default(),
            parameters: Parameters::T0(T0Parameters::default()),
            faults: VecDeque::new(),
            abort: Abort::default(),
            untold: false,
            plugged: 0,
            moves: 0,
            typed: VecDeque::new(),
        };
        let (blocks, _) = watch::channel(0);
        Self {
            state: Mutex::new(state),
            changed: Notify::new(),
            blocks,
            exchange: config.exchange,
            longest_block: config.longest_block(),
            pins_asked: config.key_pad.then(|| watch::channel(0).0),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A card that panicked does not make the reader unusable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(super) fn icc(&self) -> IccStatus {
        match (&self.card, self.powered) {
            (None, _) => IccStatus::Absent,
            (Some(_), false) => IccStatus::Inactive,
            (Some(_), true) => IccStatus::Active,
        }
    }

    pub(super) fn has_card(&self) -> bool {
        self.card.is_some()
    }

    pub(super) fn is_powered(&self) -> bool {
        self.powered
    }

    /// Puts another card in, or none, and returns the one that was in.
    pub(super) fn replace(
        &mut self,
        card: Option<Box<dyn VirtualCard>>,
    ) -> Option<Box<dyn VirtualCard>> {
        self.powered = false;
        self.untold = true;
        self.moves += 1;
        core::mem::replace(&mut self.card, card)
    }

    /// Powers the card and returns its answer to reset; `None` when there is none to be had.
    pub(super) fn power_on(&mut self, exchange: Exchange) -> Option<Vec<u8>> {
        let card = self.card.as_mut()?;
        card.reset();
        let answer_to_reset = card.answer_to_reset();
        self.parameters = atr::parameters(&answer_to_reset);
        self.powered = !answer_to_reset.is_empty();
        self.link = CardLink::new(exchange, &self.parameters);
        self.powered.then_some(answer_to_reset)
    }

    pub(super) fn power_off(&mut self) {
        self.powered = false;
        if let Some(card) = &mut self.card {
            card.reset();
        }
    }

    /// Sets the parameters; another protocol begins anew.
    pub(super) fn set_parameters(&mut self, parameters: Parameters, exchange: Exchange) {
        if core::mem::discriminant(&parameters) != core::mem::discriminant(&self.parameters) {
            self.link = CardLink::new(exchange, &parameters);
        }
        self.parameters = parameters;
    }

    /// Tells whether a chain of blocks would be longer with this one than any command is.
    pub(super) fn is_too_long(&self, block: &[u8]) -> bool {
        self.link.collected() + block.len() > LONGEST_COMMAND
    }

    /// Gives a block to the card; `None` when none is powered. A card may leave with it.
    pub(super) fn exchange(
        &mut self,
        level: u16,
        longest: usize,
        block: &[u8],
    ) -> Option<Reaction> {
        let card = self.card.as_mut().filter(|_| self.powered)?;
        let reaction = self.link.exchange(card.as_mut(), level, longest, block);
        if !card.is_present() {
            drop(self.replace(None));
            return None;
        }
        Some(reaction)
    }

    /// Forgets the host.
    pub(super) fn plug(&mut self) {
        self.power_off();
        self.abort = Abort::default();
        self.untold = false;
        self.plugged += 1;
    }

    /// Hears that the host listens from now on: a card that is in is news to it.
    pub(super) fn configure(&mut self) {
        self.untold = self.card.is_some();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let icc = self.lock().icc();
        f.debug_struct("Shared").field("icc", &icc).finish_non_exhaustive()
    }
}

/// Is how long a reader lets a card think before it asks the host for more time.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);
