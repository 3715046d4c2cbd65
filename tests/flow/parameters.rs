//! Chip parameters from the host.

use countertop_acquirer::ParameterTable;
use countertop_emv::parameters::EmvParameters;
use countertop_terminal::flow::Ready;
use countertop_virtual::acquirer::{AcquirerConfig, HostParameters};
use countertop_wire::unionpay::HostTask;

use crate::counter::clerk::{Deed, On};
use crate::counter::{Counter, cards, completed};

/// Returns the host's tables with a limit for taps without a PIN: tag DF21, six bytes in digits.
fn with_cvm_limit(limit: [u8; 6]) -> HostParameters {
    let mut tables = HostParameters::default();
    for record in &mut tables.applications {
        let at = record.windows(3).position(|bytes| bytes == [0xDF, 0x21, 6]).unwrap() + 3;
        record[at..at + 6].copy_from_slice(&limit);
    }
    tables
}

async fn asked_for_a_pin(counter: &mut Counter, ready: Ready, amount: &str) -> (Ready, bool) {
    counter.clerk.forget();
    counter.clerk.pays_by_tap();
    counter.clerk.on(On::EnterPin, Deed::Pin(cards::PIN)).on(On::Sign, Deed::Sign);
    let (ready, ending) = counter.sale(ready, amount).await;
    completed(&ending);
    let asked = counter.clerk.saw(On::EnterPin);
    (ready, asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_the_host_are_in_force_at_once_and_after_a_restart() {
    let mut counter = Counter::raise().await;
    counter.host.control.set_parameters(with_cvm_limit([0, 0, 0, 0, 0x50, 0]));
    counter.host.control.set_host_task(HostTask::UpdateIccParameters);
    let ready = counter.start().await;
    assert!(counter.clerk.saw(On::LoadingParameters));
    let (ready, asked) = asked_for_a_pin(&mut counter, ready, "49.00").await;
    assert!(!asked);
    let (ready, asked) = asked_for_a_pin(&mut counter, ready, "51.00").await;
    assert!(asked);
    drop(ready);
    counter.clerk.forget();
    let ready = counter.start().await;
    assert!(!counter.clerk.saw(On::LoadingParameters), "the host asks no more");
    let (ready, asked) = asked_for_a_pin(&mut counter, ready, "51.00").await;
    assert!(asked, "the limit is forgotten");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_the_host_check_cards() {
    let mut counter = Counter::raise().await;
    let mut parts = counter.desk.parts();
    // A terminal that was never loaded knows the keys of no test card.
    parts.emv = EmvParameters::default().into();
    counter.host.control.set_host_task(HostTask::UpdateCapk);
    let ready = counter.start_with(parts).await;
    let stored = ready.journal().parameters(ParameterTable::CaPublicKeys).unwrap().unwrap();
    assert_eq!(stored.records, HostParameters::default().keys);
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "10.00").await;
    completed(&ending);
    let tvr = ready.journal().last().unwrap().unwrap().emv.unwrap().tvr;
    assert!(tvr.starts_with("00"), "offline data authentication failed: TVR {tvr}");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_that_cannot_be_leave_those_before() {
    let mut counter = Counter::raise_with(AcquirerConfig::default()).await;
    let mut tables = with_cvm_limit([0, 0, 0, 0, 0x50, 0]);
    tables.applications[2].truncate(20);
    counter.host.control.set_parameters(tables);
    counter.host.control.set_host_task(HostTask::UpdateIccParameters);
    let ready = counter.start().await;
    assert!(counter.clerk.saw(On::Trouble));
    assert_eq!(ready.journal().parameters(ParameterTable::Applications).unwrap(), None);
    let (ready, asked) = asked_for_a_pin(&mut counter, ready, "51.00").await;
    assert!(!asked);
    counter.sells_again(ready).await;
}

/// With a floor limit the card could approve offline, and nobody would tell the host.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_limit_of_the_host_approves_nothing_offline() {
    let mut counter = Counter::raise().await;
    let mut tables = HostParameters::default();
    for record in &mut tables.applications {
        let at = record.windows(3).position(|bytes| bytes == [0x9F, 0x1B, 4]).unwrap() + 3;
        record[at..at + 4].copy_from_slice(&[0, 0x0F, 0xFF, 0xFF]);
    }
    counter.host.control.set_parameters(tables);
    counter.host.control.set_host_task(HostTask::UpdateIccParameters);
    let ready = counter.start().await;
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "2.00").await;
    completed(&ending);
    assert_eq!(counter.host.control.ledger().len(), 1, "the host knows of it");
    counter.sells_again(ready).await;
}
