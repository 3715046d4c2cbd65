//! Devices that come and go, with a driver and changes made for the purpose.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    Access, DeviceError, DeviceErrorKind, DeviceEvent, DeviceInfo, Driver, Functions, Identity,
    ListWatch, Listing, Selector, Settings,
};
use countertop_hub::watch::{Change, ChangeSource};
use countertop_hub::{DeviceConfig, DevicesConfig, Hub, HubEvent, Registry, Role, Subscription};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

/// Lists what lies on it.
#[derive(Debug, Default, Clone)]
struct Shelf {
    listings: Arc<Mutex<Vec<Listing>>>,
    service: Arc<Notify>,
    lists: Arc<Mutex<u32>>,
}

#[derive(Debug)]
struct ServiceWatch(Arc<Notify>);

#[async_trait]
impl ListWatch for ServiceWatch {
    async fn changed(&mut self) -> Result<(), DeviceError> {
        self.0.notified().await;
        Ok(())
    }
}

#[async_trait]
impl Driver for Shelf {
    fn name(&self) -> &'static str {
        "shelf"
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        *self.lists.lock().unwrap() += 1;
        Ok(self.listings.lock().unwrap().clone())
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["hidraw"]
    }

    fn watch(&self) -> Option<Box<dyn ListWatch>> {
        Some(Box::new(ServiceWatch(self.service.clone())))
    }

    async fn open(&self, at: &Selector, _: &Settings) -> Result<Functions, DeviceError> {
        Err(DeviceError::new(DeviceErrorKind::NotFound, at.to_string(), "open"))
    }
}

/// Tells what the test says.
#[derive(Debug)]
struct Told(mpsc::UnboundedReceiver<Change>);

#[async_trait]
impl ChangeSource for Told {
    async fn next(&mut self) -> Result<Change, DeviceError> {
        let ended = || DeviceError::new(DeviceErrorKind::Disconnected, "test", "wait");
        self.0.recv().await.ok_or_else(ended)
    }
}

struct Counter {
    shelf: Shelf,
    changes: mpsc::UnboundedSender<Change>,
    events: Subscription<HubEvent>,
    hub: Hub,
}

fn counter() -> Counter {
    let shelf = Shelf::default();
    let config = DeviceConfig::by_identity("shelf", Identity("place-2".into()));
    let config = DevicesConfig::default().with(Role::Stripe, config);
    let hub = Hub::new(Registry::new().with(shelf.clone()), config);
    let (changes, told) = mpsc::unbounded_channel();
    let events = hub.events().subscribe(0);
    let watched = hub.clone();
    tokio::spawn(async move { watched.watch_by(vec![Box::new(Told(told))]).await });
    Counter { shelf, changes, events, hub }
}

fn listing(node: &str) -> Listing {
    let at = Selector::Hidraw(format!("/dev/hidraw{node}"));
    let place = Some(Identity(format!("place-{node}")));
    let info = DeviceInfo::new(at, "shelf", node).with_identity(place.clone(), place);
    Listing::new(info, Access::Accessible).with_node(format!("/dev/hidraw{node}"))
}

impl Counter {
    fn put(&self, nodes: &[&str]) {
        *self.shelf.listings.lock().unwrap() = nodes.iter().map(|node| listing(node)).collect();
    }

    fn kernel(&self, subsystem: &str, left: Option<&str>) {
        let left = left.map(PathBuf::from);
        self.changes.send(Change::Kernel { subsystem: subsystem.into(), left }).unwrap();
    }

    async fn event(&mut self) -> (u64, Option<Role>, String) {
        let next = timeout(Duration::from_secs(5), self.events.next()).await;
        let event = next.unwrap().unwrap();
        let shown = match event.event.event {
            DeviceEvent::Arrived(info) => format!("+{}", info.model),
            DeviceEvent::Departed(info) => format!("-{}", info.model),
            other => format!("{other:?}"),
        };
        (event.sequence, event.event.role, shown)
    }
}

#[tokio::test]
async fn what_is_there_arrives_first_and_changes_follow_with_their_roles() {
    let mut counter = counter();
    counter.put(&["1"]);
    assert_eq!(counter.event().await, (1, None, "+1".into()));
    counter.put(&["1", "2"]);
    counter.kernel("hidraw", None);
    assert_eq!(counter.event().await, (2, Some(Role::Stripe), "+2".into()));
    assert_eq!(counter.hub.attached().len(), 2);
    counter.put(&["1"]);
    counter.kernel("hidraw", Some("/dev/hidraw2"));
    assert_eq!(counter.event().await, (3, Some(Role::Stripe), "-2".into()));
}

#[tokio::test]
async fn only_the_drivers_concerned_list_again() {
    let mut counter = counter();
    counter.put(&["1"]);
    counter.event().await;
    let lists = counter.shelf.lists.clone();
    let before = *lists.lock().unwrap();
    counter.kernel("tty", None);
    counter.kernel("tty", None);
    counter.put(&[]);
    counter.kernel("hidraw", None);
    assert_eq!(counter.event().await.2, "-1");
    assert_eq!(*lists.lock().unwrap(), before + 1);
}

#[tokio::test]
async fn a_swift_replug_is_two_events() {
    let mut counter = counter();
    counter.put(&["2"]);
    counter.event().await;
    counter.kernel("hidraw", Some("/dev/hidraw2"));
    assert_eq!(counter.event().await.2, "-2");
    assert_eq!(counter.event().await.2, "+2");
}

#[tokio::test]
async fn a_drivers_own_watch_makes_it_list_again() {
    let mut counter = counter();
    counter.put(&["1"]);
    counter.event().await;
    counter.put(&["2"]);
    counter.shelf.service.notify_one();
    assert_eq!(counter.event().await.2, "-1");
    assert_eq!(counter.event().await.2, "+2");
}

#[tokio::test]
async fn after_sleep_all_is_listed_again() {
    let mut counter = counter();
    counter.put(&["1"]);
    counter.event().await;
    counter.put(&[]);
    counter.changes.send(Change::Resumed).unwrap();
    assert_eq!(counter.event().await, (2, None, "Resumed".into()));
    assert_eq!(counter.event().await.2, "-1");
}

#[tokio::test]
async fn a_source_that_fails_ends_the_watch() {
    let hub = Hub::new(Registry::new(), DevicesConfig::default());
    let (sender, told) = mpsc::unbounded_channel();
    drop(sender);
    let watch = hub.watch_by(vec![Box::new(Told(told))]);
    let error = timeout(Duration::from_secs(5), watch).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[cfg(feature = "watch")]
#[tokio::test]
async fn the_kernels_events_can_be_heard() {
    let counter = counter();
    let watch = timeout(Duration::from_millis(50), counter.hub.watch()).await;
    assert!(watch.is_err(), "it waits");
}
