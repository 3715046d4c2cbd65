//! A virtual keyboard that is plugged in and pulled, by uhid, USB or uinput.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use countertop_device::{CodeScanner, Scan, Selector, Settings};
use countertop_input::wedge::WedgeScanner;
use countertop_transport::evdev::{self, EvdevDevice};
use countertop_virtual::wedge::{WedgeConfig, WedgeControl};
use countertop_wire::scanner::AimIdentifier;
use tokio::time::{sleep, timeout};

pub(super) use crate::hid_plug::Carrier;
use crate::hid_plug::HidPlug;
use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

/// A payment code.
pub(super) const CODE: &[u8] = b"6200000000000000005";
/// What the scanners here say of their codes.
pub(super) const AIM: Option<AimIdentifier> = Some(AimIdentifier::QR_CODE);

/// No call of a driver may take longer, under emulation.
pub(super) const SOON: Duration = Duration::from_secs(40);

/// Is a keyboard and the hand that uses it and pulls its plug.
#[derive(Debug)]
pub(super) struct Bench {
    id: (u16, u16),
    plug: HidPlug,
    pub(super) hand: WedgeControl,
}

impl Bench {
    /// Makes a keyboard and plugs it in.
    pub(super) async fn plugged(
        carrier: Carrier,
        config: WedgeConfig,
    ) -> TestResult<(Self, EvdevDevice)> {
        kernel::modprobe(&["uhid", "uinput", "vhci_hcd", "usbhid", "hid_generic", "evdev"]).await?;
        let config = config.serial_number("W-0042");
        let id = (config.descriptors.vendor, config.descriptors.product);
        let (device, hand) = config.build()?;
        let mut bench = Self { id, plug: HidPlug::new(device, carrier)?, hand };
        let device = bench.plug().await?;
        Ok((bench, device))
    }

    /// Plugs the keyboard in and waits for its node.
    pub(super) async fn plug(&mut self) -> TestResult<EvdevDevice> {
        self.plug.plug().await?;
        let (id, mut last) = (self.id, None);
        let device = kernel::wait_for("the keyboard's node", LONG, || {
            last = listed(id);
            last.clone()
        });
        let device = device.await?;
        // udev may still change the node's owner.
        kernel::settle().await?;
        Ok(device)
    }

    /// Pulls the plug, at once.
    pub(super) fn pull(&mut self) {
        self.plug.pull();
    }

    /// Waits until the kernel has let the pulled keyboard go.
    pub(super) async fn gone(&mut self) -> TestResult {
        self.plug.gone().await?;
        let id = self.id;
        kernel::wait_for("the end of the node", LONG, || listed(id).is_none().then_some(())).await
    }

    /// Holds up a code when the scanner waits; it has to come as it is.
    pub(super) async fn scan(&self, scanner: &mut WedgeScanner, data: &[u8]) -> TestResult<Scan> {
        let hand = async {
            sleep(Duration::from_millis(100)).await;
            self.hand.scan(AIM, data).await
        };
        let both = async { tokio::join!(scanner.next_scan(), hand) };
        let (scan, held_up) = timeout(SOON, both).await?;
        held_up?;
        let scan = scan?;
        check!(scan.data.expose() == data, "a code of {} bytes came", scan.data.len());
        Ok(scan)
    }
}

fn listed(id: (u16, u16)) -> Option<EvdevDevice> {
    let mut devices = evdev::list().ok()?.into_iter();
    devices.find(|device| (device.vendor, device.product) == id && device.has_keys)
}

/// Returns the device's own folder. The kernel takes it away when it has told that the device is gone.
pub(super) fn folder(device: &EvdevDevice) -> TestResult<PathBuf> {
    Ok(fs::canonicalize(device.node.replace("/dev/input", "/sys/class/input"))?)
}

/// Settings for an emulated processor, on which a report takes longer.
pub(super) fn settings() -> Settings {
    Settings::new().with("gap_ms", 3000)
}

pub(super) async fn open(device: &EvdevDevice) -> TestResult<WedgeScanner> {
    Ok(WedgeScanner::open(&device.selector, &settings()).await?)
}

/// Selects a device by what it is.
pub(super) fn by_model() -> Selector {
    Selector::Usb { vendor: 0x05e0, product: 0x1200, serial: None }
}
