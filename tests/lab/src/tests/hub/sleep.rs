//! The hub while the computer sleeps.

use countertop_device::{DeviceEvent, Driver as _};
use countertop_hub::Role;
use countertop_magstripe::magtek::MagtekHidDriver;
use countertop_virtual::magtek::MagtekConfig;
use tokio::time::timeout;

use super::bench::{hear, hub, watch};
use crate::kernel::{self, LONG};
use crate::lab_test::TestResult;

/// Sleeps, and looks whether the hub noticed, and opens the reader anew. A device of vhci_hcd would
/// keep the kernel awake.
pub(crate) async fn notices_sleep() -> TestResult {
    kernel::modprobe(&["uhid", "hid_generic"]).await?;
    let (device, _hand) = MagtekConfig::swipe_reader().serial_number("LAB0001").build()?;
    let plugged = device.plug().await?;
    let listed = || MagtekHidDriver.list().ok()?.into_iter().next();
    let listing = kernel::wait_for("the reader's node", LONG, listed).await?;
    let identity = listing.info.identity.ok_or("a reader without an identity")?;
    let hub = hub(Role::Stripe, MagtekHidDriver.name(), identity);
    let mut events = watch(&hub);
    let mut devices = hub.devices();
    timeout(LONG, devices.stripe.open_when_present()).await??;
    for _ in 0..2 {
        kernel::suspend(3).await?;
        hear(&mut events, "the end of the sleep", |event| *event == DeviceEvent::Resumed).await?;
        timeout(LONG, devices.stripe.open_when_present()).await??;
        let opened = |event: &DeviceEvent| matches!(event, DeviceEvent::Claimed(_));
        hear(&mut events, "the reader that is opened anew", opened).await?;
    }
    drop(devices);
    plugged.unplug().await?;
    Ok(())
}
