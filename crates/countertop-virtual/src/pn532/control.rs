//! The hand that holds cards to the antenna.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::field::Field;
use super::tags::Target;

/// Puts cards and tags into the field of a [`VirtualPn532`](super::VirtualPn532) and takes them
/// away, while a host uses it.
#[derive(Debug, Clone)]
pub struct Pn532Control {
    shared: Arc<Shared>,
}

/// Names a target in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TargetId(pub(super) u64);

/// Is a fault of the line that happens once, with the next command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pn532Fault {
    /// The command is acknowledged, and no response follows.
    NoResponse,
    /// The command is neither acknowledged nor carried out.
    Deaf,
    /// The response's checksum is wrong.
    BadChecksum,
    /// The acknowledgement comes 100 ms late, and the response behind it.
    LateAck,
    /// The command is taken for a broken one: NACK.
    Nack,
}

#[derive(Debug, Default)]
pub(super) struct Shared {
    field: Mutex<Field>,
    faults: Mutex<VecDeque<Pn532Fault>>,
    power_losses: AtomicU64,
    /// Counts the commands of hosts.
    pub(super) commands: watch::Sender<u64>,
    /// Rings when a target comes.
    pub(super) changed: Notify,
}

impl Shared {
    pub(super) fn field(&self) -> MutexGuard<'_, Field> {
        // A card that panicked does not make the field unusable.
        self.field.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cuts the chip's power: the field is off at once.
    pub(super) fn cut_power(&self) {
        self.field().switch(false);
        self.power_losses.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn power_losses(&self) -> u64 {
        self.power_losses.load(Ordering::SeqCst)
    }

    fn clear_faults(&self) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn next_fault(&self) -> Option<Pn532Fault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Pn532Control {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Holds a card or tag to the antenna.
    pub fn put(&self, target: Target) -> TargetId {
        let id = self.shared.field().put(target);
        self.shared.changed.notify_one();
        id
    }

    /// Takes a card or tag away, even in the middle of a conversation, and returns it; `None` when
    /// it is not there any more.
    pub fn take(&self, id: TargetId) -> Option<Target> {
        self.shared.field().take(id)
    }

    /// Takes everything away.
    pub fn clear(&self) {
        self.shared.field().clear();
    }

    /// Tells whether the host has the field switched on.
    #[must_use]
    pub fn field_is_on(&self) -> bool {
        self.shared.field().is_on()
    }

    /// Returns how long the field was on, all in all.
    #[must_use]
    pub fn field_on_time(&self) -> Duration {
        self.shared.field().on_time()
    }

    /// Lets every frame in the air that nobody answers take so long, as a real chip waits for it. At
    /// first it knows at once that nobody answers.
    pub fn set_silence(&self, silence: Duration) {
        self.shared.field().set_silence(silence);
    }

    /// Returns how many commands hosts have sent so far.
    #[must_use]
    pub fn commands(&self) -> u64 {
        *self.shared.commands.borrow()
    }

    /// Waits until hosts have sent so many commands.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn until_commands(&self, count: u64) {
        let mut commands = self.shared.commands.subscribe();
        // The sender is in `shared`, which lives as long as this.
        let _ = commands.wait_for(|commands| *commands >= count).await;
    }

    /// Makes the line fail once, with the next command that has no fault yet.
    pub fn inject(&self, fault: Pn532Fault) {
        self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
    }

    /// Forgets the faults that have not happened yet.
    pub fn heal(&self) {
        self.shared.clear_faults();
    }
}
