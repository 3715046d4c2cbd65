//! The plug is pulled at each stage; then the scanner comes back.

use std::time::Duration;

use countertop_device::{CodeScanner as _, Device as _, DeviceErrorKind, Listing};
use countertop_virtual::hid_scanner::HidScannerConfig;
use tokio::time::{sleep, timeout};

use super::bench::{AIM, Bench, CODE, Carrier, SOON, folder, open};
use crate::kernel::{Delays, Vanishing};
use crate::lab_test::{TestResult, check};

pub(super) async fn while_waiting() -> TestResult {
    for carrier in [Carrier::Uhid, Carrier::Usb] {
        let (mut bench, listing) =
            Bench::plugged(carrier, HidScannerConfig::with_symbology()).await?;
        let mut delays = Delays::default();
        for _ in 0..3 {
            delays.add(pull_and_plug(&mut bench, &listing, 0).await?);
        }
        delays.check()?;
    }
    Ok(())
}

pub(super) async fn in_a_code() -> TestResult {
    for carrier in [Carrier::Uhid, Carrier::Usb] {
        let (mut bench, listing) =
            Bench::plugged(carrier, HidScannerConfig::with_symbology()).await?;
        let mut delays = Delays::default();
        for parts in [1, 3, 4] {
            delays.add(pull_and_plug(&mut bench, &listing, parts).await?);
        }
        delays.check()?;
    }
    Ok(())
}

/// Pulls the plug after so many parts of a code of five, and plugs the scanner in again: it has to be
/// the same, and to work. Returns how long after the kernel the caller heard of it.
async fn pull_and_plug(bench: &mut Bench, before: &Listing, parts: usize) -> TestResult<Duration> {
    let mut scanner = open(before).await?;
    let waits = tokio::spawn(async move { (scanner.next_scan().await, scanner) });
    sleep(Duration::from_millis(200)).await;
    check!(bench.hand.scan_parts(AIM, &[b'7'; 250], parts).await, "no part was fetched");
    let vanishing = Vanishing::of(folder(before));
    bench.pull();
    let (scan, scanner) = timeout(SOON, waits).await??;
    let late = vanishing.report(&format!("after {parts} parts"))?;
    let kind = scan.err().map(|error| error.kind());
    drop(scanner);
    check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
    bench.gone().await?;
    let listing = bench.plug().await?;
    check!(listing.info.identity == before.info.identity, "another identity");
    let mut scanner = open(&listing).await?;
    check!(scanner.info().identity == before.info.identity, "opened, another identity");
    bench.scan(&mut scanner, CODE).await?;
    Ok(late)
}
