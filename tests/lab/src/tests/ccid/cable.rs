//! Readers that are unplugged and plugged in again.

use std::time::Duration;

use countertop_chip::PcscDriver;
use countertop_device::{ChipReader, Device, DeviceErrorKind, Driver, Identity, Settings};
use countertop_virtual::ccid::CcidConfig;

use super::bench::{Bench, SELECT_PSE, connect, expect, open, read_directory, readers, soon};
use super::service::Service;
use crate::kernel::Vanishing;
use crate::lab_test::{TestResult, check};

const GONE: DeviceErrorKind = DeviceErrorKind::Disconnected;

fn identity(reader: &impl Device) -> TestResult<Identity> {
    reader.info().identity.clone().ok_or_else(|| "the reader has no identity".into())
}

/// Unplugged before open, while waiting, and in a command; each time the same reader comes back.
pub(super) async fn unplugged() -> TestResult {
    Service::start().await?.nursing(unplugged_at_three_stages()).await
}

async fn unplugged_at_three_stages() -> TestResult {
    let mut bench = Bench::new(CcidConfig::default()).await?;
    bench.plug().await?;
    let listed = readers(1).await?.remove(0).info;
    let place = listed.identity.clone().ok_or("the reader is listed without identity")?;
    bench.unplug().await?;
    readers(0).await?;
    let opened = PcscDriver::new().open_reader(&listed.selector, &Settings::new()).await;
    expect("unplugged before open", opened, DeviceErrorKind::NotFound)?;

    bench.plug().await?;
    let mut reader = open(&Settings::new()).await?;
    check!(identity(&reader)? == place, "another identity after the first replug");
    let mut wait = Box::pin(reader.await_card());
    check!(tokio::time::timeout(Duration::from_millis(300), &mut wait).await.is_err(), "a card?");
    let stopwatch = Vanishing::of(bench.plugged()?.sysfs_path().ok_or("no address")?);
    bench.plugged()?.pull();
    let waited = soon("the end of the wait", wait).await?;
    stopwatch.report("waiting for a card")?;
    expect("unplugged while waiting", waited, GONE)?;
    bench.unplug().await?;
    readers(0).await?;

    bench.plug().await?;
    bench.insert_slow_card(Duration::from_secs(8))?;
    let mut reader = open(&Settings::new()).await?;
    check!(identity(&reader)? == place, "another identity after the second replug");
    let mut session = connect(&mut reader).await?;
    let blocks = bench.control.blocks();
    let mut command = Box::pin(session.transmit(SELECT_PSE));
    tokio::select! {
        _ = &mut command => return Err("the slow card was fast".into()),
        () = bench.control.until_blocks(blocks + 1) => {}
    }
    let stopwatch = Vanishing::of(bench.plugged()?.sysfs_path().ok_or("no address")?);
    bench.plugged()?.pull();
    let answer = soon("the end of the command", command).await?;
    stopwatch.report("in a command")?;
    expect("unplugged in a command", answer, GONE)?;
    drop(session);
    bench.unplug().await?;
    readers(0).await?;
    bench.control.remove();

    // The opened reader finds itself again.
    bench.plug().await?;
    readers(1).await?;
    bench.insert_payment_card()?;
    let mut session = connect(&mut reader).await?;
    read_directory(&mut session).await?;
    drop((session, reader));
    bench.unplug().await
}

/// Two readers of one kind, unplugged and plugged in again in the other order.
pub(super) async fn twins() -> TestResult {
    let _service = Service::start().await?;
    let mut one = Bench::new(CcidConfig::default()).await?;
    let mut two = Bench::new(CcidConfig::default()).await?;
    one.plug().await?;
    let first = readers(1).await?.remove(0).info;
    two.plug().await?;
    let both = readers(2).await?;
    let second = both.into_iter().map(|reader| reader.info);
    let second = second.into_iter().find(|info| info.identity != first.identity);
    let second = second.ok_or("twins have one identity")?;
    println!("{} is {:?}, {} is {:?}", first.model, first.identity, second.model, second.identity);
    // Ports are given out in the order of plugging: this swaps them, and the names of pcscd.
    let mut reader = PcscDriver::new().open_reader(&first.selector, &Settings::new()).await?;
    one.unplug().await?;
    two.unplug().await?;
    readers(0).await?;
    two.plug().await?;
    two.insert_payment_card()?;
    let now = readers(1).await?.remove(0).info;
    check!(now.model == first.model, "pcscd calls it {}", now.model);
    check!(now.identity == first.identity, "the place is the same, the identity is not");
    let _ = soon("a card", reader.await_card()).await?;
    drop(reader);
    two.unplug().await?;
    serials().await
}

/// With serial numbers the name of pcscd does not matter.
async fn serials() -> TestResult {
    let mut one = Bench::new(CcidConfig::default().with_serial("A1")).await?;
    let mut two = Bench::new(CcidConfig::default().with_serial("B2")).await?;
    one.plug().await?;
    let first = readers(1).await?.remove(0).info;
    one.unplug().await?;
    readers(0).await?;
    two.plug().await?;
    let other = readers(1).await?.remove(0).info;
    check!(first.identity != other.identity, "two serial numbers, one identity");
    check!(first.place == other.place, "one place, two identities of it");
    one.plug().await?;
    let both = readers(2).await?;
    let again = both.iter().filter(|reader| reader.info.identity == first.identity).count();
    check!(again == 1, "the first reader is not found again");
    one.unplug().await?;
    two.unplug().await
}

/// pcscd tells of readers that come and go by the driver's watch.
pub(super) async fn watched() -> TestResult {
    let _service = Service::start().await?;
    let mut watch = PcscDriver::new().watch().ok_or("no watch")?;
    soon("the beginning", watch.changed()).await??;
    let mut bench = Bench::new(CcidConfig::default()).await?;
    for round in 0..3 {
        let plug = std::time::Instant::now();
        bench.plug().await?;
        soon("a reader that came", watch.changed()).await??;
        println!("round {round}: told of the reader {:.1?} after plugging", plug.elapsed());
        readers(1).await?;
        let stopwatch = Vanishing::of(bench.plugged()?.sysfs_path().ok_or("no address")?);
        bench.plugged()?.pull();
        soon("a reader that left", watch.changed()).await??;
        stopwatch.report("the watch")?;
        bench.unplug().await?;
        readers(0).await?;
    }
    Ok(())
}
