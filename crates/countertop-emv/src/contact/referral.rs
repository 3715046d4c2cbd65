//! Referrals by the issuer (EMV Book 4, clause 6.3.9): the cashier is to call the bank.

use countertop_device::Sensitive;

use super::{GoOnline, Outcome};
use crate::EmvError;

/// Waits for what the bank says on the telephone. The card stays in the reader.
#[derive(Debug)]
pub struct Referral {
    request: Box<GoOnline>,
    code: [u8; 2],
    field55: Sensitive,
}

impl GoOnline {
    /// Takes the host's answer that the bank is to be called: `code` is field 39, `01` or `02`.
    #[must_use]
    pub fn host_referred(self: Box<Self>, code: [u8; 2], field55: &[u8]) -> Referral {
        Referral { request: self, code, field55: field55.into() }
    }
}

impl Referral {
    /// Returns the request that the host did not decide.
    #[must_use]
    pub fn request(&self) -> &GoOnline {
        &self.request
    }

    /// Goes on after the bank has approved: the card is asked to approve as well.
    ///
    /// # Errors
    ///
    /// As [`GoOnline::host_answered`].
    ///
    /// # Cancel safety
    ///
    /// As [`GoOnline::host_answered`].
    pub async fn approved(self) -> Result<Box<Outcome>, EmvError> {
        self.request.host_answered(true, self.code, self.field55.expose()).await
    }

    /// Goes on after the bank has declined, or when nobody can be reached.
    ///
    /// # Errors
    ///
    /// As [`GoOnline::host_answered`].
    ///
    /// # Cancel safety
    ///
    /// As [`GoOnline::host_answered`].
    pub async fn declined(self) -> Result<Box<Outcome>, EmvError> {
        self.request.host_answered(false, self.code, self.field55.expose()).await
    }
}
