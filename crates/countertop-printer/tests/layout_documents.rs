//! What each document becomes for its printer, as commands that a person can read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documents;

use std::fmt::Write as _;

use std::path::Path;

use countertop_printer::{Layout, Note, encode, lay_out, text};
use countertop_virtual::printer::{Page, preview};
use countertop_wire::escpos::{Command, Image, Parser};
use documents::Sample;
use rxing::BarcodeFormat;

/// Tells whether lines are drawn with fonts of the system, which differ from one to the next.
fn is_drawn(layout: &Layout) -> bool {
    layout.notes.iter().any(|note| matches!(note, Note::LineDrawn | Note::Replaced(_)))
}

fn commands(bytes: &[u8]) -> Vec<Command> {
    let mut parser = Parser::new();
    parser.feed(bytes);
    let all = std::iter::from_fn(|| parser.next_command()).collect();
    assert_eq!(parser.pending(), 0);
    all
}

/// Shows a job, one command a line.
fn listing(sample: &Sample, layout: &Layout) -> String {
    let mut out = format!("printer: {}\n", sample.settings.profile().name());
    for note in &layout.notes {
        writeln!(out, "note: {note}").unwrap();
    }
    for block in &layout.job.blocks {
        out.push_str("block\n");
        for command in commands(&block.restore) {
            writeln!(out, "  restore {}", shown(&command)).unwrap();
        }
        for command in commands(&block.bytes) {
            writeln!(out, "  {}", shown(&command)).unwrap();
        }
    }
    out
}

/// Shows a job with lines that are drawn, and of these no more than that they are.
fn drawn_listing(sample: &Sample) -> String {
    let mut lines = vec![format!("printer: {}", sample.settings.profile().name())];
    for command in commands(&encode(&sample.document, &sample.settings).unwrap()) {
        lines.push(match command {
            Command::Image(_) => "  a picture".to_owned(),
            other => format!("  {}", shown(&other)),
        });
    }
    lines.dedup();
    lines.join("\n")
}

/// Shows text as ASCII with the other bytes in hexadecimal, and of pictures a checksum.
fn shown(command: &Command) -> String {
    match command {
        Command::Text(text) => {
            let byte = |byte: &u8| match byte {
                0x20..=0x7E => char::from(*byte).to_string(),
                other => format!("<{other:02X}>"),
            };
            format!("\"{}\"", text.bytes().iter().map(byte).collect::<String>())
        }
        Command::Image(Image::Raster(raster)) => format!(
            "Raster {} bytes x {} rows, {:08X}",
            raster.bytes_per_row(),
            raster.rows(),
            checksum(raster.data())
        ),
        Command::Image(Image::Columns(strip)) => format!(
            "Columns {:?} {} columns, {:08X}",
            strip.density(),
            strip.columns(),
            checksum(strip.data())
        ),
        Command::Image(Image::StoreGraphics(graphics)) => format!(
            "StoreGraphics {} x {} dots, {:08X}",
            graphics.width(),
            graphics.height(),
            checksum(graphics.data())
        ),
        other => format!("{other:?}"),
    }
}

/// FNV-1a.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[test]
fn documents_become_these_commands() {
    let samples = documents::all();
    assert!(samples.len() >= 40, "{}", samples.len());
    let fonts = ["wqy/wqy-zenhei.ttc", "dejavu/DejaVuSans.ttf"];
    let has_fonts =
        fonts.iter().all(|font| Path::new("/usr/share/fonts/truetype").join(font).exists());
    for sample in &samples {
        let layout = lay_out(&sample.document, &sample.settings).unwrap();
        let listing = listing(sample, &layout);
        assert!(!listing.contains("Unknown") && !listing.contains("Unmodelled"), "{listing}");
        if !is_drawn(&layout) {
            insta::assert_snapshot!(sample.name.clone(), listing);
        } else if has_fonts {
            insta::assert_snapshot!(sample.name.clone(), drawn_listing(sample));
        } else {
            eprintln!("{}: fonts-wqy-zenhei or fonts-dejavu is not installed", sample.name);
        }
    }
}

/// Prints a job block by block, each on a printer that was just initialised.
fn resumed(layout: &Layout) -> Vec<u8> {
    let blocks = layout.job.blocks.iter();
    blocks.flat_map(|block| [b"\x1B@", &block.restore[..], &block.bytes].concat()).collect()
}

#[test]
fn a_job_can_be_resumed_at_each_block() {
    for sample in documents::all() {
        let layout = lay_out(&sample.document, &sample.settings).unwrap();
        let dots = sample.settings.profile().dots();
        let whole = preview(&encode(&sample.document, &sample.settings).unwrap(), dots);
        let by_blocks = preview(&resumed(&layout), dots);
        assert_eq!(whole.len(), by_blocks.len(), "{}", sample.name);
        // For people who want to look at them.
        if let Ok(folder) = std::env::var("COUNTERTOP_LOOK") {
            for (number, page) in whole.iter().enumerate() {
                let file = Path::new(&folder).join(format!("{}-{number}.png", sample.name));
                std::fs::write(file, page.to_png().unwrap()).unwrap();
            }
        }
        for (one, other) in whole.iter().zip(&by_blocks) {
            assert!(one.bitmap() == other.bitmap(), "{}", sample.name);
        }
    }
}

#[test]
fn every_document_can_be_read_by_people() {
    for sample in documents::all() {
        for columns in [0, 7, 32, 80] {
            assert!(text::render(&sample.document, columns).ends_with('\n'), "{}", sample.name);
        }
    }
}

fn printed(name: &str) -> Page {
    let sample = documents::all().into_iter().find(|sample| sample.name == name).unwrap();
    let bytes = encode(&sample.document, &sample.settings).unwrap();
    preview(&bytes, sample.settings.profile().dots()).remove(0)
}

#[test]
fn codes_that_are_drawn_can_be_read() {
    for (name, format, content) in [
        ("22-pdf417-drawn", BarcodeFormat::PDF_417, "PDF417 drawn"),
        ("23-aztec-drawn", BarcodeFormat::AZTEC, "Aztec drawn"),
        ("24-data-matrix-drawn", BarcodeFormat::DATA_MATRIX, "Data Matrix drawn"),
        ("26-bar-codes-drawn", BarcodeFormat::QR_CODE, "QR drawn"),
        ("26-bar-codes-drawn", BarcodeFormat::CODE_128, "Code 128 drawn"),
        ("26-bar-codes-drawn", BarcodeFormat::EAN_13, "4006381333931"),
    ] {
        let page = printed(name);
        let bitmap = page.bitmap();
        let (width, height) = (bitmap.width() as u32, bitmap.height() as u32);
        let read = rxing::helpers::detect_in_luma(bitmap.to_luma(), width, height, Some(format));
        let read = read.unwrap_or_else(|error| panic!("{name}, {format}: {error}"));
        assert_eq!(read.getText(), content, "{name}");
    }
}
