//! The documents of this folder, each feature, fallback and language once.
//!
//! A document's first line names its printer, of the table or of `printers.toml`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use countertop_device::Settings;
use countertop_device::document::Document;
use countertop_printer::{EscPosSettings, source};

/// Is a document of this folder.
pub(crate) struct Sample {
    /// The file's name without its end.
    pub(crate) name: String,
    /// What is printed.
    pub(crate) document: Document,
    /// The printer that it is laid out for.
    pub(crate) settings: EscPosSettings,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents")
}

/// Reads all documents in the order of their names.
pub(crate) fn all() -> Vec<Sample> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let numbered = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut paths: Vec<_> = files.filter(numbered).collect();
    paths.sort();
    paths.iter().map(|path| sample(path)).collect()
}

fn sample(path: &Path) -> Sample {
    let text = fs::read_to_string(path).unwrap();
    let first = text.lines().next().unwrap();
    let printer = first.split_once("printer: ").unwrap().1.trim_end_matches("-->").trim();
    let settings = Settings::new()
        .with("profile", printer)
        .with("profile_file", folder().join("printers.toml").display());
    Sample {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        document: source::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        settings: EscPosSettings::from_settings(&settings).unwrap(),
    }
}
