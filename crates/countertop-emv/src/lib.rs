//! Contact EMV on the crate emv, and the contactless entry point.
