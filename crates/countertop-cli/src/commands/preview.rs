//! `countertop preview`: what a printer would print.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use countertop_virtual::printer::{missing_font, preview};

use crate::args::PreviewArguments;
use crate::failure::Failure;

/// Draws the bytes of a file.
pub(crate) fn run(arguments: &PreviewArguments, json: bool) -> Result<ExitCode, Failure> {
    let bytes = std::fs::read(&arguments.input)
        .map_err(|error| Failure::io(arguments.input.display(), &error))?;
    let pages = preview(&bytes, arguments.dots);
    if pages.is_empty() {
        return Err(Failure::new(format!("{}: nothing is printed", arguments.input.display())));
    }
    if let Some(cure) = missing_font() {
        eprintln!("countertop: {cure}");
    }
    let mut written = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let path = numbered(&arguments.output, index);
        let png = page.to_png().map_err(|error| Failure::io(path.display(), &error))?;
        std::fs::write(&path, png).map_err(|error| Failure::io(path.display(), &error))?;
        for note in page.notes() {
            eprintln!("countertop: {}: {note}", path.display());
        }
        written.push(path.display().to_string());
    }
    if json {
        outln!("{}", serde_json::json!({ "pages": written }));
    } else {
        outln!("{}", written.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns `out.png`, `out-2.png`, `out-3.png`, …
fn numbered(output: &Path, index: usize) -> PathBuf {
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
