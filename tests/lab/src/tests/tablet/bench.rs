//! A virtual tablet that is plugged in and pulled.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use countertop_device::{Settings, SignatureImage, SignaturePad as _, SignatureRequest};
use countertop_input::tablet::TabletSignpad;
use countertop_transport::evdev::{self, EvdevDevice};
use countertop_virtual::tablet::{TabletConfig, TabletControl, VirtualTablet};
use countertop_virtual::uinput::{self, PluggedInput};
use tokio::time::{sleep, timeout};

use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

/// No call of a driver may take longer, under emulation.
pub(super) const SOON: Duration = Duration::from_secs(40);

/// Is a tablet and the hand that writes on it and pulls its plug.
#[derive(Debug)]
pub(super) struct Bench {
    plugged: Option<PluggedInput<VirtualTablet>>,
    pub(super) hand: TabletControl,
}

impl Bench {
    /// Makes a tablet and plugs it in.
    pub(super) async fn plugged() -> TestResult<(Self, EvdevDevice)> {
        kernel::modprobe(&["uinput", "evdev"]).await?;
        let (tablet, hand) = TabletConfig::default().build();
        let mut bench = Self { plugged: None, hand };
        let device = bench.plug(tablet).await?;
        Ok((bench, device))
    }

    pub(super) async fn plug(&mut self, tablet: VirtualTablet) -> TestResult<EvdevDevice> {
        self.plugged = Some(uinput::plug_tablet(tablet)?);
        let device = kernel::wait_for("the tablet's node", LONG, listed).await?;
        kernel::settle().await?;
        Ok(device)
    }

    /// Pulls the plug, at once.
    pub(super) fn pull(&mut self) {
        if let Some(plugged) = &mut self.plugged {
            plugged.pull();
        }
    }

    /// Waits until the kernel has let the pulled tablet go, and returns it.
    pub(super) async fn gone(&mut self) -> TestResult<VirtualTablet> {
        let plugged = self.plugged.take().ok_or("the tablet is not plugged in")?;
        let tablet = plugged.unplug().await?;
        let gone = || listed().is_none().then_some(());
        kernel::wait_for("the end of the node", LONG, gone).await?;
        Ok(tablet)
    }

    /// Lets a person sign who is asked.
    pub(super) async fn sign(&self, pad: &mut TabletSignpad) -> TestResult<SignatureImage> {
        let hand = async {
            sleep(Duration::from_millis(100)).await;
            self.hand.draw_sample().await
        };
        let request = request();
        let both = async { tokio::join!(pad.capture(&request), hand) };
        let (image, written) = timeout(SOON, both).await?;
        check!(written, "the tablet went away");
        Ok(image?.ok_or("nobody signed")?)
    }
}

fn listed() -> Option<EvdevDevice> {
    let mut devices = evdev::list().ok()?.into_iter();
    devices.find(|device| device.vendor == 0x056a && device.has_axes)
}

/// Returns the device's own folder. The kernel takes it away when it has told that the device is gone.
pub(super) fn folder(device: &EvdevDevice) -> TestResult<PathBuf> {
    Ok(fs::canonicalize(device.node.replace("/dev/input", "/sys/class/input"))?)
}

pub(super) fn request() -> SignatureRequest {
    SignatureRequest { feature_code: "1A2B3C4D".into(), timeout: Duration::from_secs(30) }
}

pub(super) async fn open(device: &EvdevDevice, settings: &Settings) -> TestResult<TabletSignpad> {
    Ok(TabletSignpad::open(&device.selector, settings).await?)
}
