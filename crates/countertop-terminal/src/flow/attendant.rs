//! The people at the counter, as the flow sees them.

use core::fmt;

use async_trait::async_trait;
use countertop_device::document::Document;

use crate::flow::{Confirmation, Prompt};

/// Stands for the cashier and the customer: a screen with keys, a script, or a test.
///
/// The flow shows it what happens and asks it what a person has to decide. It is never asked for a
/// PIN: that is the PIN pad's.
#[async_trait]
pub trait Attendant: Send + fmt::Debug {
    /// Shows what happens now.
    fn show(&mut self, prompt: &Prompt);

    /// Waits until the cashier presses cancel; forever when nobody does.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a cancel that was pressed before the call or between calls is not lost, except
    /// that [`show`](Self::show) of a prompt that cannot be cancelled forgets it.
    async fn cancelled(&mut self);

    /// Asks the cashier to confirm card, amount and type; `false` cancels the transaction.
    async fn confirm(&mut self, confirmation: &Confirmation) -> bool;

    /// Asks which of the card's applications to use; `None` cancels the transaction.
    async fn choose_application(&mut self, labels: &[String]) -> Option<usize>;

    /// Shows trouble that a person can cure, such as paper that is out; `true` tries again,
    /// `false` goes on without.
    async fn try_again(&mut self, prompt: &Prompt) -> bool;

    /// Takes a slip as the customer or the shop gets it, whether or not there is a printer.
    fn slip(&mut self, name: &str, slip: &Document);
}
