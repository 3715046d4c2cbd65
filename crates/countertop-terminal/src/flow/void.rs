//! Undoing a sale of the open batch.

use countertop_acquirer::{Stan, Submission};

use super::{Attendant, Ending, FlowError, Prompt, Ready};
use crate::journal::{Completion, PendingTransaction};
use crate::operators::Grant;

impl Ready {
    /// Voids a sale of the open batch, whole, without the card. `grant` is a supervisor's.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn void(
        mut self,
        stan: Stan,
        grant: Grant,
        attendant: &mut dyn Attendant,
    ) -> (Self, Ending) {
        let ending = match self.try_void(stan, grant, attendant).await {
            Ok(ending) => ending,
            Err(error) => Ending::Failed(error),
        };
        self.show_ending(&ending, attendant);
        (self, ending)
    }

    async fn try_void(
        &mut self,
        stan: Stan,
        grant: Grant,
        attendant: &mut dyn Attendant,
    ) -> Result<Ending, FlowError> {
        self.prepare_online(attendant).await?;
        let operator = self.duty.operator();
        let core = &mut self.duty.core;
        let sale = core.parts.journal.voidable(stan)?;
        let number = core.parts.journal.next_stan()?;
        let request = sale.request(number);
        attendant.show(&Prompt::Authorising);
        let (host, pin_pad) = core.host_and_pin_pad().await?;
        let prepared = host.prepare(pin_pad, &request).await?;
        let reversal = Some(&prepared.reversal);
        let journal = &mut core.parts.journal;
        let pending = journal.begin_void(&sale, &request, operator, grant, reversal)?;
        let submission = core.submit(&prepared).await;
        Ok(self.void_answered(pending, submission, attendant).await)
    }

    async fn void_answered(
        &mut self,
        pending: PendingTransaction,
        submission: Submission,
        attendant: &mut dyn Attendant,
    ) -> Ending {
        let (pending, answer) = match self.write_outcome(pending, submission, attendant).await {
            Ok(approved) => approved,
            Err(ending) => return ending,
        };
        let completion = Completion::default();
        let approved = match self.write_approval(pending, &answer, &completion, attendant).await {
            Ok(approved) => approved,
            Err(ending) => return ending,
        };
        self.print_copies(&approved, attendant).await;
        Ending::Completed(approved.stan())
    }
}
