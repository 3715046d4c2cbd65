//! Errors of the journal.

use std::path::PathBuf;

use countertop_acquirer::{BatchNumber, Stan};
use countertop_device::Currency;

use crate::vault::VaultError;

/// Says why the journal does not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another process has the journal open.
    #[error(
        "journal {}: another program has it open; end that one first", path.display()
    )]
    InUse {
        /// The journal's file.
        path: PathBuf,
    },
    /// The file is damaged or no journal.
    #[error("journal {}: it is damaged: {detail}; restore it from a backup", path.display())]
    Corrupt {
        /// The journal's file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// A newer version of this program made the journal.
    #[error(
        "journal {}: it has version {found} and this program knows {known}; update this program",
        path.display()
    )]
    NewerVersion {
        /// The journal's file.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// The key file does not belong to the journal.
    #[error(
        "journal {}: another key sealed it; restore the key file that was made with it",
        path.display()
    )]
    WrongKey {
        /// The journal's file.
        path: PathBuf,
    },
    /// The journal was made for training and is opened for live work, or the other way round.
    #[error("journal {}: it was made for {made_for}; use another file", path.display())]
    WrongMode {
        /// The journal's file.
        path: PathBuf,
        /// What it was made for.
        made_for: &'static str,
    },
    /// The disk is full.
    #[error("journal {}: {action}: disk full: free space there", path.display())]
    DiskFull {
        /// The journal's file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
    },
    /// Any other failure of the storage.
    #[error("journal {}: {action}: {source}", path.display())]
    Storage {
        /// The journal's file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the database said.
        source: rusqlite::Error,
    },
    /// The file cannot be made.
    #[error("journal {}: make it: {source}", path.display())]
    File {
        /// The journal's file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Sealing or opening failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The batch holds as many transactions as it may.
    #[error("batch {batch} holds {limit} transactions: settle first")]
    Full {
        /// The open batch.
        batch: BatchNumber,
        /// How many it may hold.
        limit: u32,
    },
    /// Every trace number of the batch was used.
    #[error("batch {batch} has used every trace number: settle first")]
    NumbersUsedUp {
        /// The open batch.
        batch: BatchNumber,
    },
    /// A settlement is under way.
    #[error("batch {batch} is being settled: finish the settlement first")]
    InSettlement {
        /// The open batch.
        batch: BatchNumber,
    },
    /// Another transaction is under way, or was interrupted by a failure of the storage.
    #[error("transaction {stan} is under way or was interrupted: recover it first")]
    UnderWay {
        /// Its number.
        stan: Stan,
    },
    /// A reversal waits for its first attempt.
    #[error("the reversal of transaction {stan} has to be sent first")]
    ReversalWaits {
        /// The transaction's number.
        stan: Stan,
    },
    /// The request does not fit the journal.
    #[error("transaction {stan} cannot be begun: {reason}")]
    Unfit {
        /// The request's number.
        stan: Stan,
        /// Why not.
        reason: &'static str,
    },
    /// The journal keeps another currency.
    #[error("the journal {} is kept in {kept}, not {asked}", path.display())]
    OtherCurrency {
        /// The journal's file.
        path: PathBuf,
        /// The journal's currency.
        kept: Currency,
        /// The currency asked for.
        asked: Currency,
    },
    /// The open batch has no such transaction.
    #[error("batch {batch} has no transaction {stan}")]
    NotFound {
        /// The open batch.
        batch: BatchNumber,
        /// The number asked for.
        stan: Stan,
    },
    /// The sale cannot be voided.
    #[error("transaction {stan} cannot be voided: {refusal}")]
    NotVoidable {
        /// The sale's number.
        stan: Stan,
        /// Why not.
        refusal: VoidRefusal,
    },
    /// The batch has transactions and cannot get another number.
    #[error("batch {batch} has transactions: settle it before the host assigns {assigned}")]
    BatchNotEmpty {
        /// The open batch.
        batch: BatchNumber,
        /// The number the host assigned.
        assigned: BatchNumber,
    },
    /// The token belongs to another state of affairs, or another journal.
    #[error("{action}: the journal does not hold {what} any more")]
    Outdated {
        /// What was tried.
        action: &'static str,
        /// What the journal should hold.
        what: &'static str,
    },
    /// The grant is for another act.
    #[error("{action}: a supervisor has to allow it")]
    NotGranted {
        /// What was tried.
        action: &'static str,
    },
}

/// Says why a sale cannot be voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum VoidRefusal {
    /// It is a void itself.
    #[error("it is no sale")]
    NoSale,
    /// The host has not approved it.
    #[error("it was not approved")]
    NotApproved,
    /// It was voided before.
    #[error("it is voided already")]
    AlreadyVoided,
    /// It was reversed, or is to be.
    #[error("it is reversed")]
    Reversed,
    /// A void of it has no known result.
    #[error("the result of an earlier void is unknown; ask the acquirer")]
    VoidUnresolved,
    /// The host gave no retrieval reference number.
    #[error("the host gave it no reference number; ask the acquirer")]
    NoReference,
}

/// Is what goes wrong inside one storage transaction, before the path is known.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The database.
    Sql(rusqlite::Error),
    /// Anything that is said in full already.
    Said(JournalError),
}

impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<JournalError> for Cause {
    fn from(error: JournalError) -> Self {
        Self::Said(error)
    }
}

impl From<VaultError> for Cause {
    fn from(error: VaultError) -> Self {
        Self::Said(error.into())
    }
}
