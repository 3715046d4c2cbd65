//! Races encoding a receipt against the crate `escpos`, and encodes a picture: prints median and least time
//! of each in microseconds, in the form of `receipt.py` and `receipt.mjs`, so that `benches/printing` can join
//! them.
//! The crate's pictures are not raced: its feature `graphics` would bring 66 crates into the lock file.
//!
//! Usage: cargo bench -p countertop-printer --bench peers -- LINES.txt PICTURE.png

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_device::Settings;
use countertop_device::document::{Block, Dither, Document};
use countertop_printer::{EscPosSettings, encode, image};
use countertop_wire::escpos::{
    CODE_PAGES, CharacterSets, Command, Mechanism, Position, TextEncoder, WideSet, code_page,
};
use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::printer_options::PrinterOptions;
use escpos::utils::{PageCode, Protocol};

/// A receipt takes less time than a processor takes to be at its speed, so that both have to be reached.
const ROUNDS: usize = 51;
const LONG_ENOUGH: Duration = Duration::from_millis(500);

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [lines, picture] = &files[..] else {
        eprintln!("usage: peers LINES.txt PICTURE.png");
        return;
    };
    let text = std::fs::read_to_string(lines).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let png = std::fs::read(picture).unwrap();
    ours(&lines, &png);
    theirs(&lines);
}

fn tell(who: &str, what: &str, Times { median, least }: Times) {
    println!("{who}\t{what}\t{}\t{}", median.as_micros(), least.as_micros());
}

struct Times {
    median: Duration,
    least: Duration,
}

fn timed<T>(mut work: impl FnMut() -> T) -> Times {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < ROUNDS || begun.elapsed() < LONG_ENOUGH {
        let started = Instant::now();
        black_box(work());
        times.push(started.elapsed());
    }
    times.sort();
    Times { median: times[times.len() / 2], least: times[0] }
}

/// Encodes lines as the peers do: with code pages and Chinese, but without a layout, so that nothing is
/// measured and no line is broken.
fn codec(lines: &[&str], sets: &Arc<CharacterSets>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = TextEncoder::with_sets(Arc::clone(sets));
    Command::from(Mechanism::Initialize).emit(&mut out);
    for line in lines {
        encoder.encode(line, &mut out);
        Command::from(Position::LineFeed).emit(&mut out);
    }
    out
}

fn ours(lines: &[&str], png: &[u8]) {
    let pages = CODE_PAGES.iter().filter_map(|(page, _)| Some((*page, code_page(*page)?.clone())));
    let sets = Arc::new(CharacterSets::new(pages, Some(WideSet::Gb18030)));
    // Without a Chinese character set a printer gets the Chinese lines as pictures.
    for (name, chinese) in [("Chinese and code pages", true), ("Chinese drawn", false)] {
        let settings = settings(chinese);
        let receipt = timed(|| {
            let mut document = Document::new();
            for line in lines {
                document.line(*line);
            }
            encode(&document, &settings).unwrap()
        });
        tell(&format!("countertop, {name}"), "receipt", receipt);
    }
    tell("countertop, codec alone", "receipt", timed(|| codec(lines, &sets)));
    let settings = settings(true);
    let decoded = image::decode(png).unwrap();
    for (name, dither) in
        [("floydsteinberg", Dither::FloydSteinberg), ("threshold", Dither::Threshold(128))]
    {
        let mut document = Document::new();
        document.push(Block::Image(decoded.clone().with_dither(dither)));
        let picture = timed(|| encode(&document, &settings).unwrap());
        tell(&format!("countertop, {name}"), "picture", picture);
    }
    let picture = timed(|| {
        let mut document = Document::new();
        document.push(Block::Image(image::decode(png).unwrap()));
        encode(&document, &settings).unwrap()
    });
    tell("countertop, PNG decoded", "picture", picture);
}

/// Returns the settings of an Epson printer of 576 dots with many code pages.
fn settings(chinese: bool) -> EscPosSettings {
    let settings = Settings::new().with("profile", "TM-T20III").with("dots", 576);
    EscPosSettings::from_settings(&settings.with("chinese", chinese)).unwrap()
}

/// Takes everything and does nothing.
#[derive(Debug, Clone)]
struct Nowhere;

impl Driver for Nowhere {
    fn name(&self) -> String {
        "nowhere".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        black_box(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

fn theirs(lines: &[&str]) {
    for (name, page) in [("UTF-8", None), ("PC437", Some(PageCode::PC437))] {
        let receipt = timed(|| {
            let options = PrinterOptions::new(page, None, 48);
            let mut printer = Printer::new(Nowhere, Protocol::default(), Some(options));
            for line in lines {
                printer.writeln(line).unwrap();
            }
            printer.print().unwrap();
        });
        tell(&format!("crate escpos, {name}"), "receipt", receipt);
    }
}
