//! The driver `magtek-hid` against the virtual readers, over memory.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;
use std::error::Error as _;

use countertop_device::{
    Device as _, DeviceErrorKind, Health, HealthLevel, Selector, Settings, StripeReader as _,
    Swipe, TrackRead,
};
use countertop_magstripe::magtek::{MagtekError, MagtekHid};
use countertop_transport::hid::{HidRequest, MemoryHid, pair};
use countertop_virtual::hid::{HidAnswer, HidDevice};
use countertop_virtual::magtek::{MagtekConfig, MagtekControl};
use countertop_virtual::stripe::{StripeCard, SwipeFault};
use countertop_wire::hid::{DescriptorBuilder, ReportKind, VENDOR};
use countertop_wire::iso7813::TrackNumber;
use countertop_wire::magtek::Command;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const TRACK_1: &str = "B6200000000000005^LI/MING^30122010000000000";
const TRACK_2: &str = "6200000000000005=30122010000000000";
const SOON: Duration = Duration::from_secs(10);

fn card() -> StripeCard {
    StripeCard::new([Some(TRACK_1), Some(TRACK_2), None]).unwrap()
}

/// Carries a virtual device's reports through memory.
async fn serve(mut device: HidDevice, mut link: MemoryHid) {
    loop {
        tokio::select! {
            Some(report) = device.next_input() => link.send(report),
            request = link.next_request() => match request {
                None => return,
                Some(HidRequest::GetFeature { number, answer }) => {
                    if let HidAnswer::Data(data) = device.get_report(ReportKind::Feature, number) {
                        answer.send(data).unwrap();
                    }
                }
                Some(HidRequest::SetFeature { number, data, answer }) => {
                    let answered = device.set_report(ReportKind::Feature, number, &data);
                    if answered == HidAnswer::Accepted {
                        answer.send(()).unwrap();
                    }
                }
            },
        }
    }
}

async fn open(config: MagtekConfig) -> (MagtekHid, MagtekControl, JoinHandle<()>) {
    let (device, control) = config.build().unwrap();
    let (host, link) = pair(device.descriptors().report_descriptor.clone());
    let served = tokio::spawn(serve(device, link));
    let selector = Selector::Virtual("reader".into());
    let reader = MagtekHid::new(host, selector, &Settings::new()).await.unwrap();
    (reader, control, served)
}

async fn swipe(
    reader: &mut MagtekHid,
    control: &MagtekControl,
    fault: Option<SwipeFault>,
) -> Result<Swipe, countertop_device::DeviceError> {
    let card = card();
    let hand = async {
        tokio::task::yield_now().await;
        match fault {
            Some(fault) => control.swipe_with(&card, fault).await,
            None => control.swipe(&card).await,
        }
    };
    let both = async { tokio::join!(reader.next_swipe(), hand) };
    let (swipe, seen) = timeout(SOON, both).await.unwrap();
    assert!(seen);
    swipe
}

fn assert_good(swipe: &Swipe) {
    assert_eq!(swipe.track(1).unwrap().expose(), TRACK_1.as_bytes());
    assert_eq!(swipe.track(2).unwrap().expose(), TRACK_2.as_bytes());
    assert_eq!(swipe.tracks[2], TrackRead::Absent);
}

#[tokio::test]
async fn reads_swipe_after_swipe_on_both_families() {
    for config in [MagtekConfig::swipe_reader(), MagtekConfig::magnesafe()] {
        let (mut reader, control, _served) = open(config).await;
        for _ in 0..3 {
            assert_good(&swipe(&mut reader, &control, None).await.unwrap());
        }
        let backward = swipe(&mut reader, &control, Some(SwipeFault::Backward)).await;
        assert_good(&backward.unwrap());
        assert!(reader.info().model.contains("firmware 210428"));
        let health = reader.check_health(HealthLevel::External).await.unwrap();
        assert_eq!(health.health, Health::Good, "{}", health.text);
        let sent = control.commands();
        let harmless =
            |it: &Command| matches!(it, Command::GetProperty(_) | Command::GetSecurityLevel);
        assert!(sent.iter().all(harmless), "{sent:?}");
    }
}

#[tokio::test]
async fn each_track_has_its_own_error() {
    let (mut reader, control, _served) = open(MagtekConfig::swipe_reader()).await;
    let fault = Some(SwipeFault::Scratch(TrackNumber::One));
    let scratched = swipe(&mut reader, &control, fault).await.unwrap();
    assert_eq!(scratched.tracks[0], TrackRead::Unreadable);
    assert_eq!(scratched.track(2).unwrap().expose(), TRACK_2.as_bytes());
    let cut_off = swipe(&mut reader, &control, Some(SwipeFault::CutOff(100))).await.unwrap();
    assert_eq!(cut_off.tracks, [const { TrackRead::Unreadable }; 3]);
    assert_good(&swipe(&mut reader, &control, None).await.unwrap());
}

#[tokio::test]
async fn a_dropped_wait_loses_nothing_and_keeps_nothing() {
    let (mut reader, control, _served) = open(MagtekConfig::swipe_reader()).await;
    for _ in 0..5 {
        let waits = timeout(Duration::from_millis(1), reader.next_swipe()).await;
        assert!(waits.is_err());
        // This one comes while nobody waits.
        let other = StripeCard::new([None, Some("4111111111111111=3012"), None]).unwrap();
        assert!(control.swipe(&other).await);
        tokio::task::yield_now().await;
        assert_good(&swipe(&mut reader, &control, None).await.unwrap());
    }
}

#[tokio::test]
async fn encryption_that_begins_later_is_seen_in_the_report() {
    let (mut reader, control, _served) = open(MagtekConfig::magnesafe()).await;
    assert_good(&swipe(&mut reader, &control, None).await.unwrap());
    control.set_encrypting(true);
    let error = swipe(&mut reader, &control, None).await.unwrap_err();
    let why = error.source().unwrap().downcast_ref::<MagtekError>();
    assert_eq!(why, Some(&MagtekError::EncryptedHead));
    let health = reader.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(health.health, Health::Bad);
    // The firmware can be told and the keys be taken out: then it works again.
    control.set_encrypting(false);
    let health = reader.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(health.health, Health::Good);
    assert_good(&swipe(&mut reader, &control, None).await.unwrap());
}

#[tokio::test]
async fn layouts_are_taken_from_the_report_descriptor() {
    // Numbered reports, the fields in another order, and two tracks only.
    let mut config = MagtekConfig::swipe_reader();
    let (status, length, data) = (0x20..0x22, 0x28..0x2A, 0x30..0x32);
    let start = DescriptorBuilder::new().usage_page(VENDOR).usage(1).application().bytes();
    let tracks = data.fold(start.report_id(2).report_count(90), |descriptor, id| {
        descriptor.usage(id).input(DescriptorBuilder::BUFFERED)
    });
    let counts = tracks.usages(length).usages(status).report_count(4);
    let command = counts.input(DescriptorBuilder::VARIABLE).report_id(1).usage(0x20);
    config.report_descriptor =
        command.report_count(64).feature(DescriptorBuilder::BUFFERED).end_collection().build();
    let (mut reader, control, _served) = open(config).await;
    assert_eq!(reader.info().model, "MagTek HID Swipe Reader, firmware 21042812D01");
    assert_good(&swipe(&mut reader, &control, None).await.unwrap());
}

#[tokio::test]
async fn a_pulled_reader_ends_the_wait() {
    let (mut reader, _control, served) = open(MagtekConfig::swipe_reader()).await;
    let pull = async {
        tokio::task::yield_now().await;
        served.abort();
    };
    let (swipe, ()) =
        timeout(SOON, async { tokio::join!(reader.next_swipe(), pull) }).await.unwrap();
    assert_eq!(swipe.unwrap_err().kind(), DeviceErrorKind::Disconnected);
}
