//! Codes that the virtual printer prints, read by other people's decoders: the crate rxing, and ZBar
//! where it is installed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use countertop_virtual::printer::{Page, preview};
use rxing::BarcodeFormat;
use rxing::helpers::detect_in_luma;

/// Bytes that print one code in the middle of 80 mm paper.
fn page(commands: &[u8]) -> Page {
    let bytes = [b"\x1b@\x1ba\x01\n\n\n", commands, b"\n\n\n\x1dV\x00"].concat();
    let mut pages = preview(&bytes, 576);
    assert_eq!(pages.len(), 1);
    let page = pages.remove(0);
    assert!(page.notes().is_empty(), "{:?}", page.notes());
    page
}

/// GS ( k: sets up, stores and prints.
fn symbol(cn: u8, setup: &[(u8, &[u8])], data: &[u8]) -> Page {
    let function = |function: u8, parameters: &[u8]| {
        let length = u16::try_from(parameters.len() + 2).unwrap().to_le_bytes();
        [&b"\x1d(k"[..], &length, &[cn, function], parameters].concat()
    };
    let mut commands = Vec::new();
    for (number, parameters) in setup {
        commands.extend(function(*number, parameters));
    }
    commands.extend(function(80, &[b"0", data].concat()));
    commands.extend(function(81, b"0"));
    page(&commands)
}

/// GS k, function B, 20 mm high and two dots a module.
fn barcode(system: u8, data: &[u8]) -> Page {
    let head =
        [0x1D, b'h', 160, 0x1D, b'w', 2, 0x1D, b'k', system, u8::try_from(data.len()).unwrap()];
    page(&[&head[..], data].concat())
}

fn read(page: &Page, format: BarcodeFormat) -> String {
    let size = |dots: usize| u32::try_from(dots).unwrap();
    let (width, height) = (page.bitmap().width(), page.bitmap().height());
    let luma = page.bitmap().to_luma();
    match detect_in_luma(luma, size(width), size(height), Some(format)) {
        Ok(found) => found.getText().to_owned(),
        Err(error) => {
            let path = std::env::temp_dir().join("countertop-code.png");
            std::fs::write(&path, page.to_png().unwrap()).unwrap();
            panic!("{format}: {error}; it looks as {}", path.display())
        }
    }
}

const TEXTS: [&str; 5] = [
    "A",
    "https://example.com/r/000002",
    "Mixed TEXT, 0123456789 and (signs) #%&*+=?",
    "12345678901234567890123456789012345678901234567890",
    "line one\r\nline two: {[~]}",
];

#[test]
fn pdf417_is_read() {
    for text in TEXTS {
        let standard = symbol(48, &[(67, &[3])], text.as_bytes());
        assert_eq!(read(&standard, BarcodeFormat::PDF_417), text);
        let set: &[(u8, &[u8])] = &[(65, &[4]), (67, &[3]), (68, &[4]), (69, b"0\x35")];
        assert_eq!(read(&symbol(48, set, text.as_bytes()), BarcodeFormat::PDF_417), text);
    }
    let long = "PDF417 holds a lot. ".repeat(20);
    assert_eq!(read(&symbol(48, &[(67, &[2])], long.as_bytes()), BarcodeFormat::PDF_417), long);
}

#[test]
fn aztec_is_read() {
    for text in TEXTS {
        let full = symbol(53, &[(67, &[4])], text.as_bytes());
        assert_eq!(read(&full, BarcodeFormat::AZTEC), text);
        let compact = symbol(53, &[(66, &[1, 0]), (67, &[5]), (69, &[33])], text.as_bytes());
        assert_eq!(read(&compact, BarcodeFormat::AZTEC), text);
    }
    let long = "Aztec 12345 ".repeat(60);
    assert_eq!(read(&symbol(53, &[(67, &[4])], long.as_bytes()), BarcodeFormat::AZTEC), long);
}

#[test]
fn data_matrix_is_read() {
    for text in TEXTS {
        let square = symbol(54, &[(67, &[5])], text.as_bytes());
        assert_eq!(read(&square, BarcodeFormat::DATA_MATRIX), text);
    }
    let rectangle = symbol(54, &[(66, &[1, 16, 48]), (67, &[5])], b"rectangle 16 x 48");
    assert_eq!(read(&rectangle, BarcodeFormat::DATA_MATRIX), "rectangle 16 x 48");
}

#[test]
fn maxicode_is_read() {
    for text in [TEXTS[0], TEXTS[1], TEXTS[3], "Mixed CASE and ÄÖÜ"] {
        let latin: Vec<u8> =
            text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect();
        for mode in [b"4", b"5"] {
            let code = symbol(50, &[(65, mode)], &latin);
            assert_eq!(read(&code, BarcodeFormat::MAXICODE).trim_end(), text);
        }
    }
    let postal = symbol(50, &[(65, b"2")], b"152382802\x1d840\x1d001\x1dUPS");
    assert_eq!(read(&postal, BarcodeFormat::MAXICODE), "152382802\x1d840\x1d001\x1dUPS");
    let postal = symbol(50, &[(65, b"3")], b"B1050A\x1d056\x1d999\x1dHELLO");
    assert_eq!(read(&postal, BarcodeFormat::MAXICODE), "B1050A\x1d056\x1d999\x1dHELLO");
}

#[test]
fn qr_codes_are_read() {
    for text in TEXTS {
        for level in b"0123" {
            let code = symbol(49, &[(67, &[4]), (69, &[*level])], text.as_bytes());
            assert_eq!(read(&code, BarcodeFormat::QR_CODE), text);
        }
    }
    let micro = symbol(49, &[(65, b"3\x00"), (67, &[6])], b"12345");
    assert_eq!(read(&micro, BarcodeFormat::MICRO_QR_CODE), "12345");
}

#[test]
fn databar_is_read() {
    for (digits, whole) in
        [("0950110153000", "09501101530003"), ("2001234567890", "20012345678909")]
    {
        assert_eq!(read(&barcode(75, digits.as_bytes()), BarcodeFormat::RSS_14), whole);
        assert_eq!(read(&barcode(76, digits.as_bytes()), BarcodeFormat::RSS_14), whole);
        for kind in [72, 73] {
            let data = [&[kind], digits.as_bytes()].concat();
            let code = symbol(51, &[(67, &[4])], &data);
            assert_eq!(read(&code, BarcodeFormat::RSS_14), whole);
        }
    }
    for strings in ["(01)98898765432106(3202)012345(15)991231", "(01)12345678901231(10)12(21)A1"] {
        assert_eq!(read(&barcode(78, strings.as_bytes()), BarcodeFormat::RSS_EXPANDED), strings);
        let data = [&[76], strings.as_bytes()].concat();
        let code = symbol(51, &[(67, &[3]), (71, &[0x5E, 0x01])], &data);
        assert_eq!(read(&code, BarcodeFormat::RSS_EXPANDED), strings);
    }
}

#[test]
fn linear_codes_are_read() {
    for (system, data, format, text) in [
        (65, &b"042100005264"[..], BarcodeFormat::UPC_A, "042100005264"),
        (66, b"04252614", BarcodeFormat::UPC_E, "04252614"),
        (67, b"4006381333931", BarcodeFormat::EAN_13, "4006381333931"),
        (68, b"96385074", BarcodeFormat::EAN_8, "96385074"),
        (69, b"ABC-123", BarcodeFormat::CODE_39, "ABC-123"),
        (70, b"12345678", BarcodeFormat::ITF, "12345678"),
        (71, b"A12345B", BarcodeFormat::CODABAR, "12345"),
        (72, b"CODE93-1", BarcodeFormat::CODE_93, "CODE93-1"),
        (73, b"{BNo.{C\x0c\x22", BarcodeFormat::CODE_128, "No.1234"),
        (79, b"auto123456", BarcodeFormat::CODE_128, "auto123456"),
        (74, b"(00)01234567890123456*", BarcodeFormat::CODE_128, "00012345678901234560"),
    ] {
        assert_eq!(read(&barcode(system, data), format), text);
    }
}

/// Returns what `zbarimg` reads; `None` where it is not installed.
fn scanned(page: &Page) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.png");
    std::fs::write(&file, page.to_png().unwrap()).unwrap();
    let options = ["-q", "-Supca.enable", "-Supce.enable"];
    let output = Command::new("zbarimg").args(options).arg(&file).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

#[test]
fn zbar_reads_what_it_knows() {
    let cases = [
        (barcode(65, b"042100005264"), "UPC-A:042100005264"),
        (barcode(66, b"04252614"), "UPC-E:04252614"),
        (barcode(67, b"4006381333931"), "EAN-13:4006381333931"),
        (barcode(68, b"96385074"), "EAN-8:96385074"),
        (barcode(69, b"ABC-123"), "CODE-39:ABC-123"),
        (barcode(70, b"12345678"), "I2/5:12345678"),
        (barcode(71, b"A12345B"), "Codabar:A12345B"),
        (barcode(72, b"CODE93-1"), "CODE-93:CODE93-1"),
        (barcode(73, b"{BNo.{C\x0c\x22"), "CODE-128:No.1234"),
        (barcode(75, b"0950110153000"), "DataBar:0109501101530003"),
        (barcode(78, b"(01)09501101530003(10)A7"), "DataBar-Exp:010950110153000310A7"),
        (symbol(49, &[(67, &[4])], b"https://example.com/"), "QR-Code:https://example.com/"),
    ];
    for (page, expected) in cases {
        match scanned(&page) {
            Some(seen) => assert_eq!(seen, expected),
            None => return eprintln!("zbarimg is not installed: its codes were not read"),
        }
    }
}
