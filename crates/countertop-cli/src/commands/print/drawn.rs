//! The receipt as a picture, or as bytes.

use std::path::Path;
use std::process::ExitCode;

use countertop_device::document::{Document, Picture};
use countertop_printer::{EscPosSettings, encode, render};
use countertop_virtual::printer::{PrinterConfig, missing_font, preview_as};
use countertop_wire::escpos::WideSet;

use super::super::preview::numbered;
use crate::failure::Failure;
use crate::picture::resolution;

/// Draws each paper into a file: PNG, SVG, or with any other name the bytes as they would be sent.
pub(super) fn write(
    document: &Document,
    settings: &EscPosSettings,
    output: &Path,
    json: bool,
) -> Result<ExitCode, Failure> {
    let kind = output.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let encode_one = match kind {
        "png" => |picture: &Picture| render::png(picture).map_err(|error| error.to_string()),
        "svg" => |picture: &Picture| Ok(render::svg(picture).into_bytes()),
        "bin" | "prn" => return bytes(document, settings, output, json),
        _ => return Err(Failure::new("name the preview *.png, *.svg or *.bin")),
    };
    if let Some(cure) = missing_font() {
        eprintln!("countertop: {cure}");
    }
    let papers = papers(document, settings)?;
    for (index, picture) in papers.iter().enumerate() {
        let path = numbered(output, index);
        let file = encode_one(picture).map_err(Failure::new)?;
        save(&path, &file, json)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn bytes(
    document: &Document,
    settings: &EscPosSettings,
    output: &Path,
    json: bool,
) -> Result<ExitCode, Failure> {
    let bytes = encode(document, settings).map_err(|error| Failure::new(error.to_string()))?;
    save(output, &bytes, json)?;
    Ok(ExitCode::SUCCESS)
}

fn papers(document: &Document, settings: &EscPosSettings) -> Result<Vec<Picture>, Failure> {
    let mut config = PrinterConfig::default();
    config.wide = settings.profile().kanji().unwrap_or(WideSet::Gb18030);
    config.resolution = resolution(settings.profile());
    let draw = |bytes: &[u8], dots: u16| {
        config.dots = dots;
        let pages = preview_as(bytes, &config).into_iter();
        pages.map(|page| render::from_luma(dots.into(), &page.bitmap().to_luma())).collect()
    };
    render::papers(document, settings, draw).map_err(|error| Failure::new(error.to_string()))
}

fn save(path: &Path, file: &[u8], json: bool) -> Result<(), Failure> {
    std::fs::write(path, file).map_err(|error| Failure::io(path.display(), &error))?;
    if json {
        outln!("{}", serde_json::json!({ "file": path }));
    } else {
        outln!("{}", path.display());
    }
    Ok(())
}
