//! Printing vouchers and slips, and what happens when the printer cannot.

use countertop_device::document::Document;
use countertop_device::{DeviceError, PrintOutcome};

use super::core::Core;
use super::{Attendant, FlowError, Prompt};
use crate::journal::{PrintJob, ReceiptCopy};
use crate::receipt::{self, Layout, ReceiptProfile};

impl Core {
    pub(super) fn layout(&self) -> Layout {
        let settings = &self.parts.settings;
        Layout {
            columns: settings.columns,
            merchant_name: settings.merchant_name.clone(),
            merchant_id: settings.merchant_id.clone(),
            terminal_id: settings.terminal_id.clone(),
            training: settings.training,
            profile: ReceiptProfile::default(),
        }
    }

    /// Prints every voucher that was not printed yet.
    pub(super) async fn print_pending(
        &mut self,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        for job in self.parts.journal.pending_receipts()? {
            self.print_job(&job, attendant).await?;
        }
        Ok(())
    }

    /// Prints one voucher. When the printer cannot and nobody cures it, the voucher stays in the
    /// queue; the transaction is what it is.
    pub(super) async fn print_job(
        &mut self,
        job: &PrintJob,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        let signature = match job.copy {
            ReceiptCopy::Merchant => self.parts.journal.signature(job.record.id)?,
            ReceiptCopy::Cardholder => None,
        };
        let slip = receipt::voucher(&self.layout(), job, signature.as_ref());
        let name = match job.copy {
            ReceiptCopy::Merchant => format!("{} merchant copy", job.record.stan),
            ReceiptCopy::Cardholder => format!("{} cardholder copy", job.record.stan),
        };
        if self.print_slip(&name, &slip, attendant).await {
            self.parts.journal.printed(job)?;
        }
        Ok(())
    }

    /// Prints a slip until it is out or nobody tries again. Without a printer the slip goes to the
    /// screen alone, and counts as out.
    pub(super) async fn print_slip(
        &mut self,
        name: &str,
        slip: &Document,
        attendant: &mut dyn Attendant,
    ) -> bool {
        if !self.parts.devices.printer.assigned() {
            attendant.slip(name, slip);
            return true;
        }
        attendant.show(&Prompt::Printing);
        let mut outcome = PrintOutcome::NotStarted;
        loop {
            let trouble = match self.print_once(slip, outcome).await {
                Ok(PrintOutcome::Confirmed | PrintOutcome::Processed | PrintOutcome::Unknown) => {
                    attendant.slip(name, slip);
                    return true;
                }
                Ok(broken_off) => {
                    outcome = broken_off;
                    Prompt::PrinterTrouble {
                        reason: "the slip broke off".into(),
                        help: "look after the printer; the slip goes on where it stopped, or is \
                               printed again, marked as a duplicate"
                            .into(),
                    }
                }
                Err(error) => trouble(&error),
            };
            if !attendant.try_again(&trouble).await {
                return false;
            }
        }
    }

    /// Prints a slip, or brings one to its end that broke off with `outcome`.
    async fn print_once(
        &mut self,
        slip: &Document,
        outcome: PrintOutcome,
    ) -> Result<PrintOutcome, DeviceError> {
        let slot = &mut self.parts.devices.printer;
        let printed = match slot.open().await {
            Ok(device) if outcome == PrintOutcome::NotStarted => device.printer.print(slip).await,
            Ok(device) => device.printer.resume(slip, outcome, &receipt::duplicate_mark()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &printed {
            slot.note(error);
        }
        printed
    }
}

fn trouble(error: &DeviceError) -> Prompt {
    Prompt::PrinterTrouble {
        reason: error.to_string(),
        help: error.help().unwrap_or("look after the printer").to_owned(),
    }
}
