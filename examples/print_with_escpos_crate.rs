//! A program written for the crate `escpos`, printing over one of our links.
//!
//! With a virtual printer, which draws the paper into the folder `receipts`:
//!
//! ```sh
//! countertop virtual printer --tcp 9100 --out receipts
//! cargo run --example print_with_escpos_crate -- tcp:127.0.0.1:9100
//! ```

use std::error::Error;

use countertop_device::{Selector, Settings};
use countertop_printer::LinkDriver;
use escpos::printer::Printer;
use escpos::utils::Protocol;

fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).ok_or("usage: print_with_escpos_crate SELECTOR")?;
    let selector: Selector = selector.parse()?;
    let driver = LinkDriver::open(&selector, &Settings::new())?;
    Printer::new(driver, Protocol::default(), None)
        .init()?
        .bold(true)?
        .writeln("Table 7")?
        .bold(false)?
        .writeln("2 x tea           36.00")?
        .feed()?
        .print_cut()?;
    println!("sent");
    Ok(())
}
