//! A printer that prints and is asked how it is.

use async_trait::async_trait;
use countertop_device::document::Document;
use countertop_device::{
    DeviceError, DeviceErrorKind, Driver, Functions, Identity, PrintOutcome, ReceiptPrinter,
};
use countertop_printer::EscPosDriver;
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use countertop_virtual::usb::{UsbIdentity, usb_printer};

use super::station::{Station, Work};
use crate::kernel;
use crate::lab_test::TestResult;

#[derive(Debug, Default)]
struct Printing {
    printer: Option<Box<dyn ReceiptPrinter>>,
    count: u32,
}

/// Plugs the printer in and starts to print.
pub(super) async fn station() -> TestResult<(Station, Identity)> {
    kernel::modprobe(&["vhci_hcd", "usblp"]).await?;
    let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
    let identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II").with_serial_number("LAB0001");
    let (device, link) = usb_printer(&identity, &control)?;
    tokio::spawn(printer.serve(link));
    Station::start("printer", device, Printing::default()).await
}

#[async_trait]
impl Work for Printing {
    fn driver(&self) -> &'static dyn Driver {
        &EscPosDriver
    }

    fn take(&mut self, functions: Functions) -> Option<()> {
        self.printer = Some(functions.printer?);
        Some(())
    }

    async fn exchange(&mut self) -> Result<(), DeviceError> {
        let Some(printer) = &mut self.printer else {
            return Err(DeviceError::new(DeviceErrorKind::Other, "printer", "use"));
        };
        self.count += 1;
        if !self.count.is_multiple_of(4) {
            return printer.status().await.map(drop);
        }
        let mut document = Document::new();
        document.line(format!("receipt {}", self.count)).cut();
        match printer.print(&document).await? {
            PrintOutcome::Confirmed => Ok(()),
            // The truth about a receipt that was cut off; the device tells the rest.
            _ => printer.status().await.map(drop),
        }
    }

    fn close(&mut self) {
        self.printer = None;
    }
}
