//! Chip parameters that the host sent, so that a restart has them.

use countertop_acquirer::ParameterTable;
use rusqlite::{OptionalExtension as _, params};

use super::column::{Text, moment};
use super::{Cause, Journal, JournalError, Work};
use crate::Timestamp;

/// Is a table of chip parameters as the host sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedParameters {
    /// When it came.
    pub loaded: Timestamp,
    /// Its records, as the host wrote them.
    pub records: Vec<Vec<u8>>,
}

impl Journal {
    /// Returns a table that was loaded; `None` when none ever was.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn parameters(
        &self,
        table: ParameterTable,
    ) -> Result<Option<LoadedParameters>, JournalError> {
        self.read("read the chip parameters", |work| {
            let select = "SELECT loaded_utc, loaded_local FROM parameter_tables WHERE name = ?1";
            let loaded = work
                .storage
                .query_row(select, [Text(table)], |row| moment(row, "loaded"))
                .optional()?;
            let Some(loaded) = loaded else { return Ok(None) };
            Ok(Some(LoadedParameters { loaded, records: work.parameter_records(table)? }))
        })
    }

    /// Replaces a table: a power cut leaves the old one or the new one.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn replace_parameters(
        &mut self,
        table: ParameterTable,
        records: &[Vec<u8>],
    ) -> Result<(), JournalError> {
        self.write("store the chip parameters", |work| {
            let (utc, local) = (work.now.utc_seconds(), work.now.local_iso());
            work.storage.execute("DELETE FROM parameter_tables WHERE name = ?1", [Text(table)])?;
            work.storage.execute(
                "INSERT INTO parameter_tables (name, loaded_utc, loaded_local) VALUES (?1, ?2, ?3)",
                params![Text(table), utc, local],
            )?;
            work.insert_parameter_records(table, records)?;
            work.audit(None, "load-parameters", &format!("{} {table}", records.len()))
        })
    }
}

impl Work<'_> {
    fn parameter_records(&self, table: ParameterTable) -> rusqlite::Result<Vec<Vec<u8>>> {
        let select = "SELECT record FROM parameter_records WHERE table_name = ?1 ORDER BY position";
        let mut select = self.storage.prepare_cached(select)?;
        select.query_map([Text(table)], |row| row.get(0))?.collect()
    }

    fn insert_parameter_records(
        &self,
        table: ParameterTable,
        records: &[Vec<u8>],
    ) -> Result<(), Cause> {
        let insert =
            "INSERT INTO parameter_records (table_name, position, record) VALUES (?1, ?2, ?3)";
        let mut insert = self.storage.prepare_cached(insert)?;
        for (position, record) in (0_i64..).zip(records) {
            insert.execute(params![Text(table), position, record])?;
        }
        Ok(())
    }
}
