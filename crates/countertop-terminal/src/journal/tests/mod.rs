//! Tests of the journal.

mod counters;
mod crash;
mod opening;
mod parameters;
mod properties;
mod receipts;
mod reversals;
mod secrets;
mod settlement;
mod transactions;
mod voids;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countertop_acquirer::{
    BatchNumber, CardEntry, FinancialRequest, HostAnswer, ResponseCode, Stan, TransactionKind,
    UnknownReason,
};
use countertop_device::{Currency, Money, Sensitive};

use super::*;
use crate::operators::{Grant, Permission};
use crate::vault::{SystemRandomness, Vault};
use crate::{ManualClock, OperatorNumber};

const PAN: &str = "6200000000000005";
const TRACK2: &str = "6200000000000005D30122010000000000";
const PAYMENT_CODE: &str = "6212345678901234567";
const CASHIER: OperatorNumber = OperatorNumber::new(1).unwrap();

/// A journal in a folder of its own.
struct Bench {
    folder: Folder,
    settings: JournalSettings,
    clock: Arc<ManualClock>,
    journal: Option<Journal>,
}

/// Shared memory is as good as a disk for these tests, and faster.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Self(folder.unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn journal(&self) -> PathBuf {
        self.path().join("journal.db")
    }

    fn vault(&self) -> Vault {
        Vault::open(&self.path().join("vault.key"), Arc::new(SystemRandomness)).unwrap()
    }
}

impl Bench {
    fn new() -> Self {
        Self::with(JournalSettings::default())
    }

    fn with(settings: JournalSettings) -> Self {
        let clock = Arc::new(ManualClock::new(1_767_233_533));
        let mut bench = Self { folder: Folder::new(), settings, clock, journal: None };
        bench.reopen();
        bench
    }

    fn open(&self) -> Result<(Journal, Recovery), JournalError> {
        let path = self.folder.journal();
        Journal::open(&path, self.settings.clone(), self.folder.vault(), self.clock.clone())
    }

    /// Drops the journal, as the end of a process does, and opens it again.
    fn reopen(&mut self) -> Recovery {
        self.journal = None;
        let (journal, recovery) = self.open().unwrap();
        self.journal = Some(journal);
        recovery
    }

    fn journal(&mut self) -> &mut Journal {
        self.journal.as_mut().unwrap()
    }

    fn sale(&mut self, minor: u64) -> FinancialRequest {
        let entry = chip(PAN);
        self.sale_with(minor, entry)
    }

    fn sale_with(&mut self, minor: u64, entry: CardEntry) -> FinancialRequest {
        let journal = self.journal();
        let stan = journal.next_stan().unwrap();
        let batch = journal.batch().unwrap();
        request(stan, batch, minor, entry)
    }

    fn begin(&mut self, minor: u64) -> PendingTransaction {
        let request = self.sale(minor);
        self.journal().begin(&new(&request), Some(&reversal())).unwrap()
    }

    fn approve(&mut self, minor: u64) -> ApprovedTransaction {
        let pending = self.begin(minor);
        let answer = approval(pending.stan());
        self.journal().approved(pending, &answer, &Completion::default()).unwrap()
    }

    fn leave_unknown(&mut self, minor: u64) -> Stan {
        let pending = self.begin(minor);
        let stan = pending.stan();
        self.journal().unknown(pending, UnknownReason::NoAnswer).unwrap();
        stan
    }

    fn begin_void(&mut self, stan: Stan) -> Result<PendingTransaction, JournalError> {
        let journal = self.journal();
        let sale = journal.voidable(stan)?;
        let request = sale.request(journal.next_stan()?);
        let grant = Grant::new(OperatorNumber::SUPERVISOR, Permission::Void);
        journal.begin_void(&sale, &request, CASHIER, grant, Some(&reversal()))
    }

    fn state(&mut self, stan: Stan) -> TransactionState {
        self.journal().by_stan(stan).unwrap().state
    }

    fn settle(&mut self) -> BatchNumber {
        let journal = self.journal();
        let Settlement::Started(started) = journal.settlement_begin(settle_grant()).unwrap() else {
            panic!("a fresh settlement");
        };
        let Settlement::ToPrint(print) = journal.settlement_answered(started, &balanced()).unwrap()
        else {
            panic!("a balanced settlement is printed");
        };
        let printed = journal.settlement_printed(print).unwrap();
        journal.close_batch(printed).unwrap()
    }
}

fn request(stan: Stan, batch: BatchNumber, minor: u64, entry: CardEntry) -> FinancialRequest {
    FinancialRequest {
        kind: TransactionKind::Sale,
        stan,
        batch,
        amount: Money::from_minor(minor, Currency::CNY),
        entry,
        pin_block: None,
        original: None,
    }
}

fn new(request: &FinancialRequest) -> NewTransaction<'_> {
    NewTransaction { request, foreign: false, scheme: Some("CUP"), operator: CASHIER }
}

fn secret(text: &str) -> Sensitive {
    Sensitive::from(text.as_bytes())
}

fn chip(pan: &str) -> CardEntry {
    CardEntry::Chip {
        pan: secret(pan),
        expiry: "3012".into(),
        sequence: Some(1),
        track2: secret(TRACK2),
        emv: secret("\u{1}field 55 with 6200000000000005"),
    }
}

fn reversal() -> Sensitive {
    secret("a reversal with 6200000000000005 in it")
}

fn code(text: &str) -> ResponseCode {
    ResponseCode::try_from(text.to_owned()).unwrap()
}

fn answer(text: &str) -> HostAnswer {
    HostAnswer {
        code: code(text),
        date: Some("0101".into()),
        time: Some("101214".into()),
        settlement_date: Some("0101".into()),
        rrn: None,
        authorization_code: None,
        issuer: Some("01020000".into()),
        acquirer: Some("48020000".into()),
        scheme: Some("CUP".into()),
        emv: Sensitive::default(),
    }
}

fn approval(stan: Stan) -> HostAnswer {
    let rrn = Some(format!("101213{stan}"));
    HostAnswer { rrn, authorization_code: Some("A1B2C3".into()), ..answer("00") }
}

fn balanced() -> countertop_acquirer::SettlementAnswer {
    let flag = countertop_acquirer::SettlementFlag::Balanced;
    countertop_acquirer::SettlementAnswer {
        code: ResponseCode::APPROVED,
        domestic: flag,
        foreign: flag,
        rrn: Some("101213000099".into()),
    }
}

fn settle_grant() -> Grant {
    Grant::new(OperatorNumber::SUPERVISOR, Permission::Settle)
}

fn stan(number: u32) -> Stan {
    Stan::new(number).unwrap()
}
