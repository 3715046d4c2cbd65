//! Golden pictures: what each feature of ESC/POS looks like on paper, dot by dot.
//!
//! `golden/` holds a PNG of one bit a dot for each document, and its text with notes. To make them
//! anew after a change, look at what `COUNTERTOP_BLESS=1 cargo test -p countertop-virtual --test
//! receipts` has written.
//!
//! Narrow letters come from the program's own font and have to be equal to the dot. Wide ones come from
//! the system's, so that a document that has them may differ in few dots, and is compared only where
//! the font of `tools/debian-packages` is installed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documents;
mod language;

use std::path::{Path, PathBuf};

use countertop_virtual::printer::{Bitmap, Page, preview_with};
use documents::{Document, documents};

/// The font from which the golden pictures' wide characters are.
const FONT: &str = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc";

/// Black dots in a thousand that may differ where wide characters are drawn.
const TOLERANCE: usize = 20;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receipts/golden").join(name)
}

/// Prints all papers of a document under each other, as one page.
fn printed(document: &Document) -> (Bitmap, String, Vec<u8>) {
    let pages = preview_with(&document.bytes, document.dots, document.wide);
    assert_eq!(pages.len(), 1, "{}", document.name);
    let page: &Page = &pages[0];
    (page.bitmap().clone(), page.to_text(), page.to_png().unwrap())
}

fn read(path: &Path) -> Bitmap {
    let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    let black = data.iter().map(|byte| !byte).collect();
    Bitmap::from_rows(usize::try_from(info.width).unwrap(), black)
}

/// Counts the dots that are black in one of two pictures alone.
fn difference(one: &Bitmap, other: &Bitmap) -> usize {
    let height = one.height().max(other.height());
    (0..height)
        .flat_map(|y| (0..one.width()).map(move |x| (x, y)))
        .filter(|(x, y)| one.is_black(*x, *y) != other.is_black(*x, *y))
        .count()
}

/// Returns what is wrong with a document.
fn compared(document: &Document) -> Option<String> {
    let (bitmap, text, png) = printed(document);
    let files = ["png", "txt"].map(|ending| golden(&format!("{}.{ending}", document.name)));
    if std::env::var_os("COUNTERTOP_BLESS").is_some() {
        std::fs::write(&files[0], png).unwrap();
        std::fs::write(&files[1], text).unwrap();
        return None;
    }
    if std::fs::read_to_string(&files[1]).ok().as_deref() != Some(text.as_str()) {
        return Some(format!("{}: other text: {text}", document.name));
    }
    let expected = read(&files[0]);
    let allowed = match (document.system_font, Path::new(FONT).exists()) {
        (true, true) => expected.black_dots() * TOLERANCE / 1000,
        (true, false) => usize::MAX,
        (false, _) => 0,
    };
    let size = (bitmap.width(), bitmap.height());
    let dots = difference(&bitmap, &expected);
    if size == (expected.width(), expected.height()) && dots <= allowed {
        return None;
    }
    let seen = std::env::temp_dir().join(format!("countertop-{}.png", document.name));
    std::fs::write(&seen, png).unwrap();
    Some(format!("{}: {dots} dots differ; it looks as {}", document.name, seen.display()))
}

#[test]
fn receipts_look_as_they_did() {
    if !Path::new(FONT).exists() {
        eprintln!("{FONT} is not installed: pictures with wide characters are not compared");
    }
    let wrong: Vec<String> = documents().iter().filter_map(compared).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_document_has_a_name_of_its_own() {
    let all = documents();
    let names: std::collections::BTreeSet<_> = all.iter().map(|document| document.name).collect();
    assert_eq!(names.len(), all.len());
    assert!(all.len() >= 40, "{}", all.len());
}

#[test]
fn nothing_that_epson_defines_is_unknown() {
    for document in documents() {
        let pages = preview_with(&document.bytes, document.dots, document.wide);
        let notes = pages.iter().flat_map(Page::notes);
        let unknown: Vec<_> = notes.filter(|note| note.starts_with("unknown")).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", document.name);
    }
}
