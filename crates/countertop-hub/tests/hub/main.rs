//! The hub with slots in use, on a driver made for the purpose.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod condition;
mod reconnect;
mod support;
