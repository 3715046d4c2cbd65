//! Documents from files: Markdown, TOML, plain text and pictures.
//!
//! [`read`] takes a file of any kind; the functions of the modules take text. The syntax is
//! described in `docs/receipts.md`.

mod error;
mod folder;
#[cfg(feature = "markdown")]
pub mod markdown;
#[cfg(test)]
mod tests;
pub mod toml;
pub mod txt;

use std::fs;
use std::path::Path;

use countertop_device::document::Document;
#[cfg(feature = "images")]
use countertop_device::document::{Block, Scale};

pub use error::SourceError;
pub use folder::Folder;

/// The longest text that is read.
pub const MAX_TEXT: u64 = 1 << 20;

/// Reads a document from a file, by the end of its name: `md`, `toml`, `txt`, `png`, `jpg`. Pictures
/// that it names are looked for in the file's folder and those below.
///
/// # Errors
///
/// When the file cannot be read, is too large, or has a mistake, which is named with its line.
pub fn read(path: &Path) -> Result<Document, SourceError> {
    let kind = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let folder = Folder::new(path.parent().unwrap_or_else(|| Path::new(".")));
    match kind.to_ascii_lowercase().as_str() {
        #[cfg(feature = "markdown")]
        "md" | "markdown" => markdown::parse(&text(path)?, &folder),
        "toml" => toml::parse(&text(path)?, &folder),
        "txt" | "text" | "" => Ok(txt::parse(&text(path)?)),
        #[cfg(feature = "images")]
        "png" | "jpg" | "jpeg" => {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let image = folder
                .image(name)
                .map_err(|what| SourceError::File { path: path.to_owned(), what })?;
            let mut document = Document::new();
            document.push(Block::Image(image.with_scale(Scale::Fill)));
            Ok(document)
        }
        _ => Err(SourceError::UnknownKind(path.to_owned())),
    }
}

fn text(path: &Path) -> Result<String, SourceError> {
    let error = |what: String| SourceError::File { path: path.to_owned(), what };
    let length = fs::metadata(path).map_err(|reason| error(reason.to_string()))?.len();
    if length > MAX_TEXT {
        return Err(error(format!("it has {length} bytes, more than {MAX_TEXT}")));
    }
    fs::read_to_string(path).map_err(|reason| error(reason.to_string()))
}
