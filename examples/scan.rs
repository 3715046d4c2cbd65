//! Reads one code from a scanner on a serial line, and tells whether it is a payment code.
//!
//! With a virtual scanner; type `6200000000000000005` and press enter there:
//!
//! ```sh
//! countertop virtual scanner --link /tmp/scanner
//! cargo run --example scan -- serial:/tmp/scanner
//! ```

use std::error::Error;

use countertop_device::{CodeScanner as _, Selector, Settings};
use countertop_input::scanner::SerialScanner;
use countertop_wire::payment_code::PaymentCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).ok_or("usage: scan serial:/dev/ttyACM0")?;
    let selector: Selector = selector.parse()?;
    let mut scanner = SerialScanner::open(&selector, &Settings::new()).await?;
    println!("show a code");
    let scan = scanner.next_scan().await?;
    // A payment code is money: it is not shown.
    match PaymentCode::parse(scan.data.expose()) {
        Ok(_) => println!("a payment code"),
        Err(_) => println!("a code of {} characters", scan.data.len()),
    }
    Ok(())
}
