//! The commands of a payment card, by family (EMV Book 1, clause 11.3; Book 3, clause 6.5).

mod authenticate;
mod contactless;
mod cryptogram;
mod pin;
mod processing_options;
mod read;
mod recover;
mod select;

pub(super) use recover::{Recoverable, drdol};
