//! NFC Data Exchange Format: messages on tags (NFC Forum NDEF 1.0).
//!
//! [`Message`] reads and writes messages; [`Record`] makes and reads links, texts, media, external
//! types and Android application records; [`SmartPoster`] and [`Handover`] the records that hold
//! messages themselves. [`wrap_tlv`] and [`find_tlv`] put a message into the memory of a tag of type
//! 1 or 2 or of a MIFARE Classic, and find it there; [`OpenBytes`] leaves out what such a tag reserves.

mod handover;
mod message;
mod open;
mod record;
mod smart_poster;
#[cfg(test)]
mod tests;
mod tlv;

pub use handover::{Carrier, CarrierPower, Handover, HandoverKind};
pub use message::{Message, NdefError};
pub use open::{LockBits, OpenBytes};
pub use record::{Record, Text, TypeName};
pub use smart_poster::{Action, SmartPoster};
pub use tlv::{FoundTlv, find_tlv, tlv_place, wrap_tlv};
