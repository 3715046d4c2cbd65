//! The cashier's page: over plain HTTP, and in a real browser.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod browser;
mod chip_sale;
mod guard;
mod http;
mod program;
mod screen;
mod terminal;
