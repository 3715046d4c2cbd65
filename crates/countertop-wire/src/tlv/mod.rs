//! BER-TLV as EMV uses it (EMV Book 3, annex B).
//!
//! [`tlvs`] walks over data objects without copying, [`find`] follows a path of templates,
//! [`TlvWriter`] writes, [`Dol`] reads data object lists and answers them, and [`tags`] names what
//! EMV and UnionPay put on the wire. Values are cardholder data: no `Debug` here shows them.
//!
//! ```
//! use countertop_wire::tlv::{TlvWriter, find, tags};
//!
//! let proprietary = TlvWriter::new().put(tags::APPLICATION_LABEL, b"UnionPay Debit");
//! let fci = TlvWriter::new()
//!     .put(tags::DEDICATED_FILE_NAME, &[0xa0, 0, 0, 3, 0x33, 1, 1, 1])
//!     .template(tags::FCI_PROPRIETARY_TEMPLATE, proprietary);
//! let answer = TlvWriter::new().template(tags::FCI_TEMPLATE, fci).finish();
//!
//! let path =
//!     [tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, tags::APPLICATION_LABEL];
//! assert_eq!(find(&answer, &path), Ok(Some(b"UnionPay Debit".as_slice())));
//! ```

mod dol;
mod error;
pub mod numeric;
mod reader;
mod tag;
pub mod tags;
#[cfg(test)]
mod tests;
mod writer;

pub use dol::{Dol, DolEntry};
pub use error::TlvError;
pub use reader::{Tlv, Tlvs, find, find_anywhere, tlvs};
pub use tag::{Format, Tag};
pub use writer::TlvWriter;
