//! Vouchers and slips as documents.
//!
//! The content and the order follow the sales slips of UnionPay terminals (JR/T 0001-2001, clause
//! 8.1, and the printouts of terminals in the field), Chinese first and English in brackets, for 32
//! columns (58 mm paper) and wider. A [`Document`](countertop_device::document::Document) says
//! nothing about a printer; the driver does.
//!
//! Only a [`MaskedPan`](crate::vault::MaskedPan) can be printed, on either copy.

mod amount;
mod card;
mod failure;
mod heading;
mod layout;
mod moment;
mod reversal_failure;
mod settlement;
mod signature;
#[cfg(test)]
mod tests;
mod voucher;

pub use failure::{FailureReport, failure};
pub use layout::{EntryLetters, Layout, ReceiptProfile};
pub use reversal_failure::reversal_failure;
pub use settlement::{settlement, settlement_details};
pub use voucher::{duplicate_mark, voucher};
