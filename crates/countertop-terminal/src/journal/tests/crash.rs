//! Kills a process that works with the journal, and looks at what it left behind.
//!
//! The process is this test binary again, in the test [`day`], which tells each thing it does in a
//! line before or after it does it. The lines are what a host and a customer would have seen.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use countertop_acquirer::SettlementAnswer;

use super::*;
use crate::SystemClock;

const FOLDER: &str = "COUNTERTOP_CRASH_FOLDER";
const STOP_AT: &str = "COUNTERTOP_CRASH_STOP_AT";
const MARK: &str = "crash-test ";

/// Is the terminal that gets killed.
struct Victim {
    journal: Journal,
    stop_at: Option<String>,
}

impl Victim {
    /// Tells what happens; at the line to stop at, waits to be killed.
    fn tell(&self, line: &str) {
        let mut out = stdout().lock();
        writeln!(out, "{MARK}{line}").unwrap();
        out.flush().unwrap();
        let verb = line.split(' ').next();
        while self.stop_at.is_some() && self.stop_at.as_deref() == verb {
            std::thread::park();
        }
    }

    fn reverse_all(&mut self) {
        for reversal in self.journal.pending_reversals().unwrap() {
            self.tell(&format!("reversed {} {}", reversal.batch(), reversal.stan()));
            self.journal.reversal_done(reversal, code("00")).unwrap();
        }
    }

    fn finish(&mut self, pending: PendingTransaction, name: &str) -> ApprovedTransaction {
        let (batch, stan) = (pending.batch(), pending.stan());
        self.tell(&format!("sent-{name} {batch} {stan}"));
        let answer = approval(stan);
        let approved = self.journal.approved(pending, &answer, &Completion::default()).unwrap();
        self.tell(&format!("approved-{name} {batch} {stan}"));
        for copy in ReceiptCopy::BOTH {
            let job = self.journal.receipt_of(&approved, copy).unwrap();
            self.journal.printed(&job).unwrap();
            self.tell(&format!("printed-{name} {batch} {stan}"));
        }
        approved
    }

    fn sell(&mut self, minor: u64) -> Stan {
        let stan = self.journal.next_stan().unwrap();
        let batch = self.journal.batch().unwrap();
        let request = request(stan, batch, minor, chip(PAN));
        let pending = self.journal.begin(&new(&request), Some(&reversal())).unwrap();
        self.finish(pending, "sale").stan()
    }

    fn void(&mut self, sale: Stan) {
        let sale = self.journal.voidable(sale).unwrap();
        let request = sale.request(self.journal.next_stan().unwrap());
        let grant = Grant::new(OperatorNumber::SUPERVISOR, Permission::Void);
        let begun = self.journal.begin_void(&sale, &request, CASHIER, grant, Some(&reversal()));
        self.finish(begun.unwrap(), "void");
    }

    /// Leaves a transaction unknown, and reverses it.
    fn lose_an_answer(&mut self) {
        let stan = self.journal.next_stan().unwrap();
        let batch = self.journal.batch().unwrap();
        let request = request(stan, batch, 7, chip(PAN));
        let pending = self.journal.begin(&new(&request), Some(&reversal())).unwrap();
        self.tell(&format!("sent-lost {batch} {stan}"));
        self.journal.unknown(pending, UnknownReason::NoAnswer).unwrap();
        self.tell(&format!("unknown {batch} {stan}"));
        self.reverse_all();
    }

    fn settle(&mut self) {
        let mut step = self.journal.settlement_begin(settle_grant()).unwrap();
        loop {
            step = match step {
                Settlement::Started(started) => {
                    self.tell("settling");
                    let flag = countertop_acquirer::SettlementFlag::Unbalanced;
                    let answer = SettlementAnswer { domestic: flag, ..balanced() };
                    self.journal.settlement_answered(started, &answer).unwrap()
                }
                Settlement::ToUpload(upload) => {
                    self.tell("uploading");
                    Settlement::ToPrint(self.journal.settlement_uploaded(upload).unwrap())
                }
                Settlement::ToPrint(print) => {
                    self.tell("printing-slip");
                    Settlement::ToClose(self.journal.settlement_printed(print).unwrap())
                }
                Settlement::ToClose(printed) => {
                    self.tell("closing");
                    self.journal.close_batch(printed).unwrap();
                    return self.tell("closed");
                }
            };
        }
    }
}

/// Works until it is killed. Does nothing unless the tests below start it.
#[test]
#[ignore = "started by the other tests of this module"]
fn day() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let mut victim =
        Victim { journal: open(Path::new(&folder)).0, stop_at: env::var(STOP_AT).ok() };
    victim.reverse_all();
    if victim.journal.settlement().unwrap().is_some() {
        victim.settle();
    }
    for minor in 1.. {
        let sale = victim.sell(minor);
        if minor % 3 == 0 {
            victim.void(sale);
        }
        victim.lose_an_answer();
        if minor % 4 == 0 {
            victim.settle();
        }
    }
}

fn open(folder: &Path) -> (Journal, Recovery) {
    let vault = Vault::open(&folder.join("vault.key"), Arc::new(SystemRandomness)).unwrap();
    let settings = JournalSettings { transaction_limit: 10_000, ..JournalSettings::default() };
    Journal::open(&folder.join("journal.db"), settings, vault, Arc::new(SystemClock)).unwrap()
}

fn start(folder: &Path, stop_at: Option<&str>) -> (Child, BufReader<ChildStdout>) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["journal::tests::crash::day", "--exact", "--ignored", "--nocapture"]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    match stop_at {
        Some(verb) => command.env(STOP_AT, verb),
        None => command.env_remove(STOP_AT),
    };
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    (child, lines)
}

/// Is what the world outside saw of the transactions.
#[derive(Debug, Default)]
struct World(BTreeMap<(u32, u32), Seen>);

#[derive(Debug, Default)]
struct Seen {
    sent: bool,
    approved: bool,
    reversed: bool,
    copies: u32,
}

impl World {
    /// Takes in a line, and returns its verb.
    fn watch(&mut self, line: &str) -> Option<String> {
        let told = line.split(MARK).nth(1)?;
        let mut words = told.split_whitespace();
        let verb = words.next()?.to_owned();
        if let (Some(batch), Some(stan)) = (words.next(), words.next()) {
            let seen = self.0.entry((batch.parse().ok()?, stan.parse().ok()?)).or_default();
            match verb.split('-').next()? {
                "sent" => {
                    assert!(!seen.sent, "{line}: a number was sent twice");
                    seen.sent = true;
                }
                "approved" => seen.approved = true,
                "reversed" => seen.reversed = true,
                "printed" => seen.copies += 1,
                _ => {}
            }
        }
        Some(verb)
    }

    /// Asserts what must hold after any crash.
    fn agrees_with(&self, journal: &Journal) {
        let held = held(journal);
        for (key, seen) in &self.0 {
            let (state, reversal_waits) = held
                .get(key)
                .unwrap_or_else(|| panic!("{key:?} was sent and is not in the journal"));
            let stands = matches!(state, TransactionState::Approved | TransactionState::Voided);
            assert!(!seen.approved || stands, "{key:?} was approved and is {state:?}");
            assert!(!(seen.reversed && stands), "{key:?} was reversed and is {state:?}");
            let resolved = stands || *state == TransactionState::Reversed || *reversal_waits;
            assert!(resolved, "{key:?} is {state:?} and nothing reverses it");
        }
        let pending = held.values().any(|(state, _)| *state == TransactionState::Pending);
        assert!(!pending, "nothing is under way after recovery");
    }

    /// Asserts that the host, once all reversals went out, has booked what the journal holds.
    fn balances_with(&mut self, journal: &mut Journal) {
        for reversal in journal.pending_reversals().unwrap() {
            let key = (reversal.batch().get(), reversal.stan().get());
            self.0.entry(key).or_default().reversed = true;
            journal.reversal_done(reversal, code("00")).unwrap();
        }
        let booked = |seen: &Seen| seen.sent && !seen.reversed;
        let at_host: Vec<_> =
            self.0.iter().filter(|(_, seen)| booked(seen)).map(|(key, _)| *key).collect();
        let stand = |state| matches!(state, TransactionState::Approved | TransactionState::Voided);
        let in_journal: Vec<_> = held(journal)
            .into_iter()
            .filter(|(_, (state, _))| stand(*state))
            .map(|(key, _)| key)
            .collect();
        assert_eq!(at_host, in_journal);
    }
}

/// Returns the state of every transaction of every batch, and whether its reversal waits.
fn held(journal: &Journal) -> BTreeMap<(u32, u32), (TransactionState, bool)> {
    let records = journal.read("test", |work| Ok(work.records("", [])?)).unwrap();
    let waits = |record: &TransactionRecord| {
        record.reversal.is_some_and(|reversal| reversal.state == ReversalState::Pending)
    };
    let entry = |record: TransactionRecord| {
        ((record.batch.get(), record.stan.get()), (record.state, waits(&record)))
    };
    records.into_iter().map(entry).collect()
}

/// Runs the victim until it tells `stop_at`, kills it there, and returns what it left behind.
fn kill_at(stop_at: &str) -> (Folder, World, Journal, Recovery) {
    let folder = Folder::new();
    let mut world = World::default();
    let (mut child, lines) = start(folder.path(), Some(stop_at));
    for line in lines.lines() {
        if world.watch(&line.unwrap()).as_deref() == Some(stop_at) {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (journal, recovery) = open(folder.path());
    world.agrees_with(&journal);
    (folder, world, journal, recovery)
}

#[test]
fn killed_at_any_point_of_a_sale_or_a_void() {
    for (point, interrupted, reversals, receipts) in [
        ("sent-sale", 1, 1, 0),
        ("approved-sale", 0, 0, 2),
        ("printed-sale", 0, 0, 1),
        ("sent-lost", 1, 1, 0),
        ("unknown", 0, 1, 0),
        ("reversed", 0, 1, 0),
        ("sent-void", 1, 1, 0),
        ("approved-void", 0, 0, 2),
    ] {
        let (_folder, mut world, mut journal, recovery) = kill_at(point);
        assert_eq!(recovery.interrupted.len(), interrupted, "{point}");
        assert_eq!(recovery.pending_reversals, reversals, "{point}");
        assert_eq!(recovery.pending_receipts, receipts, "{point}");
        world.balances_with(&mut journal);
    }
}

#[test]
fn killed_at_any_point_of_a_settlement() {
    for point in ["settling", "uploading", "printing-slip", "closing"] {
        let (_folder, mut world, mut journal, recovery) = kill_at(point);
        assert!(recovery.settlement_interrupted, "{point}");
        let resumed = journal.settlement().unwrap().unwrap();
        let fits = matches!(
            (point, &resumed),
            ("settling", Settlement::Started(_))
                | ("uploading", Settlement::ToUpload(_))
                | ("printing-slip", Settlement::ToPrint(_))
                | ("closing", Settlement::ToClose(_))
        );
        assert!(fits, "{point}: {resumed:?}");
        world.balances_with(&mut journal);
    }
    let (_folder, mut world, mut journal, recovery) = kill_at("closed");
    assert!(!recovery.settlement_interrupted);
    assert_eq!(journal.batch().unwrap().get(), 2);
    world.balances_with(&mut journal);
}

#[test]
fn killed_again_and_again_at_random() {
    let folder = Folder::new();
    let mut world = World::default();
    for lines_to_live in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 7, 11, 17, 29, 43, 61] {
        let (mut child, mut lines) = start(folder.path(), None);
        let mut line = String::new();
        let mut told = 0;
        while told < lines_to_live && lines.read_line(&mut line).unwrap() > 0 {
            told += usize::from(world.watch(&line).is_some());
            line.clear();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it told before the kill came has to count as well; the last line may be torn.
        while lines.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
            world.watch(&line);
            line.clear();
        }
        assert_eq!(told, lines_to_live);
        let (journal, recovery) = open(folder.path());
        assert!(recovery.interrupted.len() <= 1);
        world.agrees_with(&journal);
    }
    let (mut journal, _) = open(folder.path());
    world.balances_with(&mut journal);
}
