//! The host link of the NXP PN532, a contactless reader chip (user manual UM0701-02).
//!
//! The host sends a command in a [`Frame`], the chip acknowledges it within 15 ms and sends its
//! response when it has it. [`Decoder`] finds frames in a stream; [`Command`] and [`Response`]
//! read and write what is in them. Both directions are here: a driver encodes commands and decodes
//! responses, a virtual chip does the opposite.
//!
//! No function here panics, whatever bytes come. What goes to a card or comes from it is
//! [`CardData`], which no `Debug` shows.

mod chip;
mod chip_response;
mod code;
mod command;
mod crc;
mod decoder;
mod frame;
mod initiator;
mod initiator_response;
pub mod register;
mod response;
mod rf;
mod status;
mod target;
#[cfg(test)]
mod tests;

pub use crate::card_data::CardData;
pub use chip::{BaudRate, ChipCommand, diagnose, parameter};
pub use chip_response::{ChipResponse, FirmwareVersion, GeneralStatus, TargetState};
pub use command::{Command, CommandError};
pub use crc::{crc_a, crc_b, crc_felica, with_crc_a, with_crc_b, without_crc_a, without_crc_b};
pub use decoder::{Decoder, FrameError};
pub use frame::{
    ACK, Direction, Frame, FrameTooLong, Information, MAX_DATA, MAX_LENGTH, NACK, SYNTAX_ERROR,
    WAKE_UP,
};
pub use initiator::{DepRequest, InitiatorCommand, Modulation, target_type};
pub use initiator_response::InitiatorResponse;
pub use response::Response;
pub use rf::RfItem;
pub use status::Status;
pub use target::{FelicaTarget, JewelTarget, TypeATarget, TypeBTarget};
