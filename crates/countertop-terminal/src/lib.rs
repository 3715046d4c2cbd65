//! The operating flow of a payment terminal: operators, transactions, journal and receipts.

mod clock;
pub mod flow;
pub mod journal;
pub mod operators;
pub mod receipt;
pub mod vault;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use operators::OperatorNumber;
