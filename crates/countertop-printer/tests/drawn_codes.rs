//! Each code on each printer of the table that lacks it is drawn, and decoders read it: the crate rxing,
//! and ZBar where it is installed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

use countertop_device::Settings;
use countertop_device::document::{Block, CodeSystem, Document, QrLevel};
use countertop_printer::profile::{ImageCommand, Profile, Profiles};
use countertop_printer::{EscPosSettings, Note, lay_out};
use countertop_virtual::printer::{Page, preview};
use rxing::BarcodeFormat;
use rxing::helpers::detect_in_luma;

/// Is a code with its content, and how decoders know and read it.
struct Sample {
    system: CodeSystem,
    content: &'static str,
    /// Who reads it; rxing knows no GS1 DataBar Limited.
    format: Option<BarcodeFormat>,
    text: &'static str,
    zbar: Option<&'static str>,
}

fn samples() -> Vec<Sample> {
    use BarcodeFormat as Format;
    use CodeSystem as Is;
    let sample =
        |system, content, format, text, zbar| Sample { system, content, format, text, zbar };
    let plain =
        |system, content, format, zbar| sample(system, content, Some(format), content, zbar);
    let gtin = "(01)09501101530003(10)A7";
    let databar = |system, zbar| {
        sample(system, "0950110153000", Some(Format::RSS_14), "09501101530003", zbar)
    };
    let omnidirectional = Some("DataBar:0109501101530003");
    vec![
        plain(Is::Aztec, "Aztec 中", Format::AZTEC, None),
        sample(Is::Codabar, "A12345B", Some(Format::CODABAR), "12345", Some("Codabar:A12345B")),
        plain(Is::Code128, "No.1234", Format::CODE_128, Some("CODE-128:No.1234")),
        plain(Is::Code39, "ABC-123", Format::CODE_39, Some("CODE-39:ABC-123")),
        plain(Is::Code93, "CODE93-1", Format::CODE_93, Some("CODE-93:CODE93-1")),
        plain(
            Is::DatabarExpanded,
            gtin,
            Format::RSS_EXPANDED,
            Some("DataBar-Exp:010950110153000310A7"),
        ),
        plain(Is::DatabarExpandedStacked, gtin, Format::RSS_EXPANDED, None),
        sample(Is::DatabarLimited, "0950110153000", None, "", None),
        databar(Is::DatabarOmnidirectional, omnidirectional),
        databar(Is::DatabarStacked, None),
        databar(Is::DatabarStackedOmnidirectional, None),
        databar(Is::DatabarTruncated, omnidirectional),
        plain(Is::DataMatrix, "Data Matrix Ä", Format::DATA_MATRIX, None),
        plain(Is::Ean13, "4006381333931", Format::EAN_13, Some("EAN-13:4006381333931")),
        plain(Is::Ean8, "96385074", Format::EAN_8, Some("EAN-8:96385074")),
        sample(
            Is::Gs1128,
            gtin,
            Some(Format::CODE_128),
            "010950110153000310A7",
            Some("CODE-128:010950110153000310A7"),
        ),
        plain(Is::Itf, "12345678", Format::ITF, Some("I2/5:12345678")),
        plain(Is::MaxiCode, "MaxiCode 1234", Format::MAXICODE, None),
        plain(Is::Pdf417, "PDF417 中", Format::PDF_417, None),
        plain(Is::Qr(QrLevel::M), "QR 中", Format::QR_CODE, Some("QR-Code:QR 中")),
        plain(Is::UpcA, "042100005264", Format::UPC_A, Some("UPC-A:042100005264")),
        plain(Is::UpcE, "04252614", Format::UPC_E, Some("UPC-E:04252614")),
    ]
}

fn settings(profile: &Profile) -> EscPosSettings {
    EscPosSettings::from_settings(&Settings::new().with("profile", profile.name())).unwrap()
}

/// Prints a code in the middle of the paper, with room above and below.
fn printed(sample: &Sample, profile: &Profile) -> Page {
    let mut document = Document::new();
    document.push(Block::Feed(2)).code(sample.system, sample.content).push(Block::Feed(2));
    let layout = lay_out(&document, &settings(profile));
    let layout =
        layout.unwrap_or_else(|error| panic!("{:?} on {}: {error}", sample.system, profile.name()));
    assert_eq!(layout.notes, [Note::CodeDrawn(sample.system)], "{}", profile.name());
    let mut pages = preview(&layout.job.to_bytes(), profile.dots());
    assert_eq!(pages.len(), 1);
    let page = pages.remove(0);
    assert!(page.notes().is_empty(), "{:?}", page.notes());
    page
}

fn read(page: &Page, format: BarcodeFormat) -> Result<String, String> {
    let size = |dots: usize| u32::try_from(dots).unwrap();
    let (width, height) = (page.bitmap().width(), page.bitmap().height());
    detect_in_luma(page.bitmap().to_luma(), size(width), size(height), Some(format))
        .map(|found| found.getText().trim_end().to_owned())
        .map_err(|error| error.to_string())
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

/// Returns the printers that print pictures dot by dot: those with eight pins have no square dots.
fn printers() -> impl Iterator<Item = &'static Profile> {
    let exact = [ImageCommand::Raster, ImageCommand::Graphics];
    let all = Profiles::builtin().iter();
    all.filter(move |profile| exact.iter().any(|image| profile.has_image(*image)))
}

#[test]
fn what_a_printer_lacks_is_drawn_and_read() {
    let mut looked_at = BTreeSet::new();
    for (at, sample) in samples().iter().enumerate() {
        for profile in printers().filter(|profile| !profile.has_code(sample.system)) {
            let page = printed(sample, profile);
            // Paper of one width looks alike on all printers.
            let Some(format) = sample.format.filter(|_| looked_at.insert((at, profile.dots())))
            else {
                continue;
            };
            let text = read(&page, format);
            assert_eq!(
                text.as_deref(),
                Ok(sample.text),
                "{:?} on {}",
                sample.system,
                profile.name()
            );
        }
    }
    assert!(looked_at.len() >= 40, "{looked_at:?}");
}

#[test]
fn zbar_reads_what_it_knows() {
    for sample in samples() {
        let Some(expected) = sample.zbar else { continue };
        let Some(profile) = printers().find(|profile| !profile.has_code(sample.system)) else {
            continue;
        };
        match scanned(&printed(&sample, profile)) {
            Some(seen) => assert_eq!(seen, expected),
            None => return eprintln!("zbarimg is not installed: its codes were not read"),
        }
    }
}

#[test]
fn impact_printers_draw_all_codes_that_fit() {
    let pins = Profiles::builtin().iter().filter(|it| it.has_image(ImageCommand::Columns));
    for profile in pins {
        for sample in samples().iter().filter(|it| !profile.has_code(it.system)) {
            let mut document = Document::new();
            document.code(sample.system, sample.content);
            match lay_out(&document, &settings(profile)) {
                Ok(layout) => assert_eq!(layout.notes, [Note::CodeDrawn(sample.system)]),
                Err(error) => assert!(error.to_string().contains("does not fit"), "{error}"),
            }
        }
    }
}
