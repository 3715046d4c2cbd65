//! An acquirer's host over TCP, of UnionPay's style.
//!
//! [`VirtualAcquirer`] believes no terminal: it hands out random working keys at each sign-in, checks
//! every authentication code, decrypts PINs, finds malformed fields, and books in a ledger what it
//! approves. [`AcquirerControl`] is the hand of a test or a person: it says what becomes of the next
//! request, and shows the ledger.
//!
//! What it does not have: pre-authorisation, refund and balance inquiry (answered with `40`).
//!
//! # Amounts that decide
//!
//! For people who run it alone, [`AcquirerConfig::amount_rules`] makes amounts of 44 and 45 yuan
//! special:
//!
//! | amount | what the host does |
//! |---|---|
//! | 44.01 to 44.99 | declines with the cents as response code: 44.51 with `51` |
//! | 45.01 | loses the request: books nothing, answers nothing |
//! | 45.02 | books the request and answers nothing |
//! | 45.03 | books the request and answers with a wrong authentication code |
//! | 45.04 | books the request and answers garbage |
//! | 45.05 | books the request and answers after ten seconds |

mod account;
mod answer;
mod behaviour;
mod clock;
mod config;
mod control;
mod financial;
mod host;
mod issuer;
mod ledger;
mod ledger_file;
mod management;
mod parameters;
mod reversal;
mod server;
mod settlement;
#[cfg(test)]
mod tests;

pub use account::{Account, AccountStatus};
pub use behaviour::Behaviour;
pub use config::{AcquirerConfig, TEST_MASTER_KEY, TerminalIdentity};
pub use control::{AcquirerControl, SeenRequest};
pub use issuer::{Issuer, IssuerVerdict};
pub use ledger::{EntryKind, EntryState, LedgerEntry};
pub use ledger_file::read_ledger;
pub use parameters::{HostParameters, key_record};
pub use server::VirtualAcquirer;
pub use settlement::Reconciliation;
