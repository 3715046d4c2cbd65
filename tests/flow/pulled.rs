//! Cards that leave too early, at every command and every prompt.

use countertop_terminal::flow::{Ending, FlowError, Ready};
use countertop_terminal::journal::TransactionState;
use countertop_virtual::acquirer::{AcquirerConfig, EntryState};
use countertop_virtual::card::Fault;
use countertop_wire::iso8583::Mti;

use crate::counter::clerk::{Deed, On};
use crate::counter::{Counter, books, cards, completed};

/// Tells whether a sale ended before the host heard of it because the card was gone.
fn left(ending: &Ending) -> bool {
    matches!(ending, Ending::Failed(FlowError::CardLeft))
}

/// Checks that an approval that the card did not complete was undone.
fn undone(counter: &Counter, ready: &Ready) {
    let record = ready.journal().last().unwrap().unwrap();
    assert_eq!(record.state, TransactionState::Reversed, "{record:?}");
    let ledger = counter.host.control.ledger();
    assert_eq!(ledger.last().unwrap().state, EntryState::Reversed);
    // ISO 8583 field 39 of the reversal: the terminal could not complete.
    assert_eq!(counter.host.last_field(Mti::REVERSAL, 39).as_deref(), Some("96"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_card_that_is_pulled_at_any_command() {
    let (mut counter, mut ready) = Counter::open().await;
    let (mut before, mut after) = (0, 0);
    for command in 1.. {
        counter.clerk.forget();
        counter.clerk.inserts(cards::debit().with_fault(Fault::RemovedAt(command)));
        let ending;
        (ready, ending) = counter.sale(ready, "12.00").await;
        match ending {
            Ending::Completed(_) => break,
            Ending::NotCompleted(_) => {
                undone(&counter, &ready);
                after += 1;
            }
            ending if left(&ending) => {
                assert_eq!(after, 0, "command {command}");
                before += 1;
            }
            ending => panic!("command {command}: {ending:?}"),
        }
        books::agree(ready.journal(), &counter.host.control.ledger());
    }
    assert!(before >= 8 && after >= 1, "{before} before the host was asked, {after} after");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contactless_card_that_leaves_at_any_command() {
    let (mut counter, mut ready) = Counter::open().await;
    let mut before = 0;
    for command in 1.. {
        counter.clerk.forget();
        let card = cards::debit().with_fault(Fault::RemovedAt(command));
        counter.clerk.on(On::PresentCard, Deed::Tap(card));
        let ending;
        (ready, ending) = counter.sale(ready, "12.00").await;
        if matches!(ending, Ending::Completed(_)) {
            break;
        }
        assert!(left(&ending), "command {command}: {ending:?}");
        before += 1;
    }
    assert!(before >= 3, "{before}");
    assert_eq!(counter.host.seen(Mti::REVERSAL), 0);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_card_that_is_pulled_at_a_prompt_before_the_request() {
    let (mut counter, mut ready) = Counter::open().await;
    let pin = Deed::Both(Box::new([Deed::Pull, Deed::Pin(cards::PIN)]));
    let prompts = [(On::ReadingCard, Deed::Pull), (On::EnterPin, pin), (On::Confirm, Deed::Pull)];
    for (prompt, deed) in prompts {
        counter.clerk.forget();
        counter.clerk.on(prompt, deed).pays_by_chip();
        let ending;
        (ready, ending) = counter.sale(ready, "12.00").await;
        assert!(left(&ending), "{prompt:?}: {ending:?}");
    }
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 0);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_card_that_is_pulled_before_it_completes_the_approval() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_chip().on(On::Authorising, Deed::Pull);
    let (ready, ending) = counter.sale(ready, "12.00").await;
    assert!(matches!(ending, Ending::NotCompleted(_)), "{ending:?}");
    undone(&counter, &ready);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_card_that_is_pulled_after_it_completed_the_approval() {
    let (mut counter, mut ready) = Counter::open().await;
    for prompt in [On::Approved, On::Printing] {
        counter.clerk.forget();
        counter.clerk.pays_by_chip().on(prompt, Deed::Pull);
        let ending;
        (ready, ending) = counter.sale(ready, "12.00").await;
        completed(&ending);
    }
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_that_declines_what_the_host_approved() {
    let mut config = AcquirerConfig::default();
    // Without an issuer the answer carries no proof that the card could check.
    config.issuer = None;
    let mut counter = Counter::raise_with(config).await;
    let ready = counter.start().await;
    counter.clerk.inserts(cards::debit().with_mandatory_issuer_authentication());
    let (ready, ending) = counter.sale(ready, "12.00").await;
    assert!(matches!(ending, Ending::NotCompleted(_)), "{ending:?}");
    undone(&counter, &ready);
    counter.sells_again(ready).await;
}
