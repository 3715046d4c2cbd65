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
#[path = "../golden/mod.rs"]
mod pictures;

use std::path::{Path, PathBuf};

use countertop_virtual::printer::{Bitmap, Page, preview_with};
use documents::{Document, documents};

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
    let expected = pictures::read(&files[0]);
    if pictures::looks_like(&bitmap, &expected, document.system_font) {
        return None;
    }
    let dots = pictures::difference(&bitmap, &expected);
    let seen = std::env::temp_dir().join(format!("countertop-{}.png", document.name));
    std::fs::write(&seen, png).unwrap();
    Some(format!("{}: {dots} dots differ; it looks as {}", document.name, seen.display()))
}

#[test]
fn receipts_look_as_they_did() {
    if !Path::new(pictures::FONT).exists() {
        eprintln!(
            "{} is not installed: pictures with wide characters are not compared",
            pictures::FONT
        );
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
