//! The plug is pulled at each stage; then the device comes back.

use std::time::Duration;

use countertop_device::{CodeScanner as _, Device as _, DeviceErrorKind, StripeReader as _};
use countertop_magstripe::wedge::WedgeStripe;
use countertop_transport::evdev::EvdevDevice;
use countertop_virtual::stripe::StripeCard;
use countertop_virtual::wedge::WedgeConfig;
use tokio::time::{sleep, timeout};

use super::bench::{AIM, Bench, CODE, Carrier, SOON, folder, open, settings};
use crate::kernel::{Delays, Vanishing};
use crate::lab_test::{TestResult, check};

/// Instants in a code, in milliseconds.
const INSTANTS: [u64; 3] = [20, 60, 130];

pub(super) async fn while_waiting() -> TestResult {
    pull_and_plug(&[None, None, None]).await
}

pub(super) async fn in_a_code() -> TestResult {
    pull_and_plug(&INSTANTS.map(Some)).await
}

/// Pulls the plug, so many milliseconds into a code where an instant is given, and plugs the scanner in
/// again: it has to be the same, and to work.
async fn pull_and_plug(instants: &[Option<u64>]) -> TestResult {
    for carrier in Carrier::ALL {
        let (mut bench, mut device) = Bench::plugged(carrier, WedgeConfig::scanner()).await?;
        let mut delays = Delays::default();
        for &instant in instants {
            let mut scanner = open(&device).await?;
            // Closing the node takes the kernel a while, which is not the caller's.
            let waits = tokio::spawn(async move { (scanner.next_scan().await, scanner) });
            sleep(Duration::from_millis(200)).await;
            let hand = bench.hand.clone();
            let code = vec![b'7'; if instant.is_some() { 250 } else { 0 }];
            let typing =
                tokio::spawn(async move { code.is_empty() || hand.scan(AIM, &code).await.is_ok() });
            sleep(Duration::from_millis(instant.unwrap_or_default())).await;
            let vanishing = Vanishing::of(folder(&device)?);
            bench.pull();
            let (scan, scanner) = timeout(SOON, waits).await??;
            delays.add(vanishing.report(&format!("{carrier:?}, {instant:?} ms into a code"))?);
            let kind = scan.err().map(|error| error.kind());
            check!(kind == Some(DeviceErrorKind::Disconnected), "{carrier:?}: {kind:?}");
            drop(scanner);
            typing.abort();
            let _aborted = typing.await;
            device = works_again(&mut bench, &device).await?;
        }
        delays.check()?;
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
