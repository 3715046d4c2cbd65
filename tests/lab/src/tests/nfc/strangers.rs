//! libnfc's own programs.

use std::process::Stdio;

use countertop_virtual::pn532::Pn533Config;
use tokio::process::Command;

use super::station::{Station, UID};
use crate::lab_test::{TestResult, check};

/// A PN533 that nfc-list finds by itself.
pub(super) async fn pn533() -> TestResult {
    for config in [Pn533Config::nxp(), Pn533Config::scl3711()] {
        let mut station = Station::pn533(&config).await?;
        station.plug().await?;
        station.tap();
        let text = nfc_list(None).await?;
        check!(text.contains(&config.model) && text.contains(UID), "{text}");
        // Closed and opened again.
        let text = nfc_list(None).await?;
        check!(text.contains(UID), "{text}");
        station.unplug().await?;
    }
    Ok(())
}

/// A PN532 on a serial line.
pub(super) async fn pn532() -> TestResult {
    let mut station = Station::pn532().await?;
    station.plug().await?;
    station.tap();
    let node = station.listing().await?.node.ok_or("no node")?;
    let text = nfc_list(Some(&format!("pn532_uart:{node}:115200"))).await?;
    check!(text.contains(UID), "{text}");
    station.unplug().await
}

/// It ends well whatever it finds.
pub(super) async fn nfc_list(device: Option<&str>) -> TestResult<String> {
    let mut command = Command::new("nfc-list");
    command.arg("-v").stdin(Stdio::null()).kill_on_drop(true);
    if let Some(device) = device {
        command.env("LIBNFC_DEFAULT_DEVICE", device).env("LIBNFC_AUTO_SCAN", "false");
    }
    let output = command.output().await?;
    let text = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it).into_owned());
    Ok(text.concat())
}
