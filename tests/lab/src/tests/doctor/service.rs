//! The service pcscd and the driver of its readers.

use std::fs;
use std::time::Duration;

use countertop_virtual::ccid::{CcidConfig, VirtualCcidReader};

use super::bench::{Kept, config, is_cured, packager};
use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

const PCSCD: &str = "/usr/sbin/pcscd";
const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// Returns the processes called pcscd that live.
fn running() -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id: &u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.contains("(pcscd)") && !stat.contains(") Z ")
    })
    .collect()
}

async fn stopped() -> TestResult {
    for id in running() {
        kernel::run("kill", &[&id.to_string()]).await?;
    }
    let none = || running().is_empty().then_some(());
    kernel::wait_for("the end of pcscd", LONG, none).await
}

async fn answers() -> TestResult {
    let socket = || std::os::unix::net::UnixStream::connect(SOCKET).ok();
    kernel::wait_for("pcscd", Duration::from_secs(10), socket).await.map(drop)
}

pub(super) async fn absent() -> TestResult {
    stopped().await?;
    let hidden = "/usr/sbin/pcscd.hidden";
    let _apt = packager("pcscd", hidden, PCSCD)?;
    fs::rename(PCSCD, hidden)?;
    let file = config("chip", "pcsc", "pcsc:Virtual")?.display().to_string();
    is_cured("pcscd-absent", &["--config", &file]).await?;
    answers().await?;
    stopped().await
}

pub(super) async fn not_running() -> TestResult {
    stopped().await?;
    let file = config("chip", "pcsc", "pcsc:Virtual")?.display().to_string();
    is_cured("pcscd-not-running", &["--config", &file]).await?;
    answers().await?;
    stopped().await
}

/// The second starts once the first one's files are lost, and from then on they fight.
pub(super) async fn twice() -> TestResult {
    stopped().await?;
    kernel::run(PCSCD, &[]).await?;
    answers().await?;
    for file in [SOCKET, "/run/pcscd/pcscd.pid"] {
        fs::remove_file(file)?;
    }
    kernel::run(PCSCD, &[]).await?;
    let two = || (running().len() == 2).then_some(());
    kernel::wait_for("two of pcscd", LONG, two).await?;
    is_cured("pcscd-twice", &[]).await?;
    answers().await?;
    check!(running().len() == 1, "{:?} run", running());
    stopped().await
}

/// Without its library pcscd sees no USB reader.
pub(super) async fn reader_library_missing() -> TestResult {
    const BUNDLE: &str = "/usr/lib/pcsc/drivers/ifd-ccid.bundle";
    let hidden = "/usr/lib/pcsc/ifd-ccid.hidden";
    stopped().await?;
    kernel::modprobe(&["vhci_hcd"]).await?;
    let (device, reader, _control) = VirtualCcidReader::new(CcidConfig::default())?;
    let served = tokio::spawn(reader.serve());
    let plugged = device.plug().await?;
    plugged.configured().await?;
    let _apt: Kept = packager("libccid", hidden, BUNDLE)?;
    kernel::run("mv", &[BUNDLE, hidden]).await?;
    is_cured("ccid-driver-absent", &[]).await?;
    check!(fs::exists(format!("{BUNDLE}/Contents/Info.plist"))?, "the library is not there");
    plugged.unplug().await?;
    served.abort();
    stopped().await
}
