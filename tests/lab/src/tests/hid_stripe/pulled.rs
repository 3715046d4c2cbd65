//! The plug is pulled at each stage; then the reader comes back.

use std::time::Duration;

use countertop_device::{Device as _, DeviceErrorKind, HealthLevel, Selector, StripeReader as _};
use countertop_magstripe::magtek::MagtekHid;
use countertop_transport::hid::HidLine;
use countertop_transport::hidraw;
use countertop_virtual::magtek::MagtekControl;
use countertop_virtual::stripe::StripeCard;
use tokio::time::timeout;

use super::bench::{Bench, Carrier, SOON, TRACK_2, open};
use crate::chance::Chance;
use crate::kernel::{self, Delays, Events, LONG, now};
use crate::lab_test::{TestResult, check};

/// A blocked caller hears of it so long after the kernel's event at the latest, in the middle of some pulls.
const HEARD: Duration = Duration::from_millis(50);

/// Command GET_PROPERTY, length, property.
const GET_SOFTWARE_ID: [u8; 3] = [0x00, 0x01, 0x00];

pub(super) async fn before_open() -> TestResult {
    let (mut bench, listing) = Bench::plugged(Carrier::Usb).await?;
    bench.pull();
    let opened = timeout(SOON, open(&listing)).await?;
    let kind = opened.err().map(|error| error.kind());
    let told = matches!(kind, Some(DeviceErrorKind::NotFound | DeviceErrorKind::Disconnected));
    check!(told, "opening a reader that was pulled gave {kind:?}");
    bench.works_again(&listing.info.identity).await
}

pub(super) async fn while_waiting() -> TestResult {
    waiting(Carrier::Usb).await
}

pub(super) async fn while_waiting_over_uhid() -> TestResult {
    waiting(Carrier::Uhid).await
}

async fn waiting(carrier: Carrier) -> TestResult {
    let (mut bench, listing) = Bench::plugged(carrier).await?;
    let (mut delays, mut whole) = (Delays::default(), Duration::ZERO);
    for _ in 0..5 {
        let mut events = Events::of("hidraw").await?;
        let mut reader = open(&listed_again(&listing)?).await?;
        let waits = tokio::spawn(async move {
            let result = reader.next_swipe().await;
            (result.err().map(|error| error.kind()), now())
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let pulled = now();
        bench.pull();
        let (kind, heard) = timeout(SOON, waits).await??;
        whole = whole.max(heard.saturating_sub(pulled));
        check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
        let event = timeout(SOON, events.removal()).await??;
        delays.add(heard.saturating_sub(event));
        bench.works_again(&listing.info.identity).await?;
    }
    println!("from the pull to the caller {whole:?} at last");
    let middle = delays.middle()?;
    check!(middle < HEARD, "callers heard of it {middle:?} after the kernel's event");
    delays.check()
}

/// The node may have another number after a replug.
fn listed_again(before: &countertop_device::Listing) -> TestResult<countertop_device::Listing> {
    let listing = super::bench::listed().ok_or("the reader is not listed")?;
    check!(listing.info.identity == before.info.identity, "another reader is listed");
    Ok(listing)
}

pub(super) async fn in_a_command() -> TestResult {
    command(Carrier::Usb).await
}

pub(super) async fn in_a_command_over_uhid() -> TestResult {
    command(Carrier::Uhid).await
}

async fn command(carrier: Carrier) -> TestResult {
    let (mut bench, listing) = Bench::plugged(carrier).await?;
    let Selector::Hidraw(node) = &listing.info.selector else { return Err("no hidraw".into()) };
    let mut line = HidLine::new(Box::new(hidraw::open(node)?), node.as_str());
    bench.hand.set_silent(true);
    let asks = tokio::spawn(async move {
        let mut report = [0; 24];
        report[..3].copy_from_slice(&GET_SOFTWARE_ID);
        let sent = line.send_feature(0, &report, SOON, "get property").await;
        sent.err().map(|error| error.kind())
    });
    let hand = bench.hand.clone();
    kernel::wait_for("the command", LONG, || (!hand.commands().is_empty()).then_some(())).await?;
    let pulled = now();
    bench.pull();
    let kind = timeout(SOON, asks).await??;
    let took = now().saturating_sub(pulled);
    check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
    println!("from the pull to the caller: {took:?}");
    // vhci_hcd does not end the transfer that stands; the kernel gives it up after five seconds.
    check!(took < Duration::from_secs(7), "the caller heard of it after {took:?}");
    bench.hand.set_silent(false);
    bench.works_again(&listing.info.identity).await
}

pub(super) async fn between_swipes() -> TestResult {
    let (mut bench, listing) = Bench::plugged(Carrier::Usb).await?;
    let mut reader = open(&listing).await?;
    bench.swipe(&mut reader).await?;
    bench.pull();
    let swipe = timeout(SOON, reader.next_swipe()).await?;
    let kind = swipe.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
    let again = timeout(SOON, reader.next_swipe()).await?;
    let kind = again.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::Disconnected), "asked again, the caller got {kind:?}");
    drop(reader);
    bench.works_again(&listing.info.identity).await
}

/// Over USB a round takes a second and a half, most of it for the kernel to greet the device.
pub(super) async fn at_random() -> TestResult {
    random(Carrier::Usb, 20).await?;
    random(Carrier::Uhid, 80).await
}

async fn random(carrier: Carrier, rounds: usize) -> TestResult {
    let (mut bench, listing) = Bench::plugged(carrier).await?;
    let mut chance = Chance::seeded();
    for round in 0..rounds {
        let reader = open(&listed_again(&listing)?).await?;
        let traffic = tokio::spawn(traffic(reader));
        let swipes = tokio::spawn(swipes(bench.hand.clone()));
        tokio::time::sleep(chance.pause(131)).await;
        bench.pull();
        let kind = timeout(SOON, traffic).await??;
        swipes.abort();
        check!(kind == DeviceErrorKind::Disconnected, "round {round} ended in {kind:?}");
        bench.gone().await?;
        bench.plug().await?;
    }
    bench.pull();
    bench.works_again(&listing.info.identity).await
}

async fn swipes(hand: MagtekControl) {
    let card = StripeCard::new([None, Some(TRACK_2), None]);
    while let Ok(card) = &card {
        hand.swipe(card).await;
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// Swipes and health checks until the reader is gone.
async fn traffic(mut reader: MagtekHid) -> DeviceErrorKind {
    loop {
        for _ in 0..3 {
            if let Err(error) = reader.next_swipe().await {
                return error.kind();
            }
        }
        if let Err(error) = reader.check_health(HealthLevel::Internal).await {
            return error.kind();
        }
    }
}
