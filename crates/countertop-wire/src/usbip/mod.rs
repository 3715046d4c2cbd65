//! USB/IP: requests to a USB device over a stream (Linux, `Documentation/usb/usbip_protocol.rst`,
//! version 1.1.1).
//!
//! A [`Command`] goes from the host, with its data behind it where data goes out; a [`Reply`] comes
//! from the device, with its data behind it where data comes in. [`operation`] is what comes first
//! when the stream is a TCP connection: which devices there are, and which one is wanted.
//! Everything is big-endian, but for the setup packet.

mod command;
mod error;
pub mod operation;
mod reply;
pub mod status;
#[cfg(test)]
mod tests;

pub use command::{Command, Submit, Unlink};
pub use error::UsbipError;
pub use reply::{Reply, RetSubmit, RetUnlink};

/// Is the port on which USB/IP servers listen.
pub const DEFAULT_PORT: u16 = 3240;

/// Bytes of every header, command and reply alike.
pub const HEADER_LENGTH: usize = 48;

/// Bytes of data that one request carries at the most here; the kernel's drivers stay far below.
pub const MAX_TRANSFER: u32 = 16 * 1024 * 1024;

const CMD_SUBMIT: u32 = 1;
const CMD_UNLINK: u32 = 2;
const RET_SUBMIT: u32 = 3;
const RET_UNLINK: u32 = 4;

/// Returns the big-endian word at `offset`; 0 beyond the end, which no caller asks for.
fn word(header: &[u8; HEADER_LENGTH], offset: usize) -> u32 {
    let bytes = header.get(offset..).and_then(<[u8]>::first_chunk).copied();
    u32::from_be_bytes(bytes.unwrap_or_default())
}

fn header(words: &[u32], tail: [u8; 8]) -> [u8; HEADER_LENGTH] {
    let mut bytes = [0; HEADER_LENGTH];
    let filled = words.iter().flat_map(|word| word.to_be_bytes());
    for (place, byte) in bytes.iter_mut().zip(filled) {
        *place = byte;
    }
    if let Some(place) = bytes.last_chunk_mut() {
        *place = tail;
    }
    bytes
}
