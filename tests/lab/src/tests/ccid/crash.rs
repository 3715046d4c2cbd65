//! pcscd that is killed, comes late, and comes back.

use std::time::{Duration, Instant};

use countertop_chip::PcscDriver;
use countertop_device::{ChipReader, DeviceErrorKind, Driver, Settings};
use countertop_virtual::ccid::CcidConfig;

use super::bench::{Bench, SELECT_PSE, connect, expect, open, read_directory, readers, soon};
use super::service::Service;
use crate::lab_test::{TestResult, check};

const GONE: DeviceErrorKind = DeviceErrorKind::ServiceGone;

/// Killed under somebody who waits for a card.
pub(super) async fn while_waiting() -> TestResult {
    let mut bench = Bench::new(CcidConfig::default()).await?;
    bench.plug().await?;
    let service = Service::start().await?;
    let mut reader = open(&Settings::new()).await?;
    let mut watch = PcscDriver::new().watch().ok_or("no watch")?;
    soon("the beginning", watch.changed()).await??;
    let mut wait = Box::pin(reader.await_card());
    check!(tokio::time::timeout(Duration::from_millis(300), &mut wait).await.is_err(), "a card?");
    service.kill().await?;
    let killed = Instant::now();
    let waited = soon("the end of the wait", wait).await?;
    println!("waiting for a card: heard {:.1?} after the kill", killed.elapsed());
    expect("killed while waiting", waited, GONE)?;
    soon("the loss of the service", watch.changed()).await??;
    println!("the watch: heard {:.1?} after the kill", killed.elapsed());
    expect("while it is away", soon("an answer", reader.await_card()).await?, GONE)?;

    let service = Service::start().await?;
    let back = Instant::now();
    soon("the return of the service", watch.changed()).await??;
    println!("the watch: heard {:.1?} after the service answered", back.elapsed());
    readers(1).await?;
    bench.insert_payment_card()?;
    let mut session = connect(&mut reader).await?;
    println!("a session {:.1?} after the service answered", back.elapsed());
    read_directory(&mut session).await?;
    drop((session, reader, watch));
    bench.unplug().await?;
    service.kill().await
}

/// Killed under somebody who talks to a card.
pub(super) async fn while_transmitting() -> TestResult {
    let mut bench = Bench::new(CcidConfig::default()).await?;
    bench.plug().await?;
    bench.insert_slow_card(Duration::from_secs(3))?;
    let service = Service::start().await?;
    let mut reader = open(&Settings::new()).await?;
    let mut session = connect(&mut reader).await?;
    let blocks = bench.control.blocks();
    let mut command = Box::pin(session.transmit(SELECT_PSE));
    tokio::select! {
        _ = &mut command => return Err("the slow card was fast".into()),
        () = bench.control.until_blocks(blocks + 1) => {}
    }
    service.kill().await?;
    let killed = Instant::now();
    let answer = soon("the end of the command", command).await?;
    println!("in a command: heard {:.1?} after the kill", killed.elapsed());
    expect("killed in a command", answer, GONE)?;
    drop(session);
    bench.control.remove();

    let service = Service::start().await?;
    readers(1).await?;
    bench.insert_payment_card()?;
    let mut session = connect_again(&mut reader).await?;
    read_directory(&mut session).await?;
    drop((session, reader));
    bench.unplug().await?;
    service.kill().await
}

/// Whether the loss of the service meets this wait or met the time before it, is chance.
async fn connect_again(
    reader: &mut countertop_chip::PcscReader,
) -> TestResult<Box<dyn countertop_device::CardSession>> {
    match soon("a card", reader.await_card()).await? {
        Err(error) if error.kind() == GONE => connect(reader).await,
        Err(error) => Err(error.into()),
        Ok(()) => connect(reader).await,
    }
}

/// Started behind the program that wants it.
pub(super) async fn late() -> TestResult {
    let mut bench = Bench::new(CcidConfig::default()).await?;
    bench.plug().await?;
    bench.insert_payment_card()?;
    let mut watch = PcscDriver::new().watch().ok_or("no watch")?;
    expect("without the service", PcscDriver::new().list(), GONE)?;
    check!(
        tokio::time::timeout(Duration::from_secs(2), watch.changed()).await.is_err(),
        "the list changed without a service"
    );
    let service = Service::start().await?;
    let back = Instant::now();
    soon("the service", watch.changed()).await??;
    println!("the watch: heard {:.1?} after the service answered", back.elapsed());
    let mut reader = open(&Settings::new()).await?;
    let mut session = connect(&mut reader).await?;
    read_directory(&mut session).await?;
    drop((session, reader, watch));
    bench.unplug().await?;
    service.kill().await
}
