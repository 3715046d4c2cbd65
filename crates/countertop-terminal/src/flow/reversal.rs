//! Sending what has to be reversed.

use countertop_acquirer::{HostError, Verdict};

use super::core::{Core, Duty};
use super::{Attendant, FlowError, Prompt};
use crate::journal::{PendingReversal, ReversalProgress};
use crate::receipt;

impl Duty {
    /// Signs in at the host where it asked for that, then sends every reversal that waits, oldest
    /// first, until the host has acknowledged each or its attempts are used up. The journal knows of
    /// each attempt before the next begins.
    ///
    /// # Errors
    ///
    /// [`FlowError::ReversalWaits`] when the host does not answer: nothing new may be sent then.
    pub(super) async fn reverse_all(
        &mut self,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        self.core.recover()?;
        loop {
            if self.core.sign_in_due {
                self.host_sign_in(attendant).await?;
            }
            self.core.reverse_waiting(attendant).await?;
            // Each round has counted an attempt, so that the rounds come to an end.
            if !self.core.sign_in_due {
                return Ok(());
            }
        }
    }
}

impl Core {
    /// Recovers the books where they did not take the end of a transaction.
    pub(super) fn recover(&mut self) -> Result<(), FlowError> {
        if self.recovery_due {
            self.parts.journal.recover()?;
            self.recovery_due = false;
        }
        Ok(())
    }

    /// Sends what waits; stops when the host asks to sign in again.
    async fn reverse_waiting(&mut self, attendant: &mut dyn Attendant) -> Result<(), FlowError> {
        while !self.sign_in_due
            && let Some(reversal) = self.parts.journal.pending_reversals()?.into_iter().next()
        {
            self.reverse(reversal, attendant).await?;
        }
        Ok(())
    }

    async fn reverse(
        &mut self,
        reversal: PendingReversal,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        let stan = reversal.stan();
        attendant.show(&Prompt::Reversing { stan });
        let sent = self.send_reversal(&reversal).await?;
        let progress = match sent {
            Ok(code) if code.reversal_done() => {
                return Ok(self.parts.journal.reversal_done(reversal, code)?);
            }
            Ok(code) => {
                self.sign_in_due |= code.verdict() == Verdict::SignInAgain;
                self.parts.journal.reversal_attempted(reversal, Some(code))?
            }
            // Nothing left: it does not count as an attempt.
            Err(error @ (HostError::Connect { .. } | HostError::PinPad(_))) => {
                self.note_host_error(&error);
                return Err(FlowError::ReversalWaits { stan, reason: error.to_string() });
            }
            Err(error) => {
                tracing::warn!(%stan, %error, "reversal without an answer");
                self.note_host_error(&error);
                self.parts.journal.reversal_attempted(reversal, None)?
            }
        };
        match progress {
            ReversalProgress::Pending { .. } => Ok(()),
            ReversalProgress::Exhausted => self.report_exhausted(stan, attendant).await,
        }
    }

    async fn send_reversal(
        &mut self,
        reversal: &PendingReversal,
    ) -> Result<Result<countertop_acquirer::ResponseCode, HostError>, FlowError> {
        let (host, pin_pad) = self.host_and_pin_pad().await?;
        let code = reversal.authorization_code();
        Ok(host.reverse(pin_pad, reversal.reversal(), reversal.reason(), code).await)
    }

    async fn report_exhausted(
        &mut self,
        stan: countertop_acquirer::Stan,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        let record = self.parts.journal.by_stan(stan)?;
        let slip = receipt::reversal_failure(&self.layout(), &record);
        self.print_slip("reversal failure", &slip, attendant).await;
        Ok(())
    }
}
