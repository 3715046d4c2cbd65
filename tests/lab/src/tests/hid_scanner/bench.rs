//! A virtual scanner that is plugged in and pulled, by uhid or USB.

use std::path::PathBuf;
use std::time::Duration;

use countertop_device::{CodeScanner as _, Driver as _, Listing, Scan, Settings};
use countertop_input::hid_pos::{HidPosScanner, HidPosScannerDriver};
use countertop_virtual::hid_scanner::{HidScannerConfig, HidScannerControl};
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
pub(super) const SOON: Duration = Duration::from_secs(20);

/// Is a scanner and the hand that holds up codes and pulls its plug.
#[derive(Debug)]
pub(super) struct Bench {
    plug: HidPlug,
    pub(super) hand: HidScannerControl,
}

impl Bench {
    /// Makes a scanner and plugs it in.
    pub(super) async fn plugged(
        carrier: Carrier,
        config: HidScannerConfig,
    ) -> TestResult<(Self, Listing)> {
        kernel::modprobe(&["uhid", "vhci_hcd", "usbhid", "hid_generic"]).await?;
        let (device, hand) = config.serial_number("P-0042").build()?;
        let mut bench = Self { plug: HidPlug::new(device, carrier)?, hand };
        let listing = bench.plug().await?;
        Ok((bench, listing))
    }

    /// Plugs the scanner in and waits until our driver lists it.
    pub(super) async fn plug(&mut self) -> TestResult<Listing> {
        self.plug.plug().await?;
        kernel::wait_for("the scanner's node", LONG, listed).await
    }

    /// Pulls the plug, at once.
    pub(super) fn pull(&mut self) {
        self.plug.pull();
    }

    /// Waits until the kernel has let the pulled scanner go.
    pub(super) async fn gone(&mut self) -> TestResult {
        self.plug.gone().await?;
        kernel::wait_for("the end of the node", LONG, || listed().is_none().then_some(())).await
    }

    /// Holds up a code when the scanner waits; it has to come as it is.
    pub(super) async fn scan(&self, scanner: &mut HidPosScanner, data: &[u8]) -> TestResult<Scan> {
        let hand = async {
            sleep(Duration::from_millis(100)).await;
            self.hand.scan(AIM, data).await
        };
        let both = async { tokio::join!(scanner.next_scan(), hand) };
        let (scan, fetched) = timeout(SOON, both).await?;
        check!(fetched, "the kernel did not fetch the code");
        let scan = scan?;
        check!(scan.data.expose() == data, "a code of {} bytes came", scan.data.len());
        Ok(scan)
    }
}

fn listed() -> Option<Listing> {
    HidPosScannerDriver.list().ok()?.into_iter().next()
}

/// Returns the device's folder, which ends with it.
pub(super) fn folder(listing: &Listing) -> PathBuf {
    let node = listing.node.clone().unwrap_or_default();
    PathBuf::from(node.replace("/dev", "/sys/class/hidraw"))
}

pub(super) async fn open(listing: &Listing) -> TestResult<HidPosScanner> {
    let settings = Settings::new().with("gap_ms", 3000);
    Ok(HidPosScanner::open(&listing.info.selector, &settings).await?)
}
