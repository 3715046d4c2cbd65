//! What every entry needs beside the database: key, clock and settings.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::{Cause, Journal, JournalError, JournalSettings};
use crate::vault::Vault;
use crate::{Clock, Timestamp};

/// Holds what was passed in when the journal was opened.
#[derive(Debug)]
pub(crate) struct Books {
    pub(crate) path: PathBuf,
    pub(crate) settings: JournalSettings,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Is one storage transaction: all of it is written, or nothing.
pub(crate) struct Work<'a> {
    pub(crate) storage: &'a Connection,
    pub(crate) books: &'a Books,
    pub(crate) now: Timestamp,
}

impl Books {
    /// Says in full what went wrong.
    pub(crate) fn explain(&self, action: &'static str, cause: Cause) -> JournalError {
        let source = match cause {
            Cause::Said(error) => return error,
            Cause::Sql(error) => error,
        };
        let path = self.path.clone();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => JournalError::DiskFull { path, action },
            Some(ErrorCode::DatabaseCorrupt) => {
                JournalError::Corrupt { path, detail: source.to_string() }
            }
            _ => JournalError::Storage { path, action, source },
        }
    }

    fn work<'a>(&'a self, storage: &'a Connection) -> Work<'a> {
        Work { storage, books: self, now: self.clock.now() }
    }
}

impl Journal {
    /// Returns the time by the journal's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.books.clock.now()
    }

    /// Runs `work` in one storage transaction that is durable before this returns.
    pub(crate) fn write<T>(
        &mut self,
        action: &'static str,
        work: impl FnOnce(&Work<'_>) -> Result<T, Cause>,
    ) -> Result<T, JournalError> {
        let books = &self.books;
        let run = |connection: &mut Connection| -> Result<T, Cause> {
            let immediate = TransactionBehavior::Immediate;
            let storage = Transaction::new(connection, immediate)?;
            let done = work(&books.work(&storage))?;
            storage.commit()?;
            Ok(done)
        };
        run(&mut self.connection).map_err(|cause| books.explain(action, cause))
    }

    /// Runs `work` without changing anything.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Work<'_>) -> Result<T, Cause>,
    ) -> Result<T, JournalError> {
        let read = work(&self.books.work(&self.connection));
        read.map_err(|cause| self.books.explain(action, cause))
    }
}
