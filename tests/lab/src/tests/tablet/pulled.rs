//! The plug is pulled at each stage; then the tablet comes back.

use std::time::Duration;

use countertop_device::{Device as _, DeviceErrorKind, Settings, SignaturePad as _};
use tokio::time::{sleep, timeout};

use super::bench::{Bench, SOON, folder, open, request};
use crate::kernel::{Delays, Vanishing};
use crate::lab_test::{TestResult, check};

pub(super) async fn at_each_stage() -> TestResult {
    let (mut bench, mut device) = Bench::plugged().await?;
    let mut delays = Delays::default();
    for writes in [false, true, true, false, true] {
        let mut pad = open(&device, &Settings::new()).await?;
        // Closing the node takes the kernel a while, which is not the caller's.
        let waits = tokio::spawn(async move { (pad.capture(&request()).await, pad) });
        sleep(Duration::from_millis(100)).await;
        let hand = bench.hand.clone();
        let writing = tokio::spawn(async move { !writes || hand.draw_sample().await });
        sleep(Duration::from_millis(60)).await;
        let vanishing = Vanishing::of(folder(&device)?);
        bench.pull();
        let (image, pad) = timeout(SOON, waits).await??;
        delays.add(vanishing.report(if writes { "in a stroke" } else { "waiting" })?);
        let kind = image.err().map(|error| error.kind());
        drop(pad);
        check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
        writing.abort();
        let _aborted = writing.await;
        let tablet = bench.gone().await?;
        let again = bench.plug(tablet).await?;
        check!(again.identity == device.identity, "another identity: {:?}", again.identity);
        let mut pad = open(&again, &Settings::new()).await?;
        check!(pad.info().identity == device.identity, "opened, it has another identity");
        bench.sign(&mut pad).await?;
        device = again;
    }
    delays.check()
}
