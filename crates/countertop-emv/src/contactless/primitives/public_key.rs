//! Recovering the public keys of issuer and card (EMV Book 2, clauses 5.3, 6.3 and 6.4).
//!
//! The crate `emv` computes.

use countertop_wire::tlv::{find, tags};
use emv::core::oda::{self, IccPublicKey, IssuerPublicKey};

use super::Objects;
use crate::parameters::EmvParameters;

/// The one algorithm for keys and hashes: RSA and SHA-1 (EMV Book 2, annex B).
const KNOWN_ALGORITHM: u8 = 0x01;

/// The shortest modulus that a certificate or a signature with a hash fits in.
const SHORTEST: usize = 64;

/// Is an issuer's public key, which a certification authority vouches for.
#[derive(Debug)]
pub(in crate::contactless) struct IssuerKey(IssuerPublicKey);

/// Is a card's public key, which its issuer vouches for.
#[derive(Debug)]
pub(in crate::contactless) struct CardKey(IccPublicKey);

/// Holds the records that the issuer has signed (EMV Book 3, clause 10.3).
#[derive(Default)]
pub(in crate::contactless) struct StaticData {
    bytes: Vec<u8>,
    /// A signed record is not in template `70`: nothing can be authenticated then.
    unusable: bool,
}

impl StaticData {
    /// Adds a record: the content of its template for open files, the whole record for others.
    pub(super) fn add(&mut self, record: &[u8], open: bool) {
        match find(record, &[tags::READ_RECORD_TEMPLATE]) {
            Ok(Some(content)) if open => self.bytes.extend_from_slice(content),
            Ok(Some(_)) => self.bytes.extend_from_slice(record),
            _ => self.unusable = true,
        }
    }

    /// Returns the bytes that are signed: with the interchange profile where the list `9F4A` asks
    /// for it, which may ask for nothing else.
    pub(in crate::contactless) fn input(&self, objects: &Objects) -> Option<Vec<u8>> {
        let profile = match objects.get(tags::SDA_TAG_LIST) {
            None => &[],
            Some([0x82]) => objects.get(tags::APPLICATION_INTERCHANGE_PROFILE)?,
            Some(_) => return None,
        };
        (!self.unusable).then(|| [&self.bytes, profile].concat())
    }
}

impl IssuerKey {
    /// Recovers the issuer's key; `None` when the authority's key is not known or has expired, or
    /// the certificate is not genuine, has expired or was revoked. `date` is the transaction's.
    pub(in crate::contactless) fn recover(
        parameters: &EmvParameters,
        aid: &[u8],
        objects: &Objects,
        date: [u8; 3],
    ) -> Option<Self> {
        let [index] = objects.sized(tags::CA_PUBLIC_KEY_INDEX)?;
        let known = |key: &&crate::parameters::CaPublicKey| {
            let fits = aid.starts_with(&key.rid) && key.index == index;
            fits && key.modulus.len() >= SHORTEST && !key.has_expired(date)
        };
        let authority = parameters.keys.iter().find(known)?;
        let authority = oda::CaPublicKey {
            rid: authority.rid,
            index,
            modulus: authority.modulus.clone(),
            exponent: authority.exponent.clone(),
        };
        let [year, month, _] = date;
        let key = oda::recover_issuer_public_key(
            &authority,
            objects.get(tags::ISSUER_PUBLIC_KEY_CERTIFICATE)?,
            objects.get(tags::ISSUER_PUBLIC_KEY_REMAINDER).filter(|digits| !digits.is_empty()),
            exponent(objects, tags::ISSUER_PUBLIC_KEY_EXPONENT)?,
            objects.get(tags::APPLICATION_PAN)?,
            [month, year],
        )
        .ok()?;
        let revoked = parameters.revoked.iter().any(|revoked| {
            (revoked.rid, revoked.index, revoked.serial)
                == (authority.rid, index, key.serial_number)
        });
        let known = [key.algorithm_indicator, key.hash_algorithm_indicator] == [KNOWN_ALGORITHM; 2];
        (known && !revoked && key.modulus.len() >= SHORTEST).then_some(Self(key))
    }

    /// Verifies Signed Static Application Data (`93`, EMV Book 2, clause 5.4).
    pub(in crate::contactless) fn signed_static(&self, objects: &Objects, data: &[u8]) -> bool {
        let signature = objects.get(tags::SIGNED_STATIC_APPLICATION_DATA);
        signature.is_some_and(|signature| oda::verify_sda(&self.0, signature, data).is_ok())
    }
}

impl CardKey {
    /// Recovers the card's key; `None` when anything on the way to it is not genuine.
    pub(in crate::contactless) fn recover(
        issuer: &IssuerKey,
        objects: &Objects,
        data: &[u8],
        date: [u8; 3],
    ) -> Option<Self> {
        let [year, month, _] = date;
        let key = oda::recover_icc_public_key(
            &issuer.0,
            objects.get(tags::ICC_PUBLIC_KEY_CERTIFICATE)?,
            objects.get(tags::ICC_PUBLIC_KEY_REMAINDER).filter(|digits| !digits.is_empty()),
            exponent(objects, tags::ICC_PUBLIC_KEY_EXPONENT)?,
            data,
            objects.get(tags::APPLICATION_PAN)?,
            [month, year],
        )
        .ok()?;
        let known = [key.algorithm_indicator, key.hash_algorithm_indicator] == [KNOWN_ALGORITHM; 2];
        (known && key.modulus.len() >= SHORTEST).then_some(Self(key))
    }

    /// Verifies Signed Dynamic Application Data (`9F4B`) over `terminal_data` (EMV Book 2,
    /// clause 6.5.2).
    pub(in crate::contactless) fn signed_dynamic(
        &self,
        signature: &[u8],
        terminal_data: &[u8],
    ) -> bool {
        oda::verify_dda(&self.0, signature, terminal_data).is_ok()
    }

    /// Verifies a combined signature and returns what it holds (EMV Book 2, clause 6.6.2).
    pub(in crate::contactless) fn signed_cryptogram(
        &self,
        signature: &[u8],
        unpredictable_number: [u8; 4],
        transaction_data: &[u8],
        information: u8,
    ) -> Option<oda::CdaVerified> {
        let number = unpredictable_number;
        oda::verify_cda(&self.0, signature, number, transaction_data, information).ok()
    }
}

/// An exponent is 3 or 2^16 + 1 (EMV Book 2, annex B2.1).
fn exponent(objects: &Objects, tag: countertop_wire::tlv::Tag) -> Option<&[u8]> {
    objects.get(tag).filter(|value| matches!(value, [0x03] | [0x01, 0x00, 0x01]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_records_are_joined() {
        let mut data = StaticData::default();
        data.add(&[0x70, 0x02, 1, 2], true);
        data.add(&[0x70, 0x01, 3], false);
        let mut objects = Objects::default();
        assert_eq!(data.input(&objects), Some(vec![1, 2, 0x70, 0x01, 3]));
        objects.put(tags::SDA_TAG_LIST, &[0x82]).unwrap();
        assert_eq!(data.input(&objects), None, "no profile");
        objects.put(tags::APPLICATION_INTERCHANGE_PROFILE, &[0x20, 0]).unwrap();
        assert_eq!(data.input(&objects), Some(vec![1, 2, 0x70, 0x01, 3, 0x20, 0]));
        objects.remove(tags::SDA_TAG_LIST);
        objects.put(tags::SDA_TAG_LIST, &[0x82, 0x84]).unwrap();
        assert_eq!(data.input(&objects), None, "other tags are not allowed");
    }

    #[test]
    fn a_signed_record_without_template_spoils_all() {
        let mut data = StaticData::default();
        data.add(&[1, 2, 3], false);
        assert_eq!(data.input(&Objects::default()), None);
    }

    #[test]
    fn exponents_are_two() {
        let mut objects = Objects::default();
        for (value, good) in [(&[3][..], true), (&[1, 0, 1], true), (&[], false), (&[5], false)] {
            objects.remove(tags::ICC_PUBLIC_KEY_EXPONENT);
            objects.put(tags::ICC_PUBLIC_KEY_EXPONENT, value).unwrap();
            assert_eq!(exponent(&objects, tags::ICC_PUBLIC_KEY_EXPONENT).is_some(), good);
        }
    }
}
