//! How far a long job is.

use std::io::{self, IsTerminal as _, Write as _};

use countertop_device::PrintOutcome;
use countertop_printer::{FileJournal, JobDigest, JobJournal, JobRecord};

/// Blocks from which on a job is long enough for a bar.
const LONG: usize = 4;

/// Characters of the bar.
const WIDTH: usize = 40;

/// Stands where a job's blocks are noted as they come on paper: shows them, and passes them on to the
/// journal, if there is one.
#[derive(Debug)]
pub(super) struct Progress {
    journal: Option<FileJournal>,
    /// Blocks of the job.
    blocks: usize,
    shown: bool,
}

impl Progress {
    /// Shows a bar for long jobs on a terminal.
    pub(super) fn new(journal: Option<FileJournal>, blocks: usize, json: bool) -> Self {
        let shown = blocks >= LONG && !json && io::stderr().is_terminal();
        Self { journal, blocks, shown }
    }

    fn show(&self, done: usize) {
        if self.shown {
            // Who cannot see it misses nothing else.
            let _ = write!(io::stderr(), "\r{}", bar(done, self.blocks));
        }
    }
}

/// Returns the bar of `done` of `all` blocks.
fn bar(done: usize, all: usize) -> String {
    let filled = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    let percent = (done * 100).checked_div(all).unwrap_or(100).min(100);
    format!("[{}{}] {percent:3} %", "#".repeat(filled), " ".repeat(WIDTH - filled))
}

impl JobJournal for Progress {
    fn begin(&mut self, job: JobDigest, blocks: u32) -> io::Result<()> {
        self.blocks = usize::try_from(blocks).unwrap_or(usize::MAX);
        self.show(0);
        self.journal.as_mut().map_or(Ok(()), |journal| journal.begin(job, blocks))
    }

    fn confirm(&mut self, blocks: u32) -> io::Result<()> {
        self.show(usize::try_from(blocks).unwrap_or(usize::MAX));
        self.journal.as_mut().map_or(Ok(()), |journal| journal.confirm(blocks))
    }

    fn end(&mut self, outcome: PrintOutcome) -> io::Result<()> {
        if self.shown {
            // As above.
            let _ = writeln!(io::stderr());
        }
        self.journal.as_mut().map_or(Ok(()), |journal| journal.end(outcome))
    }

    fn last(&self) -> Option<JobRecord> {
        self.journal.as_ref()?.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_as_blocks_come_on_paper() {
        assert_eq!(bar(0, 8), format!("[{}]   0 %", " ".repeat(40)));
        assert_eq!(bar(2, 8), format!("[{}{}]  25 %", "#".repeat(10), " ".repeat(30)));
        assert_eq!(bar(8, 8), format!("[{}] 100 %", "#".repeat(40)));
        assert_eq!(bar(9, 8), bar(8, 8));
        assert_eq!(bar(0, 0), bar(8, 8));
    }
}
