//! Settlement: totals to the host, upload where they differ, slip, next batch.

use countertop_acquirer::BatchNumber;

use super::{Attendant, FlowError, Prompt, Ready};
use crate::journal::{
    PrintedSettlement, Settlement, SettlementToPrint, SettlementToUpload, StartedSettlement,
};
use crate::operators::Grant;
use crate::receipt;

impl Ready {
    /// Settles the open batch, or finishes a settlement that was interrupted, and returns the number
    /// of the batch after it. Each step is in the journal before the next begins.
    ///
    /// # Errors
    ///
    /// What stopped it. A settlement that has begun is finished by calling this again.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe in that nothing is lost: call it again.
    pub async fn settle(
        &mut self,
        grant: Grant,
        attendant: &mut dyn Attendant,
    ) -> Result<BatchNumber, FlowError> {
        let resumed = self.journal().settlement()?.is_some();
        if !resumed {
            self.duty.reverse_all(attendant).await?;
            self.duty.core.print_pending(attendant).await?;
        }
        attendant.show(&Prompt::Settling);
        let mut step = self.duty.core.parts.journal.settlement_begin(grant)?;
        loop {
            step = match step {
                Settlement::Started(started) => self.send_totals(started).await?,
                Settlement::ToUpload(upload) => Settlement::ToPrint(self.upload(upload).await?),
                Settlement::ToPrint(print) => {
                    Settlement::ToClose(self.print_settlement(print, attendant).await?)
                }
                Settlement::ToClose(printed) => {
                    self.duty.core.sign_in_due |= resumed;
                    return self.close(printed, attendant);
                }
            };
        }
    }

    async fn send_totals(&mut self, started: StartedSettlement) -> Result<Settlement, FlowError> {
        let operator = self.duty.operator().get();
        let parts = &mut self.duty.core.parts;
        let (stan, batch) = (parts.journal.next_stan()?, started.batch());
        match parts.acquirer.settle(stan, batch, operator, started.totals()).await {
            Ok(answer) => Ok(parts.journal.settlement_answered(started, &answer)?),
            Err(error @ countertop_acquirer::HostError::Connect { .. }) => {
                // Nothing left: the batch may take sales again.
                parts.journal.settlement_abandoned(started)?;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn upload(&mut self, upload: SettlementToUpload) -> Result<SettlementToPrint, FlowError> {
        let parts = &mut self.duty.core.parts;
        let records = parts.journal.batch_records()?;
        // One number a record is the most that an upload takes, and one for its end.
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX).saturating_add(1);
        let stan = parts.journal.reserve_stans(count)?;
        parts.acquirer.upload_batch(stan, upload.batch(), &records).await?;
        Ok(parts.journal.settlement_uploaded(upload)?)
    }

    async fn print_settlement(
        &mut self,
        print: SettlementToPrint,
        attendant: &mut dyn Attendant,
    ) -> Result<PrintedSettlement, FlowError> {
        let core = &mut self.duty.core;
        if let Some(report) = core.parts.journal.settlement_report()? {
            let slip = receipt::settlement(&core.layout(), &report);
            core.print_slip(&format!("settlement {}", report.batch), &slip, attendant).await;
        }
        Ok(core.parts.journal.settlement_printed(print)?)
    }

    fn close(
        &mut self,
        printed: PrintedSettlement,
        attendant: &mut dyn Attendant,
    ) -> Result<BatchNumber, FlowError> {
        let journal = &mut self.duty.core.parts.journal;
        let next = journal.close_batch(printed)?;
        let report = journal.settlement_report()?;
        let balanced = report.and_then(|it| it.answer).is_some_and(|answer| answer.balanced());
        attendant.show(&Prompt::Settled { balanced });
        Ok(next)
    }
}
