//! Writes what the crate escpos sends for a rich receipt and a Chinese one: escpos-crate.bin and
//! escpos-crate-chinese.bin in a folder.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use encoding_rs::GB18030;
use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::utils::{
    BarcodeOption, CashDrawer, Encoder, Font, JustifyMode, PageCode, Protocol, QRCodeOption,
    UnderlineMode,
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

fn latin() -> Result<Vec<u8>> {
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
    Ok(capture.0.take())
}

/// It encodes in GB18030, but has no command for Kanji mode: FS & and FS . go by hand.
fn chinese() -> Result<Vec<u8>> {
    let capture = Capture::default();
    let protocol = Protocol::new(Encoder::new(GB18030));
    let mut printer = Printer::new(capture.clone(), protocol, None);
    printer
        .init()?
        .custom(b"\x1c&")?
        .justify(JustifyMode::CENTER)?
        .size(2, 2)?
        .writeln("中文收据")?
        .reset_size()?
        .justify(JustifyMode::LEFT)?
        .bold(true)?
        .writeln("金额 ￥12.34")?
        .bold(false)?
        .reverse(true)?
        .writeln("谢谢惠顾")?
        .reverse(false)?
        .custom(b"\x1c.")?
        .writeln("Latin again")?
        .print_cut()?;
    Ok(capture.0.take())
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    std::fs::write(Path::new(&folder).join("escpos-crate.bin"), latin()?)?;
    std::fs::write(Path::new(&folder).join("escpos-crate-chinese.bin"), chinese()?)?;
    Ok(())
}
