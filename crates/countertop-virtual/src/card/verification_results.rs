//! Card verification results, issuer application data and the input of a cryptogram.

use countertop_wire::tlv::{Tag, tags};

use super::crypto::CryptogramVersion;

/// Is a kind of application cryptogram; greater is better for the cardholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CryptogramKind {
    /// Application authentication cryptogram: declined.
    Aac,
    /// Authorisation request cryptogram: ask the issuer.
    Arqc,
    /// Transaction certificate: approved.
    Tc,
}

impl CryptogramKind {
    /// Returns the kind in bits 8 and 7 of `byte`: P1 of GENERATE AC, or the cryptogram
    /// information data.
    #[must_use]
    pub fn from_bits(byte: u8) -> Option<Self> {
        match byte & 0xc0 {
            0x00 => Some(Self::Aac),
            0x40 => Some(Self::Tc),
            0x80 => Some(Self::Arqc),
            _ => None,
        }
    }

    /// Returns the cryptogram information data (EMV Book 3, table 15).
    #[must_use]
    pub fn to_bits(self) -> u8 {
        match self {
            Self::Aac => 0x00,
            Self::Tc => 0x40,
            Self::Arqc => 0x80,
        }
    }
}

/// Is what the card tells the issuer about itself, as UnionPay and Visa lay it out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CardVerificationResults {
    pub(super) first: Option<CryptogramKind>,
    pub(super) second: Option<CryptogramKind>,
    pub(super) issuer_refused: bool,
    pub(super) pin_checked: bool,
    pub(super) pin_failed: bool,
    pub(super) unable_to_go_online: bool,
    pub(super) pin_blocked: bool,
    pub(super) issuer_silent: bool,
    pub(super) dda_performed: bool,
}

impl CardVerificationResults {
    /// Returns the four bytes, the first of which is the length of the others.
    pub(super) fn to_bytes(self) -> [u8; 4] {
        // "Not requested" is its own value, 10 for the second cryptogram.
        let kind = |kind: Option<CryptogramKind>| kind.map_or(0x80, CryptogramKind::to_bits);
        let byte2 = kind(self.second)
            | kind(self.first) >> 2
            | flag(self.issuer_refused, 0x08)
            | flag(self.pin_checked, 0x04)
            | flag(self.pin_failed, 0x02)
            | flag(self.unable_to_go_online, 0x01);
        let byte3 = flag(self.pin_blocked, 0x40) | flag(self.issuer_silent, 0x04);
        [0x03, byte2, byte3, flag(self.dda_performed, 0x02)]
    }
}

fn flag(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}

/// Returns the issuer application data (`9F10`) with these results.
pub(super) fn issuer_application_data(version: CryptogramVersion, results: [u8; 4]) -> Vec<u8> {
    /// The key index, and the algorithm indicator of triple DES.
    const KEY_INDEX: u8 = 0x01;
    const TRIPLE_DES: u8 = 0x01;
    let [length, byte2, byte3, byte4] = results;
    let head = [KEY_INDEX, version.number(), length, byte2, byte3, byte4];
    match version {
        CryptogramVersion::UnionPay01 => [&[0x07][..], &head, &[TRIPLE_DES]].concat(),
        CryptogramVersion::Visa10 => [&[0x06][..], &head].concat(),
    }
}

/// Returns the version and the results in issuer application data: the issuer's side.
pub(super) fn read_issuer_application_data(data: &[u8]) -> Option<(u8, [u8; 4])> {
    let [_, _, version, rest @ ..] = data else { return None };
    Some((*version, *rest.first_chunk()?))
}

/// Returns what a cryptogram is computed over; `value` gives what the terminal told.
///
/// Both versions take the same data (JR/T 0025; VIS): amounts, country, TVR, currency, date, type,
/// unpredictable number, interchange profile, transaction counter and verification results.
///
/// # Errors
///
/// The tag that has no value.
pub(super) fn cryptogram_input<'a>(
    value: impl Fn(Tag) -> Option<&'a [u8]>,
    interchange_profile: &[u8],
    counter: u16,
    results: [u8; 4],
) -> Result<Vec<u8>, Tag> {
    let mut input = Vec::new();
    for tag in [
        tags::AMOUNT_AUTHORISED,
        tags::AMOUNT_OTHER,
        tags::TERMINAL_COUNTRY_CODE,
        tags::TERMINAL_VERIFICATION_RESULTS,
        tags::TRANSACTION_CURRENCY_CODE,
        tags::TRANSACTION_DATE,
        tags::TRANSACTION_TYPE,
        tags::UNPREDICTABLE_NUMBER,
    ] {
        input.extend_from_slice(value(tag).ok_or(tag)?);
    }
    input.extend_from_slice(interchange_profile);
    input.extend_from_slice(&counter.to_be_bytes());
    input.extend_from_slice(&results);
    Ok(input)
}
