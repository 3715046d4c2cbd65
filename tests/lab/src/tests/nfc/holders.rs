//! Whoever else holds a module: the kernel's driver, another program.

use std::path::Path;
use std::process::Stdio;

use countertop_device::{Access, DeviceError, DeviceErrorKind, Driver, Settings};
use countertop_nfc::LibnfcDriver;
use countertop_virtual::pn532::Pn533Config;
use tokio::process::Command;

use super::station::{Station, UID, read_directory};
use super::strangers::nfc_list;
use crate::kernel::{self, LONG, wait_for};
use crate::lab_test::{TestResult, check};

const RIVAL: &str = "pn533_usb";

/// The kernel's driver takes a PN533 first; unloading it, and keeping it away, helps.
pub(super) async fn kernel_driver() -> TestResult {
    // By name: what keeps it from being loaded by itself does not matter here.
    kernel::modprobe(&[RIVAL]).await?;
    let mut station = Station::pn533(&Pn533Config::scl3711()).await?;
    station.plug().await?;
    station.tap();
    let held = || holder(&station).ok().flatten().filter(|holder| holder == RIVAL);
    wait_for("the kernel's driver", LONG, held).await?;
    let listing = station.listing().await?;
    check!(listing.access == Access::TakenByKernelDriver, "listed as {:?}", listing.access);
    let text = nfc_list(None).await?;
    check!(!text.contains(UID), "nfc-list was not to get it: {text}");
    let error = open_error(&station).await?;
    println!("{error}; {}", error.help().unwrap_or_default());
    check!(error.kind() == DeviceErrorKind::TakenByKernelDriver, "{error}");
    check!(error.help().is_some_and(|help| help.contains("modprobe -r pn533_usb")), "{error}");

    kernel::remove_module(RIVAL).await?;
    let mut reader = station.open().await?;
    drop(read_directory(&mut reader).await?);
    drop(reader);
    station.unplug().await?;
    // With the file against it the next one is not taken.
    station.plug().await?;
    check!(holder(&station)?.is_none(), "{:?} took it", holder(&station)?);
    let mut reader = station.open().await?;
    drop(read_directory(&mut reader).await?);
    drop(reader);
    station.unplug().await
}

/// Another program has it open.
pub(super) async fn program() -> TestResult {
    let mut station = Station::pn533(&Pn533Config::nxp()).await?;
    station.plug().await?;
    // It waits for a card for half a minute, with the device in its hands.
    let mut poll = Command::new("nfc-poll")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let held = || holder(&station).ok().flatten().filter(|holder| holder == "usbfs");
    wait_for("nfc-poll", LONG, held).await?;
    let error = open_error(&station).await?;
    println!("{error}; {}", error.help().unwrap_or_default());
    check!(error.kind() == DeviceErrorKind::Busy, "{error}");
    check!(error.to_string().contains("nfc-poll"), "{error}");
    poll.kill().await?;
    // What the chip still had to say to the program that was killed is lost with its power.
    station.unplug().await?;
    station.plug().await?;
    station.tap();
    let mut reader = station.open().await?;
    drop(read_directory(&mut reader).await?);
    drop(reader);
    station.unplug().await
}

async fn open_error(station: &Station) -> TestResult<DeviceError> {
    let selector = station.listing().await?.info.selector;
    match LibnfcDriver::new().open(&selector, &Settings::new()).await {
        Err(error) => Ok(error),
        Ok(_) => Err("it was not to be opened".into()),
    }
}

/// Returns the driver of the module's interface.
fn holder(station: &Station) -> TestResult<Option<String>> {
    let folder = station.folder()?;
    let name = folder.file_name().ok_or("no folder")?.to_string_lossy().into_owned();
    let driver = std::fs::read_link(Path::new(&folder).join(format!("{name}:1.0/driver"))).ok();
    Ok(driver.and_then(|link| Some(link.file_name()?.to_string_lossy().into_owned())))
}
