//! The plug is pulled under a caller of the bare transport.

use countertop_device::{DeviceErrorKind, Settings};
use countertop_transport::Line;
use tokio::io::{AsyncWriteExt as _, split};
use tokio::time::timeout;

use super::bench::{ADAPTER, SOON, adapter, open};
use crate::chance::Chance;
use crate::kernel::Delays;
use crate::lab_test::{TestResult, check};

/// More than all buffers together.
const MUCH: usize = 64 * 1024;

pub(super) async fn while_reading() -> TestResult {
    let (mut cable, mut far, _control) = adapter().await?;
    let mut delays = Delays::default();
    for round in 0..5 {
        let mut line = open(ADAPTER, &Settings::new()).await?;
        far.write_all(&[round]).await?;
        let mut received = Vec::new();
        line.read_some(&mut received, SOON, "read").await?;
        check!(received == [round], "round {round} read {received:?}");
        let waits = async move { line.read_some_forever(&mut Vec::new(), "read").await.err() };
        delays.add(cable.pulled_while(waits).await?);
        cable.plug_again().await?;
    }
    cable.unplug().await?;
    delays.check()
}

pub(super) async fn while_writing() -> TestResult {
    let (mut cable, far, control) = adapter().await?;
    let settings = Settings::new().with("flow", "rtscts");
    let mut delays = Delays::default();
    for _ in 0..5 {
        let mut line = open(ADAPTER, &settings).await?;
        control.set_cts(false);
        let waits = async move { line.write(&[0x55; MUCH], SOON * 6, "write").await.err() };
        delays.add(cable.pulled_while(waits).await?);
        cable.plug_again().await?;
    }
    drop(far);
    cable.unplug().await?;
    delays.check()
}

pub(super) async fn at_random() -> TestResult {
    let (mut cable, far, _control) = adapter().await?;
    let (mut reader, mut writer) = split(far);
    tokio::spawn(async move { tokio::io::copy(&mut reader, &mut writer).await });
    let mut chance = Chance::seeded();
    for round in 0..30 {
        let traffic = tokio::spawn(echo(open(ADAPTER, &Settings::new()).await?));
        tokio::time::sleep(chance.pause(131)).await;
        cable.pull();
        let kind = timeout(SOON, traffic).await??;
        check!(kind == DeviceErrorKind::Disconnected, "round {round} ended in {kind:?}");
        cable.unplug().await?;
        cable.plug_again().await?;
    }
    cable.unplug().await
}

/// Sends and reads until the line has gone. What is in flight when the plug is pulled may come back
/// after the replug, so it looks at quantities only.
async fn echo(mut line: Line) -> DeviceErrorKind {
    loop {
        let mut received = Vec::new();
        if let Err(error) = line.write(&[0x42; 700], SOON, "write").await {
            return error.kind();
        }
        while received.len() < 700 {
            if let Err(error) = line.read_some(&mut received, SOON, "read").await {
                return error.kind();
            }
        }
    }
}
