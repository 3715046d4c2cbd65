//! An own program with tests that need no printer: they print on a virtual one, byte by byte as on
//! a real one, and read the paper.
//!
//! ```sh
//! cargo test --example test_against_virtual
//! cargo run --example test_against_virtual -- tcp:192.168.1.50:9100
//! ```

use std::error::Error;

use countertop_device::document::{Document, Style};
use countertop_device::{DeviceError, Driver as _, PrintOutcome, ReceiptPrinter, Settings};
use countertop_printer::EscPosDriver;

/// Is the program under test: it prints the number that a customer waits with.
async fn print_ticket(
    printer: &mut dyn ReceiptPrinter,
    number: u32,
) -> Result<PrintOutcome, DeviceError> {
    let mut ticket = Document::new();
    ticket.centred(format!("您的号码 {number}"), Style::LARGE).cut();
    printer.print(&ticket).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector =
        std::env::args().nth(1).ok_or("usage: test_against_virtual SELECTOR")?.parse()?;
    let printer = EscPosDriver.open(&selector, &Settings::new()).await?.printer;
    println!("{:?}", print_ticket(printer.ok_or("no printer")?.as_mut(), 7).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use countertop_device::{Attention, DeviceErrorKind, DeviceInfo};
    use countertop_printer::EscPosPrinter;
    use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};

    use super::*;

    fn virtual_printer() -> (EscPosPrinter, PrinterControl) {
        let (host, device) = countertop_transport::memory::pair();
        let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
        tokio::spawn(printer.serve(device));
        let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "virtual");
        (EscPosPrinter::open(host, info, &Settings::new()).unwrap(), control)
    }

    #[tokio::test]
    async fn the_number_is_on_the_paper_until_that_ends() {
        let (mut printer, control) = virtual_printer();
        assert_eq!(print_ticket(&mut printer, 7).await.unwrap(), PrintOutcome::Confirmed);
        assert!(control.pages()[0].text().contains("您的号码 7"));
        control.end_paper();
        let error = print_ticket(&mut printer, 7).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::NeedsAttention(Attention::PaperOut));
    }
}
