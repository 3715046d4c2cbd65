//! The whole flow, from key to voucher: real flow, codecs and journal against virtual devices and a
//! virtual acquirer. After each scenario the journal equals the host's ledger and the terminal sells.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

#[path = "../counter/mod.rs"]
mod counter;

mod bad_input;
mod cancelled;
mod full_disk;
mod host;
mod parameters;
mod printing;
mod pulled;
mod reversals;
mod sales;
mod settlement;
