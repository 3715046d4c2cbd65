//! What the tests of printers share: a printer on USB, a voucher, a stopwatch.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use countertop_device::document::{Document, Style};
use countertop_device::{Driver, Functions, Listing, ReceiptPrinter, Settings};
use countertop_printer::EscPosDriver;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::usb::{PluggedDevice, UsbDevice, UsbIdentity, usb_printer};
use tokio::task::JoinHandle;

use crate::kernel;
use crate::lab_test::{TestResult, check};

/// The printer by libusb.
pub(super) const USB: &str = "usb:04b8:0e15";
/// The printer by the kernel's usblp.
pub(super) const USBLP: &str = "usblp:/dev/usb/lp0";
/// The node of usblp.
pub(super) const NODE: &str = "/dev/usb/lp0";

/// Is how long a blocked caller may take to learn that the device was pulled. It takes less than 50 ms
/// on a computer that has nothing else to do; the emulated one of the lab may have.
pub(super) const SOON: Duration = Duration::from_millis(500);

/// Is a virtual printer that is plugged in, and at work.
pub(super) struct Bench {
    pub(super) control: PrinterControl,
    plugged: PluggedDevice,
    work: JoinHandle<std::io::Result<()>>,
}

impl Bench {
    pub(super) async fn plug() -> TestResult<Self> {
        Self::plug_with(PrinterConfig::default(), Some("LAB0001")).await
    }

    pub(super) async fn plug_with(
        config: PrinterConfig,
        serial_number: Option<&str>,
    ) -> TestResult<Self> {
        kernel::modprobe(&["vhci_hcd", "usblp"]).await?;
        let (printer, control) = VirtualPrinter::new(config);
        let mut identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II");
        identity.serial_number = serial_number.map(str::to_owned);
        let (device, link) = usb_printer(&identity, &control)?;
        let work = tokio::spawn(printer.serve(link));
        let plugged = plug(device).await?;
        Ok(Self { control, plugged, work })
    }

    /// Pulls the plug and says when the kernel let the device go; what the kernel does before it
    /// forgets a device is what its drivers are told.
    pub(super) fn pull(&self) -> TestResult<JoinHandle<Instant>> {
        let path = self.plugged.sysfs_path().ok_or("the printer is not plugged")?;
        let gone = tokio::task::spawn_blocking(move || gone(&path));
        self.plugged.pull();
        Ok(gone)
    }

    /// Plugs a pulled printer in again, at the same port.
    pub(super) async fn replug(self) -> TestResult<Self> {
        let Self { control, plugged, work } = self;
        let port = plugged.port();
        let device = plugged.unplug().await?;
        let plugged = device.plug_at(port).await?;
        ready(&plugged).await?;
        Ok(Self { control, plugged, work })
    }

    pub(super) async fn unplug(self) -> TestResult {
        self.plugged.unplug().await?;
        self.work.abort();
        Ok(())
    }

    /// Returns the folder in `/sys`.
    pub(super) fn sysfs(&self) -> TestResult<PathBuf> {
        Ok(self.plugged.sysfs_path().ok_or("the printer is not plugged")?)
    }

    /// Returns the text of all receipts.
    pub(super) fn printed(&self) -> String {
        self.control.pages().iter().map(countertop_virtual::printer::Page::to_text).collect()
    }
}

async fn plug(device: UsbDevice) -> TestResult<PluggedDevice> {
    let plugged = device.plug().await?;
    ready(&plugged).await?;
    Ok(plugged)
}

/// Waits for usblp, and for udev, which would open the node later otherwise.
async fn ready(plugged: &PluggedDevice) -> TestResult {
    let path = plugged.configured().await?;
    let name = path.file_name().ok_or("no name")?.to_string_lossy().into_owned();
    kernel::wait_node(path.join(format!("{name}:1.0/usbmisc"))).await?;
    kernel::settle().await
}

fn gone(path: &std::path::Path) -> Instant {
    while path.exists() {
        thread::sleep(Duration::from_millis(1));
    }
    Instant::now()
}

/// Opens the printer at `selector`.
pub(super) async fn open(selector: &str, settings: &Settings) -> TestResult<Functions> {
    Ok(EscPosDriver.open(&selector.parse()?, settings).await?)
}

/// Opens the printer at `selector` and takes its printing.
pub(super) async fn open_printer(
    selector: &str,
    settings: &Settings,
) -> TestResult<Box<dyn ReceiptPrinter>> {
    let functions = open(selector, settings).await?;
    Ok(functions.printer.ok_or("no printing")?)
}

/// Returns what the driver lists, which has to be one printer.
pub(super) fn listed() -> TestResult<Listing> {
    let mut found = EscPosDriver.list()?;
    check!(found.len() == 1, "{} printers are listed: {found:?}", found.len());
    found.pop().ok_or_else(|| "nothing is listed".into())
}

/// Returns a voucher of some length.
pub(super) fn voucher() -> Document {
    let mut document = Document::new();
    document.centred("签购单", Style::LARGE).rule();
    document.line("商户名称：测试商店（北京）有限公司 TEST SHOP");
    document.columns("交易类型 TYPE", "消费 SALE").columns("金额", "￥1,234.56").rule();
    document.qr("https://example.com/receipt?id=0001").cut();
    document
}

/// Returns a document of so many lines.
pub(super) fn lines(count: usize) -> Document {
    let mut document = Document::new();
    for number in 0..count {
        document.line(format!("line {number} of {count}"));
    }
    document.cut();
    document
}

/// Tells how often threads whose name contains `name` have gone to sleep by themselves.
pub(super) fn sleeps(name: &str) -> TestResult<u64> {
    let mut sum = 0;
    let mut threads = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        let read = |file: &str| fs::read_to_string(task.join(file)).unwrap_or_default();
        if !read("comm").contains(name) {
            continue;
        }
        let status = read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        sum += line.ok_or("no count of context switches")?.trim().parse::<u64>()?;
        threads += 1;
    }
    check!(threads > 0, "there is no thread {name}");
    Ok(sum)
}
