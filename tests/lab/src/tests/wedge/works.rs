//! Codes and swipes arrive as they are.

use std::time::Duration;

use countertop_device::{
    CodeScanner as _, Device as _, Driver as _, Settings, StripeReader as _, Symbology,
};
use countertop_input::wedge::{WedgeScanner, WedgeScannerDriver};
use countertop_magstripe::wedge::WedgeStripe;
use countertop_transport::evdev;
use countertop_transport::input::{InputKind, InputLine};
use countertop_virtual::stripe::StripeCard;
use countertop_virtual::wedge::WedgeConfig;
use countertop_wire::keyboard::{Layout, Mode};
use tokio::time::{sleep, timeout};

use super::bench::{AIM, Bench, CODE, Carrier, SOON, by_model, open, settings};
use crate::lab_test::{TestResult, check};

const TRACK_1: &str = "B6200000000000005^TEST/CARD^30121010000000000000";
const TRACK_2: &str = "6200000000000005=30121010000000000";

pub(super) async fn scans_over_uhid() -> TestResult {
    scans(Carrier::Uhid).await
}

pub(super) async fn scans_over_usb() -> TestResult {
    scans(Carrier::Usb).await
}

pub(super) async fn scans_over_uinput() -> TestResult {
    scans(Carrier::Uinput).await
}

async fn scans(carrier: Carrier) -> TestResult {
    let (bench, device) = Bench::plugged(carrier, WedgeConfig::scanner()).await?;
    let listed = WedgeScannerDriver.list()?;
    check!(listed.len() == 1, "the driver lists {} devices", listed.len());
    // Devices of uinput have neither serial number nor place.
    let has_identity = carrier != Carrier::Uinput;
    check!(device.identity.is_some() == has_identity, "its identity: {:?}", device.identity);
    let mut scanner = WedgeScanner::open(&by_model(), &settings()).await?;
    check!(scanner.info().identity == device.identity, "opened, it has another identity");
    let long = format!("https://qr.95516.com/{}", "0aB~".repeat(60));
    let long = &long.as_bytes()[..250];
    for data in [CODE, long, CODE] {
        let scan = bench.scan(&mut scanner, data).await?;
        check!(scan.symbology == Some(Symbology::QrCode), "it is {:?}", scan.symbology);
    }
    Ok(())
}

pub(super) async fn layouts_and_numbers() -> TestResult {
    for layout in Layout::ALL {
        for mode in [Mode::Layout, Mode::Numbers] {
            let config = WedgeConfig::scanner().layout(layout).mode(mode);
            let (mut bench, device) = Bench::plugged(Carrier::Uinput, config).await?;
            let settings = settings().with("layout", layout);
            let mut scanner = WedgeScanner::open(&device.selector, &settings).await?;
            bench.scan(&mut scanner, "Az09~@#[]{}|\\^`é€".as_bytes()).await?;
            bench.pull();
            bench.gone().await?;
        }
    }
    Ok(())
}

pub(super) async fn a_person_types_no_code() -> TestResult {
    let (bench, device) = Bench::plugged(Carrier::Uinput, WedgeConfig::scanner()).await?;
    let settings = Settings::new().with("gap_ms", 400);
    let mut scanner = WedgeScanner::open(&device.selector, &settings).await?;
    let hand = async {
        sleep(Duration::from_millis(100)).await;
        bench.hand.type_slowly("629999\r", Duration::from_millis(300)).await?;
        sleep(Duration::from_millis(600)).await;
        bench.hand.scan(AIM, CODE).await
    };
    let both = async { tokio::join!(scanner.next_scan(), hand) };
    let (scan, typed) = timeout(SOON, both).await?;
    typed?;
    check!(scan?.data.expose() == CODE, "what a person typed came as a code");
    Ok(())
}

/// The kernel keeps 64 events for who does not read, then it drops them and says so.
pub(super) async fn lost_keys() -> TestResult {
    let (bench, device) = Bench::plugged(Carrier::Uinput, WedgeConfig::scanner()).await?;
    let link = evdev::open(&device.node, &Settings::new()).await?;
    let mut line = InputLine::new(Box::new(link), "scanner");
    bench.hand.type_text(&"7".repeat(100)).await?;
    sleep(Duration::from_millis(100)).await;
    let mut dropped = 0;
    while let Some(event) = line.try_event("read")? {
        dropped += usize::from(event.kind == InputKind::Dropped);
    }
    check!(dropped > 0, "nothing was dropped, or nobody said so");
    drop(line);
    let mut scanner = open(&device).await?;
    bench.hand.type_text(&format!("{}\r", "7".repeat(100))).await?;
    bench.scan(&mut scanner, CODE).await.map(drop)
}

pub(super) async fn swipes() -> TestResult {
    let config = WedgeConfig::stripe_reader();
    let (bench, device) = Bench::plugged(Carrier::Uhid, config).await?;
    let mut reader = WedgeStripe::open(&device.selector, &settings()).await?;
    let card = StripeCard::new([Some(TRACK_1), Some(TRACK_2), None])?;
    for _ in 0..2 {
        let hand = async {
            sleep(Duration::from_millis(100)).await;
            bench.hand.swipe(&card).await
        };
        let both = async { tokio::join!(reader.next_swipe(), hand) };
        let (swipe, swiped) = timeout(SOON, both).await?;
        swiped?;
        let swipe = swipe?;
        for (number, track) in [(1, TRACK_1), (2, TRACK_2)] {
            let read = swipe.track(number).ok_or("a track was not read")?;
            check!(read.expose() == track.as_bytes(), "track {number} came otherwise");
        }
    }
    Ok(())
}
