//! Totals of the open batch.

use countertop_acquirer::{SettlementTotals, SideTotals};
use rusqlite::params;

use super::{Cause, Journal, JournalError, Work};

impl Journal {
    /// Returns the totals of the open batch so far: the sum over its transactions. A sale counts as
    /// a debit even when it was voided, and its void as a credit, as they do at the host.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn totals(&self) -> Result<SettlementTotals, JournalError> {
        self.read("sum the batch", |work| work.totals())
    }
}

impl Work<'_> {
    pub(super) fn totals(&self) -> Result<SettlementTotals, Cause> {
        Ok(SettlementTotals { domestic: self.side(false)?, foreign: self.side(true)? })
    }

    fn side(&self, foreign: bool) -> Result<SideTotals, Cause> {
        let (debit_amount, debit_count) = self.sum(foreign, "sale")?;
        let (credit_amount, credit_count) = self.sum(foreign, "void")?;
        Ok(SideTotals { debit_amount, debit_count, credit_amount, credit_count })
    }

    fn sum(&self, foreign: bool, kind: &'static str) -> rusqlite::Result<(u64, u32)> {
        let select = "SELECT coalesce(sum(t.amount), 0), count(*)
                      FROM transactions t JOIN batches b ON b.id = t.batch_id
                      WHERE b.is_open = 1 AND t.foreign_card = ?1 AND t.kind = ?2
                        AND t.state IN ('approved', 'voided')";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.storage.query_row(select, params![foreign, kind], read)
    }
}
