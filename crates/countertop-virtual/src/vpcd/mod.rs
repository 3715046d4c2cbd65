//! The link from a virtual card to the virtual reader vpcd (package vsmartcard-vpcd).
//!
//! With it a card of this crate is in a reader of pcscd, where every PC/SC program finds it.
//! [`serve`] keeps one card in the reader; a [`CardSlot`] is the hand that inserts and removes
//! cards.
//!
//! The reader's first slot listens on port 35963, the second one on 35964.

mod error;
mod prompt;
mod serve;
mod slot;
#[cfg(test)]
mod tests;

pub use error::SlotError;
pub use serve::{Ended, serve, serve_link};
pub use slot::{CardSlot, CardSlotControl, Reconnect};
