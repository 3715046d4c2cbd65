//! Messages of ISO 8583:1987 in the BCD form that UnionPay's terminals use.
//!
//! A message is a type of four BCD digits, a bitmap of 64 fields and the fields in order.
//! Digits travel two to a byte; lengths of variable fields are BCD and count digits where the
//! field is numeric, bytes where it is not. [`Message`] holds decoded values; [`dissect`] shows the
//! same bytes field by field with their places.
//!
//! No function here panics, whatever bytes come.

mod bcd;
mod bitmap;
mod dissect;
mod error;
mod field;
mod message;
mod mti;
mod table;

#[cfg(test)]
mod tests;

pub use bcd::{Pad, pack, unpack};
pub use bitmap::Bitmap;
pub use dissect::{Dissection, RawField, dissect};
pub use error::{FieldFault, MessageError};
pub use field::{FieldSpec, Format, Length};
pub use message::Message;
pub use mti::Mti;
pub use table::{FIELDS, field};
