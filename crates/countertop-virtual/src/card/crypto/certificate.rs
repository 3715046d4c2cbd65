//! Public key certificates (EMV Book 2, clauses 5.1 and 6.1).

use countertop_wire::tlv::numeric;

use super::rsa::PrivateKey;

/// Certificate formats and algorithm indicators of tables 2, 3 and 11 and annex B.
const ISSUER_FORMAT: u8 = 0x02;
const STATIC_DATA_FORMAT: u8 = 0x03;
const ICC_FORMAT: u8 = 0x04;
const SHA1_INDICATOR: u8 = 0x01;
const RSA_INDICATOR: u8 = 0x01;

/// How many bytes of an issuer's, and of a card's, certificate hold no digits of the key.
const ISSUER_OVERHEAD: usize = 36;
const ICC_OVERHEAD: usize = 42;

/// Is a certificate and what of the key did not fit into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certified {
    /// The certificate: as long as the signing key's modulus.
    pub(crate) certificate: Vec<u8>,
    /// The rightmost digits of the modulus, if there are any left.
    pub(crate) remainder: Option<Vec<u8>>,
}

/// Is the expiry (MMYY, BCD) and the serial number of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) expiry: [u8; 2],
    pub(crate) serial: [u8; 3],
}

/// Returns the issuer's certificate; `identifier` is the leftmost digits of its card numbers.
pub(crate) fn issuer_certificate(
    authority: &PrivateKey,
    issuer: &PrivateKey,
    identifier: &str,
    validity: Validity,
) -> Certified {
    let head = [&[ISSUER_FORMAT][..], &padded_digits(identifier, 4)].concat();
    certify(authority, issuer, head, validity, ISSUER_OVERHEAD, &[])
}

/// Returns a card's certificate, which also signs the static data of the card.
pub(crate) fn icc_certificate(
    issuer: &PrivateKey,
    icc: &PrivateKey,
    pan: &str,
    validity: Validity,
    static_data: &[u8],
) -> Certified {
    let head = [&[ICC_FORMAT][..], &padded_digits(pan, 10)].concat();
    certify(issuer, icc, head, validity, ICC_OVERHEAD, static_data)
}

/// Returns the issuer's signature over the static data of a card (EMV Book 2, clause 5.1).
pub(crate) fn signed_static_data(
    issuer: &PrivateKey,
    authentication_code: [u8; 2],
    static_data: &[u8],
) -> Vec<u8> {
    let [high, low] = authentication_code;
    issuer.sign(&[STATIC_DATA_FORMAT, SHA1_INDICATOR, high, low], static_data)
}

fn certify(
    signer: &PrivateKey,
    subject: &PrivateKey,
    head: Vec<u8>,
    validity: Validity,
    overhead: usize,
    static_data: &[u8],
) -> Certified {
    let exponent = subject.public_exponent();
    let modulus = subject.modulus();
    let mut message = head;
    message.extend_from_slice(&validity.expiry);
    message.extend_from_slice(&validity.serial);
    message.extend_from_slice(&[SHA1_INDICATOR, RSA_INDICATOR]);
    // No key here has 2048 bits or more, nor an exponent of more than three bytes.
    message.extend([subject.len(), exponent.len()].map(|len| u8::try_from(len).unwrap_or(u8::MAX)));
    let room = signer.len().saturating_sub(overhead).min(modulus.len());
    let (leftmost, remainder) = modulus.split_at(room);
    message.extend_from_slice(leftmost);
    let rest = [remainder, &exponent, static_data].concat();
    let remainder = (!remainder.is_empty()).then(|| remainder.to_vec());
    Certified { certificate: signer.sign(&message, &rest), remainder }
}

pub(super) fn padded_digits(digits: &str, length: usize) -> Vec<u8> {
    let mut bytes = numeric::encode_compressed(digits).unwrap_or_default();
    bytes.resize(length, 0xff);
    bytes
}
