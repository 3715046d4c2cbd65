//! Escape commands of the MSR605 family.

mod command;
mod raw;
mod response;

pub use command::{Command, CommandDecoder};
pub use raw::RawResponse;
pub use response::{
    COMM_TEST_GOOD, ReadResponse, ResponseError, Status, encode_model, encode_status, parse_model,
};

/// ESC, which starts every command and response.
pub(super) const ESC: u8 = 0x1b;
/// FS, which ends the data of a card.
pub(super) const FS: u8 = 0x1c;
/// Starts a data block after ESC.
pub(super) const START: u8 = b's';
/// Ends a data block before FS.
pub(super) const END: u8 = b'?';
