//! A printer with a port of its own, a hub, and who listens to it.

use std::time::Duration;

use countertop_device::document::Document;
use countertop_device::{DeviceEvent, Driver as _, Identity};
use countertop_hub::Subscription;
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Hub, HubEvent, Registry, Role};
use countertop_magstripe::magtek::MagtekHidDriver;
use countertop_printer::EscPosDriver;
use countertop_virtual::printer::{Page, PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::usb::{PluggedDevice, UsbDevice, UsbIdentity, VhciPort, usb_printer};
use tokio::time::timeout;

use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

/// Is a virtual printer, plugged in or not.
pub(crate) struct Printer {
    control: PrinterControl,
    device: Option<UsbDevice>,
    plugged: Option<PluggedDevice>,
}

impl Printer {
    /// Makes a printer that is not plugged in.
    pub(crate) async fn new(serial_number: Option<&str>) -> TestResult<Self> {
        kernel::modprobe(&["vhci_hcd", "usblp"]).await?;
        let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
        let mut identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II");
        identity.serial_number = serial_number.map(str::to_owned);
        let (device, link) = usb_printer(&identity, &control)?;
        tokio::spawn(printer.serve(link));
        Ok(Self { control, device: Some(device), plugged: None })
    }

    /// Plugs it in, anywhere or at this port, and does not wait for the kernel.
    pub(crate) async fn plug(&mut self, port: Option<VhciPort>) -> TestResult<VhciPort> {
        let device = self.device.take().ok_or("the printer is plugged in already")?;
        let plugged = match port {
            Some(port) => device.plug_at(port).await?,
            None => device.plug().await?,
        };
        let port = plugged.port();
        self.plugged = Some(plugged);
        Ok(port)
    }

    /// Plugs it in and waits until the driver lists it with `count` others.
    pub(super) async fn plug_as(
        &mut self,
        count: usize,
        port: Option<VhciPort>,
    ) -> TestResult<VhciPort> {
        let port = self.plug(port).await?;
        self.plugged()?.configured().await?;
        kernel::wait_for("the printer in the list", LONG, || {
            (EscPosDriver.list().ok()?.len() == count).then_some(())
        })
        .await?;
        kernel::settle().await?;
        Ok(port)
    }

    /// Returns what is plugged in.
    pub(crate) fn plugged(&self) -> TestResult<&PluggedDevice> {
        Ok(self.plugged.as_ref().ok_or("the printer is not plugged in")?)
    }

    /// Pulls the plug, and waits until the kernel has let it go.
    pub(crate) async fn unplug(&mut self) -> TestResult {
        let plugged = self.plugged.take().ok_or("the printer is not plugged in")?;
        self.device = Some(plugged.unplug().await?);
        Ok(())
    }

    /// Tells whether it printed this text.
    pub(super) fn has_printed(&self, text: &str) -> bool {
        self.control.pages().iter().map(Page::to_text).any(|page| page.contains(text))
    }
}

/// Creates a hub in which `identity` has this role.
pub(super) fn hub(role: Role, driver: &str, identity: Identity) -> Hub {
    let registry = Registry::new().with(EscPosDriver).with(MagtekHidDriver);
    let config = DeviceConfig::by_identity(driver, identity);
    Hub::new(registry, DevicesConfig::default().with(role, config))
}

/// Lets the hub watch, and listens.
pub(crate) fn watch(hub: &Hub) -> Subscription<HubEvent> {
    let watched = hub.clone();
    tokio::spawn(async move {
        let Err(error) = watched.watch().await;
        eprintln!("the hub watches no more: {error}");
    });
    hub.events().subscribe(0)
}

/// Waits for an event of this kind.
pub(super) async fn hear(
    events: &mut Subscription<HubEvent>,
    what: &str,
    is: impl Fn(&DeviceEvent) -> bool,
) -> TestResult {
    let heard = async {
        loop {
            let event = events.next().await?;
            println!("event {}: {:?}", event.sequence, event.event);
            if is(&event.event.event) {
                return Ok(());
            }
        }
    };
    timeout(LONG, heard).await.map_err(|_| format!("waited in vain for {what}"))?
}

/// Prints a line on the printer of a hub.
pub(super) async fn print(devices: &mut Devices, text: &str) -> TestResult {
    let mut document = Document::new();
    document.line(text).cut();
    let printer = &mut timeout(LONG, devices.printer.open_when_present()).await??.printer;
    printer.print(&document).await?;
    Ok(())
}

/// So many times as long as wanted is a fault, and not the machine: the guest's processors are emulated, and
/// others use this machine.
const FAR: u32 = 10;

/// Writes the median beside what is wanted, and fails where it is far from that.
pub(super) fn within(what: &str, mut times: Vec<Duration>, wanted: Duration) -> TestResult {
    times.sort_unstable();
    let (Some(most), Some(median)) = (times.last(), times.get(times.len() / 2)) else {
        return Err("nothing was measured".into());
    };
    println!("{what}: median {median:.1?}, most {most:.1?} of {}; {wanted:?} wanted", times.len());
    check!(*median < FAR * wanted, "{what} took {median:?}");
    Ok(())
}
