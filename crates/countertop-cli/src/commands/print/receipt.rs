//! What is printed.

use std::io::Read as _;
use std::path::Path;

use countertop_device::document::{Align, Block, Document, Style};
use countertop_printer::source;

use crate::failure::Failure;

/// Reads a receipt from a file, by the end of its name, or text from standard input.
///
/// Text without a cut at its end gets one: a receipt is to be taken.
pub(super) fn read(file: Option<&Path>) -> Result<Document, Failure> {
    let stdin = Path::new("-");
    let mut document = match file {
        None => return Err(Failure::new("no receipt is named")),
        Some(file) if file == stdin => source::txt::parse(&standard_input()?),
        Some(file) => source::read(file).map_err(|error| Failure::new(error.to_string()))?,
    };
    if !matches!(document.blocks.last(), Some(Block::Cut)) {
        document.cut();
    }
    Ok(document)
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let mut input = std::io::stdin().take(source::MAX_TEXT + 1);
    input.read_to_string(&mut text).map_err(|error| Failure::io("standard input", &error))?;
    if text.len() as u64 > source::MAX_TEXT {
        let most = source::MAX_TEXT;
        return Err(Failure::new(format!("standard input: more than {most} bytes")));
    }
    Ok(text)
}

/// Returns what stands above a receipt that is printed again because nobody knows what of it is on
/// paper already.
pub(super) fn copy_mark() -> Document {
    let mut mark = Document::new();
    mark.styled("*** COPY: printed again ***", Align::Centre, Style::BOLD);
    mark
}
