//! Writes what the crate escpos sends for a rich receipt: escpos-crate.bin in a folder.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::utils::{
    BarcodeOption, CashDrawer, Font, JustifyMode, PageCode, Protocol, QRCodeOption, UnderlineMode,
};

#[derive(Clone, Default)]
struct Capture(Rc<RefCell<Vec<u8>>>);

impl Driver for Capture {
    fn name(&self) -> String {
        "capture".into()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let capture = Capture::default();
    let mut printer = Printer::new(capture.clone(), Protocol::default(), None);
    printer
        .init()?
        .justify(JustifyMode::CENTER)?
        .bold(true)?
        .size(2, 2)?
        .writeln("crate escpos")?
        .reset_size()?
        .bold(false)?
        .justify(JustifyMode::LEFT)?
        .page_code(PageCode::PC437)?
        .writeln("Café, 12.50")?
        .page_code(PageCode::PC866)?
        .writeln("Привет")?
        .underline(UnderlineMode::Double)?
        .writeln("underlined")?
        .underline(UnderlineMode::None)?
        .reverse(true)?
        .writeln("inverted")?
        .reverse(false)?
        .font(Font::B)?
        .writeln("font b")?
        .font(Font::A)?
        .smoothing(true)?
        .size(3, 3)?
        .writeln("large")?
        .reset_size()?
        .ean13_option("4006381333931", BarcodeOption::default())?
        .code39("ABC-123")?
        .qrcode_option("https://escpos.example/", QRCodeOption::default())?
        .pdf417("PDF417 with one byte too few")?
        .data_matrix("data matrix")?
        .aztec("aztec")?
        .cash_drawer(CashDrawer::Pin2)?
        .writeln("drawer")?
        .print_cut()?;
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    std::fs::write(Path::new(&folder).join("escpos-crate.bin"), &*capture.0.borrow())?;
    Ok(())
}
