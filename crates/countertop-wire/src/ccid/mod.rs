//! The USB class of smart card readers: Integrated Circuit(s) Cards Interface Devices,
//! revision 1.1 (CCID).
//!
//! The host sends a [`Command`] on the bulk-out endpoint and gets a [`Response`] with the same
//! slot and sequence number on the bulk-in endpoint; a reader that needs longer answers with a
//! time extension first. Cards that come and go are told on the interrupt endpoint
//! ([`Notification`]). What a reader can do stands in its [`ClassDescriptor`], behind the
//! interface descriptor. Both directions are here: a driver encodes commands and decodes
//! responses, a virtual reader does the opposite.
//!
//! No function here panics, whatever bytes come. What goes to a card or comes from it is
//! [`CardData`], which no `Debug` shows.

mod command;
mod descriptor;
mod error;
mod features;
mod header;
mod notification;
mod parameters;
mod pin;
pub mod request;
mod response;
mod slot_status;
#[cfg(test)]
mod tests;

pub use crate::card_data::CardData;
pub use command::{Chain, Command, CommandBody, PowerSelect};
pub use descriptor::{ClassDescriptor, DESCRIPTOR_LENGTH, DESCRIPTOR_TYPE};
pub use error::CcidError;
pub use features::{Exchange, Features, Protocols, Voltages};
pub use header::{HEADER_LENGTH, Header};
pub use notification::Notification;
pub use parameters::{Parameters, T0Parameters, T1Parameters};
pub use pin::PinVerification;
pub use response::{Response, ResponseBody};
pub use slot_status::{CommandStatus, IccStatus, SlotError, SlotStatus};

/// bInterfaceClass of a reader (CCID 1.1, clause 4.4).
pub const INTERFACE_CLASS: u8 = 0x0b;
