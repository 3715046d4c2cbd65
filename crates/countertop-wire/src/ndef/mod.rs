//! NFC Data Exchange Format: messages on tags (NFC Forum NDEF 1.0).
//!
//! [`Message`] reads and writes messages; [`Record`] makes and reads the well-known records for
//! links and texts. [`wrap_tlv`] and [`find_tlv`] put a message into the memory of a type 2 tag
//! and find it there.

mod message;
mod record;
#[cfg(test)]
mod tests;
mod tlv;

pub use message::{Message, NdefError};
pub use record::{Record, Text, TypeName};
pub use tlv::{FoundTlv, find_tlv, wrap_tlv};
