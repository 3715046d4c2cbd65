//! Virtual cards.
//!
//! [`VirtualCard`] is what a virtual reader asks of a card. [`PaymentCard`] is an EMV card for both
//! interfaces, personalised from a [`CardProfile`] with the keys of [`TestCa`] and [`TestIssuer`].
//!
//! ```
//! use countertop_virtual::card::{CardProfile, PaymentCard, VirtualCard};
//!
//! let mut card = PaymentCard::new(CardProfile::unionpay_debit());
//! let select = b"\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01\x00";
//! assert!(card.transmit(select).ends_with(&[0x90, 0x00]));
//! ```

mod behaviour;
mod ca;
mod commands;
mod crypto;
mod cvm;
mod fault;
mod file;
mod issuer;
mod log;
mod payment_card;
mod personalisation;
mod profile;
mod radio;
mod session;
mod t0;
#[cfg(test)]
mod tests;
mod verification_results;

use core::fmt;
use core::time::Duration;

pub use behaviour::{
    CardKeys, Curve, PinKey, RecordLayout, RiskBehaviour, StaticData, Transmission,
};
pub use ca::{CaPublicKey, EcCaPublicKey, TestCa};
pub use crypto::CryptogramVersion;
pub use cvm::{CvmCondition, CvmMethod, CvmRule};
pub use fault::Fault;
pub use file::ProfileError;
pub use issuer::{IssuerError, TestIssuer, VerifiedCryptogram};
pub use payment_card::{Interface, PaymentCard};
pub use profile::{ApplicationEntry, CardProfile, DataAuthentication, IssuerAuthentication};
pub use radio::RadioBehaviour;
pub use verification_results::CryptogramKind;

/// The longest command APDU: header, extended length, data and extended expected length (ISO/IEC 7816-3, clause
/// 12.1). What is longer is none, whoever sends it in parts.
pub(crate) const LONGEST_COMMAND: usize = 4 + 3 + 0xffff + 2;

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
    ///
    /// An empty answer means that the card is mute: it has no status word to give.
    fn transmit(&mut self, command: &[u8]) -> Vec<u8>;

    /// Returns how long the card takes for each answer. Whoever serves the card waits so long
    /// before passing the answer on.
    fn delay(&self) -> Duration {
        Duration::ZERO
    }

    /// Tells whether the card is still there. It may leave in the middle of a command; its answer
    /// is lost then.
    fn is_present(&self) -> bool {
        true
    }
}

impl<C: VirtualCard + ?Sized> VirtualCard for Box<C> {
    fn answer_to_reset(&self) -> Vec<u8> {
        (**self).answer_to_reset()
    }

    fn answer_to_select(&self) -> Vec<u8> {
        (**self).answer_to_select()
    }

    fn reset(&mut self) {
        (**self).reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        (**self).transmit(command)
    }

    fn delay(&self) -> Duration {
        (**self).delay()
    }

    fn is_present(&self) -> bool {
        (**self).is_present()
    }
}
