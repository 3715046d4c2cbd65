//! Ready for customers.

use countertop_acquirer::Stan;
use countertop_device::{Currency, Money, Sensitive};

use super::card::AwaitingCard;
use super::core::Duty;
use super::{Attendant, FlowError, Prompt, SelfTested};
use crate::OperatorNumber;
use crate::journal::{Journal, ReceiptCopy};
use crate::operators::{Grant, OperatorError, Permission};

/// Is a terminal that is signed in at the host.
#[derive(Debug)]
pub struct Ready {
    pub(super) duty: Duty,
}

impl Ready {
    pub(super) fn new(duty: Duty) -> Self {
        Self { duty }
    }

    /// Returns who is signed in.
    #[must_use]
    pub fn operator(&self) -> OperatorNumber {
        self.duty.operator()
    }

    /// Returns the currency of all amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.duty.core.parts.settings.currency
    }

    /// Waits until another program asks for a device, and lets it go, see
    /// [`Devices::lend`](countertop_hub::Devices::lend).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no request is lost.
    pub async fn lend_devices(&mut self) -> countertop_hub::Role {
        self.duty.core.parts.devices.lend().await
    }

    /// Returns the books.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.duty.core.parts.journal
    }

    /// Allows the signed-in operator one act.
    ///
    /// # Errors
    ///
    /// When it takes another operator.
    pub fn grant(&self, permission: Permission) -> Result<Grant, OperatorError> {
        self.duty.core.parts.operators.grant(&self.duty.signed_in, permission)
    }

    /// Lets another operator, the supervisor as a rule, allow one act with a password.
    ///
    /// # Errors
    ///
    /// When the password is wrong or has to be changed first, or the person may not do it either.
    pub fn authorise(
        &mut self,
        operator: OperatorNumber,
        password: &Sensitive,
        permission: Permission,
    ) -> Result<Grant, OperatorError> {
        let parts = &mut self.duty.core.parts;
        parts.operators.authorise(&mut parts.journal, operator, password, permission)
    }

    /// Begins a sale. First signs in at the host again where it asked for that, sends what has to be
    /// reversed, and prints what was not printed.
    ///
    /// # Errors
    ///
    /// Gives the terminal back with the reason.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn sale(
        mut self,
        amount: Money,
        attendant: &mut dyn Attendant,
    ) -> Result<AwaitingCard, Box<(Self, FlowError)>> {
        match self.prepare_online(attendant).await {
            Ok(()) => Ok(AwaitingCard::new(self, amount)),
            Err(error) => Err(Box::new((self, error))),
        }
    }

    /// Prints a voucher of the open batch again, marked as a duplicate.
    ///
    /// # Errors
    ///
    /// When there is no such voucher.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: part of it may be on paper.
    pub async fn reprint(
        &mut self,
        stan: Stan,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        for copy in ReceiptCopy::BOTH {
            let job = self.journal().receipt(stan, copy)?;
            self.duty.core.print_job(&job, attendant).await?;
        }
        attendant.show(&Prompt::Ready);
        Ok(())
    }

    /// Tests the devices; nothing is printed, and no money moves.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn self_test(&mut self, attendant: &mut dyn Attendant) {
        attendant.show(&Prompt::SelfTesting);
        let lines = self.duty.core.parts.devices.self_test().await;
        attendant.show(&Prompt::SelfTested { lines });
    }

    /// Signs out at the host, then the operator.
    ///
    /// # Errors
    ///
    /// Gives the terminal back: [`FlowError::Unsettled`] while the batch has transactions.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn sign_out(mut self) -> Result<SelfTested, Box<(Self, FlowError)>> {
        match self.host_sign_out().await {
            Ok(()) => Ok(SelfTested::again(self.duty.leave())),
            Err(error) => Err(Box::new((self, error))),
        }
    }

    async fn host_sign_out(&mut self) -> Result<(), FlowError> {
        let parts = &mut self.duty.core.parts;
        if !parts.journal.transactions()?.is_empty() || parts.journal.settlement()?.is_some() {
            return Err(FlowError::Unsettled);
        }
        let (stan, batch) = (parts.journal.next_stan()?, parts.journal.batch()?);
        Ok(parts.acquirer.sign_out(stan, batch).await?)
    }

    /// Does what has to be done before anything new goes to the host.
    pub(super) async fn prepare_online(
        &mut self,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        if self.journal().settlement()?.is_some() {
            return Err(FlowError::SettlementInterrupted);
        }
        self.duty.reverse_all(attendant).await?;
        self.duty.core.print_pending(attendant).await
    }

    /// Does after a sign-in what an interruption left; what cannot be done now is shown and done
    /// before the next transaction.
    pub(super) async fn catch_up(&mut self, attendant: &mut dyn Attendant) {
        if let Err(error) = self.prepare_online(attendant).await {
            let help = error.help().map(String::from);
            attendant.show(&Prompt::Trouble { reason: error.to_string(), help });
        } else {
            attendant.show(&Prompt::Ready);
        }
    }
}
