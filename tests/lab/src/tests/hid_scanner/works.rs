//! Codes arrive as they are.

use countertop_device::{Device as _, Selector, Settings, Symbology};
use countertop_input::hid_pos::HidPosScanner;
use countertop_transport::evdev;
use countertop_virtual::hid_scanner::HidScannerConfig;

use super::bench::{Bench, CODE, Carrier, open};
use crate::lab_test::{TestResult, check};

pub(super) async fn scans_over_uhid() -> TestResult {
    scans(Carrier::Uhid).await
}

pub(super) async fn scans_over_usb() -> TestResult {
    scans(Carrier::Usb).await
}

async fn scans(carrier: Carrier) -> TestResult {
    let (bench, listing) = Bench::plugged(carrier, HidScannerConfig::with_symbology()).await?;
    check!(listing.info.model.contains("SG20"), "it is called {:?}", listing.info.model);
    let selector = Selector::Usb { vendor: 0x067e, product: 0x0809, serial: Some("P-0042".into()) };
    let mut scanner = HidPosScanner::open(&selector, &Settings::new().with("gap_ms", 3000)).await?;
    check!(scanner.info().identity == listing.info.identity, "opened, it has another identity");
    for data in [CODE, &[b'7'; 250], &[0x00, 0x1d, 0xff], CODE] {
        let scan = bench.scan(&mut scanner, data).await?;
        check!(scan.symbology == Some(Symbology::QrCode), "it is {:?}", scan.symbology);
    }
    Ok(())
}

pub(super) async fn scans_without_symbology() -> TestResult {
    let (bench, listing) = Bench::plugged(Carrier::Usb, HidScannerConfig::plain()).await?;
    let mut scanner = open(&listing).await?;
    for data in [CODE, &[b'7'; 250]] {
        let scan = bench.scan(&mut scanner, data).await?;
        check!(scan.symbology.is_none(), "it is {:?}", scan.symbology);
    }
    Ok(())
}

/// What such a scanner sends goes to no desktop: the kernel makes no keyboard of it.
pub(super) async fn is_no_keyboard() -> TestResult {
    let (_bench, _listing) =
        Bench::plugged(Carrier::Uhid, HidScannerConfig::with_symbology()).await?;
    let mut keyboards = evdev::list()?.into_iter();
    let keyboard = keyboards.find(|device| device.vendor == 0x067e && device.has_keys);
    check!(keyboard.is_none(), "the kernel made an input device of it: {keyboard:?}");
    Ok(())
}
