//! Bytes of strangers' libraries, printed by the virtual printer.
//!
//! The files in `data/` are what python-escpos 3.1 and the npm package
//! `@point-of-sale/receipt-printer-encoder` 4.0.1 send for a page of everything that they can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use countertop_virtual::printer::{Page, preview};

fn printed(name: &str) -> Vec<Page> {
    let path = format!("{}/tests/data/{name}.bin", env!("CARGO_MANIFEST_DIR"));
    let pages = preview(&std::fs::read(path).unwrap(), 576);
    if let Ok(folder) = std::env::var("COUNTERTOP_LOOK") {
        for (number, page) in pages.iter().enumerate() {
            std::fs::write(format!("{folder}/{name}-{number}.png"), page.to_png().unwrap())
                .unwrap();
            std::fs::write(format!("{folder}/{name}-{number}.txt"), page.to_text()).unwrap();
        }
    }
    pages
}

/// Returns what `zbarimg` reads on a page; `None` where it is not installed.
fn scanned(page: &Page) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.png");
    std::fs::write(&file, page.to_png().unwrap()).unwrap();
    let output = Command::new("zbarimg").arg("-q").arg(&file).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap())
}

fn assert_scanned(page: &Page, codes: &[&str]) {
    let Some(seen) = scanned(page) else {
        eprintln!("zbarimg is not installed: the codes were not read");
        return;
    };
    for code in codes {
        assert!(seen.lines().any(|line| line == *code), "{code} not in {seen}");
    }
}

fn assert_text(page: &Page, lines: &[&str]) {
    for line in lines {
        assert!(page.text().lines().any(|seen| seen.trim() == *line), "{line}: {}", page.text());
    }
}

#[test]
fn python_escpos_is_understood() {
    let pages = printed("python-escpos");
    assert_eq!(pages.len(), 2);
    let lines = ["python-escpos", "Café € 12.50 £ ü Ж", "flipped", "4x3", "[Ean13 4006381333931]"];
    assert_text(&pages[0], &lines);
    assert_eq!(pages[0].text().matches("[picture]").count(), 3);
    assert_text(&pages[1], &["second page"]);
    // The buzzer makes no dots.
    assert_eq!(pages[0].notes(), ["not drawn: ESC B 02 04"]);
    assert_scanned(
        &pages[0],
        &[
            "QR-Code:https://python-escpos.example/1",
            "QR-Code:python image qr",
            "EAN-13:4006381333931",
            "CODE-128:012ABCabc",
        ],
    );
}

#[test]
fn receipt_printer_encoder_is_understood() {
    let pages = printed("receipt-printer-encoder");
    let lines = [
        "npm encoder",
        "Item                      1.00",
        "│         boxed text         │",
        "[Code39 ABC-1234]",
        "font B",
    ];
    assert_text(&pages[0], &lines);
    assert!(pages[0].text().contains("Iñtërnâtiônàl") && pages[0].text().contains("Привет €"));
    assert_eq!(pages[0].notes(), [""; 0]);
    assert_scanned(
        &pages[0],
        &[
            "QR-Code:https://npm.example/receipt",
            "EAN-13:3130630574613",
            "CODE-39:ABC-1234",
            "CODE-128:CODE128x",
        ],
    );
}
