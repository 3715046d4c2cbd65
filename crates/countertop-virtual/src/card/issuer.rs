//! The issuer of the test cards.

use core::fmt;

use countertop_wire::tlv::{Tag, TlvError, find, tags};

use super::CryptogramKind;
use super::crypto::{
    CryptogramVersion, IssuerMasterKey, Key, application_cryptogram,
    authorisation_response_cryptogram, icc_master_key,
};
use super::verification_results::{cryptogram_input, read_issuer_application_data};

/// Returns the issuer's master key for cryptograms: fixed, and protecting nothing.
pub(super) fn master_key() -> IssuerMasterKey {
    IssuerMasterKey::new(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210_u128.to_be_bytes())
}

/// Is the issuer of every [`PaymentCard`](super::PaymentCard): it checks their cryptograms and
/// answers them.
#[derive(Debug, Clone, Copy, Default)]
pub struct TestIssuer;

/// Is a cryptogram that the issuer has found to be right.
#[derive(Clone)]
pub struct VerifiedCryptogram {
    kind: CryptogramKind,
    version: CryptogramVersion,
    card_key: Key,
    counter: u16,
    cryptogram: [u8; 8],
    results: [u8; 4],
}

/// Says why the issuer does not believe a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// The card's data are no BER-TLV.
    #[error("read the card's data: {0}")]
    Malformed(#[from] TlvError),
    /// A data object is missing or has the wrong length.
    #[error("data object {0} missing or of wrong length")]
    Missing(Tag),
    /// The card computes its cryptograms in a way that the issuer does not know.
    #[error("cryptogram version {0:#04x} not known")]
    UnknownVersion(u8),
    /// No card of this issuer has this number.
    #[error("card number not of this issuer")]
    UnknownCard,
    /// The cryptogram is not the one that the card would make.
    #[error("application cryptogram wrong")]
    WrongCryptogram,
}

impl TestIssuer {
    /// Checks the application cryptogram in `emv`, the data objects of a request (field 55).
    ///
    /// `pan` and `sequence` are the card's number and sequence number.
    ///
    /// # Errors
    ///
    /// [`IssuerError`] when the cryptogram is wrong or cannot be checked.
    pub fn verify(
        &self,
        pan: &str,
        sequence: u8,
        emv: &[u8],
    ) -> Result<VerifiedCryptogram, IssuerError> {
        let counter = u16::from_be_bytes(sized(emv, tags::APPLICATION_TRANSACTION_COUNTER)?);
        let cryptogram = sized(emv, tags::APPLICATION_CRYPTOGRAM)?;
        let [information] = sized(emv, tags::CRYPTOGRAM_INFORMATION_DATA)?;
        let kind = CryptogramKind::from_bits(information)
            .ok_or(IssuerError::Missing(tags::CRYPTOGRAM_INFORMATION_DATA))?;
        let (version, results) =
            read_issuer_application_data(present(emv, tags::ISSUER_APPLICATION_DATA)?)
                .ok_or(IssuerError::Missing(tags::ISSUER_APPLICATION_DATA))?;
        let version =
            CryptogramVersion::from_number(version).ok_or(IssuerError::UnknownVersion(version))?;
        let card_key =
            icc_master_key(&master_key(), pan, sequence).ok_or(IssuerError::UnknownCard)?;
        let interchange = present(emv, tags::APPLICATION_INTERCHANGE_PROFILE)?;
        let results_before = results_before_the_cryptogram(emv);
        let told = |tag| match tag {
            tags::TERMINAL_VERIFICATION_RESULTS => results_before.as_deref(),
            tag => present(emv, tag).ok(),
        };
        let input =
            cryptogram_input(told, interchange, counter, results).map_err(IssuerError::Missing)?;
        if application_cryptogram(version, &card_key, counter, input) != cryptogram {
            return Err(IssuerError::WrongCryptogram);
        }
        Ok(VerifiedCryptogram { kind, version, card_key, counter, cryptogram, results })
    }
}

impl VerifiedCryptogram {
    /// Returns which kind of cryptogram it is.
    #[must_use]
    pub fn kind(&self) -> CryptogramKind {
        self.kind
    }

    /// Returns the card's transaction counter.
    #[must_use]
    pub fn counter(&self) -> u16 {
        self.counter
    }

    /// Returns the card verification results that the cryptogram protects.
    #[must_use]
    pub fn card_verification_results(&self) -> [u8; 4] {
        self.results
    }

    /// Returns the issuer authentication data (`91`) for a response code (`8A`): the response
    /// cryptogram by method 1, and the code.
    #[must_use]
    pub fn authentication_data(&self, response_code: [u8; 2]) -> Vec<u8> {
        let cryptogram = authorisation_response_cryptogram(
            self.version,
            &self.card_key,
            self.counter,
            self.cryptogram,
            response_code,
        );
        [&cryptogram[..], &response_code].concat()
    }
}

impl fmt::Debug for VerifiedCryptogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedCryptogram({:?}, transaction {})", self.kind, self.counter)
    }
}

/// Returns the terminal verification results as the card knew them: after the cryptogram the terminal sets
/// two bits more when extended data authentication has failed (EMV Book 4, clause 6.3.2.2).
fn results_before_the_cryptogram(emv: &[u8]) -> Option<Vec<u8>> {
    const XDA_SELECTED: u8 = 0x01;
    const XDA_SIGNATURE_VERIFICATION_FAILED: u8 = 0x01;
    const ECC_KEY_RECOVERY_FAILED: u8 = 0x02;
    let mut results = present(emv, tags::TERMINAL_VERIFICATION_RESULTS).ok()?.to_vec();
    if let [byte1, _, _, byte4, byte5] = &mut results[..]
        && *byte1 & XDA_SELECTED != 0
    {
        *byte4 &= !XDA_SIGNATURE_VERIFICATION_FAILED;
        *byte5 &= !ECC_KEY_RECOVERY_FAILED;
    }
    Some(results)
}

fn present(emv: &[u8], tag: Tag) -> Result<&[u8], IssuerError> {
    find(emv, &[tag])?.ok_or(IssuerError::Missing(tag))
}

fn sized<const N: usize>(emv: &[u8], tag: Tag) -> Result<[u8; N], IssuerError> {
    present(emv, tag)?.try_into().map_err(|_| IssuerError::Missing(tag))
}
