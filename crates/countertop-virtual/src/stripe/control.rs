//! The hand that swipes cards.

use tokio::sync::{mpsc, oneshot, watch};

use super::{StripeCard, SwipeFault};

#[derive(Debug)]
pub(super) struct SwipeRequest {
    pub(super) card: StripeCard,
    pub(super) fault: Option<SwipeFault>,
    pub(super) outcome: oneshot::Sender<bool>,
}

/// Swipes cards through a virtual reader.
#[derive(Debug, Clone)]
pub struct StripeControl {
    swipes: mpsc::Sender<SwipeRequest>,
    armed: watch::Receiver<bool>,
}

impl StripeControl {
    pub(super) fn new(swipes: mpsc::Sender<SwipeRequest>, armed: watch::Receiver<bool>) -> Self {
        Self { swipes, armed }
    }

    /// Swipes a card. Returns whether the reader was waiting for one; a reader that is not lets the
    /// card pass unseen, as the real ones do.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the card may or may not have been swiped.
    pub async fn swipe(&self, card: &StripeCard) -> bool {
        self.request(card, None).await
    }

    /// Swipes a card and lets something go wrong.
    ///
    /// # Cancel safety
    ///
    /// As [`swipe`](Self::swipe).
    pub async fn swipe_with(&self, card: &StripeCard, fault: SwipeFault) -> bool {
        self.request(card, Some(fault)).await
    }

    /// Waits until the reader waits for a card: its green light. Returns `false` when the reader is
    /// switched off.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn armed(&mut self) -> bool {
        self.armed.wait_for(|armed| *armed).await.is_ok()
    }

    async fn request(&self, card: &StripeCard, fault: Option<SwipeFault>) -> bool {
        let (outcome, seen) = oneshot::channel();
        let request = SwipeRequest { card: card.clone(), fault, outcome };
        self.swipes.send(request).await.is_ok() && seen.await.unwrap_or(false)
    }
}
