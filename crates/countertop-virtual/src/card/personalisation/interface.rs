//! What a card's interfaces differ in, and the lists of what it wants to know.

use countertop_wire::tlv::{Dol, Tag, tags};

use super::layout::Records;
use crate::card::{CardProfile, DataAuthentication, IssuerAuthentication};

/// Bits of the application interchange profile, byte 1 (EMV Book 3, annex C1).
const XDA_SUPPORTED: u8 = 0x80;
const SDA_SUPPORTED: u8 = 0x40;
const DDA_SUPPORTED: u8 = 0x20;
const CARDHOLDER_VERIFICATION_SUPPORTED: u8 = 0x10;
const TERMINAL_RISK_MANAGEMENT: u8 = 0x08;
const ISSUER_AUTHENTICATION_SUPPORTED: u8 = 0x04;
const CDA_SUPPORTED: u8 = 0x01;
const ON_DEVICE_CVM_SUPPORTED: u8 = 0x02;
/// Byte 2, by radio.
const EMV_MODE_SUPPORTED: u8 = 0x80;

/// Is what a card's interfaces differ in.
#[derive(Debug, Clone)]
pub(in crate::card) struct InterfaceData {
    pub(in crate::card) pdol: Dol,
    pub(in crate::card) interchange_profile: [u8; 2],
    pub(in crate::card) file_locator: Vec<u8>,
    /// By short file identifier and record number; with the template `70`.
    pub(in crate::card) records: Records,
}

pub(super) fn contact(profile: &CardProfile) -> InterfaceData {
    by_contact(
        profile,
        match profile.data_authentication {
            DataAuthentication::None => 0,
            DataAuthentication::Static => SDA_SUPPORTED,
            DataAuthentication::Dynamic => DDA_SUPPORTED,
            DataAuthentication::Combined | DataAuthentication::Extended => {
                DDA_SUPPORTED | CDA_SUPPORTED
            }
        },
    )
}

/// Returns the data of the contacts where card and terminal use elliptic curves.
pub(super) fn extended(profile: &CardProfile) -> InterfaceData {
    by_contact(profile, XDA_SUPPORTED)
}

fn by_contact(profile: &CardProfile, data_authentication: u8) -> InterfaceData {
    let issuer_authentication = match profile.issuer_authentication {
        IssuerAuthentication::ExternalAuthenticate => ISSUER_AUTHENTICATION_SUPPORTED,
        IssuerAuthentication::SecondCryptogram => 0,
    };
    let verification =
        if profile.cvm_rules.is_empty() { 0 } else { CARDHOLDER_VERIFICATION_SUPPORTED };
    let capabilities =
        verification | TERMINAL_RISK_MANAGEMENT | issuer_authentication | data_authentication;
    InterfaceData {
        pdol: Dol::new([(tags::TERMINAL_COUNTRY_CODE, 2), (tags::TERMINAL_CAPABILITIES, 3)]),
        interchange_profile: [capabilities, 0x00],
        file_locator: Vec::new(),
        records: Records::new(),
    }
}

pub(super) fn contactless(profile: &CardProfile) -> InterfaceData {
    if profile.radio.generates {
        return generating(profile);
    }
    let mut entries = vec![(tags::TERMINAL_TRANSACTION_QUALIFIERS, 4)];
    entries.extend(cryptogram_entries());
    let has_key = profile.data_authentication.has_icc_key();
    InterfaceData {
        pdol: Dol::new(entries),
        interchange_profile: [if has_key { DDA_SUPPORTED } else { 0 }, 0x00],
        file_locator: Vec::new(),
        records: Records::new(),
    }
}

/// Returns the data of a card that generates its cryptogram by radio as by contact (EMV Book C-2,
/// annex A.1.16).
fn generating(profile: &CardProfile) -> InterfaceData {
    let InterfaceData { interchange_profile: [by_contact, _], .. } = contact(profile);
    let on_device = if profile.radio.consumer_device { ON_DEVICE_CVM_SUPPORTED } else { 0 };
    InterfaceData {
        pdol: Dol::new([(tags::TERMINAL_COUNTRY_CODE, 2), (tags::TERMINAL_TYPE, 1)]),
        interchange_profile: [by_contact | on_device, EMV_MODE_SUPPORTED],
        file_locator: Vec::new(),
        records: Records::new(),
    }
}

/// What goes into a cryptogram from the terminal.
fn cryptogram_entries() -> [(Tag, u8); 8] {
    [
        (tags::AMOUNT_AUTHORISED, 6),
        (tags::AMOUNT_OTHER, 6),
        (tags::TERMINAL_COUNTRY_CODE, 2),
        (tags::TERMINAL_VERIFICATION_RESULTS, 5),
        (tags::TRANSACTION_CURRENCY_CODE, 2),
        (tags::TRANSACTION_DATE, 3),
        (tags::TRANSACTION_TYPE, 1),
        (tags::UNPREDICTABLE_NUMBER, 4),
    ]
}

pub(super) fn cdol1() -> Dol {
    Dol::new(cryptogram_entries())
}

pub(super) fn cdol2(issuer_authentication: IssuerAuthentication) -> Dol {
    let mut entries = vec![(tags::AUTHORISATION_RESPONSE_CODE, 2)];
    if issuer_authentication == IssuerAuthentication::SecondCryptogram {
        entries.push((tags::ISSUER_AUTHENTICATION_DATA, 10));
    }
    entries.extend(cryptogram_entries());
    Dol::new(entries)
}
