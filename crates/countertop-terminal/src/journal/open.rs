//! Opening the journal.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use countertop_device::Currency;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Books, JournalError, Recovery, schema};
use crate::Clock;
use crate::vault::Vault;

/// Keeps the books of one terminal in one file.
#[derive(Debug)]
pub struct Journal {
    pub(super) connection: Connection,
    pub(super) books: Books,
}

/// Says how a journal is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalSettings {
    /// The currency of every amount.
    pub currency: Currency,
    /// How many transactions a batch may hold before it has to be settled.
    pub transaction_limit: u32,
    /// How often a reversal is sent before it counts as unresolved (UnionPay parameter 23).
    pub reversal_attempts: u32,
    /// Whether the journal is for training. A journal is one or the other for ever.
    pub training: bool,
}

impl Default for JournalSettings {
    /// Yuan, 500 transactions a batch, 3 attempts, live.
    fn default() -> Self {
        Self {
            currency: Currency::CNY,
            transaction_limit: 500,
            reversal_attempts: 3,
            training: false,
        }
    }
}

impl Journal {
    /// Opens the journal of a file, or makes one, and recovers what a power cut left behind.
    ///
    /// The file is locked until the journal is dropped.
    ///
    /// # Errors
    ///
    /// [`JournalError::InUse`] when another program, or another `Journal` of this one, has it open;
    /// [`JournalError::Corrupt`], [`JournalError::NewerVersion`], [`JournalError::WrongKey`] and
    /// [`JournalError::WrongMode`] when the file is not the one to use.
    pub fn open(
        path: &Path,
        settings: JournalSettings,
        vault: Vault,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Recovery), JournalError> {
        make_private(path)?;
        let books = Books { path: path.into(), settings, vault, clock };
        let connection = connect(path).map_err(|error| explain_open(&books, error))?;
        let mut journal = Self { connection, books };
        schema::migrate(&mut journal)?;
        schema::check(&journal)?;
        schema::identify(&mut journal)?;
        let recovery = journal.recover()?;
        Ok((journal, recovery))
    }

    /// Returns the journal's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.books.path
    }

    /// Returns how the journal is kept.
    #[must_use]
    pub fn settings(&self) -> &JournalSettings {
        &self.books.settings
    }
}

/// Makes the file readable by its owner alone before the database writes into it.
fn make_private(path: &Path) -> Result<(), JournalError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(JournalError::File { path: path.into(), source }),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::ZERO)?;
    // The lock comes before the write-ahead log: then the log's index lives in memory and the lock
    // is held until the connection closes.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    Ok(connection)
}

fn explain_open(books: &Books, error: rusqlite::Error) -> JournalError {
    let path = books.path.clone();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::InUse { path },
        Some(ErrorCode::NotADatabase) => {
            JournalError::Corrupt { path, detail: "the file is no database".into() }
        }
        _ => books.explain("open", error.into()),
    }
}
