//! What each document looks like on its printer's paper, dot by dot: features, fallbacks, languages.
//!
//! `documents/golden/` holds a PNG of one bit a dot for each, all papers below each other. To make them
//! anew after a change, look at what `COUNTERTOP_BLESS=1 cargo test -p countertop-printer --test
//! golden_documents` has written.
//!
//! What is drawn with fonts of the system may differ in few dots, and is compared only where the fonts of
//! `tools/debian-packages` are installed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "the documents have more than is used here")]
mod documents;

use std::path::{Path, PathBuf};

use countertop_device::document::Picture;
use countertop_printer::{image, render};
use countertop_virtual::printer::{PrinterConfig, Resolution, preview_as};
use countertop_wire::escpos::WideSet;
use documents::Sample;

/// The fonts from which the golden pictures' letters are.
const FONTS: [&str; 2] = [
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
];

/// Black dots in a thousand that may differ.
const TOLERANCE: u32 = 20;

fn golden(sample: &Sample) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/golden");
    folder.join(format!("{}.png", sample.name))
}

/// Returns the printer that a document is laid out for.
fn printer(sample: &Sample) -> PrinterConfig {
    let profile = sample.settings.profile();
    let mut config = PrinterConfig::default();
    config.wide = profile.kanji().unwrap_or(WideSet::Gb18030);
    let (horizontal, vertical) = profile.motion_units();
    config.resolution = Resolution { dpi: horizontal, horizontal, vertical };
    config
}

/// Prints all papers of a document below each other.
fn printed(sample: &Sample) -> Picture {
    let mut config = printer(sample);
    let papers = render::papers(&sample.document, &sample.settings, |bytes, dots| {
        config.dots = dots;
        let pages = preview_as(bytes, &config).into_iter();
        pages.map(|page| render::from_luma(dots.into(), &page.bitmap().to_luma())).collect()
    });
    let papers = papers.unwrap();
    assert!(!papers.is_empty(), "{}: nothing is printed", sample.name);
    let rows = papers.iter().flat_map(|paper| paper.rows.iter().copied()).collect();
    Picture { width: papers[0].width, rows }
}

fn black(rows: &[u8]) -> u32 {
    rows.iter().map(|byte| byte.count_ones()).sum()
}

/// Returns what is wrong with a document's picture.
fn compared(sample: &Sample) -> Option<String> {
    let picture = printed(sample);
    let path = golden(sample);
    let png = render::png(&picture).unwrap();
    if std::env::var_os("COUNTERTOP_BLESS").is_some() {
        std::fs::write(path, png).unwrap();
        return None;
    }
    let expected = image::decode(&std::fs::read(path).unwrap()).unwrap();
    let expected = render::from_luma(expected.width(), expected.luma());
    let seen = std::env::temp_dir().join(format!("countertop-{}.png", sample.name));
    if (expected.width, expected.height()) != (picture.width, picture.height()) {
        std::fs::write(&seen, png).unwrap();
        return Some(format!("{}: another size; it looks as {}", sample.name, seen.display()));
    }
    let pairs = expected.rows.iter().zip(&picture.rows);
    let dots: u32 = pairs.map(|(one, other)| (one ^ other).count_ones()).sum();
    if dots <= black(&expected.rows) * TOLERANCE / 1000 {
        return None;
    }
    std::fs::write(&seen, png).unwrap();
    Some(format!("{}: {dots} dots differ; it looks as {}", sample.name, seen.display()))
}

/// Strips of columns are fed by their height where motion units are smaller, as half a dot is.
#[test]
fn strips_meet_whatever_the_unit() {
    let samples = documents::all();
    let sample = samples.iter().find(|sample| sample.name == "44-picture-columns-24").unwrap();
    let bytes = countertop_printer::encode(&sample.document, &sample.settings).unwrap();
    let printed = |dpi: u16, vertical: u16| {
        let mut config = PrinterConfig::default();
        config.dots = sample.settings.profile().dots();
        config.resolution = Resolution { dpi, horizontal: dpi, vertical };
        preview_as(&bytes, &config).remove(0)
    };
    let dots = printed(203, 203);
    assert!(dots.bitmap().height() > 3 * 24);
    for (dpi, vertical) in [(180, 360), (203, 406), (180, 180)] {
        assert!(printed(dpi, vertical).bitmap() == dots.bitmap(), "{dpi}, {vertical}");
    }
}

#[test]
fn documents_look_as_they_did() {
    if let Some(missing) = FONTS.iter().find(|font| !Path::new(font).exists()) {
        eprintln!("{missing} is not installed: the pictures are not compared");
        return;
    }
    let samples = documents::all();
    assert!(samples.len() >= 40, "{} documents", samples.len());
    let wrong: Vec<String> = samples.iter().filter_map(compared).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
