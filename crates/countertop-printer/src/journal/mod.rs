//! What is written of print jobs, so that a program that ended in the middle of one knows it.
//!
//! A journal holds numbers and digests of jobs, never what is printed.

mod digest;
mod file;

use core::fmt;
use std::io;

use countertop_device::PrintOutcome;

pub use digest::JobDigest;
pub use file::FileJournal;

/// Remembers the last job of one printer. Storage is passed in: implement it over a database, or take
/// [`FileJournal`].
pub trait JobJournal: Send + fmt::Debug {
    /// Writes that a job begins; it is called before the job's first byte leaves, and returns when
    /// the record is safe.
    ///
    /// # Errors
    ///
    /// When it cannot be written; then the job is not begun.
    fn begin(&mut self, job: JobDigest, blocks: u32) -> io::Result<()>;

    /// Writes that so many blocks of the job are on paper. It may be lost when the computer fails:
    /// then less is known.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn confirm(&mut self, blocks: u32) -> io::Result<()>;

    /// Writes what became of the job.
    ///
    /// # Errors
    ///
    /// When it cannot be written; then the job counts as broken off.
    fn end(&mut self, outcome: PrintOutcome) -> io::Result<()>;

    /// Returns the last job.
    fn last(&self) -> Option<JobRecord>;
}

/// Is what is known of the last job of a printer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobRecord {
    /// Counts the jobs of this journal.
    pub number: u64,
    /// Tells whether another job is the same.
    pub digest: JobDigest,
    /// How many blocks it has.
    pub blocks: u32,
    /// How many of them, from the first on, are on paper.
    pub confirmed: u32,
    /// What became of it; `None` when the program ended while it was printed.
    pub ended: Option<PrintOutcome>,
}

impl JobRecord {
    /// Returns what is true of the job now: a program that ended in the middle of it leaves
    /// [`Partial`](PrintOutcome::Partial), for nobody knows what had left.
    #[must_use]
    pub fn outcome(&self) -> PrintOutcome {
        self.ended.unwrap_or(PrintOutcome::Partial { last_block: self.confirmed })
    }

    /// Tells whether somebody has to see to it that the job comes to its end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.outcome(), PrintOutcome::Confirmed | PrintOutcome::Processed)
    }
}
