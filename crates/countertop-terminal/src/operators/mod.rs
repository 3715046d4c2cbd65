//! Who may do what at the terminal.

mod operator;

pub use operator::{Grant, OperatorNumber, Permission, Role};
