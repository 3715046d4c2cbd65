//! Contactless transactions with virtual cards.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod entry_point;
mod figures;
mod matrix;
mod mutations;
mod reader;
mod torn;
mod unionpay;
