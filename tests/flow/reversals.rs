//! Results that nobody knows, and how they are undone.

use std::time::Duration;

use countertop_terminal::flow::{Ending, FlowError, Ready};
use countertop_terminal::journal::{ReversalState, TransactionState};
use countertop_virtual::acquirer::{Behaviour, EntryState};
use countertop_wire::iso8583::Mti;

use crate::counter::clerk::On;
use crate::counter::{Counter, books, soon, yuan};

/// Sells with a host that behaves so, and expects an unknown result.
async fn unknown(counter: &mut Counter, ready: Ready, behaviour: Behaviour) -> Ready {
    counter.host.control.next_of(Mti::FINANCIAL, behaviour);
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "45.00").await;
    assert!(matches!(ending, Ending::Unknown(_)), "{ending:?}");
    assert!(counter.clerk.saw(On::Reversing));
    ready
}

fn last_state(ready: &Ready) -> TransactionState {
    ready.journal().last().unwrap().unwrap().state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_was_lost_is_reversed() {
    for behaviour in [Behaviour::DropRequest, Behaviour::HangUp] {
        let (mut counter, ready) = Counter::open().await;
        let ready = unknown(&mut counter, ready, behaviour).await;
        assert_eq!(last_state(&ready), TransactionState::Reversed);
        assert!(counter.host.control.ledger().is_empty());
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_lost_is_reversed_at_the_host() {
    for behaviour in [Behaviour::DropResponse, Behaviour::Garble, Behaviour::WrongTrace] {
        let (mut counter, ready) = Counter::open().await;
        let ready = unknown(&mut counter, ready, behaviour).await;
        assert_eq!(last_state(&ready), TransactionState::Reversed);
        assert_eq!(counter.host.control.ledger()[0].state, EntryState::Reversed);
        // ISO 8583 field 39 of the reversal: no answer in time.
        assert_eq!(counter.host.last_field(Mti::REVERSAL, 39).as_deref(), Some("98"));
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_with_a_wrong_code_is_reversed_and_leads_to_new_keys() {
    let (mut counter, ready) = Counter::open().await;
    let sign_ins = counter.host.seen(Mti::NETWORK_REQUEST);
    let ready = unknown(&mut counter, ready, Behaviour::BadMac).await;
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Reversed);
    assert_eq!(counter.host.last_field(Mti::REVERSAL, 39).as_deref(), Some("A0"));
    assert_eq!(counter.host.seen(Mti::NETWORK_REQUEST), sign_ins + 1);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_comes_too_late_is_no_answer_to_the_next_request() {
    let (mut counter, ready) = Counter::open().await;
    let late = Behaviour::Delay(Duration::from_millis(2_000));
    let ready = unknown(&mut counter, ready, late).await;
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Reversed);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_that_cannot_leave_goes_out_before_the_next_sale() {
    let (mut counter, ready) = Counter::open().await;
    counter.host.go_down_after(1);
    let ready = unknown(&mut counter, ready, Behaviour::DropResponse).await;
    assert_eq!(last_state(&ready), TransactionState::Unknown);
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Approved);

    let refused = soon(ready.sale(yuan("1.00"), &mut counter.clerk)).await.unwrap_err();
    let (ready, error) = *refused;
    assert!(matches!(error, FlowError::ReversalWaits { .. }), "{error}");
    assert!(error.to_string().contains("not reversed yet"), "{error}");

    counter.host.come_back().await;
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "1.00").await;
    assert!(matches!(ending, Ending::Completed(_)), "{ending:?}");
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Reversed);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_is_repeated_until_the_host_takes_it() {
    let (mut counter, ready) = Counter::open().await;
    counter.host.control.next_of(Mti::REVERSAL, Behaviour::DropRequest);
    counter.host.control.next_of(Mti::REVERSAL, Behaviour::DropResponse);
    let ready = unknown(&mut counter, ready, Behaviour::DropResponse).await;
    assert_eq!(counter.host.seen(Mti::REVERSAL), 3);
    assert_eq!(last_state(&ready), TransactionState::Reversed);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_whose_attempts_are_used_up_is_shown_until_settlement() {
    let (mut counter, ready) = Counter::open().await;
    for _ in 0..3 {
        counter.host.control.next_of(Mti::REVERSAL, Behaviour::Decline(*b"96"));
    }
    let mut ready = unknown(&mut counter, ready, Behaviour::DropResponse).await;
    let record = ready.journal().last().unwrap().unwrap();
    assert_eq!(record.state, TransactionState::Unknown);
    assert_eq!(record.reversal.unwrap().state, ReversalState::Exhausted);
    insta::assert_snapshot!("reversal_failure", counter.clerk.slip("reversal failure"));

    // It blocks nothing, and the settlement names it: the host counts it, the terminal does not.
    counter.clerk.pays_by_tap();
    let ending;
    (ready, ending) = counter.sale(ready, "5.00").await;
    assert!(matches!(ending, Ending::Completed(_)), "{ending:?}");
    counter.settle(&mut ready).await.unwrap();
    let report = ready.journal().settlement_report().unwrap().unwrap();
    assert!(!report.answer.as_ref().unwrap().balanced());
    assert_eq!(report.unresolved().count(), 1);
    insta::assert_snapshot!("settlement_unresolved", counter.clerk.slip("settlement 000001"));
    assert_eq!(counter.host.control.reconciliations().len(), 1);

    // The new batch starts clean.
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "6.00").await;
    assert!(matches!(ending, Ending::Completed(_)), "{ending:?}");
    assert!(ready.journal().unresolved().unwrap().is_empty());
    let (open, ledger) = (ready.journal().transactions().unwrap(), counter.host.control.ledger());
    let batch = ledger.iter().filter(|entry| entry.batch == open[0].batch.get());
    assert_eq!(batch.count(), open.len());
    assert_eq!(books::records(ready.journal()).len(), 3);
}
