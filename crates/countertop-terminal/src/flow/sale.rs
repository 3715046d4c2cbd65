//! The middle of a sale: what its steps have in common, and the cashier's confirmation.

use countertop_acquirer::{ResponseCode, Stan};

use super::{Attendant, AwaitingCard, Confirmation, FlowError, Prompt, Ready, Verified};

/// Is the end of one step of a transaction: the next state, or the end of the transaction.
#[derive(Debug)]
pub enum Step<T> {
    /// The transaction goes on.
    Next(T),
    /// The transaction is over; the terminal is ready for the next customer.
    Ended(Box<Ready>, Ending),
}

/// Says how a transaction ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Ending {
    /// Approved and completed; the voucher's number.
    Completed(Stan),
    /// Cancelled, or nothing came in time; nothing was sent.
    Cancelled,
    /// Refused by the host, with its code, or by card or terminal, without one.
    Declined(Option<ResponseCode>),
    /// Nobody knows; it is being reversed.
    Unknown(Stan),
    /// Approved, but undone because card or terminal could not complete it.
    NotCompleted(Stan),
    /// It could not be carried out; nothing was charged.
    Failed(FlowError),
}

impl AwaitingCard {
    /// Runs every step that is left of a sale, to its end.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: see the steps.
    pub async fn complete(self, attendant: &mut dyn Attendant) -> (Ready, Ending) {
        macro_rules! go_on {
            ($step:expr) => {
                match $step {
                    Step::Next(next) => next,
                    Step::Ended(ready, ending) => return (*ready, ending),
                }
            };
        }
        let presented = go_on!(self.read(attendant).await);
        let verified = go_on!(presented.verify(attendant).await);
        let confirmed = go_on!(verified.confirm(attendant).await);
        let authorised = go_on!(confirmed.authorise(attendant).await);
        authorised.sign(attendant).await.print(attendant).await
    }
}

/// Is a transaction that the cashier has confirmed.
#[derive(Debug)]
pub struct Confirmed(pub(super) Verified);

impl Verified {
    /// Asks the cashier to confirm card, amount and type. Until here nothing has left the terminal.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn confirm(mut self, attendant: &mut dyn Attendant) -> Step<Confirmed> {
        let confirmation = self.confirmation();
        attendant.show(&Prompt::Confirm(confirmation.clone()));
        let answer = tokio::select! {
            biased;
            () = self.card_taken() => None,
            confirmed = attendant.confirm(&confirmation) => Some(confirmed),
        };
        match answer {
            Some(true) => Step::Next(Confirmed(self)),
            Some(false) => self.ready.ended(Ending::Cancelled, attendant).await,
            None => self.ready.failed(FlowError::CardLeft, attendant).await,
        }
    }

    /// Waits until a chip card is taken out too early; for ever where there is none in the reader.
    async fn card_taken(&mut self) {
        if !self.chip.is_contact() {
            return std::future::pending().await;
        }
        let reader = &mut self.ready.duty.core.parts.devices.chip;
        if let Some(reader) = reader.opened()
            && let Err(error) = reader.await_removal().await
        {
            tracing::warn!(%error, "chip reader failed while the cashier confirmed");
        }
    }

    fn confirmation(&self) -> Confirmation {
        Confirmation {
            amount: self.amount,
            kind: "SALE",
            card: self.masked.clone(),
            label: self.label.clone(),
            pin_entered: self.pin_block.is_some(),
        }
    }
}

impl Ready {
    /// Ends a transaction, shows how, and waits until a chip card that is still in is taken.
    pub(super) async fn ended<T>(
        mut self,
        ending: Ending,
        attendant: &mut dyn Attendant,
    ) -> Step<T> {
        if let Ending::Failed(FlowError::Host(error)) = &ending {
            self.duty.core.note_host_error(error);
        }
        if let Some(prompt) = ending.prompt() {
            attendant.show(&prompt);
        }
        self.duty.core.await_card_taken(attendant).await;
        Step::Ended(Box::new(self), ending)
    }

    pub(super) async fn failed<T>(
        self,
        error: impl Into<FlowError>,
        attendant: &mut dyn Attendant,
    ) -> Step<T> {
        self.ended(Ending::Failed(error.into()), attendant).await
    }
}

impl Ending {
    pub(super) fn prompt(&self) -> Option<Prompt> {
        Some(match self {
            // Shown when it happened, with its amount.
            Self::Completed(_) => return None,
            Self::Cancelled => Prompt::Cancelled,
            Self::Declined(code) => Prompt::Declined { code: *code },
            Self::Unknown(stan) => Prompt::ResultUnknown { stan: *stan },
            Self::NotCompleted(_) => Prompt::Declined { code: None },
            Self::Failed(error) => Prompt::NotSent { reason: error.to_string() },
        })
    }
}
