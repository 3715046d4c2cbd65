//! The drivers against the virtual reader, over memory and a pseudo-terminal.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, Selector, Settings,
    StripeReader, Swipe, TrackRead,
};
use countertop_magstripe::msr605::{Msr605, Msr605Driver};
use countertop_magstripe::stripe_ascii::StripeAscii;
use countertop_transport::{FaultInjector, FaultPlan, memory};
use countertop_virtual::pty::Pty;
use countertop_virtual::stripe::{
    StripeCard, StripeConfig, StripeControl, StripeDialect, SwipeFault, VirtualStripe,
};
use countertop_wire::iso7813::{Track2, TrackNumber};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

const TRACK_1: &str = "B6200000000000005^LI/MING^30122010000000000";
const TRACK_2: &str = "6200000000000005=30122010000000000";

fn card() -> StripeCard {
    StripeCard::new([Some(TRACK_1), Some(TRACK_2), None]).unwrap()
}

fn selector() -> Selector {
    Selector::Virtual("stripe".into())
}

fn settings() -> Settings {
    Settings::new().with("quiet_ms", 5).with("swipe_ms", 200).with("exchange_ms", 500)
}

async fn open(chop: bool) -> (Msr605, StripeControl) {
    let (reader, control) = VirtualStripe::new(StripeConfig::default());
    let (host, device) = memory::pair();
    tokio::spawn(reader.serve(device));
    let plan = FaultPlan { chop, ..FaultPlan::none(1) };
    let link = Box::new(FaultInjector::new(host, plan));
    (Msr605::new(link, selector(), &settings()).await.unwrap(), control)
}

/// Waits for a swipe while `card` goes through the slot once the reader is armed.
async fn swipe(
    reader: &mut Msr605,
    control: &mut StripeControl,
    fault: Option<SwipeFault>,
) -> Swipe {
    let hand = async {
        assert!(control.armed().await);
        match fault {
            Some(fault) => control.swipe_with(&card(), fault).await,
            None => control.swipe(&card()).await,
        }
    };
    let both = async { tokio::join!(reader.next_swipe(), hand) };
    let (swipe, seen) = timeout(Duration::from_secs(10), both).await.unwrap();
    assert!(seen);
    swipe.unwrap()
}

fn assert_good(swipe: &Swipe) {
    assert_eq!(swipe.track(1).unwrap().expose(), TRACK_1.as_bytes());
    assert_eq!(swipe.track(2).unwrap().expose(), TRACK_2.as_bytes());
    assert_eq!(swipe.tracks[2], TrackRead::Absent);
}

#[tokio::test]
async fn reads_swipe_after_swipe() {
    let (mut reader, mut control) = open(false).await;
    assert_eq!(reader.info().model, "MSR605 family, model 3, REVT1.00");
    for _ in 0..3 {
        let swipe = swipe(&mut reader, &mut control, None).await;
        assert_good(&swipe);
        let track = Track2::parse(swipe.track(2).unwrap().expose()).unwrap();
        assert_eq!(track.masked_pan(), "620000******0005");
    }
}

#[tokio::test]
async fn reads_byte_by_byte() {
    let (mut reader, mut control) = open(true).await;
    assert_good(&swipe(&mut reader, &mut control, None).await);
}

#[tokio::test]
async fn noise_and_direction_do_not_matter() {
    let (mut reader, mut control) = open(false).await;
    assert_good(&swipe(&mut reader, &mut control, Some(SwipeFault::Noise)).await);
    assert_good(&swipe(&mut reader, &mut control, Some(SwipeFault::Backward)).await);
}

#[tokio::test]
async fn an_unreadable_track_is_a_value() {
    let (mut reader, mut control) = open(false).await;
    let fault = SwipeFault::Scratch(TrackNumber::Two);
    let swipe = swipe(&mut reader, &mut control, Some(fault)).await;
    assert_eq!(swipe.tracks[1], TrackRead::Unreadable);
    assert!(swipe.track(1).is_some());
}

#[tokio::test]
async fn a_read_that_stops_midway_is_discarded() {
    let (mut reader, mut control) = open(false).await;
    let hands = async {
        assert!(control.armed().await);
        assert!(control.swipe_with(&card(), SwipeFault::CutOff(20)).await);
        // The reader is armed again only when the driver has given the first swipe up.
        assert!(control.armed().await);
        assert!(control.swipe(&card()).await);
    };
    let both = async { tokio::join!(reader.next_swipe(), hands) };
    let (swipe, ()) = timeout(Duration::from_secs(10), both).await.unwrap();
    assert_good(&swipe.unwrap());
}

#[tokio::test]
async fn a_swipe_that_nobody_waits_for_is_not_the_next_ones() {
    let (mut reader, mut control) = open(false).await;
    let dropped = timeout(Duration::from_millis(100), reader.next_swipe()).await;
    assert!(dropped.is_err());
    // The reader is still armed: this swipe is cut off by dropping.
    let other = StripeCard::new([None, Some("4111111111111111=30121010"), None]).unwrap();
    assert!(control.swipe(&other).await);
    assert_good(&swipe(&mut reader, &mut control, None).await);
}

#[tokio::test]
async fn health_at_all_levels() {
    let (mut reader, mut control) = open(false).await;
    for level in [HealthLevel::Internal, HealthLevel::External] {
        assert_eq!(reader.check_health(level).await.unwrap().health, Health::Good);
    }
    let hand = async {
        assert!(control.armed().await);
        control.swipe(&card()).await
    };
    let (report, _) = tokio::join!(reader.check_health(HealthLevel::Interactive), hand);
    assert_eq!(report.unwrap().text, "2 of 3 tracks read");
}

#[tokio::test]
async fn a_silent_line_times_out_on_opening() {
    let (host, _device) = memory::pair();
    let error = Msr605::new(host, selector(), &settings()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
    assert_eq!(error.to_string(), "virtual:stripe: communication test: no answer in time");
}

#[tokio::test]
async fn a_reader_that_leaves_is_gone() {
    let (reader, control) = VirtualStripe::new(StripeConfig::default());
    let (host, device) = memory::pair();
    let served = tokio::spawn(reader.serve(device));
    let mut reader = Msr605::new(host, selector(), &settings()).await.unwrap();
    served.abort();
    let error = timeout(Duration::from_secs(5), reader.next_swipe()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
    drop(control);
}

#[tokio::test]
async fn a_refused_command_is_a_protocol_error() {
    let (host, mut device) = memory::pair();
    let stranger = async move {
        let mut chunk = [0; 64];
        while let Ok(count @ 1..) = device.read(&mut chunk).await {
            let answer: &[u8] = match &chunk[..count] {
                [0x1b, b'e'] => b"\x1by",
                [0x1b, b'r'] => b"\x1bs?\x1c\x1b4",
                _ => b"",
            };
            device.write_all(answer).await.unwrap();
        }
    };
    tokio::spawn(stranger);
    let mut reader = Msr605::new(host, selector(), &settings()).await.unwrap();
    let error = timeout(Duration::from_secs(5), reader.next_swipe()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Protocol);
    assert!(error.to_string().contains("InvalidCommand"), "{error}");
}

#[tokio::test]
async fn opens_over_a_pty_by_selector() {
    let pty = Pty::open(None).unwrap();
    let selector: Selector = format!("serial:{}", pty.path().display()).parse().unwrap();
    let (reader, mut control) = VirtualStripe::new(StripeConfig::default());
    tokio::spawn(reader.serve(pty));
    let functions = Msr605Driver.open(&selector, &settings()).await.unwrap();
    let mut reader = functions.stripe.unwrap();
    let hand = async {
        assert!(control.armed().await);
        control.swipe(&card()).await
    };
    let both = async { tokio::join!(reader.next_swipe(), hand) };
    let (swipe, _) = timeout(Duration::from_secs(10), both).await.unwrap();
    assert_good(&swipe.unwrap());
}

/// Runs on virtual time: the sleeps order the hand after the driver's drain and its deadline.
#[tokio::test(start_paused = true)]
async fn lines_of_text_are_swipes() {
    let (reader, control) = VirtualStripe::new(StripeConfig::new(StripeDialect::Line));
    let (host, device) = memory::pair();
    tokio::spawn(reader.serve(device));
    let plan = FaultPlan { chop: true, ..FaultPlan::none(1) };
    let link = Box::new(FaultInjector::new(host, plan));
    let mut reader = StripeAscii::new(link, selector(), &settings()).unwrap();
    for fault in [SwipeFault::CutOff(10), SwipeFault::Noise] {
        let hand = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            control.swipe_with(&card(), fault).await;
            tokio::time::sleep(Duration::from_millis(400)).await;
            control.swipe(&card()).await
        };
        let both = async { tokio::join!(reader.next_swipe(), hand) };
        let (swipe, _) = timeout(Duration::from_secs(10), both).await.unwrap();
        assert_good(&swipe.unwrap());
    }
    let report = reader.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(report.health, Health::Good);
}
