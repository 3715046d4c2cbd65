//! An operator is signed in; the host is not.

use countertop_acquirer::SignInRequest;
use countertop_device::Sensitive;

use super::core::Duty;
use super::{Attendant, FlowError, Prompt, Ready, SelfTested};
use crate::OperatorNumber;
use crate::journal::Journal;
use crate::operators::OperatorError;

/// Is a terminal with an operator.
#[derive(Debug)]
pub struct Attended {
    duty: Duty,
}

impl Attended {
    pub(super) fn new(duty: Duty) -> Self {
        Self { duty }
    }

    /// Returns who is signed in.
    #[must_use]
    pub fn operator(&self) -> OperatorNumber {
        self.duty.operator()
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

    /// Changes the operator's password.
    ///
    /// # Errors
    ///
    /// When the old one is wrong or the new one does not do.
    pub fn change_password(
        &mut self,
        old: &Sensitive,
        new: &Sensitive,
    ) -> Result<(), OperatorError> {
        let Duty { core, signed_in } = &mut self.duty;
        let parts = &mut core.parts;
        parts.operators.change_password(&mut parts.journal, signed_in, old, new)
    }

    /// Signs in at the host: echo test, keys, batch number, and the chip parameters that it wants
    /// fetched. Then sends what a power cut left to be
    /// reversed, and prints what was not printed.
    ///
    /// # Errors
    ///
    /// Gives the terminal back with the reason; without the host nothing can be sold.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn host_sign_in(
        mut self,
        attendant: &mut dyn Attendant,
    ) -> Result<Ready, Box<(Self, FlowError)>> {
        match self.duty.host_sign_in(attendant).await {
            Ok(()) => {
                let mut ready = Ready::new(self.duty);
                ready.catch_up(attendant).await;
                Ok(ready)
            }
            Err(error) => Err(Box::new((self, error))),
        }
    }

    /// Signs the operator out; the host was not signed in.
    #[must_use]
    pub fn leave(self) -> SelfTested {
        SelfTested::again(self.duty.leave())
    }
}

impl Duty {
    pub(super) async fn host_sign_in(
        &mut self,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        attendant.show(&Prompt::SigningIn);
        let batch = self.core.parts.journal.batch()?;
        self.core.parts.acquirer.echo_test(batch).await?;
        let stan = self.core.parts.journal.next_stan()?;
        let request = SignInRequest { stan, batch, operator: self.operator().get() };
        let (host, pin_pad) = self.core.host_and_pin_pad().await?;
        let signed_in = host.sign_in(pin_pad, &request).await?;
        let journal = &mut self.core.parts.journal;
        // The host may have closed a batch whose settlement was interrupted here; that is finished
        // first, and the sign-in after it takes up what the host assigned.
        if journal.settlement()?.is_none() {
            journal.adopt_batch(signed_in.batch)?;
        }
        self.core.sign_in_due = false;
        self.core.load_parameters(attendant).await;
        Ok(())
    }
}
