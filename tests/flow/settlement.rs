//! Voids, settlement, sign-out.

use countertop_terminal::OperatorNumber;
use countertop_terminal::flow::{Ending, FlowError};
use countertop_terminal::operators::Permission;
use countertop_virtual::acquirer::{Behaviour, EntryState};
use countertop_wire::iso8583::Mti;

use crate::counter::{Counter, books, completed, secret, soon, yuan};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_is_voided_once_and_by_the_supervisor_only() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_chip();
    let (mut ready, ending) = counter.sale(ready, "12.34").await;
    let Ending::Completed(stan) = ending else { panic!("{ending:?}") };

    assert!(ready.grant(Permission::Void).is_err(), "a cashier voids nothing");
    let (supervisor, wrong) = (OperatorNumber::SUPERVISOR, secret("975310"));
    let refused = ready.authorise(supervisor, &wrong, Permission::Void).unwrap_err();
    assert!(refused.to_string().contains("password"), "{refused}");
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 1);

    let (mut ready, ending) = counter.void_last(ready).await;
    completed(&ending);
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Voided);
    insta::assert_snapshot!("void_merchant", counter.clerk.slip("merchant copy"));

    let password = secret(crate::counter::SUPERVISOR_PASSWORD);
    let grant = ready.authorise(supervisor, &password, Permission::Void).unwrap();
    let (ready, ending) = soon(ready.void(stan, grant, &mut counter.clerk)).await;
    let Ending::Failed(error) = &ending else { panic!("{ending:?}") };
    assert!(error.to_string().contains("voided already"), "{error}");
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 2);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_void_whose_answer_is_lost_leaves_the_sale_standing() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "12.34").await;
    completed(&ending);
    counter.host.control.next_of(Mti::FINANCIAL, Behaviour::DropResponse);
    let (ready, ending) = counter.void_last(ready).await;
    assert!(matches!(ending, Ending::Unknown(_)), "{ending:?}");
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Approved);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_balances_is_closed() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_chip();
    let (ready, _) = counter.sale(ready, "12.34").await;
    let (ready, _) = counter.void_last(ready).await;
    counter.clerk.pays_by_tap();
    let (mut ready, _) = counter.sale(ready, "5.00").await;
    counter.settle(&mut ready).await.unwrap();
    let report = ready.journal().settlement_report().unwrap().unwrap();
    assert!(report.answer.unwrap().balanced());
    insta::assert_snapshot!("settlement_balanced", counter.clerk.slip("settlement 000001"));
    let ready = counter.sells_again(ready).await;

    // The batch is open again, and nobody leaves it so.
    let refused = soon(ready.sign_out()).await.unwrap_err();
    let (mut ready, error) = *refused;
    assert!(matches!(error, FlowError::Unsettled), "{error}");
    counter.settle(&mut ready).await.unwrap();
    let terminal = soon(ready.sign_out()).await.unwrap();
    books::agree(terminal.journal(), &counter.host.control.ledger());
    assert!(counter.host.control.reconciliations().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_that_is_interrupted_is_finished_first() {
    for behaviour in [Behaviour::DropRequest, Behaviour::DropResponse, Behaviour::HangUp] {
        let (mut counter, ready) = Counter::open().await;
        counter.clerk.pays_by_tap();
        let (mut ready, _) = counter.sale(ready, "5.00").await;
        counter.host.control.next_of(Mti::RECONCILIATION, behaviour.clone());
        let error = counter.settle(&mut ready).await.unwrap_err();
        assert!(matches!(error, FlowError::Host(_)), "{behaviour:?}: {error}");

        let refused = soon(ready.sale(yuan("1.00"), &mut counter.clerk)).await.unwrap_err();
        let (mut ready, error) = *refused;
        assert!(matches!(error, FlowError::SettlementInterrupted), "{behaviour:?}: {error}");
        counter.settle(&mut ready).await.unwrap();
        let report = ready.journal().settlement_report().unwrap().unwrap();
        assert!(report.answer.unwrap().balanced(), "{behaviour:?}");
        counter.sells_again(ready).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_that_could_not_leave_gives_the_batch_back() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_tap();
    let (mut ready, _) = counter.sale(ready, "5.00").await;
    counter.host.go_down().await;
    let error = counter.settle(&mut ready).await.unwrap_err();
    assert!(error.to_string().contains("check the network"), "{error}");
    counter.host.come_back().await;
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stripe_of_a_foreign_card_settles_as_foreign() {
    use crate::counter::clerk::{Deed, On};
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::Swipe("4111111111111111=30121200000000000"));
    clerk.on(On::EnterPin, Deed::Pin("1234")).on(On::Sign, Deed::Sign);
    let (mut ready, ending) = counter.sale(ready, "9.00").await;
    completed(&ending);
    counter.settle(&mut ready).await.unwrap();
    let report = ready.journal().settlement_report().unwrap().unwrap();
    assert!(report.answer.unwrap().balanced(), "{:?}", report.totals);
    counter.sells_again(ready).await;
}
