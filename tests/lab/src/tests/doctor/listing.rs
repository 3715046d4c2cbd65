//! What `countertop devices` says, and what the doctor learns by asking a reader.

use std::process::Stdio;
use std::time::Duration;

use countertop_virtual::magtek::MagtekConfig;
use countertop_virtual::uhid::PluggedHid;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{ChildStdout, Command};
use tokio::time::timeout;

use super::bench::{adapter, config, doctor};
use crate::kernel::{self, LONG, User};
use crate::lab_test::{TestResult, check};

/// Members may open the adapter by the group, strangers may not, and both are told.
pub(super) async fn rights_are_told() -> TestResult {
    kernel::modprobe(&["ftdi_sio"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    kernel::settle().await?;
    for (user, right) in [(User::Inside, "group"), (User::Outside, "none")] {
        let output = kernel::run_as(user, "countertop", &["devices", "--json"]).await?;
        let said: Value = serde_json::from_slice(&output.stdout)?;
        let mut devices = said["devices"].as_array().into_iter().flatten();
        let adapter = devices.find(|device| device["selector"] == "serial:/dev/ttyUSB0");
        let adapter = adapter.ok_or_else(|| format!("no adapter in {said}"))?;
        check!(adapter["right"] == right, "{user:?} is told {adapter}");
    }
    plugged.unplug().await?;
    Ok(())
}

/// Each coming and going is a line as it happens.
pub(super) async fn watch_follows_the_plug() -> TestResult {
    kernel::modprobe(&["ftdi_sio"]).await?;
    let mut command = Command::new("countertop");
    command.args(["devices", "--watch", "--json"]).stdout(Stdio::piped()).kill_on_drop(true);
    let mut watch = command.spawn()?;
    let output = watch.stdout.take().ok_or("no output")?;
    let mut lines = BufReader::new(output).lines();
    for round in 1..=2 {
        let (plugged, _line) = adapter().await?;
        told(&mut lines, "arrived").await.map_err(|error| format!("round {round}: {error}"))?;
        plugged.unplug().await?;
        told(&mut lines, "departed").await.map_err(|error| format!("round {round}: {error}"))?;
    }
    watch.kill().await?;
    Ok(())
}

/// Waits until something is told of the adapter.
async fn told(lines: &mut Lines<BufReader<ChildStdout>>, what: &str) -> TestResult {
    loop {
        let line = timeout(LONG, lines.next_line()).await;
        let line = line.map_err(|_| format!("nobody told that it {what}"))??;
        let event: Value = serde_json::from_str(&line.ok_or("the watch has ended")?)?;
        let info = &event["event"]["event"][what];
        if info["selector"].as_str().is_some_and(|at| at.starts_with("serial:/dev/ttyUSB")) {
            return Ok(());
        }
    }
}

/// A reader whose head encrypts is told of; one that does not is left in peace.
pub(super) async fn encrypted_head() -> TestResult {
    kernel::modprobe(&["uhid"]).await?;
    for (reader, encrypts) in
        [(MagtekConfig::magnesafe().encrypting(), true), (MagtekConfig::swipe_reader(), false)]
    {
        let (reader, _control) = reader.build()?;
        let plugged = reader.plug().await?;
        let node = hidraw().await?;
        let path = config("stripe", "magtek-hid", &format!("hidraw:{node}"))?;
        let said = doctor(&["--config", &path.display().to_string()]).await?;
        check!(said.names("stripe-head-encrypted") == encrypts, "encrypts: {encrypts}: {said:?}");
        gone(plugged, &node).await?;
    }
    Ok(())
}

async fn hidraw() -> TestResult<String> {
    let find = || {
        let entries = std::fs::read_dir("/dev").ok()?.flatten();
        let mut paths = entries.map(|entry| entry.path().display().to_string());
        paths.find(|path| path.starts_with("/dev/hidraw"))
    };
    let node = kernel::wait_for("/dev/hidraw*", Duration::from_secs(20), find).await?;
    kernel::settle().await?;
    Ok(node)
}

async fn gone(plugged: PluggedHid, node: &str) -> TestResult {
    plugged.unplug().await?;
    kernel::wait_gone(node).await
}
