//! From a profile to the files of a card.

use std::collections::BTreeMap;

use countertop_wire::tlv::{Dol, TlvWriter, numeric, tags};

use super::crypto::{
    Certified, Key, PrivateKey, Validity, icc_certificate, icc_master_key, issuer_certificate,
};
use super::{CardProfile, DataAuthentication, Fault, IssuerAuthentication};
use super::{ca, issuer};

/// Bits of the application interchange profile, byte 1 (EMV Book 3, annex C1).
const DDA_SUPPORTED: u8 = 0x20;
const CARDHOLDER_VERIFICATION_SUPPORTED: u8 = 0x10;
const TERMINAL_RISK_MANAGEMENT: u8 = 0x08;
const ISSUER_AUTHENTICATION_SUPPORTED: u8 = 0x04;
const CDA_SUPPORTED: u8 = 0x01;

/// The short file identifiers of the card's files.
const UNSIGNED_FILE: u8 = 1;
const CONTACT_FILE: u8 = 2;
const CONTACTLESS_FILE: u8 = 3;

/// Is what a card's interfaces differ in.
#[derive(Debug, Clone)]
pub(super) struct InterfaceData {
    pub(super) pdol: Dol,
    pub(super) interchange_profile: [u8; 2],
    pub(super) file_locator: Vec<u8>,
}

/// Is the content of a card's memory that never changes.
#[derive(Debug, Clone)]
pub(super) struct Personalisation {
    pub(super) contact: InterfaceData,
    pub(super) contactless: InterfaceData,
    pub(super) cdol1: Dol,
    pub(super) cdol2: Dol,
    pub(super) track2: Vec<u8>,
    /// By short file identifier and record number; with the template `70`.
    pub(super) records: BTreeMap<(u8, u8), Vec<u8>>,
    pub(super) icc_key: PrivateKey,
    pub(super) master_key: Key,
}

impl Personalisation {
    pub(super) fn new(profile: &CardProfile) -> Self {
        let pan = profile.pan.expose_str().unwrap_or_default();
        let mut card = Self {
            contact: contact(profile),
            contactless: contactless(profile),
            cdol1: cdol1(),
            cdol2: cdol2(profile.issuer_authentication),
            track2: track2(profile),
            records: BTreeMap::new(),
            icc_key: PrivateKey::icc(),
            // A card number that no key can be derived from gives a card that no host accepts.
            master_key: icc_master_key(&issuer::master_key(), pan, profile.sequence)
                .unwrap_or_default(),
        };
        card.write_unsigned_file(profile);
        card.write_signed_file(profile, CONTACT_FILE, card.contact.interchange_profile);
        card.write_signed_file(profile, CONTACTLESS_FILE, card.contactless.interchange_profile);
        card
    }

    fn put(&mut self, file: u8, record: u8, content: TlvWriter) {
        let template = TlvWriter::new().template(tags::READ_RECORD_TEMPLATE, content);
        self.records.insert((file, record), template.finish());
    }

    fn write_unsigned_file(&mut self, profile: &CardProfile) {
        let content = TlvWriter::new()
            .put(tags::TRACK_2_EQUIVALENT_DATA, &self.track2)
            .put(tags::CARDHOLDER_NAME, &profile.cardholder);
        self.put(UNSIGNED_FILE, 1, content);
    }

    /// Writes the file whose first record the card's certificate signs, together with `profile`.
    fn write_signed_file(&mut self, profile: &CardProfile, file: u8, interchange: [u8; 2]) {
        let signed = self.signed_data(profile);
        let static_data = [&signed.clone().finish()[..], &interchange].concat();
        self.put(file, 1, signed);
        if profile.data_authentication == DataAuthentication::None {
            return;
        }
        self.put(file, 2, issuer_key(profile));
        self.put(file, 3, icc_key(profile, &static_data));
        if file == CONTACT_FILE {
            self.put(file, 4, icc_pin_key(profile));
        }
    }

    fn signed_data(&self, profile: &CardProfile) -> TlvWriter {
        let pan = profile.pan.expose_str().unwrap_or_default();
        let [year, month] = profile.expiry;
        TlvWriter::new()
            .put(tags::APPLICATION_PAN, numeric::encode_compressed(pan).unwrap_or_default())
            .put(tags::PAN_SEQUENCE_NUMBER, [profile.sequence])
            .put(tags::APPLICATION_EXPIRATION_DATE, [year, month, last_day(month)])
            .put(tags::APPLICATION_EFFECTIVE_DATE, [0x24, 0x01, 0x01])
            .put(tags::ISSUER_COUNTRY_CODE, bcd(profile.country, 2))
            .put(tags::APPLICATION_CURRENCY_CODE, bcd(profile.currency, 2))
            .put(tags::APPLICATION_CURRENCY_EXPONENT, [0x02])
            .put(tags::SERVICE_CODE, service_code(profile))
            // Valid everywhere for everything (EMV Book 3, annex C2).
            .put(tags::APPLICATION_USAGE_CONTROL, [0xff, 0xc0])
            .put(tags::APPLICATION_VERSION_NUMBER, [0x00, 0x20])
            .put(tags::ISSUER_ACTION_CODE_DEFAULT, [0xd8, 0x68, 0x3c, 0xf8, 0x00])
            .put(tags::ISSUER_ACTION_CODE_DENIAL, [0x00, 0x10, 0x00, 0x00, 0x00])
            .put(tags::ISSUER_ACTION_CODE_ONLINE, [0xd8, 0x68, 0x3c, 0xf8, 0x00])
            .put(tags::CVM_LIST, cvm_list(profile))
            .put(tags::CDOL1, self.cdol1.to_bytes())
            .put(tags::CDOL2, self.cdol2.to_bytes())
            .put(tags::SDA_TAG_LIST, [0x82])
    }
}

fn contact(profile: &CardProfile) -> InterfaceData {
    let issuer_authentication = match profile.issuer_authentication {
        IssuerAuthentication::ExternalAuthenticate => ISSUER_AUTHENTICATION_SUPPORTED,
        IssuerAuthentication::SecondCryptogram => 0,
    };
    let data_authentication = match profile.data_authentication {
        DataAuthentication::None => 0,
        DataAuthentication::Dynamic => DDA_SUPPORTED,
        DataAuthentication::Combined => DDA_SUPPORTED | CDA_SUPPORTED,
    };
    let capabilities = CARDHOLDER_VERIFICATION_SUPPORTED
        | TERMINAL_RISK_MANAGEMENT
        | issuer_authentication
        | data_authentication;
    let mut file_locator = vec![UNSIGNED_FILE << 3, 1, 1, 0];
    file_locator.extend(signed_entry(profile, CONTACT_FILE));
    InterfaceData {
        pdol: Dol::new([(tags::TERMINAL_COUNTRY_CODE, 2), (tags::TERMINAL_CAPABILITIES, 3)]),
        interchange_profile: [capabilities, 0x00],
        file_locator,
    }
}

fn contactless(profile: &CardProfile) -> InterfaceData {
    let has_keys = profile.data_authentication != DataAuthentication::None;
    let mut entries = vec![(tags::TERMINAL_TRANSACTION_QUALIFIERS, 4)];
    entries.extend(cryptogram_entries());
    InterfaceData {
        pdol: Dol::new(entries),
        interchange_profile: [if has_keys { DDA_SUPPORTED } else { 0 }, 0x00],
        file_locator: signed_entry(profile, CONTACTLESS_FILE).to_vec(),
    }
}

/// Returns the file locator's entry of a file whose first record is signed.
fn signed_entry(profile: &CardProfile, file: u8) -> [u8; 4] {
    let last = match (profile.data_authentication, file) {
        (DataAuthentication::None, _) => 1,
        (_, CONTACT_FILE) => 4,
        _ => 3,
    };
    [file << 3, 1, last, 1]
}

/// What goes into a cryptogram from the terminal.
fn cryptogram_entries() -> [(countertop_wire::tlv::Tag, u8); 8] {
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

fn cdol1() -> Dol {
    Dol::new(cryptogram_entries())
}

fn cdol2(issuer_authentication: IssuerAuthentication) -> Dol {
    let mut entries = vec![(tags::AUTHORISATION_RESPONSE_CODE, 2)];
    if issuer_authentication == IssuerAuthentication::SecondCryptogram {
        entries.push((tags::ISSUER_AUTHENTICATION_DATA, 10));
    }
    entries.extend(cryptogram_entries());
    Dol::new(entries)
}

fn issuer_key(profile: &CardProfile) -> TlvWriter {
    let authority = PrivateKey::certification_authority();
    let issuer = PrivateKey::issuer();
    let pan = profile.pan.expose_str().unwrap_or_default();
    let validity = Validity { expiry: mmyy(profile), serial: [0x00, 0x00, 0x01] };
    let prefix = pan.get(..6).unwrap_or(pan);
    let mut certified = issuer_certificate(&authority, &issuer, prefix, validity);
    if profile.faults.contains(&Fault::WrongCertificate)
        && let Some(last) = certified.certificate.last_mut()
    {
        *last ^= 0x01;
    }
    let Certified { certificate, remainder } = certified;
    TlvWriter::new()
        .put(tags::CA_PUBLIC_KEY_INDEX, [ca::TEST_KEY_INDEX])
        .put(tags::ISSUER_PUBLIC_KEY_CERTIFICATE, certificate)
        .put(tags::ISSUER_PUBLIC_KEY_EXPONENT, issuer.public_exponent())
        .put_some(tags::ISSUER_PUBLIC_KEY_REMAINDER, remainder)
}

fn icc_key(profile: &CardProfile, static_data: &[u8]) -> TlvWriter {
    let Certified { certificate, remainder } = certified_icc_key(profile, static_data);
    TlvWriter::new()
        .put(tags::ICC_PUBLIC_KEY_CERTIFICATE, certificate)
        .put(tags::ICC_PUBLIC_KEY_EXPONENT, PrivateKey::icc().public_exponent())
        .put_some(tags::ICC_PUBLIC_KEY_REMAINDER, remainder)
        .put(tags::DDOL, Dol::new([(tags::UNPREDICTABLE_NUMBER, 4)]).to_bytes())
}

/// Returns the same key once more, certified for PINs: a kernel that has only this certificate
/// can encipher with it (EMV Book 2, clause 7.1).
fn icc_pin_key(profile: &CardProfile) -> TlvWriter {
    let Certified { certificate, remainder } = certified_icc_key(profile, &[]);
    TlvWriter::new()
        .put(tags::ICC_PIN_PUBLIC_KEY_CERTIFICATE, certificate)
        .put(tags::ICC_PIN_PUBLIC_KEY_EXPONENT, PrivateKey::icc().public_exponent())
        .put_some(tags::ICC_PIN_PUBLIC_KEY_REMAINDER, remainder)
}

fn certified_icc_key(profile: &CardProfile, static_data: &[u8]) -> Certified {
    let pan = profile.pan.expose_str().unwrap_or_default();
    let validity = Validity { expiry: mmyy(profile), serial: [0x00, 0x00, 0x02] };
    icc_certificate(&PrivateKey::issuer(), &PrivateKey::icc(), pan, validity, static_data)
}

fn cvm_list(profile: &CardProfile) -> Vec<u8> {
    // The amounts X and Y of the conditions are not used.
    let mut list = vec![0; 8];
    list.extend(profile.cvm_rules.iter().flat_map(|rule| rule.to_bytes()));
    list
}

fn track2(profile: &CardProfile) -> Vec<u8> {
    let track = profile.track2();
    let nibbles: Vec<u8> =
        track.expose().iter().map(|byte| if *byte == b'=' { 0x0d } else { byte & 0x0f }).collect();
    nibbles.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0x0f)).collect()
}

fn service_code(profile: &CardProfile) -> Vec<u8> {
    profile.service_code.parse().map_or_else(|_| vec![0; 2], |code: u16| bcd(code, 2))
}

fn mmyy(profile: &CardProfile) -> [u8; 2] {
    let [year, month] = profile.expiry;
    [month, year]
}

fn last_day(month: u8) -> u8 {
    match month {
        0x02 => 0x28,
        0x04 | 0x06 | 0x09 | 0x11 => 0x30,
        _ => 0x31,
    }
}

fn bcd(value: u16, length: usize) -> Vec<u8> {
    numeric::encode(value.into(), length).unwrap_or_else(|| vec![0; length])
}
