//! The operators in the journal's file.

use rusqlite::{OptionalExtension, Row, params};

use super::OperatorNumber;
use crate::journal::column::Number;
use crate::journal::{Cause, Journal, JournalError, Work};

/// Is what may be shown of an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperatorEntry {
    /// The number.
    pub number: OperatorNumber,
    /// Whether the password has to be changed at the next sign-in.
    pub must_change: bool,
    /// Whether too many wrong passwords have locked the operator.
    pub locked: bool,
}

/// Is an operator as the table has it.
#[derive(Debug)]
pub(super) struct StoredOperator {
    pub(super) number: OperatorNumber,
    pub(super) password_hash: String,
    pub(super) must_change: bool,
    pub(super) failures: u32,
    pub(super) locked_until: Option<i64>,
}

impl StoredOperator {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let Number(number) = row.get("number")?;
        Ok(Self {
            number,
            password_hash: row.get("password_hash")?,
            must_change: row.get("must_change")?,
            failures: row.get("failures")?,
            locked_until: row.get("locked_until_utc")?,
        })
    }

    pub(super) fn locked_at(&self, utc_seconds: i64) -> bool {
        self.locked_until.is_some_and(|until| until > utc_seconds)
    }
}

const LOOK_UP: &str = "look up operators";

pub(super) fn load(
    journal: &Journal,
    number: OperatorNumber,
) -> Result<Option<StoredOperator>, JournalError> {
    journal.read(LOOK_UP, |work| {
        let select = "SELECT * FROM operators WHERE number = ?1";
        let found = work.storage.query_row(select, [Number(number)], StoredOperator::from_row);
        Ok(found.optional()?)
    })
}

pub(super) fn load_all(journal: &Journal) -> Result<Vec<OperatorEntry>, JournalError> {
    journal.read(LOOK_UP, |work| {
        let mut select = work.storage.prepare("SELECT * FROM operators ORDER BY number")?;
        let now = work.now.utc_seconds();
        let entries = select.query_map([], |row| {
            let stored = StoredOperator::from_row(row)?;
            let locked = stored.locked_at(now);
            Ok(OperatorEntry { number: stored.number, must_change: stored.must_change, locked })
        })?;
        Ok(entries.collect::<rusqlite::Result<_>>()?)
    })
}

impl Work<'_> {
    /// Stores a password, and lifts a lock.
    pub(super) fn store_password(
        &self,
        number: OperatorNumber,
        password_hash: &str,
        must_change: bool,
    ) -> Result<(), Cause> {
        self.storage.execute(
            "INSERT INTO operators (number, password_hash, must_change) VALUES (?1, ?2, ?3)
             ON CONFLICT (number) DO UPDATE SET password_hash = excluded.password_hash,
                must_change = excluded.must_change, failures = 0, locked_until_utc = NULL",
            params![Number(number), password_hash, must_change],
        )?;
        Ok(())
    }

    pub(super) fn store_failures(
        &self,
        number: OperatorNumber,
        failures: u32,
        locked_until: Option<i64>,
    ) -> Result<(), Cause> {
        self.storage.execute(
            "UPDATE operators SET failures = ?1, locked_until_utc = ?2 WHERE number = ?3",
            params![failures, locked_until, Number(number)],
        )?;
        Ok(())
    }

    pub(super) fn delete_operator(&self, number: OperatorNumber) -> Result<bool, Cause> {
        let delete = "DELETE FROM operators WHERE number = ?1";
        Ok(self.storage.execute(delete, [Number(number)])? == 1)
    }
}
