//! Power cuts: a child process works at the counter and is killed at a named place; the host lives on
//! in this process. After a restart the journal equals the host's ledger, nothing is charged twice, no
//! approval that was written is lost, and every voucher gets printed.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

#[path = "../counter/mod.rs"]
mod counter;

mod bomb;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use countertop_hub::Printer;
use countertop_terminal::flow::Ready;
use countertop_terminal::journal::TransactionState;
use countertop_virtual::acquirer::{AcquirerConfig, Behaviour, EntryState};
use countertop_wire::iso8583::Mti;

use bomb::{MinedAcquirer, MinedPrinter, PLACE};
use counter::clerk::Clerk;
use counter::desk::Desk;
use counter::host::Host;
use counter::{Counter, books, completed};

const WORK: &str = "COUNTERTOP_TEST_CRASH_WORK";
const HOST: &str = "COUNTERTOP_TEST_CRASH_HOST";
const FOLDER: &str = "COUNTERTOP_TEST_CRASH_FOLDER";

/// Is where the power goes, and what has to have become of the transaction that was under way.
struct Cut {
    at: &'static str,
    state: Option<TransactionState>,
    /// The slips that the restart prints.
    slips: &'static [&'static str],
}

const BOTH: &[&str] = &["merchant", "cardholder"];
const SECOND: &[&str] = &["cardholder"];
const NONE: &[&str] = &[];

const fn cut(
    at: &'static str,
    state: Option<TransactionState>,
    slips: &'static [&'static str],
) -> Cut {
    Cut { at, state, slips }
}

/// Is the work of a child process; in the parent's own run it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let (Ok(work), Ok(host)) = (std::env::var(WORK), std::env::var(HOST)) else { return };
    let mut desk = Desk::raise(&host).await;
    desk.folder = std::env::var(FOLDER).unwrap().into();
    let clerk = Clerk::new(desk.hands.clone());
    // The host of this counter is not used: the one that counts lives in the parent.
    let own_host = Host::start(AcquirerConfig::default()).await;
    let mut counter = Counter { host: own_host, desk, clerk };
    counter.clerk.at = Some(bomb::at);
    let ready = start_mined(&mut counter).await;
    counter.clerk.pays_by_chip();
    let (mut ready, _) = counter.sale(ready, "12.34").await;
    match work.as_str() {
        "void" => drop(counter.void_last(ready).await),
        "settle" => counter.settle(&mut ready).await.unwrap(),
        _ => {}
    }
}

async fn start_mined(counter: &mut Counter) -> Ready {
    let mut parts = counter.desk.parts();
    parts.acquirer = Box::new(MinedAcquirer(parts.acquirer));
    let at = counter.desk.config.get(countertop_hub::Role::ReceiptPrinter).unwrap();
    let driver = countertop::registry().driver(at).unwrap();
    let printer =
        driver.open(at.at.as_ref().unwrap(), &at.settings).await.unwrap().printer.unwrap();
    parts.devices.printer.put(Printer { printer: Box::new(MinedPrinter(printer)), drawer: None });
    counter.start_with(parts).await
}

/// Lets a child work until it is killed.
async fn killed(work: &'static str, at: &'static str, host: String, folder: &Path) {
    let folder = folder.to_owned();
    let run = move || {
        Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(PLACE, if at.contains('#') { at.to_owned() } else { format!("{at}#1") })
            .env(WORK, work)
            .env(HOST, host)
            .env(FOLDER, folder)
            .output()
            .unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(9), "`{at}` was not reached: {said}");
}

/// Kills a child at a place, then restarts over its folder.
async fn restart(work: &'static str, cut: &Cut) -> (Counter, Ready) {
    let mut counter = Counter::raise().await;
    if work == "lost" {
        counter.host.control.next_of(Mti::FINANCIAL, Behaviour::DropResponse);
    }
    let address = counter.host.address.clone();
    killed(work, cut.at, address, &counter.desk.folder).await;
    let ready = counter.start().await;
    (counter, ready)
}

fn slips(counter: &Counter) -> Vec<&str> {
    let words = counter.clerk.names().into_iter().map(|name| name.split(' ').nth(1).unwrap());
    words.collect()
}

/// Fails unless the last transaction before the restart ended as it had to.
fn check(counter: &Counter, ready: &Ready, cut: &Cut) {
    books::agree(ready.journal(), &counter.host.control.ledger());
    let last = ready.journal().last().unwrap();
    assert_eq!(last.map(|record| record.state), cut.state, "{}", cut.at);
    assert!(ready.journal().pending_receipts().unwrap().is_empty(), "{}", cut.at);
    assert!(ready.journal().pending_reversals().unwrap().is_empty(), "{}", cut.at);
    assert_eq!(slips(counter), cut.slips, "{}", cut.at);
}

/// Returns how much the host has charged and not taken back.
fn charged(counter: &Counter) -> u64 {
    let ledger = counter.host.control.ledger();
    let standing = ledger.iter().filter(|entry| entry.state == EntryState::Approved);
    standing.filter(|entry| entry.original.is_none()).map(|entry| entry.amount).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_sale_before_it_is_approved() {
    let reversed = Some(TransactionState::Reversed);
    for cut in [
        cut("show Confirm", None, NONE),
        cut("show Authorising", None, NONE),
        cut("prepare before", None, NONE),
        cut("prepare after", None, NONE),
        cut("submit before", reversed, NONE),
        cut("submit after", reversed, NONE),
    ] {
        let (mut counter, ready) = restart("sale", &cut).await;
        check(&counter, &ready, &cut);
        assert_eq!(charged(&counter), 0, "{}", cut.at);
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_sale_after_it_was_approved() {
    let approved = Some(TransactionState::Approved);
    for cut in [
        cut("show Approved", approved, BOTH),
        cut("print before#1", approved, BOTH),
        cut("print after#1", approved, BOTH),
        cut("slip merchant", approved, BOTH),
        cut("print before#2", approved, SECOND),
        cut("print after#2", approved, SECOND),
        cut("show TakeCard", approved, NONE),
    ] {
        let (mut counter, ready) = restart("sale", &cut).await;
        check(&counter, &ready, &cut);
        assert_eq!(charged(&counter), 1_234, "{}", cut.at);
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_reversal() {
    let reversed = Some(TransactionState::Reversed);
    for cut in [
        cut("show Reversing", reversed, NONE),
        cut("reverse before", reversed, NONE),
        cut("reverse after", reversed, NONE),
    ] {
        let (mut counter, ready) = restart("lost", &cut).await;
        check(&counter, &ready, &cut);
        assert_eq!(charged(&counter), 0, "{}", cut.at);
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_void() {
    let (reversed, approved) = (Some(TransactionState::Reversed), Some(TransactionState::Approved));
    for (cut, left) in [
        (cut("prepare after#2", approved, NONE), 1_234),
        (cut("submit before#2", reversed, NONE), 1_234),
        (cut("submit after#2", reversed, NONE), 1_234),
        (cut("show Approved#2", approved, BOTH), 0),
        (cut("print before#4", approved, SECOND), 0),
    ] {
        let (mut counter, ready) = restart("void", &cut).await;
        check(&counter, &ready, &cut);
        assert_eq!(charged(&counter), left, "{}", cut.at);
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_settlement() {
    for at in ["settle before", "settle after", "print before#3", "print after#3"] {
        let cut = cut(at, Some(TransactionState::Approved), NONE);
        let (mut counter, mut ready) = restart("settle", &cut).await;
        check(&counter, &ready, &cut);
        counter.settle(&mut ready).await.unwrap();
        let report = ready.journal().settlement_report().unwrap().unwrap();
        assert!(report.answer.unwrap().balanced(), "{at}");
        assert!(ready.journal().transactions().unwrap().is_empty(), "{at}");
        assert_eq!(charged(&counter), 1_234, "{at}");
        assert!(counter.clerk.names().contains(&"settlement 000001"), "{at}");

        counter.clerk.pays_by_tap();
        let (ready, ending) = counter.sale(ready, "1.00").await;
        completed(&ending);
        assert_eq!(ready.journal().batch().unwrap().get(), 2, "{at}");
        counter.sells_again(ready).await;
    }
}
