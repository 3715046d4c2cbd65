//! The serial protocol of UnionPay signature pads (电子签字板).
//!
//! There is no public specification; this follows two independent terminal libraries that agree on
//! every byte below (VeriFone's application tools and a J300 pad's Android library).
//!
//! The line runs at 115200 8N1. Both directions use the same [frame](encode_frame):
//!
//! | bytes | field |
//! |---|---|
//! | 1 | STX, 0x02 |
//! | 2 | length of what follows up to and with ETX, big-endian |
//! | n | a [`Command`] from the terminal or a [`Response`] from the pad |
//! | 1 | ETX, 0x03 |
//! | 1 | LRC: exclusive or from the length to ETX |
//!
//! While a person signs, the pad may send [`Response::Heartbeat`] at any time. Signatures travel as
//! [pictures](decode_picture) in the BMP or JBIG format.

mod bmp;
mod command;
mod error;
mod frame;
mod picture;
mod response;
mod sequence;
mod watermark;

pub use command::{Command, Setting, Zone};
pub use error::{PictureError, SignPadError};
pub use frame::{Decoder, MAX_DATA, encode_frame};
pub use picture::{PictureFormat, decode_picture, encode_picture};
pub use response::{Response, StorageStatus};
pub use sequence::Sequence;
pub use watermark::draw_watermark;

#[cfg(test)]
mod tests;
