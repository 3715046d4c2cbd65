//! Readers and cards as events.

use std::time::Duration;

use countertop_chip::{PcscMonitor, ReaderEvent};
use tokio::time::timeout;

use crate::common::{ATR_T0, ATR_T1, RawCard, Service};
use crate::lanes::{LaneCard, Reaction, configuration};
use crate::{no_thread_named, soon, wake_ups};

/// Waits for an event that is of the virtual reader's first slot or of the service.
async fn next(monitor: &mut PcscMonitor, sequence: &mut u64) -> ReaderEvent {
    loop {
        let event = soon(monitor.next()).await.unwrap();
        *sequence += 1;
        assert_eq!(event.sequence, *sequence);
        if event.event.reader().is_none_or(|reader| reader == "Virtual PCD 00 00") {
            return event.event;
        }
    }
}

fn inserted(answer_to_reset: &[u8]) -> ReaderEvent {
    let answer_to_reset = answer_to_reset.to_vec();
    ReaderEvent::CardInserted { reader: "Virtual PCD 00 00".into(), answer_to_reset }
}

#[tokio::test]
async fn all_that_happens_is_told_in_order() {
    let mut service = Service::start();
    let (mut monitor, mut sequence) = (PcscMonitor::start().unwrap(), 0);
    let reader = || String::from("Virtual PCD 00 00");
    let arrived = ReaderEvent::ReaderArrived { reader: reader() };
    assert_eq!(next(&mut monitor, &mut sequence).await, arrived);
    for answer_to_reset in [ATR_T0, ATR_T1] {
        let card = RawCard::insert(answer_to_reset, |_| Some(vec![0x90, 0x00]));
        assert_eq!(next(&mut monitor, &mut sequence).await, inserted(answer_to_reset));
        drop(card);
        let removed = ReaderEvent::CardRemoved { reader: reader() };
        assert_eq!(next(&mut monitor, &mut sequence).await, removed);
    }
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    assert_eq!(next(&mut monitor, &mut sequence).await, inserted(ATR_T1));
    service.kill();
    for expected in [
        ReaderEvent::CardRemoved { reader: reader() },
        ReaderEvent::ReaderDeparted { reader: reader() },
        ReaderEvent::ServiceGone,
    ] {
        assert_eq!(next(&mut monitor, &mut sequence).await, expected);
    }
    service.restart();
    assert_eq!(next(&mut monitor, &mut sequence).await, ReaderEvent::ServiceBack);
    assert_eq!(next(&mut monitor, &mut sequence).await, arrived);
    drop(monitor);
    no_thread_named("pcsc-monitor").await;
}

/// SCardGetStatusChange takes sixteen states, and the list of readers is one of them.
#[tokio::test]
async fn as_many_readers_as_there_can_be_are_watched() {
    let _service = Service::start_configured(&configuration(16));
    let mut monitor = PcscMonitor::start().unwrap();
    for number in 0..16 {
        let event = soon(monitor.next()).await.unwrap().event;
        assert!(matches!(event, ReaderEvent::ReaderArrived { .. }), "{number}: {event:?}");
    }
    let card = LaneCard::insert(15, ATR_T1, usize::MAX, Reaction::Answer);
    let reader = || String::from("Lane 14 00 01");
    let inserted = ReaderEvent::CardInserted { reader: reader(), answer_to_reset: ATR_T1.to_vec() };
    assert_eq!(soon(monitor.next()).await.unwrap().event, inserted);
    drop(card);
    let removed = ReaderEvent::CardRemoved { reader: reader() };
    assert_eq!(soon(monitor.next()).await.unwrap().event, removed);
}

#[tokio::test]
async fn a_monitor_sleeps_with_and_without_a_service() {
    let mut service = Service::start();
    let mut monitor = PcscMonitor::start().unwrap();
    // What is there is told first, and then the list settles.
    while timeout(Duration::from_millis(1_500), monitor.next()).await.is_ok() {}
    let before = wake_ups();
    assert!(timeout(Duration::from_millis(1_500), monitor.next()).await.is_err());
    assert_eq!(wake_ups(), before);
    service.kill();
    while timeout(Duration::from_secs(2), monitor.next()).await.is_ok() {}
    let before = wake_ups();
    assert!(timeout(Duration::from_millis(1_500), monitor.next()).await.is_err());
    assert_eq!(wake_ups(), before);
}
