//! The hand that inserts and removes cards.

use core::pin::pin;
use core::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::SlotError;
use super::prompt::Prompt;
use super::serve::{Ended, connect, serve_link};
use crate::card::VirtualCard;

/// Says what happens to a card in the slot when the reader hangs up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reconnect {
    /// The card is out; it has to be inserted again.
    Never,
    /// The card stays in: the slot connects again, at first after this time, and after the same
    /// time again as long as the reader is away.
    Every(Duration),
}

type Card = Box<dyn VirtualCard>;

enum Order {
    Insert(Card, oneshot::Sender<Result<(), SlotError>>),
    Remove(oneshot::Sender<Option<Card>>),
}

/// Is a slot of the virtual reader, with or without a card.
///
/// Everything happens in [`run`](Self::run); a [`CardSlotControl`] tells it what to do.
#[derive(Debug)]
pub struct CardSlot {
    address: String,
    reconnect: Reconnect,
    orders: mpsc::Receiver<Order>,
}

/// Inserts and removes cards. It can be cloned.
#[derive(Debug, Clone)]
pub struct CardSlotControl {
    orders: mpsc::Sender<Order>,
}

impl CardSlot {
    /// Creates an empty slot for the reader at `address` ("127.0.0.1:35963").
    #[must_use]
    pub fn new(address: impl Into<String>, reconnect: Reconnect) -> (Self, CardSlotControl) {
        let (sender, orders) = mpsc::channel(1);
        (Self { address: address.into(), reconnect, orders }, CardSlotControl { orders: sender })
    }

    /// Runs until the last control is dropped; a card that is in then is removed.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: dropping the future removes the card.
    pub async fn run(mut self) {
        while let Some(order) = self.orders.recv().await {
            match order {
                Order::Remove(done) => {
                    // Whoever asked may have gone.
                    let _ = done.send(None);
                }
                Order::Insert(card, done) => match connect(&self.address).await {
                    Err(error) => {
                        let _ = done.send(Err(error));
                    }
                    Ok(link) => {
                        let _ = done.send(Ok(()));
                        self.hold(card, link).await;
                    }
                },
            }
        }
    }

    /// Keeps `card` in the reader until it leaves or is taken out.
    async fn hold(&mut self, mut card: Card, link: Prompt) {
        let Self { address, reconnect, orders } = self;
        let removed = {
            let stays = pin!(stay(&mut card, link, address, *reconnect));
            tokio::select! {
                () = stays => None,
                removed = removal(orders) => removed,
            }
        };
        if let Some(done) = removed {
            // Whoever asked may have gone.
            let _ = done.send(Some(card));
        }
    }
}

/// Waits until the card is to be taken out; nobody gets it when all controls are dropped.
async fn removal(orders: &mut mpsc::Receiver<Order>) -> Option<oneshot::Sender<Option<Card>>> {
    loop {
        match orders.recv().await? {
            Order::Remove(done) => return Some(done),
            Order::Insert(_, done) => {
                let _ = done.send(Err(SlotError::Occupied));
            }
        }
    }
}

/// Serves `card` over and over, as `reconnect` says, until it is out for good.
async fn stay(card: &mut Card, first: Prompt, address: &str, reconnect: Reconnect) {
    let mut link = Some(first);
    loop {
        if let Some(link) = link
            && matches!(serve_link(card, link).await, Ok(Ended::CardRemoved))
        {
            return;
        }
        let Reconnect::Every(pause) = reconnect else { return };
        sleep(pause).await;
        link = connect(address).await.ok();
    }
}

impl CardSlotControl {
    /// Inserts a card; returns as soon as the reader's port has accepted it.
    ///
    /// The reader notices the card when it next looks, within about a second.
    ///
    /// # Errors
    ///
    /// [`Connect`](SlotError::Connect) when the reader is not there,
    /// [`Occupied`](SlotError::Occupied) when a card is in, [`Stopped`](SlotError::Stopped) when
    /// nothing runs the slot.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the card may be in.
    pub async fn insert(&self, card: impl VirtualCard + 'static) -> Result<(), SlotError> {
        let (done, answer) = oneshot::channel();
        let order = Order::Insert(Box::new(card), done);
        self.orders.send(order).await.map_err(|_| SlotError::Stopped)?;
        answer.await.map_err(|_| SlotError::Stopped)?
    }

    /// Removes the card and returns it with all that it has counted, or nothing when none is in.
    ///
    /// # Errors
    ///
    /// [`Stopped`](SlotError::Stopped) when nothing runs the slot.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the card may be lost.
    pub async fn remove(&self) -> Result<Option<Box<dyn VirtualCard>>, SlotError> {
        let (done, answer) = oneshot::channel();
        self.orders.send(Order::Remove(done)).await.map_err(|_| SlotError::Stopped)?;
        answer.await.map_err(|_| SlotError::Stopped)
    }
}
