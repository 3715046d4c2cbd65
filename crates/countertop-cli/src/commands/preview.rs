//! `countertop preview`: what a printer would print.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use countertop_virtual::printer::{Page, PrinterConfig, list_commands, missing_font, preview_as};
use serde_json::json;

use crate::args::{ModelArguments, PreviewArguments};
use crate::failure::Failure;
use crate::picture::resolution;

/// Draws the bytes of a file.
pub(crate) fn run(arguments: &PreviewArguments, json: bool) -> Result<ExitCode, Failure> {
    let bytes = std::fs::read(&arguments.input)
        .map_err(|error| Failure::io(arguments.input.display(), &error))?;
    let pages = preview_as(&bytes, &printer(&arguments.model));
    if pages.is_empty() {
        return Err(Failure::new(format!("{}: nothing is printed", arguments.input.display())));
    }
    if let Some(cure) = missing_font() {
        eprintln!("countertop: {cure}");
    }
    let mut written = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let path = numbered(&arguments.output, index);
        write(page, &path)?;
        written.push(path.display().to_string());
    }
    if json {
        outln!("{}", listing(&bytes, &pages, &written));
        return Ok(ExitCode::SUCCESS);
    }
    for (page, path) in pages.iter().zip(&written) {
        page.notes().iter().for_each(|note| eprintln!("countertop: {path}: {note}"));
        outln!("{path}");
        if arguments.text {
            outln!("{}", page.text().trim_end_matches('\n'));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn printer(model: &ModelArguments) -> PrinterConfig {
    let mut config = PrinterConfig::default();
    (config.dots, config.wide) = (model.dots(), model.wide());
    if let Some(profile) = &model.profile {
        config.resolution = resolution(profile);
    }
    config
}

fn write(page: &Page, path: &Path) -> Result<(), Failure> {
    let png = page.to_png().map_err(|error| Failure::io(path.display(), &error))?;
    std::fs::write(path, png).map_err(|error| Failure::io(path.display(), &error))
}

/// Returns the commands of the file, and of each paper where its picture is, its size, characters and
/// notes.
fn listing(bytes: &[u8], pages: &[Page], written: &[String]) -> serde_json::Value {
    let page = |(page, path): (&Page, &String)| {
        json!({
            "picture": path,
            "width": page.bitmap().width(),
            "height": page.bitmap().height(),
            "text": page.text(),
            "notes": page.notes(),
        })
    };
    let pages: Vec<_> = pages.iter().zip(written).map(page).collect();
    json!({ "pages": pages, "commands": list_commands(bytes) })
}

/// Returns `out.png`, `out-2.png`, `out-3.png`, …
pub(super) fn numbered(output: &Path, index: usize) -> PathBuf {
    if index == 0 {
        return output.to_path_buf();
    }
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    let extension = output.extension().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!("{stem}-{}.{extension}", index + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_papers_are_numbered() {
        let output = Path::new("/tmp/out.png");
        assert_eq!(numbered(output, 0), output);
        assert_eq!(numbered(output, 1), Path::new("/tmp/out-2.png"));
    }
}
