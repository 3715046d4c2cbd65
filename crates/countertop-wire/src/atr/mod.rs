//! The answer to reset (ISO/IEC 7816-3, clause 8; ISO/IEC 7816-4, clause 12.1 for the historical
//! bytes; PC/SC part 3, clause 3.1.3.2.3 for cards without contacts).
//!
//! ```
//! use countertop_wire::atr::{AnswerToReset, CardName, Protocol};
//!
//! let bytes = [
//!     0x3b, 0x8f, 0x80, 0x01, 0x80, 0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06, 0x03, 0x00, 0x01,
//!     0x00, 0x00, 0x00, 0x00, 0x6a,
//! ];
//! let answer = AnswerToReset::parse(&bytes).unwrap();
//! assert_eq!(answer.protocols(), [Protocol::T0, Protocol::T1]);
//! assert_eq!(answer.storage_card().unwrap().name, CardName::MIFARE_CLASSIC_1K);
//! assert_eq!(answer.encode(), bytes);
//! ```

mod answer;
mod error;
mod historical;
mod interface;
mod parameters;
mod storage;
#[cfg(test)]
mod tests;

pub use answer::{AnswerToReset, Convention, LONGEST};
pub use error::AtrError;
pub use historical::{CardCapabilities, CompactTlv, CompactTlvs, Historical};
pub use interface::{InterfaceBytes, Protocol};
pub use parameters::{ErrorDetection, SpecificMode, T0Parameters, T1Parameters, TransmissionRate};
pub use storage::{CardName, StorageCard, StorageStandard};
