//! Slots find their device again: by identity, after loss, after sleep, once it is there.

use std::time::Duration;

use crate::support::{Counter, identity, usb};
use async_trait::async_trait;
use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_hub::watch::{Change, ChangeSource};
use countertop_hub::{DeviceConfig, Role};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// Tells what the test says.
#[derive(Debug)]
struct Told(mpsc::UnboundedReceiver<Change>);

#[async_trait]
impl ChangeSource for Told {
    async fn next(&mut self) -> Result<Change, DeviceError> {
        match self.0.recv().await {
            Some(change) => Ok(change),
            None => std::future::pending().await,
        }
    }
}

fn watch(counter: &Counter) -> mpsc::UnboundedSender<Change> {
    let (changes, told) = mpsc::unbounded_channel();
    let hub = counter.hub.clone();
    tokio::spawn(async move { hub.watch_by(vec![Box::new(Told(told))]).await });
    changes
}

fn by(listing: &countertop_device::Listing) -> DeviceConfig {
    DeviceConfig::by_identity("shelf", identity(listing))
}

#[tokio::test]
async fn twins_keep_their_roles_in_whatever_order_they_are_plugged_in() {
    let (left, right) = (usb(None, "ports/1"), usb(None, "ports/2"));
    let roles = [(Role::Stripe, by(&left)), (Role::ReceiptPrinter, by(&right))];
    for order in [[&left, &right], [&right, &left]] {
        let counter = Counter::new(&roles);
        counter.shelf.put(order.map(Clone::clone).to_vec());
        let mut devices = counter.hub.devices();
        devices.stripe.open().await.unwrap();
        devices.printer.open().await.unwrap();
        let opened = |listing| format!("usb:04b8:0e15 at {}", identity(listing));
        assert_eq!(counter.shelf.opened(), [opened(&left), opened(&right)]);
    }
}

#[tokio::test]
async fn a_twin_never_takes_the_role() {
    let (left, right) = (usb(None, "ports/1"), usb(None, "ports/2"));
    let counter = Counter::new(&[(Role::Stripe, by(&left))]);
    counter.shelf.put(vec![right.clone()]);
    let mut devices = counter.hub.devices();
    let error = devices.stripe.open().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    // A driver that opens whatever comes first.
    counter.shelf.put(vec![left, right.clone()]);
    counter.shelf.ignore_place();
    counter.shelf.answer_as(right.info);
    let error = devices.stripe.open().await.unwrap_err();
    assert!(error.to_string().contains("that answers at this address"), "{error}");
}

#[tokio::test]
async fn a_device_that_left_or_slept_is_opened_anew() {
    let thing = usb(Some("1"), "ports/1");
    let mut counter = Counter::new(&[(Role::Stripe, by(&thing))]);
    counter.shelf.put(vec![thing.clone()]);
    let changes = watch(&counter);
    assert_eq!(counter.event().await, "stripe: arrived");
    let mut devices = counter.hub.devices();
    devices.stripe.open().await.unwrap();
    assert_eq!(counter.event().await, "stripe: claimed");
    assert_eq!(counter.event().await, "stripe: power-changed online");

    counter.shelf.put(vec![]);
    changes.send(Change::Any).unwrap();
    assert_eq!(counter.event().await, "stripe: departed");
    assert_eq!(counter.event().await, "stripe: power-changed off");
    counter.shelf.put(vec![thing]);
    changes.send(Change::Any).unwrap();
    assert_eq!(counter.event().await, "stripe: arrived");
    assert_eq!(counter.event().await, "stripe: power-changed unknown");
    devices.stripe.open().await.unwrap();
    devices.stripe.open().await.unwrap();
    assert_eq!(counter.shelf.opened().len(), 2, "opened anew, once");

    counter.forget_events();
    changes.send(Change::Resumed).unwrap();
    assert_eq!(counter.event().await, "resumed");
    devices.stripe.open().await.unwrap();
    assert_eq!(counter.shelf.opened().len(), 3, "opened anew after sleep");
}

#[tokio::test]
async fn the_other_address_of_a_device_may_go_alone() {
    let mut node = usb(Some("1"), "ports/1");
    let thing = node.clone();
    node.info.selector = "usblp:/dev/usb/lp0".parse().unwrap();
    let mut counter = Counter::new(&[(Role::Stripe, by(&thing))]);
    counter.shelf.put(vec![thing.clone(), node]);
    let changes = watch(&counter);
    assert_eq!(counter.event().await, "stripe: arrived");
    let mut devices = counter.hub.devices();
    devices.stripe.open().await.unwrap();
    counter.shelf.put(vec![thing]);
    changes.send(Change::Any).unwrap();
    while counter.event().await != "stripe: departed" {}
    devices.stripe.open().await.unwrap();
    assert_eq!(counter.shelf.opened().len(), 1, "it is still the same");
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_woken_by_the_arrival_and_by_nothing_else() {
    let thing = usb(Some("1"), "ports/1");
    let counter = Counter::new(&[(Role::Stripe, by(&thing))]);
    counter.shelf.put(vec![usb(Some("2"), "ports/2")]);
    let changes = watch(&counter);
    let mut devices = counter.hub.devices();
    let waiting = devices.stripe.open_when_present();
    assert!(timeout(Duration::from_secs(3600), waiting).await.is_err(), "it is not there");
    let waiting = devices.stripe.open_when_present();
    let leaves = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let looks = counter.shelf.looks();
        counter.shelf.put(vec![]);
        changes.send(Change::Any).unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(counter.shelf.looks(), looks + 1, "another that leaves is no reason to look");
    };
    tokio::select! {
        opened = waiting => panic!("{:?}", opened.map(drop)),
        () = leaves => {}
    }
    let started = Instant::now();
    let waiting = tokio::spawn(async move {
        devices.stripe.open_when_present().await.unwrap();
    });
    tokio::task::yield_now().await;
    counter.shelf.put(vec![thing]);
    changes.send(Change::Any).unwrap();
    waiting.await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(1), "no pause was made");
}

#[tokio::test(start_paused = true)]
async fn what_has_no_events_is_tried_after_growing_pauses() {
    let config = DeviceConfig::new("shelf", "tcp:printer:9100".parse().unwrap());
    let counter = Counter::new(&[(Role::ReceiptPrinter, config)]);
    let _changes = watch(&counter);
    counter.shelf.fail(Some(DeviceErrorKind::NotFound));
    let shelf = counter.shelf.clone();
    let mut devices = counter.hub.devices();
    let started = Instant::now();
    let waiting = tokio::spawn(async move {
        devices.printer.open_when_present().await.unwrap();
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    shelf.fail(None);
    waiting.await.unwrap();
    let waited = started.elapsed();
    assert!(Duration::from_millis(1500) < waited && waited < Duration::from_secs(2), "{waited:?}");
}

#[tokio::test]
async fn what_waiting_does_not_cure_is_told_at_once() {
    let thing = usb(Some("1"), "ports/1");
    let roles = [(Role::Stripe, by(&thing))];
    let counter = Counter::new(&roles);
    let other = Counter::beside(counter.folder.clone(), &roles);
    for counter in [&counter, &other] {
        counter.shelf.put(vec![thing.clone()]);
    }
    let mut held = other.hub.devices();
    held.stripe.open().await.unwrap();
    let mut devices = counter.hub.devices();
    let wait = Duration::from_secs(5);
    let error = timeout(wait, devices.stripe.open_when_present()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    let error = timeout(wait, devices.scanner.open_when_present()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    held.stripe.close();
    timeout(wait, devices.stripe.open_when_present()).await.unwrap().unwrap();
}
