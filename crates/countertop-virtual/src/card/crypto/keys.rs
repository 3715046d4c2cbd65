//! Symmetric keys and the cryptograms made with them.

use countertop_wire::tlv::numeric;

use super::triple_des::{Key, encrypt_block, mac};

/// Names how a card computes its cryptograms: the cryptogram version number in its issuer
/// application data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CryptogramVersion {
    /// Version 01 of PBOC and UnionPay (JR/T 0025): a session key from the transaction counter
    /// and its complement, padding `80`; the session key also makes the response cryptogram.
    UnionPay01,
    /// Version 10 (`0A`) of Visa (VIS): the card's master key itself, padding with zeros.
    Visa10,
}

impl CryptogramVersion {
    /// Returns the number as it stands in the issuer application data.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::UnionPay01 => 0x01,
            Self::Visa10 => 0x0a,
        }
    }

    /// Returns the version with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::UnionPay01, Self::Visa10].into_iter().find(|version| version.number() == number)
    }

    fn session_key(self, card_key: &Key, counter: u16) -> Key {
        match self {
            Self::UnionPay01 => unionpay_session_key(card_key, counter),
            Self::Visa10 => card_key.clone(),
        }
    }
}

/// Is the issuer's master key for cryptograms.
pub(crate) type IssuerMasterKey = Key;

/// Returns a card's own key by Option A (EMV Book 2, annex A1.4.1).
///
/// Returns `None` for a card number that has other characters than digits or more than 16.
pub(crate) fn icc_master_key(issuer: &IssuerMasterKey, pan: &str, sequence: u8) -> Option<Key> {
    let sequence = numeric::encode(sequence.into(), 1)?;
    let digits = format!("{pan:0>16}{:02x}", sequence.first()?);
    let rightmost = digits.get(digits.len().checked_sub(16)?..).filter(|_| pan.len() <= 16)?;
    let block = <[u8; 8]>::try_from(numeric::encode_compressed(rightmost)?).ok()?;
    Some(join(encrypt_block(issuer, block), encrypt_block(issuer, block.map(|byte| !byte))))
}

/// Returns the application cryptogram of `data` (EMV Book 2, clause 8.1).
pub(crate) fn application_cryptogram(
    version: CryptogramVersion,
    card_key: &Key,
    counter: u16,
    mut data: Vec<u8>,
) -> [u8; 8] {
    if version == CryptogramVersion::UnionPay01 {
        data.push(0x80);
    }
    mac(&version.session_key(card_key, counter), &data)
}

/// Returns the issuer's answer to a cryptogram: the ARPC by method 1 (EMV Book 2, clause 8.2.1).
pub(crate) fn authorisation_response_cryptogram(
    version: CryptogramVersion,
    card_key: &Key,
    counter: u16,
    cryptogram: [u8; 8],
    response_code: [u8; 2],
) -> [u8; 8] {
    let mut block = cryptogram;
    for (byte, code) in block.iter_mut().zip(response_code) {
        *byte ^= code;
    }
    encrypt_block(&version.session_key(card_key, counter), block)
}

fn unionpay_session_key(card_key: &Key, counter: u16) -> Key {
    let block = |counter: u16| u64::from(counter).to_be_bytes();
    join(encrypt_block(card_key, block(counter)), encrypt_block(card_key, block(!counter)))
}

fn join(left: [u8; 8], right: [u8; 8]) -> Key {
    let mut key = Key::default();
    key[..8].copy_from_slice(&left);
    key[8..].copy_from_slice(&right);
    key
}
