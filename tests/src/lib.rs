//! Helpers of the tests across all of Countertop.

pub mod pcscd;
pub mod program;
pub mod search;
