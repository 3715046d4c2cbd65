//! Receipts as files.

use std::path::Path;
use std::{fs, io};

use super::Page;
use super::engine::Engine;

/// Writes pages as `receipt-0001.png`, `.txt` and `.json`, counting on.
#[derive(Debug, Default)]
pub(super) struct Output {
    written: usize,
}

impl Output {
    /// Writes the pages that were cut since the last call. The files are small, so that writing
    /// them does not hold up the printer's line.
    pub(super) fn write(&mut self, engine: &Engine) -> io::Result<()> {
        let Some(folder) = &engine.config.output else { return Ok(()) };
        let first = engine.page_count - engine.pages.len();
        for (index, page) in engine.pages.iter().enumerate().map(|(at, page)| (first + at, page)) {
            if index >= self.written {
                write(folder, index + 1, page)?;
            }
        }
        self.written = engine.page_count;
        Ok(())
    }

    /// Writes the paper that is not cut yet; it is written again when more is printed on it.
    pub(super) fn write_current(&self, engine: &Engine) -> io::Result<()> {
        match (&engine.config.output, engine.current()) {
            (Some(folder), Some(page)) => write(folder, engine.page_count + 1, &page),
            _ => Ok(()),
        }
    }
}

fn write(folder: &Path, number: usize, page: &Page) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("receipt-{number:04}"));
    fs::write(path.with_extension("txt"), page.to_text())?;
    fs::write(path.with_extension("json"), format!("{:#}\n", page.to_json()))?;
    fs::write(path.with_extension("png"), page.to_png()?)
}
