//! A journal in a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countertop_device::PrintOutcome;

use super::{JobDigest, JobJournal, JobRecord};

/// Bytes from which on the file is written anew with the last job alone.
const LARGE: u64 = 64 * 1024;

/// Keeps the last job of one printer in a file, to which each change is appended as a line.
///
/// | line | means |
/// |---|---|
/// | `begin NUMBER DIGEST BLOCKS` | a job begins; the line is on disk before the job's first byte leaves |
/// | `confirm BLOCKS` | so many blocks are on paper |
/// | `end confirmed`, `processed`, `not-started`, `unknown` or `partial BLOCKS` | what became of it |
///
/// Each line ends with ` .`; one without it was cut off when the computer failed, and is passed over.
/// One program at a time: the file is locked while it is open.
#[derive(Debug)]
pub struct FileJournal {
    path: PathBuf,
    file: File,
    last: Option<JobRecord>,
}

impl FileJournal {
    /// Opens the journal at `path`, or makes one.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or another program has it open.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let file = open(&path)?;
        let text = fs::read_to_string(&path)?;
        let mut journal = Self { path, file, last: None };
        text.lines().filter_map(|line| line.strip_suffix(" .")).for_each(|line| journal.read(line));
        if !text.is_empty() && !text.ends_with('\n') {
            journal.file.write_all(b"\n")?;
        }
        Ok(journal)
    }

    fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match (&*words, &mut self.last) {
            (["begin", number, digest, blocks], last) => *last = record(number, digest, blocks),
            (["confirm", blocks], Some(last)) => {
                last.confirmed = blocks.parse().unwrap_or(last.confirmed);
            }
            (["end", outcome @ ..], Some(last)) => last.ended = parse_outcome(outcome),
            _ => {}
        }
    }

    fn append(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(format!("{line} .\n").as_bytes())?;
        self.read(line);
        Ok(())
    }

    /// Writes a large file anew, with nothing but the last job, so that it is whole at each instant.
    fn compact(&mut self) -> io::Result<()> {
        if self.file.metadata()?.len() < LARGE {
            return Ok(());
        }
        let new = self.path.with_extension("new");
        let mut file = open(&new)?;
        file.set_len(0)?;
        for line in self.last.iter().flat_map(lines) {
            file.write_all(format!("{line} .\n").as_bytes())?;
        }
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        sync_folder(&self.path)?;
        self.file = file;
        Ok(())
    }
}

impl JobJournal for FileJournal {
    fn begin(&mut self, job: JobDigest, blocks: u32) -> io::Result<()> {
        self.compact()?;
        let number = self.last.as_ref().map_or(0, |last| last.number) + 1;
        self.append(&format!("begin {number} {job} {blocks}"))?;
        self.file.sync_data()
    }

    fn confirm(&mut self, blocks: u32) -> io::Result<()> {
        self.append(&format!("confirm {blocks}"))
    }

    fn end(&mut self, outcome: PrintOutcome) -> io::Result<()> {
        self.append(&format!("end {}", outcome_words(outcome)))?;
        self.file.sync_data()
    }

    fn last(&self) -> Option<JobRecord> {
        self.last.clone()
    }
}

fn open(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    file.try_lock().map_err(io::Error::from)?;
    if is_new {
        sync_folder(path)?;
    }
    Ok(file)
}

/// Makes sure that the file's name is on disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn record(number: &str, digest: &str, blocks: &str) -> Option<JobRecord> {
    Some(JobRecord {
        number: number.parse().ok()?,
        digest: JobDigest::from_hex(digest)?,
        blocks: blocks.parse().ok()?,
        confirmed: 0,
        ended: None,
    })
}

fn lines(job: &JobRecord) -> Vec<String> {
    let begin = format!("begin {} {} {}", job.number, job.digest, job.blocks);
    let mut lines = vec![begin, format!("confirm {}", job.confirmed)];
    lines.extend(job.ended.map(|outcome| format!("end {}", outcome_words(outcome))));
    lines
}

fn outcome_words(outcome: PrintOutcome) -> String {
    match outcome {
        PrintOutcome::Confirmed => "confirmed".into(),
        PrintOutcome::Processed => "processed".into(),
        PrintOutcome::NotStarted => "not-started".into(),
        PrintOutcome::Partial { last_block } => format!("partial {last_block}"),
        // Whatever else there may be is not known to be on paper.
        _ => "unknown".into(),
    }
}

fn parse_outcome(words: &[&str]) -> Option<PrintOutcome> {
    Some(match words {
        ["confirmed"] => PrintOutcome::Confirmed,
        ["processed"] => PrintOutcome::Processed,
        ["not-started"] => PrintOutcome::NotStarted,
        ["partial", blocks] => PrintOutcome::Partial { last_block: blocks.parse().ok()? },
        ["unknown"] => PrintOutcome::Unknown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest() -> JobDigest {
        JobDigest::of([b"voucher".as_slice()])
    }

    #[test]
    fn a_job_that_was_not_ended_is_partial() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer");
        let mut journal = FileJournal::open(&path).unwrap();
        assert_eq!(journal.last(), None);
        journal.begin(digest(), 5).unwrap();
        journal.confirm(2).unwrap();
        drop(journal);
        let mut journal = FileJournal::open(&path).unwrap();
        let last = journal.last().unwrap();
        assert_eq!((last.number, last.digest, last.blocks), (1, digest(), 5));
        assert_eq!(last.outcome(), PrintOutcome::Partial { last_block: 2 });
        assert!(last.is_open());
        journal.end(PrintOutcome::Confirmed).unwrap();
        assert!(!journal.last().unwrap().is_open());
    }

    #[test]
    fn every_outcome_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer");
        for outcome in [
            PrintOutcome::Confirmed,
            PrintOutcome::Processed,
            PrintOutcome::NotStarted,
            PrintOutcome::Partial { last_block: 7 },
            PrintOutcome::Unknown,
        ] {
            let mut journal = FileJournal::open(&path).unwrap();
            journal.begin(digest(), 9).unwrap();
            journal.end(outcome).unwrap();
            drop(journal);
            let last = FileJournal::open(&path).unwrap().last().unwrap();
            assert_eq!(last.ended, Some(outcome));
        }
    }

    #[test]
    fn a_file_cut_off_anywhere_says_no_more_than_is_true() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer");
        let mut journal = FileJournal::open(&path).unwrap();
        journal.begin(digest(), 12).unwrap();
        journal.confirm(11).unwrap();
        journal.end(PrintOutcome::Partial { last_block: 11 }).unwrap();
        drop(journal);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let mut journal = FileJournal::open(&path).unwrap();
            if let Some(last) = journal.last() {
                let known = [0, 11].map(|last_block| PrintOutcome::Partial { last_block });
                assert!(known.contains(&last.outcome()), "{length}: {last:?}");
            }
            journal.begin(digest(), 1).unwrap();
            drop(journal);
            let last = FileJournal::open(&path).unwrap().last().unwrap();
            assert_eq!((last.blocks, last.ended), (1, None), "cut off at {length}");
        }
    }

    #[test]
    fn it_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer");
        let mut journal = FileJournal::open(&path).unwrap();
        for _ in 0..600 {
            journal.begin(digest(), 3).unwrap();
            (1..=3).for_each(|blocks| journal.confirm(blocks).unwrap());
            journal.end(PrintOutcome::Confirmed).unwrap();
        }
        assert!(fs::metadata(&path).unwrap().len() < 2 * LARGE);
        drop(journal);
        assert_eq!(FileJournal::open(&path).unwrap().last().unwrap().number, 600);
    }

    #[test]
    fn one_program_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer");
        let _journal = FileJournal::open(&path).unwrap();
        assert_eq!(FileJournal::open(&path).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}
