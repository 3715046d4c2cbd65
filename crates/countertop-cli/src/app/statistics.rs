//! The devices' statistics between one run and the next.

use std::io;
use std::path::{Path, PathBuf};

use countertop_hub::StatisticsBook;

/// Keeps the statistics in a file of the terminal's folder. They are no books: what a power cut takes
/// from them is lost, and a file that cannot be read is begun anew.
#[derive(Debug)]
pub(crate) struct KeptStatistics {
    path: PathBuf,
    book: StatisticsBook,
}

impl KeptStatistics {
    /// Adds what earlier runs counted to `book`.
    pub(crate) fn load(folder: &Path, book: StatisticsBook) -> Self {
        let path = folder.join("statistics.json");
        let read = std::fs::read_to_string(&path);
        match read.and_then(|text| serde_json::from_str(&text).map_err(io::Error::from)) {
            Ok(kept) => book.restore(&kept),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "statistics begin anew");
            }
        }
        Self { path, book }
    }

    /// Writes them; the file is the old or the new one whole.
    pub(crate) fn save(&self) {
        let new = self.path.with_extension("new");
        let save = || {
            std::fs::write(&new, serde_json::to_string(&self.book.snapshot())?)?;
            std::fs::rename(&new, &self.path)
        };
        if let Err(error) = save() {
            tracing::warn!(file = %self.path.display(), %error, "statistics are not kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_counts_on() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"04b8:0e15-s-1":{"counts":{"PaperCutCount":7},"powered_seconds":9000}}"#;
        std::fs::write(folder.path().join("statistics.json"), text).unwrap();
        KeptStatistics::load(folder.path(), StatisticsBook::default()).save();
        let book = StatisticsBook::default();
        KeptStatistics::load(folder.path(), book.clone());
        let kept = book.snapshot();
        assert_eq!(kept["04b8:0e15-s-1"].powered_seconds, 9000);
        assert_eq!(kept["04b8:0e15-s-1"].counts.len(), 2, "cuts and hours");
    }

    #[test]
    fn a_broken_file_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("statistics.json"), "{").unwrap();
        let book = StatisticsBook::default();
        KeptStatistics::load(folder.path(), book.clone()).save();
        assert!(book.snapshot().is_empty());
        assert_eq!(std::fs::read_to_string(folder.path().join("statistics.json")).unwrap(), "{}");
    }
}
