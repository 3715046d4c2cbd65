//! Authorisation: journal, host, chip, journal.

use countertop_acquirer::{
    FinancialRequest, HostAnswer, ReversalReason, Stan, Submission, TransactionKind, UnknownReason,
    Verdict,
};

use super::chip::ChipState;
use super::sign::feature_code;
use super::{Attendant, Confirmed, Ending, FlowError, Prompt, Ready, Step, Verified};
use crate::journal::{
    ApprovedTransaction, Completion, JournalError, NewTransaction, PendingTransaction, ReceiptCopy,
};

/// Is a transaction that is approved, completed by the card, and in the journal.
#[derive(Debug)]
pub struct Authorised {
    pub(super) ready: Ready,
    pub(super) approved: ApprovedTransaction,
    pub(super) feature_code: Option<String>,
}

/// Is a request under way: what is left of the sale beside the terminal.
struct Underway {
    pending: PendingTransaction,
    chip: ChipState,
    completion: Completion,
}

impl Confirmed {
    /// Sends the request and brings the transaction to its end. From here on it cannot be cancelled.
    ///
    /// The reversal is on disk before the first byte leaves; approval and the end of the reversal are
    /// written together. Without a valid answer the transaction is unknown and is reversed at once,
    /// or before the next one.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the next start of the terminal takes the transaction for unknown and
    /// reverses it.
    pub async fn authorise(self, attendant: &mut dyn Attendant) -> Step<Authorised> {
        attendant.show(&Prompt::Authorising);
        let Verified {
            mut ready, stan, amount, entry, pin_block, chip, signature, foreign, ..
        } = self.0;
        let request = FinancialRequest {
            kind: TransactionKind::Sale,
            stan,
            batch: match ready.journal().batch() {
                Ok(batch) => batch,
                Err(error) => return ready.failed(error, attendant).await,
            },
            amount,
            entry,
            pin_block,
            original: None,
        };
        let completion = Completion { emv: None, signature };
        match ready.send(&request, foreign).await {
            Ok((pending, submission)) => {
                let underway = Underway { pending, chip, completion };
                ready.answered(underway, submission, attendant).await
            }
            Err(error) => {
                chip.abandon().await;
                ready.failed(error, attendant).await
            }
        }
    }
}

impl Ready {
    /// Writes the request and its reversal, then sends it. An error means that nothing was sent.
    async fn send(
        &mut self,
        request: &FinancialRequest,
        foreign: bool,
    ) -> Result<(PendingTransaction, Submission), FlowError> {
        let operator = self.duty.operator();
        let core = &mut self.duty.core;
        let (host, pin_pad) = core.host_and_pin_pad().await?;
        let prepared = host.prepare(pin_pad, request).await?;
        let new = NewTransaction { request, foreign, scheme: None, operator };
        let pending = core.parts.journal.begin(&new, Some(&prepared.reversal))?;
        let submission = core.submit(&prepared).await;
        Ok((pending, submission))
    }

    async fn answered(
        mut self,
        underway: Underway,
        submission: Submission,
        attendant: &mut dyn Attendant,
    ) -> Step<Authorised> {
        let Underway { pending, chip, completion } = underway;
        let refusal = match &submission {
            Submission::Answered(answer) if answer.code.verdict() != Verdict::Approved => {
                Some(answer.clone())
            }
            _ => None,
        };
        match self.write_outcome(pending, submission, attendant).await {
            Ok((pending, answer)) => {
                self.complete(Underway { pending, chip, completion }, &answer, attendant).await
            }
            Err(ending) => {
                match refusal {
                    Some(answer) => chip.refused(&answer).await,
                    None => chip.abandon().await,
                }
                self.after(ending, attendant).await
            }
        }
    }

    /// Writes what became of a request, unless it was approved: then it is given back to be
    /// completed. What is unknown is reversed at once if the host can be reached.
    pub(super) async fn write_outcome(
        &mut self,
        pending: PendingTransaction,
        submission: Submission,
        attendant: &mut dyn Attendant,
    ) -> Result<(PendingTransaction, HostAnswer), Ending> {
        let stan = pending.stan();
        let journal = &mut self.duty.core.parts.journal;
        let (written, ending) = match submission {
            Submission::Answered(answer) if answer.code.verdict() == Verdict::Approved => {
                return Ok((pending, answer));
            }
            Submission::Answered(answer) if answer.code.verdict() == Verdict::PartiallyApproved => {
                // Part of the amount was never offered: what the host booked is undone.
                let reason = ReversalReason::CannotComplete;
                let written = journal.cannot_complete(pending, &answer, reason);
                (written, Ending::NotCompleted(stan))
            }
            Submission::Answered(answer) => {
                self.duty.core.sign_in_due |= answer.code.verdict() == Verdict::SignInAgain;
                (journal.declined(pending, &answer), Ending::Declined(Some(answer.code)))
            }
            Submission::NotSent(error) => (journal.not_sent(pending), Ending::Failed(error.into())),
            Submission::Unknown(reason, error) => {
                tracing::warn!(%stan, %error, "result unknown");
                self.duty.core.note_host_error(&error);
                self.duty.core.sign_in_due |= reason == UnknownReason::BadMac;
                let journal = &mut self.duty.core.parts.journal;
                (journal.unknown(pending, reason), Ending::Unknown(stan))
            }
            // A kind of answer that this version does not know is no answer.
            _ => (journal.unknown(pending, UnknownReason::NoAnswer), Ending::Unknown(stan)),
        };
        let ending = match written {
            Ok(()) => ending,
            Err(error) => self.not_written(stan, &error),
        };
        if matches!(ending, Ending::Unknown(_) | Ending::NotCompleted(_)) {
            self.reverse_now(attendant).await;
        }
        Err(ending)
    }

    async fn complete(
        mut self,
        underway: Underway,
        answer: &HostAnswer,
        attendant: &mut dyn Attendant,
    ) -> Step<Authorised> {
        let Underway { pending, chip, mut completion } = underway;
        match chip.complete(answer).await {
            Ok(voucher) => completion.emv = voucher,
            Err(error) => {
                tracing::warn!(%error, "approved, but the card did not complete it");
                return self.not_completed(pending, answer, attendant).await;
            }
        }
        let approved = match self.write_approval(pending, answer, &completion, attendant).await {
            Ok(approved) => approved,
            Err(ending) => return self.after(ending, attendant).await,
        };
        let feature_code = feature_code(answer);
        Step::Next(Authorised { ready: self, approved, feature_code })
    }

    /// Writes an approval and shows it. What the books do not take counts as unknown and is reversed
    /// at once if the host can be reached.
    pub(super) async fn write_approval(
        &mut self,
        pending: PendingTransaction,
        answer: &HostAnswer,
        completion: &Completion,
        attendant: &mut dyn Attendant,
    ) -> Result<ApprovedTransaction, Ending> {
        let stan = pending.stan();
        match self.duty.core.parts.journal.approved(pending, answer, completion) {
            Ok(approved) => {
                self.show_approved(stan, attendant);
                Ok(approved)
            }
            Err(error) => {
                let ending = self.not_written(stan, &error);
                self.reverse_now(attendant).await;
                Err(ending)
            }
        }
    }

    async fn not_completed(
        mut self,
        pending: PendingTransaction,
        answer: &HostAnswer,
        attendant: &mut dyn Attendant,
    ) -> Step<Authorised> {
        let stan = pending.stan();
        let reason = ReversalReason::CannotComplete;
        let journal = &mut self.duty.core.parts.journal;
        let ending = match journal.cannot_complete(pending, answer, reason) {
            Ok(()) => Ending::NotCompleted(stan),
            Err(error) => self.not_written(stan, &error),
        };
        self.reverse_now(attendant).await;
        self.after(ending, attendant).await
    }

    /// The request has left, and the books do not take its end: the transaction counts as unknown,
    /// and its reversal, which is on disk, goes out.
    pub(super) fn not_written(&mut self, stan: Stan, error: &JournalError) -> Ending {
        tracing::error!(%stan, %error, "end of a transaction not written");
        self.duty.core.recovery_due = true;
        if let Err(error) = self.duty.core.recover() {
            tracing::error!(%error, "journal not recovered; the next transaction tries");
        }
        Ending::Unknown(stan)
    }

    pub(super) async fn reverse_now(&mut self, attendant: &mut dyn Attendant) {
        if let Err(error) = self.duty.reverse_all(attendant).await {
            tracing::warn!(%error, "reversal waits");
        }
    }

    async fn after<T>(mut self, ending: Ending, attendant: &mut dyn Attendant) -> Step<T> {
        if self.duty.core.sign_in_due
            && let Err(error) = self.duty.host_sign_in(attendant).await
        {
            tracing::warn!(%error, "host asked to sign in again, which failed; the next sale tries");
        }
        self.ended(ending, attendant).await
    }

    pub(super) fn show_ending(&self, ending: &Ending, attendant: &mut dyn Attendant) {
        if let Some(prompt) = ending.prompt() {
            attendant.show(&prompt);
        }
    }

    fn show_approved(&self, stan: Stan, attendant: &mut dyn Attendant) {
        if let Ok(record) = self.journal().by_stan(stan) {
            attendant.show(&Prompt::Approved { stan, amount: record.amount });
        }
    }

    /// Prints both copies. The transaction is what it is: a voucher that cannot be printed stays in
    /// the queue and is shown.
    pub(super) async fn print_copies(
        &mut self,
        approved: &ApprovedTransaction,
        attendant: &mut dyn Attendant,
    ) {
        for copy in ReceiptCopy::BOTH {
            if let Err(error) = self.print_copy(approved, copy, attendant).await {
                let help = error.help().map(String::from);
                attendant.show(&Prompt::Trouble { reason: error.to_string(), help });
            }
        }
    }

    async fn print_copy(
        &mut self,
        approved: &ApprovedTransaction,
        copy: ReceiptCopy,
        attendant: &mut dyn Attendant,
    ) -> Result<(), FlowError> {
        let core = &mut self.duty.core;
        let job = core.parts.journal.receipt_of(approved, copy)?;
        core.print_job(&job, attendant).await
    }
}
