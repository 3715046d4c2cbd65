//! The serial protocol of UnionPay signature pads.
