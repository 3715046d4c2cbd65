//! Cards in the reader, at each level of exchange, and pulled.

use std::time::Duration;

use countertop_chip::PcscReader;
use countertop_device::{CardProtocol, CardSession, ChipReader, DeviceErrorKind, Settings};
use countertop_virtual::ccid::{CcidConfig, FunctionCard};
use countertop_wire::ccid::Exchange;

use super::bench::{Bench, SELECT_PSE, connect, expect, open, read_directory, soon};
use super::service::Service;
use crate::kernel;
use crate::lab_test::{TestResult, check};

/// Strangers see reader and card.
pub(super) async fn strangers() -> TestResult {
    let mut bench = Bench::new(CcidConfig::default()).await?;
    let _service = Service::start().await?;
    bench.insert_payment_card()?;
    bench.plug().await?;
    super::bench::readers(1).await?;
    let list = kernel::run("opensc-tool", &["--list-readers"]).await?;
    check!(list.contains("Yes") && list.contains("Gemalto PC Twin Reader"), "{list}");
    let atr = kernel::run("opensc-tool", &["--atr"]).await?;
    check!(atr.contains("3b:e3:00:00:81:31:fe:45:80:31:c0:99"), "{atr}");
    let select = "00:A4:04:00:0E:31:50:41:59:2E:53:59:53:2E:44:44:46:30:31:00";
    let commands = ["-c", "default", "-s", select, "-s", "00:B2:01:0C:00"];
    let directory = kernel::run("opensc-tool", &commands).await?;
    check!(directory.contains("UnionPay Debit"), "{directory}");
    let scan = kernel::run("pcsc_scan", &["-n", "-c"]).await?;
    check!(scan.contains("3B E3 00 00 81 31 FE 45 80 31 C0 99"), "{scan}");
    bench.unplug().await
}

/// Our driver, where the host makes T=1 blocks, T=0 commands, and APDUs.
pub(super) async fn levels() -> TestResult {
    let _service = Service::start().await?;
    for exchange in [Exchange::Tpdu, Exchange::ShortApdu, Exchange::ExtendedApdu] {
        let mut bench = Bench::new(CcidConfig::default().with_exchange(exchange)).await?;
        bench.plug().await?;
        let mut reader = open(&Settings::new()).await?;
        bench.insert_payment_card()?;
        let mut session = connect(&mut reader).await?;
        check!(session.protocol() == CardProtocol::T1, "{exchange:?}: {:?}", session.protocol());
        read_directory(&mut session).await?;
        soon("the end", session.close()).await??;
        bench.control.remove();
        soon("an empty slot", reader.await_removal()).await??;
        t0_card(&bench, &mut reader).await.map_err(|error| format!("{exchange:?}: {error}"))?;
        drop(reader);
        bench.unplug().await?;
        super::bench::readers(0).await?;
    }
    Ok(())
}

/// A card of T=0 that has 300 bytes to say.
async fn t0_card(bench: &Bench, reader: &mut PcscReader) -> TestResult {
    const ATR: [u8; 4] = [0x3b, 0x60, 0x00, 0x00];
    let card = FunctionCard::new(ATR, |command| match command {
        [0x00, 0xa4, ..] => [vec![0x6f; 200], vec![0x90, 0x00]].concat(),
        _ => vec![0x6d, 0x00],
    });
    bench.control.insert(card)?;
    let mut session = connect(reader).await?;
    check!(session.protocol() == CardProtocol::T0, "{:?}", session.protocol());
    let answer = soon("an answer", session.transmit(SELECT_PSE)).await??;
    check!(answer.len() == 202, "{} bytes", answer.len());
    soon("the end", session.close()).await??;
    bench.control.remove();
    soon("an empty slot", reader.await_removal()).await??;
    Ok(())
}

/// A card that takes longer than libccid waits by itself.
pub(super) async fn slow_card() -> TestResult {
    let _service = Service::start().await?;
    for exchange in [Exchange::Tpdu, Exchange::ShortApdu] {
        let mut bench = Bench::new(CcidConfig::default().with_exchange(exchange)).await?;
        bench.plug().await?;
        let mut reader = open(&Settings::new().with("transmit_timeout_ms", 20_000)).await?;
        bench.insert_slow_card(Duration::from_millis(4_500))?;
        let mut session = connect(&mut reader).await?;
        let answer = soon("an answer", session.transmit(SELECT_PSE)).await??;
        check!(answer.expose().ends_with(&[0x90, 0x00]), "{exchange:?}");
        drop((session, reader));
        bench.unplug().await?;
        super::bench::readers(0).await?;
    }
    Ok(())
}

/// A card pulled before, between and in the middle of commands; the next one works.
pub(super) async fn pulled() -> TestResult {
    let _service = Service::start().await?;
    let mut bench = Bench::new(CcidConfig::default()).await?;
    bench.plug().await?;
    let mut reader = open(&Settings::new()).await?;
    let removed = DeviceErrorKind::CardRemoved;

    bench.insert_payment_card()?;
    soon("a card", reader.await_card()).await??;
    bench.control.remove();
    soon("an empty slot", reader.await_removal()).await??;
    expect("pulled before connect", soon("an answer", reader.connect()).await?, removed)?;

    bench.insert_payment_card()?;
    let mut session = connect(&mut reader).await?;
    read_directory(&mut session).await?;
    bench.control.remove();
    let answer = soon("an answer", session.transmit(SELECT_PSE)).await?;
    expect("pulled between commands", answer, removed)?;
    drop(session);

    bench.insert_slow_card(Duration::from_secs(8))?;
    let mut session = connect(&mut reader).await?;
    pull_in_command(&bench, session.as_mut()).await?;
    drop(session);

    bench.insert_payment_card()?;
    let mut session = connect(&mut reader).await?;
    read_directory(&mut session).await?;
    drop((session, reader));
    bench.unplug().await
}

async fn pull_in_command(bench: &Bench, session: &mut dyn CardSession) -> TestResult {
    let blocks = bench.control.blocks();
    let control = bench.control.clone();
    let puller = tokio::spawn(async move {
        control.until_blocks(blocks + 1).await;
        control.remove();
        std::time::Instant::now()
    });
    let answer = soon("an answer", session.transmit(SELECT_PSE)).await?;
    let late = puller.await?.elapsed();
    println!("card pulled in a command: heard {late:.1?} later");
    expect("pulled in a command", answer, DeviceErrorKind::CardRemoved)
}
