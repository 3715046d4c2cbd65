//! Signatures arrive as they were written.

use std::time::Duration;

use countertop_device::{Device as _, DeviceErrorKind, Driver as _, Settings, SignaturePad as _};
use countertop_input::tablet::{TabletSignpad, TabletSignpadDriver};
use countertop_wire::pen::code;
use tokio::time::{sleep, timeout};

use super::bench::{Bench, SOON, open, request};
use crate::lab_test::{TestResult, check};

pub(super) async fn signs() -> TestResult {
    let (bench, device) = Bench::plugged().await?;
    let listed = TabletSignpadDriver.list()?;
    check!(listed.len() == 1, "the driver lists {} devices", listed.len());
    let mut pad = open(&device, &Settings::new()).await?;
    check!(pad.info().identity == device.identity, "opened, it has another identity");
    let image = bench.sign(&mut pad).await?;
    check!((image.width(), image.height()) == (240, 80), "the picture is {image:?}");
    check!((300..3000).contains(&image.black_dots()), "{} dots", image.black_dots());
    let again = bench.sign(&mut pad).await?;
    check!(image == again, "the same strokes make another picture");
    Ok(())
}

pub(super) async fn finished_and_cancelled_by_button() -> TestResult {
    let (bench, device) = Bench::plugged().await?;
    let mut pad = open(&device, &Settings::new().with("finish", "stylus")).await?;
    for (button, signed) in [(code::BTN_STYLUS, true), (code::BTN_STYLUS2, false)] {
        let hand = async {
            sleep(Duration::from_millis(100)).await;
            bench.hand.draw_sample().await && bench.hand.press(button).await
        };
        let request = request();
        let both = async { tokio::join!(pad.capture(&request), hand) };
        let (image, acted) = timeout(SOON, both).await?;
        check!(acted && image?.is_some() == signed, "button {button:#x}");
    }
    Ok(())
}

pub(super) async fn nobody_else_sees_it() -> TestResult {
    let (bench, device) = Bench::plugged().await?;
    let mut other = evdev::Device::open(&device.node)?.into_event_stream()?;
    let mut pad = open(&device, &Settings::new()).await?;
    let second = TabletSignpad::open(&device.selector, &Settings::new()).await;
    let kind = second.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::Busy), "the second one got {kind:?}");
    bench.sign(&mut pad).await?;
    let seen = timeout(Duration::from_millis(500), other.next_event()).await;
    check!(seen.is_err(), "another program sees the pen");
    drop(pad);
    check!(bench.hand.draw_sample().await, "the tablet went away");
    timeout(SOON, other.next_event()).await??;
    Ok(())
}
