//! The hand that inserts and removes cards.

use std::sync::Arc;

use countertop_device::Sensitive;
use countertop_wire::ccid::SlotError;

use super::key_pad::Typed;
use super::shared::Shared;
use crate::card::VirtualCard;

/// Inserts cards into a [`VirtualCcidReader`](super::VirtualCcidReader) and pulls them, while a
/// host uses it.
#[derive(Debug, Clone)]
pub struct CcidControl {
    shared: Arc<Shared>,
}

/// Says that a card is in already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("insert a card into the virtual reader: remove the other card first")]
pub struct Occupied;

/// Is a fault that happens once, with the next block for the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CcidFault {
    /// The reader does not answer, and does not ask for more time either.
    Silent,
    /// The block fails with this error; the card never sees it.
    Failed(SlotError),
}

impl CcidControl {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Inserts a card.
    ///
    /// # Errors
    ///
    /// [`Occupied`] when one is in.
    pub fn insert(&self, card: impl VirtualCard + 'static) -> Result<(), Occupied> {
        let mut state = self.shared.lock();
        if state.has_card() {
            return Err(Occupied);
        }
        drop(state.replace(Some(Box::new(card))));
        drop(state);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Pulls the card, even in the middle of a command, and returns it with all that it has
    /// counted; `None` when none is in.
    pub fn remove(&self) -> Option<Box<dyn VirtualCard>> {
        let mut state = self.shared.lock();
        let card = if state.has_card() { state.replace(None) } else { None };
        drop(state);
        self.shared.changed.notify_one();
        card
    }

    /// Makes the next block fail that has no fault yet.
    pub fn inject(&self, fault: CcidFault) {
        self.shared.lock().faults.push_back(fault);
    }

    /// Types a PIN in ASCII digits, and the key that ends it. Nothing happens while none is asked for.
    pub fn type_pin(&self, pin: &[u8]) {
        self.press(Typed::Pin(Sensitive::from(pin)));
    }

    /// Presses the cancel key. Nothing happens while no PIN is asked for.
    pub fn press_cancel(&self) {
        self.press(Typed::Cancel);
    }

    fn press(&self, typed: Typed) {
        self.shared.lock().typed.push_back(typed);
        self.shared.changed.notify_one();
    }

    /// Waits until a PIN was asked for so many times; without end in a reader without key pad.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn until_pins_asked(&self, count: u64) {
        let Some(asked) = &self.shared.pins_asked else { return core::future::pending().await };
        let mut asked = asked.subscribe();
        // The sender is in `shared`, which lives as long as this.
        let _ = asked.wait_for(|asked| *asked >= count).await;
    }

    /// Returns how many blocks the host has sent to cards so far.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        *self.shared.blocks.borrow()
    }

    /// Waits until the host has sent so many blocks.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn until_blocks(&self, count: u64) {
        let mut blocks = self.shared.blocks.subscribe();
        // The sender is in `shared`, which lives as long as this.
        let _ = blocks.wait_for(|blocks| *blocks >= count).await;
    }

    /// Tells whether the host has the card powered.
    #[must_use]
    pub fn is_powered(&self) -> bool {
        self.shared.lock().is_powered()
    }
}
