//! Files that are not the one to open, and disks that are full.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn a_journal_is_its_owners_alone() {
    let mut bench = Bench::new();
    bench.approve(1);
    for entry in fs::read_dir(bench.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
    }
}

#[test]
fn a_second_opening_is_refused_while_the_first_lasts() {
    let mut bench = Bench::new();
    assert!(matches!(bench.open(), Err(JournalError::InUse { .. })));
    bench.approve(1);
    let error = bench.open().unwrap_err();
    assert!(error.to_string().contains("another program has it open"), "{error}");
    bench.journal = None;
    assert!(bench.open().is_ok());
}

#[test]
fn a_clean_journal_needs_no_recovery() {
    let mut bench = Bench::new();
    assert!(bench.reopen().is_clean());
}

#[test]
fn a_file_that_is_no_journal_is_refused() {
    let bench = Bench { journal: None, ..Bench::new() };
    fs::write(bench.folder.journal(), b"this is a text and no database, by any reading").unwrap();
    assert!(matches!(bench.open(), Err(JournalError::Corrupt { .. })));
}

#[test]
fn a_damaged_journal_is_refused() {
    let mut bench = Bench::new();
    for minor in 1..40 {
        bench.approve(minor);
    }
    bench.journal = None;
    let path = bench.folder.journal();
    let mut bytes = fs::read(&path).unwrap();
    for byte in &mut bytes[8192..12_000] {
        *byte ^= 0x55;
    }
    fs::write(&path, bytes).unwrap();
    let error = bench.open().unwrap_err();
    assert!(matches!(error, JournalError::Corrupt { .. }), "{error}");
}

#[test]
fn a_newer_journal_is_refused() {
    let mut bench = Bench::new();
    bench.journal().connection.pragma_update(None, "user_version", 99).unwrap();
    bench.journal = None;
    let error = bench.open().unwrap_err();
    assert!(matches!(error, JournalError::NewerVersion { found: 99, known: 2, .. }), "{error}");
}

#[test]
fn a_lost_key_is_noticed() {
    let bench = Bench { journal: None, ..Bench::new() };
    fs::remove_file(bench.folder.path().join("vault.key")).unwrap();
    assert!(matches!(bench.open(), Err(JournalError::WrongKey { .. })));
}

#[test]
fn training_and_live_work_do_not_share_a_journal() {
    let mut bench = Bench { journal: None, ..Bench::new() };
    bench.settings.training = true;
    let error = bench.open().unwrap_err();
    assert!(error.to_string().contains("made for live work"), "{error}");
}

#[test]
fn a_journal_keeps_one_currency() {
    let mut bench = Bench { journal: None, ..Bench::new() };
    bench.settings.currency = Currency::EUR;
    assert!(matches!(bench.open(), Err(JournalError::OtherCurrency { .. })));
}

#[test]
fn a_missing_folder_is_an_error() {
    let bench = Bench::new();
    let path = bench.folder.path().join("no such folder/journal.db");
    let opened =
        Journal::open(&path, JournalSettings::default(), bench.folder.vault(), bench.clock);
    assert!(matches!(opened, Err(JournalError::File { .. })));
}

#[test]
fn a_full_disk_stops_before_anything_is_sent() {
    let mut bench = Bench::new();
    let mut approved = 0;
    bench.journal().connection.pragma_update(None, "max_page_count", 1).unwrap();
    let error = loop {
        let request = match bench.journal().next_stan() {
            Ok(stan) => request(stan, BatchNumber::FIRST, 1, chip(PAN)),
            Err(error) => break error,
        };
        match bench.journal().begin(&new(&request), Some(&reversal())) {
            Ok(pending) => {
                let answer = approval(pending.stan());
                let completion = Completion::default();
                match bench.journal().approved(pending, &answer, &completion) {
                    Ok(_) => approved += 1,
                    Err(error) => break error,
                }
            }
            Err(error) => break error,
        }
    };
    assert!(matches!(error, JournalError::DiskFull { .. }), "{error}");
    let shown = error.to_string();
    assert!(shown.contains("disk full: free space there"), "{shown}");
    let recovery = bench.reopen();
    assert_eq!(recovery.pending_reversals, recovery.interrupted.len());
    assert_eq!(bench.journal().totals().unwrap().domestic.debit_count, approved);
}
