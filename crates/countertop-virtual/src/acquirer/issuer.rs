//! Who checks the cryptograms of chip cards.

use core::fmt;

use crate::card::TestIssuer;

/// Checks the cryptograms of chip cards for the host.
pub trait Issuer: Send + Sync + fmt::Debug {
    /// Checks the application cryptogram in field 55 and answers the card.
    ///
    /// `sequence` is the card's sequence number (field 23), 0 when it has none; `code` is the
    /// response code that the host is about to give.
    fn authenticate(&self, pan: &str, sequence: u8, emv: &[u8], code: [u8; 2]) -> IssuerVerdict;
}

/// Is what an issuer says of a cryptogram.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerVerdict {
    /// It is right; the bytes are the issuer authentication data (`91`) for the card.
    Authentic(Vec<u8>),
    /// It is wrong.
    ArqcWrong,
    /// This issuer does not check this card.
    NotChecked,
}

impl Issuer for TestIssuer {
    fn authenticate(&self, pan: &str, sequence: u8, emv: &[u8], code: [u8; 2]) -> IssuerVerdict {
        match self.verify(pan, sequence, emv) {
            Ok(verified) => IssuerVerdict::Authentic(verified.authentication_data(code)),
            Err(_) => IssuerVerdict::ArqcWrong,
        }
    }
}
