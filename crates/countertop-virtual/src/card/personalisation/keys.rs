//! The card's keys and what certifies them (EMV Book 2, clauses 5 to 7).

use countertop_wire::tlv::{Dol, tags};

use super::layout::Objects;
use crate::card::ca;
use crate::card::crypto::{
    Certified, PrivateKey, Role, Validity, icc_certificate, issuer_certificate, signed_static_data,
};
use crate::card::{CardProfile, DataAuthentication, Fault, PinKey};

/// The month in which an expired certificate has expired: MMYY.
pub(super) const LONG_AGO: [u8; 2] = [0x12, 0x20];

/// The data authentication code (`9F45`) of static data.
const AUTHENTICATION_CODE: [u8; 2] = [0xda, 0xc0];

/// Holds the keys of a card and of those who certify it.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    authority: PrivateKey,
    issuer: PrivateKey,
    pub(super) icc: PrivateKey,
    pub(super) pin: PrivateKey,
}

impl Keys {
    pub(super) fn new(profile: &CardProfile) -> Self {
        let keys = profile.keys;
        let of = |role, bits| PrivateKey::of(role, bits, keys.exponent);
        let icc = of(Role::Icc, keys.icc);
        let pin = match keys.pin {
            PinKey::Own(bits) => of(Role::IccPin, bits),
            PinKey::None | PinKey::Certified => icc.clone(),
        };
        let authority = of(Role::Authority, keys.authority);
        Self { authority, issuer: of(Role::Issuer, keys.issuer), icc, pin }
    }

    /// Adds the data objects of offline data authentication, over the card's static data.
    pub(super) fn certify(&self, profile: &CardProfile, static_data: &[u8], objects: &mut Objects) {
        let method = profile.data_authentication;
        let static_data = &changed(profile, Fault::WrongHash, static_data.to_vec());
        if method == DataAuthentication::None {
            return;
        }
        self.certify_issuer(profile, objects);
        if method == DataAuthentication::Static {
            let signature = signed_static_data(&self.issuer, AUTHENTICATION_CODE, static_data);
            let signature = changed(profile, Fault::WrongSignature, signature);
            objects.insert(tags::SIGNED_STATIC_APPLICATION_DATA, signature);
            return;
        }
        self.certify_icc(profile, static_data, objects);
        if profile.keys.pin != PinKey::None {
            self.certify_pin(profile, objects);
        }
    }

    fn certify_issuer(&self, profile: &CardProfile, objects: &mut Objects) {
        let pan = profile.pan.expose_str().unwrap_or_default();
        let prefix = pan.get(..6).unwrap_or(pan);
        let validity = validity(profile, Fault::ExpiredCertificate, [0x00, 0x00, 0x01]);
        let Certified { certificate, remainder } =
            issuer_certificate(&self.authority, &self.issuer, prefix, validity);
        let certificate = changed(profile, Fault::WrongCertificate, certificate);
        objects.insert(tags::CA_PUBLIC_KEY_INDEX, vec![ca::key_index(profile.keys)]);
        objects.insert(tags::ISSUER_PUBLIC_KEY_CERTIFICATE, certificate);
        objects.insert(tags::ISSUER_PUBLIC_KEY_EXPONENT, self.issuer.public_exponent());
        put_some(objects, tags::ISSUER_PUBLIC_KEY_REMAINDER, remainder);
    }

    fn certify_icc(&self, profile: &CardProfile, static_data: &[u8], objects: &mut Objects) {
        let Certified { certificate, remainder } = self.certified(profile, &self.icc, static_data);
        let certificate = changed(profile, Fault::WrongIccCertificate, certificate);
        objects.insert(tags::ICC_PUBLIC_KEY_CERTIFICATE, certificate);
        objects.insert(tags::ICC_PUBLIC_KEY_EXPONENT, self.icc.public_exponent());
        put_some(objects, tags::ICC_PUBLIC_KEY_REMAINDER, remainder);
        let list = Dol::new([(tags::UNPREDICTABLE_NUMBER, 4)]);
        objects.insert(tags::DDOL, list.to_bytes());
    }

    /// Certifies the key for PINs: a kernel that has only this certificate can encipher with it
    /// (EMV Book 2, clause 7.1).
    fn certify_pin(&self, profile: &CardProfile, objects: &mut Objects) {
        let Certified { certificate, remainder } = self.certified(profile, &self.pin, &[]);
        objects.insert(tags::ICC_PIN_PUBLIC_KEY_CERTIFICATE, certificate);
        objects.insert(tags::ICC_PIN_PUBLIC_KEY_EXPONENT, self.pin.public_exponent());
        put_some(objects, tags::ICC_PIN_PUBLIC_KEY_REMAINDER, remainder);
    }

    fn certified(&self, profile: &CardProfile, key: &PrivateKey, static_data: &[u8]) -> Certified {
        let pan = profile.pan.expose_str().unwrap_or_default();
        let validity = validity(profile, Fault::ExpiredIccCertificate, [0x00, 0x00, 0x02]);
        icc_certificate(&self.issuer, key, pan, validity, static_data)
    }
}

/// Returns the validity of a certificate: that of the card, unless the card has `fault`.
///
/// A card that has expired itself keeps certificates that have not, so that one fault at a time can
/// be looked at.
fn validity(profile: &CardProfile, fault: Fault, serial: [u8; 3]) -> Validity {
    let [year, month] = profile.expiry;
    let usual = [month, year.max(0x30)];
    let expiry = if profile.faults.contains(&fault) { LONG_AGO } else { usual };
    Validity { expiry, serial }
}

/// Changes the last byte where the card has `fault`.
pub(super) fn changed(profile: &CardProfile, fault: Fault, mut value: Vec<u8>) -> Vec<u8> {
    if profile.faults.contains(&fault)
        && let Some(last) = value.last_mut()
    {
        *last ^= 0x01;
    }
    value
}

fn put_some(objects: &mut Objects, tag: countertop_wire::tlv::Tag, value: Option<Vec<u8>>) {
    if let Some(value) = value {
        objects.insert(tag, value);
    }
}
