//! The plug is pulled at each stage; then the device comes back.

use std::time::Duration;

use countertop_device::{CodeScanner as _, Device as _, DeviceErrorKind, StripeReader as _};
use countertop_magstripe::wedge::WedgeStripe;
use countertop_transport::evdev::EvdevDevice;
use countertop_virtual::stripe::StripeCard;
use countertop_virtual::wedge::WedgeConfig;
use tokio::time::{sleep, timeout};

use super::bench::{AIM, Bench, CODE, Carrier, SOON, folder, open, settings};
use crate::kernel::Vanishing;
use crate::lab_test::{TestResult, check};

/// A blocked caller hears of it so long after the kernel's event at the latest.
const HEARD: Duration = Duration::from_millis(50);

pub(super) async fn while_waiting() -> TestResult {
    for carrier in Carrier::ALL {
        let (mut bench, device) = Bench::plugged(carrier, WedgeConfig::scanner()).await?;
        let mut scanner = open(&device).await?;
        // Closing the node takes the kernel a while, which is not the caller's.
        let waits = tokio::spawn(async move { (scanner.next_scan().await, scanner) });
        sleep(Duration::from_millis(200)).await;
        let vanishing = Vanishing::of(folder(&device)?);
        bench.pull();
        let (scan, scanner) = timeout(SOON, waits).await??;
        let late = vanishing.report(&format!("{carrier:?}"))?;
        let kind = scan.err().map(|error| error.kind());
        drop(scanner);
        check!(kind == Some(DeviceErrorKind::Disconnected), "{carrier:?}: the caller got {kind:?}");
        check!(late < HEARD, "{carrier:?}: a caller heard of it {late:?} after the kernel");
        works_again(&mut bench, &device).await?;
    }
    Ok(())
}

pub(super) async fn in_a_code() -> TestResult {
    for carrier in Carrier::ALL {
        let (mut bench, mut device) = Bench::plugged(carrier, WedgeConfig::scanner()).await?;
        for instant in [20, 60, 130] {
            let mut scanner = open(&device).await?;
            let waits = tokio::spawn(async move { (scanner.next_scan().await, scanner) });
            sleep(Duration::from_millis(100)).await;
            let hand = bench.hand.clone();
            let code = vec![b'7'; 250];
            let typing = tokio::spawn(async move { hand.scan(AIM, &code).await });
            sleep(Duration::from_millis(instant)).await;
            let vanishing = Vanishing::of(folder(&device)?);
            bench.pull();
            let (scan, scanner) = timeout(SOON, waits).await??;
            let late = vanishing.report(&format!("{carrier:?}, {instant} ms into a code"))?;
            let kind = scan.err().map(|error| error.kind());
            drop(scanner);
            check!(kind == Some(DeviceErrorKind::Disconnected), "{carrier:?}: {kind:?}");
            check!(late < HEARD, "{carrier:?}: a caller heard of it {late:?} after the kernel");
            typing.abort();
            let _aborted = typing.await;
            device = works_again(&mut bench, &device).await?;
        }
    }
    Ok(())
}

pub(super) async fn in_a_swipe() -> TestResult {
    let (mut bench, device) = Bench::plugged(Carrier::Uhid, WedgeConfig::stripe_reader()).await?;
    let mut reader = WedgeStripe::open(&device.selector, &settings()).await?;
    let waits = tokio::spawn(async move { reader.next_swipe().await });
    let hand = bench.hand.clone();
    let card = StripeCard::new([None, Some("6200000000000005=30121010000000000"), None])?;
    sleep(Duration::from_millis(100)).await;
    let typing = tokio::spawn(async move { hand.swipe(&card).await });
    sleep(Duration::from_millis(50)).await;
    bench.pull();
    let kind = timeout(SOON, waits).await??.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
    typing.abort();
    let _aborted = typing.await;
    bench.gone().await?;
    let again = bench.plug().await?;
    check!(again.identity == device.identity, "another identity: {:?}", again.identity);
    Ok(())
}

/// Plugs the scanner in again: it has to be the same, and to work.
async fn works_again(bench: &mut Bench, before: &EvdevDevice) -> TestResult<EvdevDevice> {
    bench.gone().await?;
    let device = bench.plug().await?;
    check!(device.identity == before.identity, "another identity: {:?}", device.identity);
    let mut scanner = open(&device).await?;
    check!(scanner.info().identity == before.identity, "opened, it has another identity");
    bench.scan(&mut scanner, CODE).await?;
    Ok(device)
}
