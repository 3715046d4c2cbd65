//! Cards as a contactless PC/SC reader shows them, such as the ACR122U: an answer to reset made up as
//! PC/SC part 3 says, and the commands of class `FF` answered in the card's place.
//!
//! Each is a [`VirtualCard`](crate::card::VirtualCard), and so fits into vpcd and into the virtual CCID
//! reader.
//!
//! ```
//! use countertop_virtual::card::VirtualCard;
//! use countertop_virtual::contactless_reader::StorageTag;
//!
//! let mut tag = StorageTag::mifare_classic_1k([0x04, 0xa1, 0xb2, 0xc3]);
//! let uid = tag.transmit(&[0xff, 0xca, 0x00, 0x00, 0x00]);
//! assert_eq!(uid, [0x04, 0xa1, 0xb2, 0xc3, 0x90, 0x00]);
//! ```

mod passed_on;
mod storage_tag;
#[cfg(test)]
mod tests;

pub use passed_on::PassedOn;
pub use storage_tag::StorageTag;
