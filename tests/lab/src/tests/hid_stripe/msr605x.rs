//! The MSR605X: an MSR605 behind HID reports, without a serial number.

use std::time::Duration;

use countertop_device::{
    Access, Device as _, DeviceError, DeviceErrorKind, Driver as _, Identity, Listing, Settings,
    StripeReader as _,
};
use countertop_magstripe::msr605::Msr605;
use countertop_magstripe::msr605x::{self, Msr605xDriver};
use countertop_virtual::stripe::{StripeCard, StripeConfig, StripeControl};
use countertop_virtual::usb::{PluggedDevice, UsbDevice};
use tokio::time::timeout;

use super::bench::{SOON, TRACK_2};
use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

/// Makes the swipe longer than one report.
const TRACK_1: &str = "B6200000000000005^LI/MING^30122010000000000";

/// Swiped over USB, pulled while a caller waits, plugged in again.
pub(super) async fn swiped_and_pulled() -> TestResult {
    let (mut device, mut hand) = reader().await?;
    let mut before: Option<Identity> = None;
    for _ in 0..2 {
        let (plugged, listing) = plug(device).await?;
        check!(listing.access == Access::Accessible, "root may not open it");
        let identity = listing.info.identity.clone();
        check!(identity.is_some(), "it has no identity: {:?}", listing.info);
        check!(before.is_none() || before == identity, "{before:?} came back as {identity:?}");

        let mut reader = open(&listing).await?;
        check!(reader.info().identity == identity, "opened, it has another identity");
        for _ in 0..2 {
            swipe(&mut reader, &mut hand).await?;
        }
        pulled_while_waiting(reader, &plugged, &mut hand).await?;
        device = plugged.unplug().await?;
        kernel::wait_for("the end of the node", LONG, || listed().is_none().then_some(())).await?;
        before = identity;
    }
    Ok(())
}

async fn reader() -> TestResult<(UsbDevice, StripeControl)> {
    kernel::modprobe(&["vhci_hcd", "usbhid", "hid_generic"]).await?;
    let (device, hand) = countertop_virtual::msr605x::build(StripeConfig::default())?;
    Ok((device.into_usb()?, hand))
}

async fn plug(device: UsbDevice) -> TestResult<(PluggedDevice, Listing)> {
    let plugged = device.plug().await?;
    Ok((plugged, kernel::wait_for("the reader's node", LONG, listed).await?))
}

fn listed() -> Option<Listing> {
    Msr605xDriver.list().ok()?.into_iter().next()
}

async fn open(listing: &Listing) -> Result<Msr605, DeviceError> {
    let settings = Settings::new().with("exchange_ms", 4000).with("swipe_ms", 4000);
    msr605x::open(&listing.info.selector, &settings).await
}

async fn swipe(reader: &mut Msr605, hand: &mut StripeControl) -> TestResult {
    let card = StripeCard::new([Some(TRACK_1), Some(TRACK_2), None])?;
    let hand_in = async { hand.armed().await && hand.swipe(&card).await };
    let both = async { tokio::join!(reader.next_swipe(), hand_in) };
    let (swipe, seen) = timeout(SOON, both).await?;
    let swipe = swipe?;
    check!(seen, "the reader did not see the card");
    for (number, expected) in [(1, TRACK_1), (2, TRACK_2)] {
        let track = swipe.track(number).ok_or("a track was not read")?;
        check!(track.expose() == expected.as_bytes(), "another track {number} was read");
    }
    Ok(())
}

async fn pulled_while_waiting(
    mut reader: Msr605,
    plugged: &PluggedDevice,
    hand: &mut StripeControl,
) -> TestResult {
    let pull = async {
        let armed = hand.armed().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        plugged.pull();
        armed
    };
    let both = async { tokio::join!(reader.next_swipe(), pull) };
    let (swipe, armed) = timeout(SOON, both).await?;
    check!(armed, "the reader was never armed");
    let kind = swipe.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
    Ok(())
}
