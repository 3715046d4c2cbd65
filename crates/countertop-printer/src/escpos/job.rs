//! Printing a job exactly once.
//!
//! # The way of a job
//!
//! ```text
//!  preflight ── needs a person, gone ──────────────────────────────► an error; nothing was sent
//!     │ ready
//!     ▼
//!  sending ◄──────────────┐ a block's process ID comes back: the block is on paper
//!     │  │                │
//!     │  └ block, GS ( H ─┘ the next blocks are sent meanwhile, as many as the buffer takes
//!     │
//!     ├─ the last one came back ─────────────────────────────────────► Confirmed
//!     ├─ (no process IDs) GS r was answered, no fault ───────────────► Processed
//!     ├─ (nothing is answered) all was taken ────────────────────────► Unknown
//!     │
//!     ├─ needs a person, silent, gone, takes nothing, an ID is missing
//!     │      ├─ no byte had left ────────────────────────────────────► NotStarted
//!     │      └─ else ────────────────────────────────────────────────► Partial { last_block }
//! ```
//!
//! An error that only waits to be cleared (a cutter that was jammed) is cleared in the preflight, and
//! with it what is left of the job that met it.
//!
//! # What can be proven when it broke off
//!
//! | on its way, not confirmed | since then | [`resume`](Session::resume) |
//! |---|---|---|
//! | nothing | anything, another link too | goes on with the next block |
//! | whole blocks | the same link | asks for one more process ID; when all come back, in order, it goes on; when that one comes back and others do not, the printer was off: a copy |
//! | a part of a block | the printer told of the trouble by itself (ASB), and of its end | sends the rest of the block and goes on; a printer that was off in between says nothing by itself |
//! | a part of a block | anything else | a copy |
//! | anything | another link, silence, another job | a copy |
//! | anything, to a printer without process IDs | anything | a copy |
//!
//! So a printer that ran out of paper, and that was not switched off, prints what it still has by
//! itself and gets the rest: nothing is sent twice. In all other cases the caller's mark is printed
//! and then the whole job. What goes on begins with ESC @ and the block's settings.
//!
//! The answers to GS r do not say which question they answer. After a job that broke off, those that are
//! owed are waited for before the next one begins; those to a program that ended are not known, so that
//! only a printer with process IDs is safe from them.
//!
//! A printer whose memory switch has it send ASB from the moment it is switched on would pass for one
//! that was not off in the third row. On TCP and USB that cannot happen: there the link ends.

use countertop_device::{Attention, DeviceError, DeviceErrorKind, PrintOutcome};

use super::blocks::{EncodedJob, JobBlock};
use super::commands;
use super::held::Held;
use super::probe::Barrier;
use super::transport::Session;

pub(super) const ACTION: &str = "print";

impl Session {
    /// Prints a job.
    ///
    /// # Errors
    ///
    /// Before the first byte only; from then on there is an outcome.
    pub(super) async fn print(&mut self, job: &EncodedJob) -> Result<PrintOutcome, DeviceError> {
        self.begin(&[], job).await
    }

    /// Brings a job to its end that ended with `outcome`, as the module's documentation says; `copy`
    /// marks what is printed again.
    ///
    /// # Errors
    ///
    /// As [`print`](Self::print); then `outcome` still holds.
    pub(super) async fn resume(
        &mut self,
        job: &EncodedJob,
        outcome: PrintOutcome,
        copy: &EncodedJob,
    ) -> Result<PrintOutcome, DeviceError> {
        if matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed) {
            return Ok(outcome);
        }
        let digest = job.digest();
        let Some(mut held) = self.held.take_if(|held| held.digest == digest) else {
            let untouched = outcome == PrintOutcome::NotStarted;
            // Whoever printed it may have left half a command, which would swallow the mark.
            self.broken |= !untouched;
            return self.begin(if untouched { &[] } else { &copy.blocks }, job).await;
        };
        let proven = self.proves(&mut held).await;
        let marks = &*copy.blocks;
        match proven {
            Ok(true) if held.marks == 0 => Ok(self.run(&blocks(&[], job), held).await),
            Ok(true) if held.marks == marks.len() => Ok(self.run(&blocks(marks, job), held).await),
            Ok(_) => {
                let is_first = held.is_untouched() && held.marks == 0;
                // The link may have lost a part of what it had taken: half a command is left.
                self.broken |= !held.is_quiet();
                let begun = self.begin(if is_first { &[] } else { marks }, job).await;
                begun.inspect_err(|_| self.held = Some(held))
            }
            // Nothing has changed.
            Err(error) => {
                self.held = Some(held);
                Err(error)
            }
        }
    }

    /// Prints a job from its beginning, behind the blocks that mark it as a copy.
    async fn begin(
        &mut self,
        marks: &[JobBlock],
        job: &EncodedJob,
    ) -> Result<PrintOutcome, DeviceError> {
        self.broken |= self.held.as_ref().is_some_and(|held| !held.is_quiet());
        let answers = self.ready_to_print().await?;
        let barrier = if answers { self.find_barrier(ACTION).await? } else { Barrier::None };
        let digest = job.digest();
        self.record_begin(&digest, job.blocks.len())?;
        self.held = None;
        self.came_back.clear();
        let held = Held::new(digest, marks.len(), barrier, self.link);
        Ok(self.run(&blocks(marks, job), held).await)
    }

    /// As [`ready`](Self::ready), but brings a printer back from an error that only waits for it.
    async fn ready_to_print(&mut self) -> Result<bool, DeviceError> {
        const JAMMED: DeviceErrorKind = DeviceErrorKind::NeedsAttention(Attention::CutterJammed);
        const FAULT: DeviceErrorKind = DeviceErrorKind::NeedsAttention(Attention::Fault);
        match self.ready(ACTION).await {
            Err(error) if matches!(error.kind(), JAMMED | FAULT) => {
                if let Some(held) = &mut self.held {
                    held.spoil();
                }
                self.write(&commands::recover(), ACTION).await?;
                self.ready(ACTION).await
            }
            other => other,
        }
    }
}

fn blocks<'a>(marks: &'a [JobBlock], job: &'a EncodedJob) -> Vec<&'a JobBlock> {
    marks.iter().chain(&job.blocks).collect()
}
