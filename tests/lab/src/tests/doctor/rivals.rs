//! Services that want the same device: pcscd and libnfc, CUPS.

use std::fs;

use countertop_virtual::pn532::{Pn533Config, VirtualPn533};

use super::bench::{Kept, config, idle, is_cured, script};
use crate::kernel;
use crate::lab_test::{TestResult, check};

/// A process of that name, which has the module open as pcscd would, stands for pcscd.
pub(super) async fn pcscd_holds_the_module() -> TestResult {
    kernel::modprobe(&["vhci_hcd"]).await?;
    let (device, chip, _control) = VirtualPn533::new(&Pn533Config::scl3711())?;
    let served = tokio::spawn(chip.serve());
    let plugged = device.plug().await?;
    let folder = plugged.configured().await?;
    kernel::settle().await?;
    let number = |file: &str| -> TestResult<u32> {
        Ok(fs::read_to_string(folder.join(file))?.trim().parse()?)
    };
    let node = format!("/dev/bus/usb/{:03}/{:03}", number("busnum")?, number("devnum")?);
    let path = config("contactless", "libnfc", "nfc:pn53x_usb")?;
    let mut service = idle("pcscd", node.as_ref())?;
    is_cured("pcscd-holds-nfc", &["--config", &path.display().to_string()]).await?;
    service.wait().await?;
    plugged.unplug().await?;
    served.abort();
    Ok(())
}

/// The driver ifdnfc makes pcscd open what libnfc finds.
pub(super) async fn ifdnfc() -> TestResult {
    const FILE: &str = "/etc/reader.conf.d/libifdnfc";
    let _kept = [Kept::new(FILE), Kept::new("/etc/reader.conf.ifdnfc-disabled")];
    fs::write(
        FILE,
        "FRIENDLYNAME \"IFD-NFC\"\nLIBPATH /usr/lib/pcsc/drivers/serial/libifdnfc.so\n",
    )?;
    let path = config("contactless", "libnfc", "nfc:pn53x_usb")?;
    is_cured("ifdnfc-holds-nfc", &["--config", &path.display().to_string()]).await?;
    check!(!fs::exists(FILE)?, "{FILE} is still there");
    Ok(())
}

/// A queue of CUPS prints on our printer. A script stands for the command that stops a queue.
pub(super) async fn cups_prints_there() -> TestResult {
    const QUEUES: &str = "/etc/cups/printers.conf";
    fs::create_dir_all("/etc/cups")?;
    let _kept = Kept::new(QUEUES);
    let queue = "<Printer Receipts>\nDeviceURI socket://10.0.0.9:9100\nState Idle\n</Printer>\n";
    fs::write(QUEUES, queue)?;
    let stop = format!("[ \"$*\" = Receipts ] && sed -i s/Idle/Stopped/ {QUEUES}");
    let _stop = script("cupsdisable", &stop)?;
    let path = config("receipt-printer", "escpos", "tcp:10.0.0.9:9100")?;
    is_cured("cups-claims-printer", &["--config", &path.display().to_string()]).await
}
