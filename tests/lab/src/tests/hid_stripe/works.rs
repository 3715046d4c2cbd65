//! What works while nobody pulls anything.

use std::error::Error as _;

use countertop_device::{
    Access, Device as _, DeviceErrorKind, Health, HealthLevel, Identity, Selector,
    StripeReader as _, TrackRead,
};
use countertop_magstripe::magtek::MagtekError;
use countertop_transport::hid::HidLink as _;
use countertop_transport::hidraw;
use countertop_virtual::magtek::MagtekConfig;
use countertop_virtual::stripe::{StripeCard, SwipeFault};
use countertop_wire::iso7813::TrackNumber;
use countertop_wire::magtek::Command;
use tokio::time::timeout;

use super::bench::{Bench, Carrier, SOON, TRACK_2, open, open_within};
use crate::kernel::{self, soon};
use crate::lab_test::{TestResult, check};

pub(super) async fn swipes_over_uhid() -> TestResult {
    swipes(Carrier::Uhid).await
}

pub(super) async fn swipes_over_usb() -> TestResult {
    swipes(Carrier::Usb).await
}

async fn swipes(carrier: Carrier) -> TestResult {
    kernel::log("a HID stripe reader is plugged in")?;
    let (bench, listing) = Bench::plugged(carrier).await?;
    let identity = Identity::from_serial_number(0x0801, 0x0002, "B012345");
    check!(listing.info.identity == Some(identity), "listed as {:?}", listing.info);
    check!(listing.access == Access::Accessible, "root may not open it");
    check!(bench.hand.commands().is_empty(), "listing sent {:?}", bench.hand.commands());

    let mut reader = open(&listing).await?;
    let model = &reader.info().model;
    check!(model == "MagTek HID Swipe Reader, firmware 21042812D01", "it is a {model}");
    for _ in 0..3 {
        bench.swipe(&mut reader).await?;
    }
    scratched(&bench, &mut reader).await?;
    forgotten(&bench, &mut reader).await?;
    for level in [HealthLevel::Internal, HealthLevel::External] {
        let report = timeout(SOON, reader.check_health(level)).await??;
        check!(report.health == Health::Good, "{level:?}: {}", report.text);
    }
    let asked = bench.hand.commands();
    let harmless = |it: &Command| matches!(it, Command::GetProperty(_));
    check!(asked.iter().all(harmless), "the driver sent {asked:?}");
    no_complaint()
}

/// The kernel's HID core names what it does not understand in a report descriptor.
fn no_complaint() -> TestResult {
    let log = kernel::log_since("a HID stripe reader is plugged in");
    let of_hid = log.lines().filter(|line| line.contains("0801:0002"));
    let words = ["unknown", "unexpected", "invalid", "failed", "unbalanced", "ignor", "error"];
    let complaints: Vec<_> =
        of_hid.filter(|line| words.iter().any(|word| line.to_lowercase().contains(word))).collect();
    check!(complaints.is_empty(), "the kernel complains: {complaints:?}");
    check!(log.contains("Swipe Reader"), "the kernel did not greet the reader:\n{log}");
    Ok(())
}

async fn scratched(
    bench: &Bench,
    reader: &mut countertop_magstripe::magtek::MagtekHid,
) -> TestResult {
    let card = StripeCard::new([None, Some(TRACK_2), None])?;
    let hand = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        bench.hand.swipe_with(&card, SwipeFault::Scratch(TrackNumber::Two)).await
    };
    let (swipe, _) = timeout(SOON, async { tokio::join!(reader.next_swipe(), hand) }).await?;
    check!(swipe?.tracks[1] == TrackRead::Unreadable, "a scratched track was read");
    Ok(())
}

/// A card that was swiped while nobody waited is not the next customer's.
async fn forgotten(
    bench: &Bench,
    reader: &mut countertop_magstripe::magtek::MagtekHid,
) -> TestResult {
    let other = StripeCard::new([None, Some("4111111111111111=30122010000000000"), None])?;
    let Selector::Hidraw(node) = &reader.info().selector else { return Err("no hidraw".into()) };
    let mut onlooker = hidraw::open(node)?;
    check!(bench.hand.swipe(&other).await, "the kernel did not fetch the report");
    // It has been given to the reader then: the kernel keeps the order in which a node was opened.
    soon("the report", onlooker.next_report(&mut Vec::new())).await??;
    bench.swipe(reader).await
}

pub(super) async fn commands_refused_and_unanswered() -> TestResult {
    let (bench, listing) = Bench::plugged(Carrier::Usb).await?;
    bench.hand.set_refusing(true);
    let mut reader = open(&listing).await?;
    check!(reader.info().model == "MagTek HID Swipe Reader", "it is a {}", reader.info().model);
    bench.swipe(&mut reader).await?;

    bench.hand.set_refusing(false);
    drop(reader);
    let mut reader = open_within(&listing.info.selector, 200).await?;
    bench.hand.set_silent(true);
    let report = timeout(SOON, reader.check_health(HealthLevel::Internal)).await??;
    check!(report.text.contains("no answer in time"), "a mute reader is {}", report.text);
    // Its interrupt endpoint goes on meanwhile.
    bench.swipe(&mut reader).await?;
    bench.hand.set_silent(false);
    // The kernel gives the command up after five seconds; until then the next one waits.
    let end = tokio::time::Instant::now() + SOON;
    while reader.check_health(HealthLevel::Internal).await?.health != Health::Good {
        check!(tokio::time::Instant::now() < end, "the reader did not recover");
    }
    Ok(())
}

pub(super) async fn encrypted_head() -> TestResult {
    let mut bench = Bench::new(Carrier::Usb, MagtekConfig::magnesafe()).await?;
    let listing = bench.plug().await?;
    let mut reader = open(&listing).await?;
    check!(
        reader.info().model == "MagTek MagneSafe, firmware 21042840C02",
        "it is a {}",
        reader.info().model
    );
    bench.swipe(&mut reader).await?;

    // Keys are loaded after the reader told its security level: the report itself says so.
    bench.hand.set_encrypting(true);
    let card = StripeCard::new([None, Some(TRACK_2), None])?;
    let both = async { tokio::join!(reader.next_swipe(), bench.hand_in(&card)) };
    let (swipe, ()) = timeout(SOON, both).await?;
    encrypts(swipe.err())?;

    let mut reader = open(&listing).await?;
    let at_once = timeout(SOON, reader.next_swipe()).await?;
    encrypts(at_once.err())?;
    let report = timeout(SOON, reader.check_health(HealthLevel::Internal)).await??;
    check!(report.health == Health::Bad, "health is {report:?}");
    Ok(())
}

fn encrypts(error: Option<countertop_device::DeviceError>) -> TestResult {
    let error = error.ok_or("a track was made of encrypted data")?;
    check!(error.kind() == DeviceErrorKind::InvalidInput, "{error}");
    let why = error.source().and_then(|why| why.downcast_ref::<MagtekError>());
    check!(why == Some(&MagtekError::EncryptedHead), "the reason is {why:?}");
    check!(error.help().is_some(), "no cure is named");
    Ok(())
}
