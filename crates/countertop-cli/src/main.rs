//! The program countertop: a payment terminal on a Linux PC.
fn main() {}
