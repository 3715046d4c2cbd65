//! The log of privileged acts.

use rusqlite::params;

use super::column::{Number, moment};
use super::{Cause, Journal, JournalError, Work};
use crate::{OperatorNumber, Timestamp};

/// Is one privileged act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who; `None` when the terminal itself did it.
    pub operator: Option<OperatorNumber>,
    /// What, such as `sign-in` or `close-batch`.
    pub action: String,
    /// What to or with.
    pub detail: String,
}

impl Journal {
    /// Adds an act to the log. Put no card data and no password into `detail`.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn audit(
        &mut self,
        operator: Option<OperatorNumber>,
        action: &str,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.write("write the audit log", |work| work.audit(operator, action, detail))
    }

    /// Returns the last `limit` acts, oldest first.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn audit_log(&self, limit: u32) -> Result<Vec<AuditEntry>, JournalError> {
        self.read("read the audit log", |work| {
            let mut select = work.storage.prepare_cached(
                "SELECT * FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?1) ORDER BY id",
            )?;
            let entries = select.query_map([limit], |row| {
                let operator: Option<Number<OperatorNumber>> = row.get("operator")?;
                Ok(AuditEntry {
                    at: moment(row, "at")?,
                    operator: operator.map(|Number(operator)| operator),
                    action: row.get("action")?,
                    detail: row.get("detail")?,
                })
            })?;
            Ok(entries.collect::<rusqlite::Result<_>>()?)
        })
    }
}

impl Work<'_> {
    pub(crate) fn audit(
        &self,
        operator: Option<OperatorNumber>,
        action: &str,
        detail: &str,
    ) -> Result<(), Cause> {
        self.storage.execute(
            "INSERT INTO audit (at_utc, at_local, operator, action, detail)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                self.now.utc_seconds(),
                self.now.local_iso(),
                operator.map(Number),
                action,
                detail
            ],
        )?;
        Ok(())
    }
}
