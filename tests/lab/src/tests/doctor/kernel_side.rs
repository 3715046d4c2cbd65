//! Modules of the kernel: rivals, and those that are kept away.

use std::fs;
use std::path::Path;

use countertop_virtual::pn532::{Pn533Config, VirtualPn533};
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use countertop_virtual::usb::{UsbIdentity, usb_printer};

use super::bench::{Kept, adapter, doctor, idle, is_cured};
use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

/// The kernel's pn533_usb takes the module; the cure removes it and keeps it away.
pub(super) async fn pn533_holds_the_reader() -> TestResult {
    let blacklists = ["/etc/modprobe.d/blacklist-libnfc.conf", "/etc/modprobe.d/countertop.conf"];
    let _kept = blacklists.map(Kept::new);
    for path in blacklists {
        if fs::exists(path)? {
            fs::remove_file(path)?;
        }
    }
    kernel::modprobe(&["vhci_hcd", "pn533_usb"]).await?;
    let (device, chip, _control) = VirtualPn533::new(&Pn533Config::scl3711())?;
    let served = tokio::spawn(chip.serve());
    let plugged = device.plug().await?;
    let folder = plugged.configured().await?;
    let name = folder.file_name().ok_or("no name")?.to_string_lossy().into_owned();
    let bound = folder.join(format!("{name}:1.0/driver"));
    let driver = || fs::read_link(&bound).ok().filter(|path| path.ends_with("pn533_usb"));
    kernel::wait_for("pn533_usb to take the reader", LONG, driver).await?;
    is_cured("held-by-kernel", &[]).await?;
    check!(!bound.exists(), "a driver of the kernel still has it");
    let text = fs::read_to_string("/etc/modprobe.d/countertop.conf")?;
    check!(text.contains("blacklist pn533_usb\n"), "{text}");
    plugged.unplug().await?;
    served.abort();
    Ok(())
}

/// usblp alone is worth a notice; a program that has the printer open is a problem.
pub(super) async fn program_holds_the_printer() -> TestResult {
    kernel::modprobe(&["vhci_hcd", "usblp"]).await?;
    let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
    let identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II").with_serial_number("J3XX001");
    let (device, link) = usb_printer(&identity, &control)?;
    let served = tokio::spawn(printer.serve(link));
    let plugged = device.plug().await?;
    plugged.configured().await?;
    kernel::wait_node("/dev/usb/lp0").await?;
    kernel::settle().await?;
    let said = doctor(&[]).await?;
    check!(said.names("usblp-has-printer") && !said.names("printer-held"), "{said:?}");
    let mut spooler = idle("spooler", Path::new("/dev/usb/lp0"))?;
    is_cured("printer-held", &[]).await?;
    spooler.wait().await?;
    plugged.unplug().await?;
    served.abort();
    Ok(())
}

/// With its module blacklisted an adapter has no node.
pub(super) async fn module_blacklisted() -> TestResult {
    const FILE: &str = "/etc/modprobe.d/lab.conf";
    let _kept = Kept::new(FILE);
    if fs::exists("/sys/module/ftdi_sio")? {
        kernel::remove_module("ftdi_sio").await?;
    }
    fs::write(FILE, "# somebody's\nblacklist ftdi-sio\n")?;
    kernel::run("udevadm", &["control", "--reload"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::settle().await?;
    check!(!fs::exists("/dev/ttyUSB0")?, "the module was loaded in spite of the blacklist");
    is_cured("module-blacklisted", &[]).await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    check!(
        fs::read_to_string(FILE)? == "# somebody's\n# blacklist ftdi-sio\n",
        "{FILE} is damaged"
    );
    plugged.unplug().await?;
    Ok(())
}
