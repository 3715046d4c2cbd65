//! Command and response APDUs (ISO/IEC 7816-4).
//!
//! Both are parsed and emitted here, in the short and the extended form. Their data may be a PIN
//! or a card number: it is wiped on drop and never shown by `Debug`.
//!
//! ```
//! use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
//!
//! let select = CommandApdu::new(0x00, 0xa4, 0x04, 0x00)
//!     .with_data(b"1PAY.SYS.DDF01".as_slice())
//!     .expecting(256);
//! assert_eq!(CommandApdu::parse(&select.to_bytes()), Ok(select));
//!
//! let answer = ResponseApdu::parse(&[0x6a, 0x82]).unwrap();
//! assert_eq!(answer.status(), StatusWord::FILE_NOT_FOUND);
//! ```

mod command;
mod error;
mod response;
mod status;
#[cfg(test)]
mod tests;

pub use command::CommandApdu;
pub use error::ApduError;
pub use response::ResponseApdu;
pub use status::StatusWord;
