//! EMV: contact transactions, and the entry point and kernels of contactless ones.
//!
//! [`contact::ContactTransaction::start`] takes a [`CardSession`](countertop_device::CardSession)
//! and answers a [`contact::Step`], whose variants hold what can be done next and nothing else, so
//! that a wrong order cannot be written. [`contactless::EntryPoint`] runs a whole tap and answers what
//! came of it. What is there and what is not is listed in `docs/emv.md`.
//!
//! The crate `emv` computes; it is wrapped, and nothing of it shows here.

mod card_data;
pub mod contact;
pub mod contactless;
mod data;
mod elliptic;
mod error;
mod exchange;
mod field55;
pub mod parameters;
mod results;
mod values;

pub use card_data::{Candidate, CardData};
pub use data::{PinSupport, TransactionData, TransactionType};
pub use error::{EmvError, Fallback};
pub use results::{ApplicationCryptogram, CryptogramKind, CvmResults, TerminalVerificationResults};
