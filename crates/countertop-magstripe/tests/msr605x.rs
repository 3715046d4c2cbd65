//! The driver of the MSR605X against the virtual one, in memory.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    Device as _, DeviceError, DeviceErrorKind, Health, HealthLevel, Selector, Settings,
    StripeReader as _,
};
use countertop_magstripe::msr605::Msr605;
use countertop_magstripe::msr605x;
use countertop_transport::hid::{HidRequest, MemoryHid, pair};
use countertop_virtual::hid::{HidAnswer, HidDevice};
use countertop_virtual::stripe::{StripeCard, StripeConfig, StripeControl};
use countertop_wire::hid::ReportKind;
use countertop_wire::magtek::swipe_reader_descriptor;
use countertop_wire::msr605x::report_descriptor;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const TRACK_1: &str = "B6200000000000005^LI/MING^30122010000000000";
const TRACK_2: &str = "6200000000000005=30122010000000000";
const SOON: Duration = Duration::from_secs(10);

/// Carries a virtual device's reports through memory.
async fn serve(mut device: HidDevice, mut link: MemoryHid) {
    loop {
        tokio::select! {
            Some(report) = device.next_input() => link.send(report),
            request = link.next_request() => match request {
                None => return,
                Some(HidRequest::GetFeature { .. }) => panic!("answers are not asked for"),
                Some(HidRequest::SetFeature { number, data, answer }) => {
                    let answered = device.set_report(ReportKind::Feature, number, &data);
                    assert_eq!(answered, HidAnswer::Accepted);
                    answer.send(()).unwrap();
                }
            },
        }
    }
}

fn selector() -> Selector {
    Selector::Virtual("reader".into())
}

async fn open() -> (Msr605, StripeControl, JoinHandle<()>) {
    let (device, control) = countertop_virtual::msr605x::build(StripeConfig::default()).unwrap();
    let (host, link) = pair(device.descriptors().report_descriptor.clone());
    let served = tokio::spawn(serve(device, link));
    let reader = msr605x::new(host, selector(), &Settings::new()).await.unwrap();
    (reader, control, served)
}

#[tokio::test(start_paused = true)]
async fn swipes_that_take_several_reports_are_read() {
    let (mut reader, mut hand, _served) = open().await;
    assert_eq!(reader.info().driver, "msr605x");
    assert_eq!(reader.info().model, "MSR605 family, model 3, REVT1.00");
    let card = StripeCard::new([Some(TRACK_1), Some(TRACK_2), None]).unwrap();
    for _ in 0..3 {
        let hand = async {
            assert!(hand.armed().await);
            assert!(hand.swipe(&card).await);
        };
        let both = async { tokio::join!(reader.next_swipe(), hand) };
        let (swipe, ()) = timeout(SOON, both).await.unwrap();
        let swipe = swipe.unwrap();
        assert_eq!(swipe.track(1).unwrap().expose(), TRACK_1.as_bytes());
        assert_eq!(swipe.track(2).unwrap().expose(), TRACK_2.as_bytes());
    }
    let report = reader.check_health(HealthLevel::External).await.unwrap();
    assert_eq!(report.health, Health::Good, "{}", report.text);
}

#[tokio::test(start_paused = true)]
async fn a_pulled_reader_is_disconnected() {
    let (mut reader, mut hand, served) = open().await;
    let pull = async {
        assert!(hand.armed().await);
        served.abort();
    };
    let both = async { tokio::join!(reader.next_swipe(), pull) };
    let (swipe, ()) = timeout(SOON, both).await.unwrap();
    assert_eq!(swipe.unwrap_err().kind(), DeviceErrorKind::Disconnected);
}

async fn refused(descriptor: Vec<u8>) -> (DeviceError, MemoryHid) {
    let (host, device) = pair(descriptor);
    let opened = timeout(SOON, msr605x::new(host, selector(), &Settings::new())).await.unwrap();
    (opened.unwrap_err(), device)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_to_an_insert_reader() {
    let (error, mut device) = refused(swipe_reader_descriptor()).await;
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.to_string().contains("64 bytes"), "{error}");
    assert!(device.next_request().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_silent_reader_times_out() {
    let (error, _device) = refused(report_descriptor()).await;
    assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
}

#[tokio::test]
async fn only_hidraw_nodes_are_opened() {
    let selector = "serial:/dev/ttyUSB0".parse().unwrap();
    let error = msr605x::open(&selector, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    let selector = "hidraw:/dev/none-such".parse().unwrap();
    let error = msr605x::open(&selector, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
}
