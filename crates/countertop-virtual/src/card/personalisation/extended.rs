//! What a card has where it and the terminal use elliptic curves (EMV Book 2, clause 12).

use countertop_wire::tlv::{TlvWriter, tags};

use super::interface::{self, InterfaceData};
use super::keys::{LONG_AGO, changed};
use super::layout::{self, Objects};
use super::{leave_out, objects, spoil};
use crate::card::crypto::{
    AuthorityName, EcPrivateKey, Role, ec_icc_certificate, ec_issuer_certificate,
};
use crate::card::{ApplicationEntry, CardProfile, DataAuthentication, Fault, RecordLayout, ca};

/// Is what an application has for extended data authentication; the card's certificate names it.
#[derive(Debug, Clone)]
pub(in crate::card) struct Extended {
    pub(in crate::card) interface: InterfaceData,
    pub(in crate::card) key: EcPrivateKey,
}

/// Returns the data of each application; none for a card without such keys.
pub(super) fn applications(profile: &CardProfile, layout: &[RecordLayout]) -> Vec<Extended> {
    if profile.data_authentication != DataAuthentication::Extended {
        return Vec::new();
    }
    profile.applications.iter().map(|entry| application(profile, layout, entry)).collect()
}

fn application(
    profile: &CardProfile,
    layout: &[RecordLayout],
    entry: &ApplicationEntry,
) -> Extended {
    let mut interface = interface::extended(profile);
    let mut objects = objects::static_objects(profile);
    leave_out(profile, &mut objects);
    let records = layout::signed_data(layout, &objects);
    let static_data = static_data(records, entry, &interface);
    let key = EcPrivateKey::of(Role::Icc, profile.keys.curve);
    certify(profile, entry, &key, static_data, &mut objects);
    leave_out(profile, &mut objects);
    interface.file_locator = layout::write(layout, &objects, &mut interface.records);
    spoil(profile, layout, &mut interface);
    Extended { interface, key }
}

/// Returns the issuer certified card data: the records, then interchange profile, identifier and PDOL with
/// tag and length (EMV Book 3, clause 10.3).
fn static_data(
    mut records: Vec<u8>,
    entry: &ApplicationEntry,
    interface: &InterfaceData,
) -> Vec<u8> {
    let others = TlvWriter::new()
        .put(tags::APPLICATION_INTERCHANGE_PROFILE, interface.interchange_profile)
        .put(tags::APPLICATION_IDENTIFIER_TERMINAL, &entry.aid)
        .put(tags::PDOL, interface.pdol.to_bytes());
    records.extend_from_slice(&others.finish());
    records
}

fn certify(
    profile: &CardProfile,
    entry: &ApplicationEntry,
    key: &EcPrivateKey,
    static_data: Vec<u8>,
    objects: &mut Objects,
) {
    let curve = profile.keys.curve;
    let [authority, issuer] =
        [Role::Authority, Role::Issuer].map(|role| EcPrivateKey::of(role, curve));
    let name = AuthorityName {
        rid: entry.aid.first_chunk().copied().unwrap_or_default(),
        index: ca::ec_key_index(curve),
    };
    let pan = profile.pan.expose_str().unwrap_or_default();
    let identifier = pan.get(..6).unwrap_or(pan);
    let expiry = expiry(profile, Fault::ExpiredCertificate);
    let certificate =
        ec_issuer_certificate(&authority, name, &issuer, identifier, expiry, [0x00, 0x00, 0x01]);
    let certificate = changed(profile, Fault::WrongCertificate, certificate);
    objects.insert(tags::CA_PUBLIC_KEY_INDEX, vec![name.index]);
    objects.insert(tags::ISSUER_PUBLIC_KEY_CERTIFICATE, certificate);
    let static_data = changed(profile, Fault::WrongHash, static_data);
    let expiry = self::expiry(profile, Fault::ExpiredIccCertificate);
    let serial = [0x00, 0x00, 0x00, 0x00, 0x00, 0x02];
    let certificate = ec_icc_certificate(&issuer, key, expiry, serial, &static_data);
    let certificate = changed(profile, Fault::WrongIccCertificate, certificate);
    objects.insert(tags::ICC_PUBLIC_KEY_CERTIFICATE, certificate);
}

/// Returns the expiry of a certificate, YYYYMMDD: that of the card, or later for one that has expired
/// itself. The 28th is a day that each month has.
fn expiry(profile: &CardProfile, fault: Fault) -> [u8; 4] {
    let [year, month] = profile.expiry;
    let [month, year] =
        if profile.faults.contains(&fault) { LONG_AGO } else { [month, year.max(0x30)] };
    [0x20, year, month, 0x28]
}
