//! What is wrong with a file.

use std::path::PathBuf;

/// Says why a file is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file cannot be read.
    #[error("{}: {what}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        what: String,
    },
    /// There is a mistake in the text.
    #[error("line {line}: {what}")]
    Mistake {
        /// In which line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// Its name does not end as one of those that can be read.
    #[error("{}: this is no receipt; its name should end with .md, .toml, .txt, .png or .jpg", .0.display())]
    UnknownKind(PathBuf),
}

impl SourceError {
    /// Says that there is a mistake at a place of `text`.
    pub(super) fn at(text: &str, place: usize, what: impl Into<String>) -> Self {
        let line = 1 + text.bytes().take(place).filter(|byte| *byte == b'\n').count();
        Self::Mistake { line, what: what.into() }
    }
}
