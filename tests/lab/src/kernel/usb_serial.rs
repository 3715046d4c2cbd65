//! QEMU's USB serial adapter: an FT232 for `ftdi_sio`, with the test at the far end of its line.

use std::fs::OpenOptions;
use std::time::Duration;

use serde_json::json;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncWrite, join};
use tokio::time::{Instant, sleep};

use super::{LONG, Qemu, modprobe, settle, wait_for, wait_gone};
use crate::lab_test::TestResult;

const FAR_END: &str = "/dev/virtio-ports/lab.serial";
const ID: &str = "adapter";

/// The adapter, plugged in or out.
#[derive(Debug)]
pub(crate) struct UsbSerial {
    qemu: Qemu,
    node: Option<String>,
}

impl UsbSerial {
    /// Loads the drivers and returns the adapter, not yet plugged in.
    pub(crate) async fn new() -> TestResult<Self> {
        modprobe(&["xhci_pci", "ftdi_sio"]).await?;
        Ok(Self { qemu: Qemu::open().await?, node: None })
    }

    /// Plugs it in and returns its node, `/dev/ttyUSB0`, once udev has handled it.
    pub(crate) async fn plug(&mut self) -> TestResult<String> {
        self.insert().await?;
        let node = wait_for("/dev/ttyUSB*", LONG, ttyusb).await?;
        settle().await?;
        self.node = Some(node.clone());
        Ok(node)
    }

    /// QEMU lets go of the line of an adapter that was pulled in its own time.
    async fn insert(&mut self) -> TestResult {
        let adapter = json!({
            "driver": "usb-serial", "id": ID, "bus": "xhci.0", "chardev": "line", "always-plugged": true,
        });
        let end = Instant::now() + LONG;
        loop {
            match self.qemu.plug(&adapter).await {
                Err(error) if error.to_string().contains("in use") && Instant::now() < end => {
                    sleep(Duration::from_millis(20)).await;
                }
                result => return result,
            }
        }
    }

    /// Pulls it out at once, and returns before the kernel has noticed.
    pub(crate) async fn pull(&mut self) -> TestResult {
        self.qemu.unplug(ID).await
    }

    /// Pulls it out and waits until its node has gone.
    pub(crate) async fn unplug(&mut self) -> TestResult {
        self.pull().await?;
        match self.node.take() {
            Some(node) => wait_gone(node).await,
            None => Ok(()),
        }
    }

    /// Opens the far end of the line, for a virtual device to serve. One caller at a time can.
    pub(crate) fn far_end() -> TestResult<impl AsyncRead + AsyncWrite + Send + Unpin + 'static> {
        let port = OpenOptions::new().read(true).write(true).open(FAR_END);
        let port = port.map_err(|error| format!("cannot open {FAR_END}: {error}"))?;
        // One file would not write while it waits for something to read.
        let reader = File::from_std(port.try_clone()?);
        Ok(join(reader, File::from_std(port)))
    }
}

fn ttyusb() -> Option<String> {
    let entries = std::fs::read_dir("/dev").ok()?.flatten();
    let mut paths = entries.map(|entry| entry.path().display().to_string());
    paths.find(|path| path.starts_with("/dev/ttyUSB"))
}
