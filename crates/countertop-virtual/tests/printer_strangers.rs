//! Bytes of strangers' libraries, printed by the virtual printer.
//!
//! The files in `data/` are what python-escpos 3.1, the npm packages `@point-of-sale/receipt-printer-encoder`
//! 4.0.1 and `receiptline` 4.0.4, and the crate `escpos` 0.20.1 send for a page of everything that they
//! can do; `tests/strangers/` at the top of the repository makes them. `data/golden/` holds a picture of
//! each page, judged by Epson's reference; after a change look at what `COUNTERTOP_BLESS=1` writes there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod golden;

use std::process::Command;

use countertop_virtual::printer::{Page, preview};

/// Prints what a library sent; each page has to look as its picture.
fn printed(name: &str) -> Vec<Page> {
    let path = format!("{}/tests/data/{name}.bin", env!("CARGO_MANIFEST_DIR"));
    let pages = preview(&std::fs::read(path).unwrap(), 576);
    for (number, page) in (1..).zip(&pages) {
        golden::assert_looks(&format!("{name}-{number}"), page);
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

/// Returns the notes of all pages.
fn notes(pages: &[Page]) -> Vec<&str> {
    pages.iter().flat_map(Page::notes).map(String::as_str).collect()
}

#[test]
fn a_rich_receipt_of_python_escpos_is_understood() {
    let pages = printed("python-escpos-receipt");
    assert_eq!(pages.len(), 1);
    let lines = [
        "python-escpos",
        "Café, Ångström, Ünïted: 12,50 €",
        // Of Greek and Polish it writes what the page at hand has, and marks for the rest.
        "Привет, мир. Γε?? σ??. Za?ó??",
        "中文收据 ￥12.34",
        "[Ean13 4006381333931]",
        "[Code128 ABC123]",
        "[Itf 12345678]",
    ];
    assert_text(&pages[0], &lines);
    // The buzzer's ESC B is of other makers: Epson's has ESC ( A.
    assert_eq!(notes(&pages), ["not drawn: ESC B 02 04"]);
    assert_scanned(&pages[0], &["QR-Code:https://python-escpos.example/2", "EAN-13:4006381333931"]);
}

#[test]
fn a_rich_receipt_of_receipt_printer_encoder_is_understood() {
    let pages = printed("receipt-printer-encoder-receipt");
    let lines = ["npm encoder", "Café, Ångström: 12,50 €", "Привет, мир. Γειά σου. Zażółć"];
    assert_text(&pages[0], &lines);
    let text = pages[0].text();
    assert!(text.contains("[PDF417 PDF417 of the npm encoder]"), "{text}");
    assert!(text.contains("[DataBarOmnidirectional (01)09501101530003]"), "{text}");
    // Italics are of Epson's printers for offices: no receipt printer has ESC 4.
    let italics = ["unknown: ESC 4", "unknown: 01", "unknown: ESC 4", "unknown: 00"];
    assert_eq!(notes(&pages), italics);
    assert_scanned(&pages[0], &["QR-Code:https://npm.example/2", "EAN-13:4006381333931"]);
}

#[test]
fn receiptline_is_understood() {
    let pages = printed("receiptline");
    let text = pages[0].text();
    for part in
        ["RECEIPTLINE", "Coffee", "TOTAL 5.95", "Café, Ångström, underlin", "[Ean13 4006381333931]"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(notes(&pages), [""; 0]);
    // Its QR code stands without the blank that a reader wants around it.
    assert_scanned(&pages[0], &["EAN-13:4006381333931", "CODE-128:ABC123"]);
}

#[test]
fn chinese_of_every_library_is_understood() {
    let receipts: [(&str, &[&str]); 4] = [
        ("python-escpos-receipt", &["中文收据 ￥12.34"]),
        (
            "receipt-printer-encoder-chinese",
            &["中文收据", "金额  ￥12.34", "谢谢惠顾", "Latin again"],
        ),
        ("receiptline-chinese", &["中文收据", "金额 ￥12.34", "谢谢惠顾"]),
        ("escpos-crate-chinese", &["中文收据", "金额 ￥12.34", "谢谢惠顾", "Latin again"]),
    ];
    for (name, lines) in receipts {
        let pages = printed(name);
        assert_text(&pages[0], lines);
        assert!(notes(&pages).iter().all(|note| *note == "not drawn: ESC B 02 04"), "{name}");
    }
}

/// What is wrong with its bytes shows as it does on paper.
#[test]
fn the_crate_escpos_prints_as_its_bytes_say() {
    let pages = printed("escpos-crate");
    let text = pages[0].text();
    for part in ["crate escpos", "Café, 12.50", "Привет", "large", "[Ean13 4006381333931]"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // It asks for model 1, which phones do not read.
    assert!(text.contains("[QR https://escpos.example/]"), "{text}");
    assert!(
        notes(&pages).iter().any(|note| note.contains("obsolete model")),
        "{:?}",
        notes(&pages)
    );
    // Its ESC p lacks both times, so that the printer takes the next two characters for them.
    assert!(text.contains("awer\n") && !text.contains("drawer"), "{text}");
}
