//! What the kernels share.

mod afl;
mod cryptogram;
mod dates;
mod objects;
mod processing_options;
mod public_key;
mod records;
mod tvr;
mod usage;

pub(super) use cryptogram::read_cryptogram;
pub(super) use dates::{has_expired, is_not_yet_effective};
pub(super) use objects::Objects;
pub(super) use processing_options::{command_template, take_options};
pub(super) use public_key::{CardKey, IssuerKey, StaticData};
pub(super) use records::read_records;
pub(super) use tvr::{Tvr, TvrBit};
pub(super) use usage::{Cash, allows, allows_cash, allows_cashback, cash_of};
