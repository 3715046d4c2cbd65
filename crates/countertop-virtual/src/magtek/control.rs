//! The hand that swipes cards.

use std::time::Duration;

use countertop_wire::magtek::Command;
use tokio::time::timeout;

use super::reader::{SharedState, lock};
use crate::hid::HidInput;
use crate::stripe::{StripeCard, SwipeFault};

/// Swipes cards through a virtual reader, and lets it fail.
#[derive(Debug, Clone)]
pub struct MagtekControl {
    state: SharedState,
    input: HidInput,
}

impl MagtekControl {
    pub(super) fn new(state: SharedState, input: HidInput) -> Self {
        Self { state, input }
    }

    /// Swipes a card. Returns whether the host fetched it before the host poll timeout; what it did
    /// not fetch is forgotten, as the real ones do.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the card may or may not have been swiped.
    pub async fn swipe(&self, card: &StripeCard) -> bool {
        self.send(card, None).await
    }

    /// Swipes a card and lets something go wrong: [`SwipeFault::CutOff`] shortens the report.
    ///
    /// # Cancel safety
    ///
    /// As [`swipe`](Self::swipe).
    pub async fn swipe_with(&self, card: &StripeCard, fault: SwipeFault) -> bool {
        self.send(card, Some(fault)).await
    }

    /// Sends bytes that are no report of a swipe.
    ///
    /// # Cancel safety
    ///
    /// As [`swipe`](Self::swipe).
    pub async fn send_garbage(&self, bytes: &[u8]) -> bool {
        self.offer(bytes).await
    }

    /// Loads the test keys into a MagneSafe's head, or takes all keys out.
    pub fn set_encrypting(&self, encrypting: bool) {
        lock(&self.state).head.set_encrypting(encrypting);
    }

    /// Lets the reader leave commands unanswered, as one that hangs.
    pub fn set_silent(&self, silent: bool) {
        lock(&self.state).silent = silent;
    }

    /// Lets the reader stall commands.
    pub fn set_refusing(&self, refusing: bool) {
        lock(&self.state).refusing = refusing;
    }

    /// Returns the commands that have come, answered or not, oldest first.
    #[must_use]
    pub fn commands(&self) -> Vec<Command> {
        lock(&self.state).commands.clone()
    }

    async fn send(&self, card: &StripeCard, fault: Option<SwipeFault>) -> bool {
        let mut report = {
            let mut state = lock(&self.state);
            let card = state.head.read(card, fault);
            state.layout.encode(&card)
        };
        if let Some(SwipeFault::CutOff(length)) = fault {
            report.truncate(length);
        }
        self.offer(&report).await
    }

    async fn offer(&self, report: &[u8]) -> bool {
        let patience: Duration = lock(&self.state).config.host_poll_timeout;
        timeout(patience, self.input.send(report)).await.unwrap_or(false)
    }
}
