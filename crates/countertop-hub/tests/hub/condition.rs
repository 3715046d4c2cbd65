//! What the hub tells and counts of devices in use: claims, power, attention, statistics, health.

use std::time::Duration;

use crate::support::{Counter, identity, usb};
use countertop_device::document::Document;
use countertop_device::{
    Attention, DeviceErrorKind, Health, HealthLevel, PowerState, SecurePinOutcome, SecurePinRequest,
};
use countertop_hub::{DeviceConfig, Role, Statistic};

const PAPER_OUT: DeviceErrorKind = DeviceErrorKind::NeedsAttention(Attention::PaperOut);

fn counter(role: Role) -> (Counter, String) {
    let thing = usb(Some("1"), "ports/1");
    let config = DeviceConfig::by_identity("shelf", identity(&thing));
    let counter = Counter::new(&[(role, config)]);
    let name = identity(&thing).to_string();
    counter.shelf.put(vec![thing]);
    (counter, name)
}

fn receipt() -> Document {
    let mut document = Document::new();
    document.line("one").columns("two", "2").rule().qr("6200").cut();
    document
}

#[tokio::test]
async fn power_states_follow_what_calls_meet() {
    let (mut counter, _) = counter(Role::ReceiptPrinter);
    let role = Role::ReceiptPrinter;
    let mut devices = counter.hub.devices();
    assert_eq!(counter.hub.power_state(role), PowerState::Unknown);
    devices.printer.open().await.unwrap();
    assert_eq!(counter.hub.power_state(role), PowerState::Online);
    counter.forget_events();
    for (kind, state, event) in [
        (Some(DeviceErrorKind::TimedOut), PowerState::OffOffline, "power-changed off-offline"),
        (None, PowerState::Online, "power-changed online"),
        (
            Some(DeviceErrorKind::NeedsAttention(Attention::Offline)),
            PowerState::Offline,
            "attention-needed offline",
        ),
    ] {
        counter.shelf.fail(kind);
        let printer = &mut devices.printer.open().await.unwrap().printer;
        let _ = printer.print(&receipt()).await;
        assert_eq!(counter.hub.power_state(role), state);
        assert_eq!(counter.event().await, format!("receipt-printer: {event}"));
    }
    devices.printer.close();
    counter.shelf.fail(Some(DeviceErrorKind::NotFound));
    devices.printer.open().await.unwrap_err();
    assert_eq!(counter.hub.power_state(role), PowerState::OffOffline);
}

#[tokio::test]
async fn attention_is_told_once_and_cleared_once() {
    let (mut counter, _) = counter(Role::ReceiptPrinter);
    let mut devices = counter.hub.devices();
    let printer = &mut devices.printer.open().await.unwrap().printer;
    counter.forget_events();
    counter.shelf.fail(Some(PAPER_OUT));
    printer.print(&receipt()).await.unwrap_err();
    printer.print(&receipt()).await.unwrap_err();
    assert_eq!(printer.status().await.unwrap().attention, Some(Attention::PaperOut));
    assert_eq!(counter.hub.attention(Role::ReceiptPrinter), Some(Attention::PaperOut));
    counter.shelf.fail(None);
    printer.status().await.unwrap();
    printer.print(&receipt()).await.unwrap();
    printer.print(&receipt()).await.unwrap();
    assert_eq!(counter.event().await, "receipt-printer: attention-needed paper-out");
    assert_eq!(counter.event().await, "receipt-printer: attention-cleared");
    devices.printer.close();
    assert_eq!(counter.event().await, "receipt-printer: released");
    assert_eq!(counter.hub.attention(Role::ReceiptPrinter), None);
}

#[tokio::test]
async fn a_printers_statistics_are_counted() {
    let (counter, name) = counter(Role::ReceiptPrinter);
    let mut devices = counter.hub.devices();
    let printer = &mut devices.printer.open().await.unwrap().printer;
    printer.print(&receipt()).await.unwrap();
    for kind in [DeviceErrorKind::TimedOut, PAPER_OUT] {
        counter.shelf.fail(Some(kind));
        printer.print(&receipt()).await.unwrap_err();
    }
    let statistics = counter.hub.statistics().snapshot().remove(&name).unwrap();
    for (statistic, count) in [
        (Statistic::ReceiptLinePrintedCount, 3),
        (Statistic::BarcodePrintedCount, 1),
        (Statistic::PaperCutCount, 1),
        (Statistic::CommunicationErrorCount, 1),
        (Statistic::PrinterFaultCount, 0),
    ] {
        assert_eq!(statistics.get(statistic), count, "{statistic:?}");
    }
}

#[tokio::test]
async fn statistics_follow_the_device_over_replug() {
    let (counter, name) = counter(Role::Stripe);
    let mut devices = counter.hub.devices();
    for _ in 0..2 {
        let reader = devices.stripe.open().await.unwrap();
        reader.next_swipe().await.unwrap();
        counter.shelf.fail(Some(DeviceErrorKind::Disconnected));
        let error = reader.next_swipe().await.unwrap_err();
        devices.stripe.note(&error);
        counter.shelf.fail(None);
    }
    let statistics = counter.hub.statistics().snapshot().remove(&name).unwrap();
    assert_eq!(statistics.get(Statistic::GoodReadCount), 2);
    assert_eq!(statistics.get(Statistic::FailedReadCount), 2, "track 1 cannot be read");
    assert_eq!(statistics.get(Statistic::CommunicationErrorCount), 2);
}

#[tokio::test]
async fn health_is_checked_at_the_level_asked_for_and_no_deeper() {
    let (counter, _) = counter(Role::Stripe);
    let mut devices = counter.hub.devices();
    let lines = devices.self_test().await;
    assert_eq!((lines.len(), lines[0].report.text.as_str()), (1, "Internal"));
    for level in [HealthLevel::Internal, HealthLevel::External, HealthLevel::Interactive] {
        let line = devices.check_health(Role::Stripe, level).await.unwrap();
        assert_eq!(line.report.text, format!("{level:?}"));
    }
    assert!(devices.check_health(Role::Scanner, HealthLevel::Internal).await.is_none());
}

#[tokio::test]
async fn what_another_program_holds_is_not_touched_by_a_check() {
    let (counter, _) = counter(Role::Stripe);
    let config = counter.hub.config().get(Role::Stripe).unwrap().clone();
    let other = Counter::beside(counter.folder.clone(), &[(Role::Stripe, config)]);
    other.shelf.put(vec![usb(Some("1"), "ports/1")]);
    let mut held = counter.hub.devices();
    held.stripe.open().await.unwrap();
    let line = other.hub.devices().check_health(Role::Stripe, HealthLevel::Internal).await.unwrap();
    assert_eq!(line.report.health, Health::Bad);
    assert!(line.report.text.contains("in use by another program"), "{}", line.report.text);
    assert!(other.shelf.opened().is_empty());
}

#[tokio::test]
async fn the_holder_lets_a_device_go_when_it_is_asked() {
    let (counter, name) = counter(Role::Stripe);
    let claims = counter.hub.claims().clone();
    let mut devices = counter.hub.devices();
    devices.stripe.open().await.unwrap();
    let wait = Duration::from_secs(5);
    let asked = tokio::spawn(async move { claims.request_release(&name, wait).await });
    let request = devices.stripe.release_requested().await;
    devices.stripe.release_to(request).await;
    assert!(asked.await.unwrap().unwrap().is_some());
    assert!(devices.stripe.opened().is_none());
}

#[tokio::test]
async fn a_key_pad_at_the_reader_is_passed_on_and_its_failures_count() {
    let role = Role::Chip;
    let (counter, _) = counter(role);
    let mut devices = counter.hub.devices();
    let reader = &mut devices.chip.open().await.unwrap();
    let mut session = reader.connect().await.unwrap();
    let request =
        SecurePinRequest { min_length: 4, max_length: 12, timeout: Duration::from_secs(30) };
    let entry = session.secure_pin_entry().await.unwrap().unwrap();
    let outcome = entry.verify_pin(&request).await.unwrap();
    assert_eq!(outcome, SecurePinOutcome::Answered([0x90, 0x00]));
    assert_eq!(counter.hub.power_state(role), PowerState::Online);
    counter.shelf.fail(Some(DeviceErrorKind::Disconnected));
    let error = entry.verify_pin(&request).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
    assert_ne!(counter.hub.power_state(role), PowerState::Online);
}
