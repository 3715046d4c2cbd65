//! The ledger as a file that outlives the process: one JSON object a line.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use super::LedgerEntry;

/// Appends entries to a file.
#[derive(Debug)]
pub(super) struct LedgerFile(File);

impl LedgerFile {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        OpenOptions::new().create(true).append(true).open(path).map(Self)
    }

    pub(super) fn write(&mut self, entry: &LedgerEntry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.0.write_all(&line)
    }
}

/// Reads a ledger file: of every booking its last state, in order of booking.
///
/// # Errors
///
/// When the file cannot be read or a line is no entry.
pub fn read_ledger(path: impl AsRef<Path>) -> io::Result<Vec<LedgerEntry>> {
    let mut entries: Vec<LedgerEntry> = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let entry: LedgerEntry = serde_json::from_str(&line?)?;
        let same = |other: &&mut LedgerEntry| {
            (&other.terminal_id, other.batch, other.stan)
                == (&entry.terminal_id, entry.batch, entry.stan)
        };
        match entries.iter_mut().find(same) {
            Some(earlier) => *earlier = entry,
            None => entries.push(entry),
        }
    }
    Ok(entries)
}
