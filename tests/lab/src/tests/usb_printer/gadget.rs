//! Printers that the kernel's own gadget framework makes.

use countertop_device::{PrintOutcome, Settings};
use countertop_virtual::gadget::{Gadget, GadgetConfig};
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};

use super::bench::{NODE, USB, USBLP, open_printer, voucher};
use crate::kernel;
use crate::lab_test::{TestResult, check};

const DEVICE_ID: &str = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;";

/// The kernel's printer function prints by both ways, unplugged and plugged again in between.
pub(super) async fn prints_by_both_ways() -> TestResult {
    kernel::modprobe_if_any("dummy_hcd").await?;
    kernel::modprobe(&["libcomposite", "usblp"]).await?;
    let config = GadgetConfig::new(0x04b8, 0x0e15).product("TM-T20II").serial_number("LAB0002");
    let gadget = Gadget::printer("receipts", &config, DEVICE_ID)?;
    for selector in [USBLP, USB] {
        gadget.plug()?;
        kernel::wait_node(NODE).await?;
        kernel::settle().await?;
        let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
        let link = gadget.open().await?;
        let hand = link.port();
        let work = tokio::spawn(printer.serve(link));
        let mut printer = open_printer(selector, &Settings::new()).await?;
        let outcome = printer.print(&voucher()).await?;
        check!(outcome == PrintOutcome::Confirmed, "{selector}: the outcome is {outcome:?}");
        check!(control.page_count() == 1, "{selector}: {} receipts", control.page_count());
        hand.set_status(0x38)?;
        control.set_answers(false);
        drop(printer);
        let mut printer = open_printer(selector, &Settings::new()).await?;
        let error = printer.print(&voucher()).await.err().ok_or("printed without paper")?;
        check!(error.to_string().contains("paper out"), "{selector}: {error}");
        drop(printer);
        hand.set_status(0x18)?;
        work.abort();
        let _aborted = work.await;
        gadget.unplug()?;
        kernel::wait_gone(NODE).await?;
    }
    Ok(())
}

/// The kernel's serial function is a line.
pub(super) async fn is_a_serial_line() -> TestResult {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    kernel::modprobe_if_any("dummy_hcd").await?;
    kernel::modprobe(&["libcomposite", "cdc_acm"]).await?;
    let gadget = Gadget::acm("line", &GadgetConfig::new(0x05e0, 0x1701).product("Line"))?;
    gadget.plug()?;
    kernel::wait_node("/dev/ttyACM0").await?;
    kernel::settle().await?;
    let mut device = gadget.open().await?;
    let mut host =
        countertop_transport::open(&"serial:/dev/ttyACM0".parse()?, &Settings::new()).await?;
    for byte in [0x00, 0x0A, 0x11, 0xFF] {
        host.write_all(&[byte]).await?;
        let got = tokio::time::timeout(kernel::LONG, device.read_u8()).await??;
        check!(got == byte, "the device read {got:#04x} in place of {byte:#04x}");
        device.write_all(&[byte]).await?;
        let got = tokio::time::timeout(kernel::LONG, host.read_u8()).await??;
        check!(got == byte, "the host read {got:#04x} in place of {byte:#04x}");
    }
    Ok(())
}
