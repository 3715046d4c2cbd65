//! What the host refuses, and a host that is not there.

use countertop_terminal::flow::Ending;
use countertop_virtual::acquirer::{Account, AccountStatus, Behaviour};
use countertop_virtual::card::Fault;
use countertop_wire::iso8583::Mti;

use crate::counter::clerk::{Clerk, Deed, On};
use crate::counter::{Counter, cards, completed, soon};

fn code(ending: &Ending) -> String {
    match ending {
        Ending::Declined(Some(code)) => code.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declined_for_want_of_money() {
    let (mut counter, ready) = Counter::open().await;
    let mut poor = Account::new("6200000000000005", cards::PIN);
    poor.balance = 1_000;
    counter.host.control.set_account(poor);
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "10.01").await;
    assert_eq!(code(&ending), "51");
    assert!(counter.clerk.slips.is_empty(), "nothing is printed of a refusal");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_pin() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.on(On::PresentCard, Deed::Insert(cards::debit()));
    counter.clerk.on(On::EnterPin, Deed::Pin("654321"));
    let (ready, ending) = counter.sale(ready, "10.00").await;
    assert_eq!(code(&ending), "55");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_card_is_to_be_held() {
    let (mut counter, ready) = Counter::open().await;
    let mut lost = Account::new("6200000000000005", cards::PIN);
    lost.status = AccountStatus::Lost;
    counter.host.control.set_account(lost);
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "10.00").await;
    assert_eq!(code(&ending), "41");
    let shown = counter.clerk.shown.last().unwrap();
    let text = shown.text(countertop_terminal::flow::Language::English);
    assert!(text.contains("hold the card"), "{text}");
    counter.host.control.set_account(Account::new("6200000000000005", cards::PIN));
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_cryptogram_is_refused() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.inserts(cards::debit().with_fault(Fault::WrongCryptogram));
    let (ready, ending) = counter.sale(ready, "10.00").await;
    assert!(matches!(ending, Ending::Declined(Some(_))), "{ending:?}");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_forgot_the_keys_is_signed_in_at_again() {
    let (mut counter, ready) = Counter::open().await;
    let sign_ins = counter.host.seen(Mti::NETWORK_REQUEST);
    counter.host.control.forget_keys();
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "10.00").await;
    // The host has no key to sign its refusal with: it counts as unknown, and is reversed.
    assert!(matches!(ending, Ending::Unknown(_)), "{ending:?}");
    assert!(ready.journal().pending_reversals().unwrap().is_empty());
    assert_eq!(counter.host.seen(Mti::NETWORK_REQUEST), sign_ins + 1);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_the_host_cannot_verify_leads_to_new_keys() {
    let (mut counter, ready) = Counter::open().await;
    let sign_ins = counter.host.seen(Mti::NETWORK_REQUEST);
    counter.host.control.next_of(Mti::FINANCIAL, Behaviour::Decline(*b"A0"));
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "10.00").await;
    assert_eq!(code(&ending), "A0");
    assert_eq!(counter.host.seen(Mti::NETWORK_REQUEST), sign_ins + 1);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_charged_while_the_host_is_down() {
    let (mut counter, ready) = Counter::open().await;
    counter.host.go_down().await;
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "10.00").await;
    let Ending::Failed(error) = &ending else { panic!("{ending:?}") };
    assert!(error.to_string().contains("check the network"), "{error}");
    assert!(ready.journal().pending_reversals().unwrap().is_empty());
    counter.host.come_back().await;
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_down_at_sign_in_can_be_tried_again() {
    let mut counter = Counter::raise().await;
    counter.host.go_down().await;
    let parts = counter.desk.parts();
    let attended = counter.attend(parts).await;
    let refused = soon(attended.host_sign_in(&mut counter.clerk)).await.unwrap_err();
    let (attended, error) = *refused;
    assert!(error.to_string().contains("check the network"), "{error}");
    counter.host.come_back().await;
    let ready = soon(attended.host_sign_in(&mut counter.clerk)).await.unwrap();
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_does_not_fit_its_check_value_is_not_used() {
    let mut counter = Counter::raise().await;
    counter.host.control.next_of(Mti::NETWORK_REQUEST, Behaviour::BadCheckValue);
    let parts = counter.desk.parts();
    let attended = counter.attend(parts).await;
    let refused = soon(attended.host_sign_in(&mut counter.clerk)).await.unwrap_err();
    let (attended, error) = *refused;
    assert!(error.to_string().contains("call the acquirer"), "{error}");
    let ready = soon(attended.host_sign_in(&mut counter.clerk)).await.unwrap();
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_kinds_of_cards_in_one_batch() {
    let (mut counter, mut ready) = Counter::open().await;
    let ways: [fn(&mut Clerk) -> &mut Clerk; 4] =
        [Clerk::pays_by_chip, Clerk::pays_by_tap, Clerk::pays_by_stripe, Clerk::pays_by_code];
    for pay in ways {
        pay(&mut counter.clerk);
        let (next, ending) = counter.sale(ready, "99.99").await;
        completed(&ending);
        ready = next;
    }
    counter.sells_again(ready).await;
}
