//! The terminal's book of transactions.
//!
//! What the journal promises, whatever moment the power goes:
//!
//! - a request is on disk with its reversal before its first byte leaves
//!   ([`begin`](Journal::begin) returns after the disk has it);
//! - an approval and the end of its reversal are written together
//!   ([`approved`](Journal::approved));
//! - a request whose end was never written is reversed after the next start
//!   ([`open`](Journal::open));
//! - a reversal that the host never acknowledged is never forgotten: it stays in the list of
//!   unresolved transactions ([`unresolved`](Journal::unresolved));
//! - the totals are computed from the transactions whenever they are asked for, and so cannot differ
//!   from them.
//!
//! Each step of a transaction consumes the token of the step before, so that a wrong order does not
//! compile:
//!
//! ```text
//! begin, begin_void ─► PendingTransaction ─┬► approved ─► ApprovedTransaction ─► receipts, signature
//!                                          ├► declined · not_sent               (reversal dropped)
//!                                          └► unknown · cannot_complete         (reversal stays)
//! pending_reversals ─► PendingReversal ─► reversal_done · reversal_attempted
//! settlement_begin ─► Started ─► (ToUpload) ─► ToPrint ─► ToClose ─► close_batch
//! ```
//!
//! ```
//! # use countertop_acquirer::HostAnswer;
//! # use countertop_terminal::journal::{Completion, Journal, JournalError, PendingTransaction};
//! fn end(
//!     journal: &mut Journal,
//!     pending: PendingTransaction,
//!     answer: &HostAnswer,
//! ) -> Result<(), JournalError> {
//!     journal.approved(pending, answer, &Completion::default())?;
//!     Ok(())
//! }
//! ```
//!
//! A transaction has one end:
//!
//! ```compile_fail,E0382
//! # use countertop_acquirer::HostAnswer;
//! # use countertop_terminal::journal::{Completion, Journal, JournalError, PendingTransaction};
//! fn two_ends(
//!     journal: &mut Journal,
//!     pending: PendingTransaction,
//!     answer: &HostAnswer,
//! ) -> Result<(), JournalError> {
//!     journal.declined(pending, answer)?;
//!     journal.approved(pending, answer, &Completion::default())?;
//!     Ok(())
//! }
//! ```
//!
//! A token that is lost, with its process or to an error, is no harm: the journal recovers from its
//! rows ([`recover`](Journal::recover)).
//!
//! The journal is SQLite in write-ahead mode with full synchronisation. Its calls block for as long
//! as the disk takes; call them where blocking is allowed.

mod approve;
mod audit;
mod begin;
mod books;
mod card;
pub(crate) mod column;
mod counters;
mod emv_voucher;
mod entry_mode;
mod error;
mod open;
mod outcome;
mod parameters;
mod query;
mod receipts;
mod record;
mod recovery;
mod reversals;
mod schema;
mod settlement;
mod settlement_steps;
mod signature;
mod state;
#[cfg(test)]
mod tests;
mod totals;
mod void;

pub use approve::{ApprovedTransaction, Completion};
pub use audit::AuditEntry;
pub use begin::{NewTransaction, PendingTransaction};
pub use emv_voucher::{Cryptogram, CryptogramKind, EmvVoucher};
pub use entry_mode::EntryMode;
pub use error::{JournalError, VoidRefusal};
pub use open::{Journal, JournalSettings};
pub use parameters::LoadedParameters;
pub use receipts::{PrintJob, ReceiptCopy};
pub use record::{RecordedReversal, TransactionRecord};
pub use recovery::Recovery;
pub use reversals::{PendingReversal, ReversalProgress};
pub use settlement::SettlementReport;
pub use settlement_steps::{
    PrintedSettlement, Settlement, SettlementToPrint, SettlementToUpload, StartedSettlement,
};
pub use signature::SignatureState;
pub use state::{ReversalState, TransactionState};
pub use void::VoidableSale;

pub(crate) use books::{Books, Work};
pub(crate) use error::Cause;
