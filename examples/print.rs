//! Prints a Chinese receipt with a QR code on an ESC/POS printer.
//!
//! With a virtual printer, which draws the paper into the folder `receipts`:
//!
//! ```sh
//! countertop virtual printer --tcp 9100 --out receipts
//! cargo run --example print -- tcp:127.0.0.1:9100
//! ```

use std::error::Error;

use countertop_device::document::{Document, Style};
use countertop_device::{Driver as _, Selector, Settings};
use countertop_printer::EscPosDriver;

fn receipt() -> Document {
    let mut receipt = Document::new();
    receipt.centred("虚拟茶馆", Style::LARGE).rule();
    receipt.columns("龙井茶 × 2", "36.00").columns("月饼", "12.00").rule();
    receipt.columns("合计", "￥48.00");
    receipt.qr("https://example.com/r/000001").centred("谢谢惠顾", Style::PLAIN).cut();
    receipt
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).ok_or("usage: print tcp:HOST:9100")?;
    let selector: Selector = selector.parse()?;
    let functions = EscPosDriver.open(&selector, &Settings::new()).await?;
    let mut printer = functions.printer.ok_or("no printer")?;
    // Tells whether the printer itself has confirmed that everything is on paper.
    println!("{:?}", printer.print(&receipt()).await?);
    Ok(())
}
