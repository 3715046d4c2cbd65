//! The cashier's page: over plain HTTP, and in a real browser.

mod browser;
mod chip_sale;
mod guard;
mod http;
mod program;
mod screen;
mod terminal;
