//! Conversations with cards as text, so that a problem in the field becomes a test.
//!
//! ```text
//! # a comment
//! reset T=1 3B 81 81 01 00 00
//! > 00 A4 04 00 02 A0 01 00
//! < 6F 00 90 00 ; 12 ms
//! > 00 B2 01 0C 00
//! < 70 0A 5A 08 ** ** ** ** ** ** ** ** 90 00 ; 31 ms
//! > 00 B2 02 0C 00
//! ! card removed ; 4 ms
//! ```
//!
//! Spaces between bytes do not matter. `**` stands for a byte that was withheld: in a command it fits
//! any byte, in an answer it is played as `00`. [`Redactor`] decides what is withheld; nothing that was
//! read from a card goes into a log without it.

mod entry;
mod error;
mod octets;
mod redactor;
mod secrets;
#[cfg(test)]
mod tests;

pub use entry::{Failure, Log, LogEntry, LogProtocol};
pub use error::LogError;
pub use octets::Octets;
pub use redactor::{Redaction, Redactor};
