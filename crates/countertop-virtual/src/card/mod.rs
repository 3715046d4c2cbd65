//! Virtual cards.

use core::fmt;

/// Is a card as a reader sees it: power and command–response pairs.
///
/// The same card can be served over vpcd (contact) and in the field of a virtual PN532
/// (contactless).
pub trait VirtualCard: Send + fmt::Debug {
    /// Returns the answer to reset (ISO/IEC 7816-3).
    fn answer_to_reset(&self) -> Vec<u8>;

    /// Returns the answer to select (ISO/IEC 14443-4), with its length byte TL.
    fn answer_to_select(&self) -> Vec<u8>;

    /// Powers the card up, or resets it: forgets what was selected and verified.
    fn reset(&mut self);

    /// Answers a command APDU with a response APDU. Never panics, whatever comes.
    fn transmit(&mut self, command: &[u8]) -> Vec<u8>;
}
