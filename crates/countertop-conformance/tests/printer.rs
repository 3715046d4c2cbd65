//! Our driver of receipt printers.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use countertop_conformance::{ExchangeFixture, Fixture, Tap, printer};
use countertop_device::document::Document;
use countertop_device::{
    DeviceError, DeviceInfo, PrintOutcome, ReceiptPrinter, Settings, async_trait,
};
use countertop_printer::EscPosPrinter;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use support::Transport;

struct Printer {
    transport: Transport,
    confirm: &'static str,
    control: Option<PrinterControl>,
}

#[async_trait]
impl Fixture for Printer {
    type Function = dyn ReceiptPrinter;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn ReceiptPrinter>, DeviceError> {
        let (selector, host, device) = support::connect(self.transport, tap).await?;
        let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
        tokio::spawn(printer.serve(device));
        self.control = Some(control);
        let settings = Settings::new()
            .with("confirm", self.confirm)
            .with("status_timeout_ms", 150)
            .with("write_timeout_ms", 500)
            .with("process_id_timeout_ms", 200)
            .with("confirm_timeout_ms", 500);
        let info = DeviceInfo::new(selector, "escpos", "conformance");
        Ok(Box::new(EscPosPrinter::open(host, info, &settings)?))
    }
}

#[async_trait]
impl ExchangeFixture for Printer {
    async fn exchange(&mut self, printer: &mut Self::Function) -> Result<(), DeviceError> {
        printer.status().await?;
        let control = self.control.as_ref().unwrap();
        let before = control.page_count();
        let mut document = Document::new();
        document.line("conformance").cut();
        let outcome = printer.print(&document).await?;
        if matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed) {
            assert_eq!(control.page_count(), before + 1);
        }
        Ok(())
    }
}

async fn examine(transport: Transport, confirm: &'static str) {
    printer::run(&mut Printer { transport, confirm, control: None }).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn escpos_in_memory() {
    examine(Transport::Memory, "process-id").await;
}

#[tokio::test(start_paused = true)]
async fn escpos_without_process_id() {
    examine(Transport::Memory, "status").await;
}

#[tokio::test]
async fn escpos_on_a_serial_line() {
    examine(Transport::Pty, "process-id").await;
}

#[tokio::test]
async fn escpos_over_tcp() {
    examine(Transport::Tcp, "process-id").await;
}
