//! Tells what becomes of a printer: paper, cover, drawer, until it is unplugged.
//!
//! With a virtual printer, whose paper runs out when told to on its standard input:
//!
//! ```sh
//! countertop virtual printer --tcp 9100
//! cargo run --example printer_events -- tcp:127.0.0.1:9100
//! ```

use std::error::Error;

use countertop_device::{DeviceErrorKind, Driver as _, Selector, Settings};
use countertop_printer::EscPosDriver;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).ok_or("usage: printer_events tcp:HOST:9100")?;
    let selector: Selector = selector.parse()?;
    let functions = EscPosDriver.open(&selector, &Settings::new()).await?;
    let mut printer = functions.printer.ok_or("no printer")?;
    println!("now: {:?}", printer.status().await?);
    loop {
        match printer.status_changed().await {
            Ok(status) => println!("changed: {status:?}"),
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => {
                println!("gone: {error}");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
}
