//! Draws a receipt as a printer would print it, into a PNG.
//!
//! ```sh
//! cargo run --example preview -- receipt.png
//! ```

use std::error::Error;

use countertop_device::Settings;
use countertop_device::document::{Document, Style};
use countertop_printer::{EscPosSettings, encode};
use countertop_virtual::printer::preview;

fn main() -> Result<(), Box<dyn Error>> {
    let output = std::env::args().nth(1).ok_or("usage: preview OUT.png")?;
    let mut receipt = Document::new();
    receipt.centred("虚拟茶馆", Style::LARGE).rule().columns("龙井茶 × 2", "36.00").rule();
    receipt.columns("合计", "￥36.00").qr("https://example.com/r/000001").cut();
    let settings = EscPosSettings::from_settings(&Settings::new().with("profile", "TM-T88VI"))?;
    let bytes = encode(&receipt, &settings)?;
    let papers = preview(&bytes, settings.profile().dots());
    let paper = papers.first().ok_or("nothing is printed")?;
    std::fs::write(&output, paper.to_png()?)?;
    println!("drawn: {output}");
    Ok(())
}
