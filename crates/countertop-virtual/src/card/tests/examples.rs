//! The cards that come with the project, read as a terminal reads them (EMV Book 3, clause 10.2).

use std::collections::BTreeSet;

use countertop_wire::tlv::{self, Dol};

use super::recovered::icc_key;
use super::*;

/// Terminal Capabilities without and with extended data authentication.
const CAPABILITIES: [[u8; 3]; 2] = [[0xe0, 0xf8, 0xc8], [0xe0, 0xf8, 0xcc]];
/// By radio: EMV mode, online PIN, signature; authenticates online transactions.
const QUALIFIERS: [u8; 4] = [0x27, 0x00, 0x00, 0x00];
/// What each card has to have (EMV Book 3, table 27).
const MANDATORY: [Tag; 4] =
    [tags::APPLICATION_PAN, tags::APPLICATION_EXPIRATION_DATE, tags::CDOL1, tags::CDOL2];
/// And for offline data authentication (EMV Book 3, tables 28 and 29; Book 2, clause 12).
const EXTENDED: [Tag; 3] = [
    tags::CA_PUBLIC_KEY_INDEX,
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
    tags::ICC_PUBLIC_KEY_CERTIFICATE,
];
const STATIC: [Tag; 4] = [
    tags::CA_PUBLIC_KEY_INDEX,
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
    tags::ISSUER_PUBLIC_KEY_EXPONENT,
    tags::SIGNED_STATIC_APPLICATION_DATA,
];
const DYNAMIC: [Tag; 5] = [
    tags::CA_PUBLIC_KEY_INDEX,
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
    tags::ISSUER_PUBLIC_KEY_EXPONENT,
    tags::ICC_PUBLIC_KEY_CERTIFICATE,
    tags::ICC_PUBLIC_KEY_EXPONENT,
];

/// The files, with their names.
fn examples() -> Vec<(String, CardProfile)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/cards");
    let read = |file: std::fs::DirEntry| {
        let name = file.file_name().into_string().unwrap();
        let profile = CardProfile::from_toml(&std::fs::read_to_string(file.path()).unwrap());
        let profile = profile.unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, profile)
    };
    std::fs::read_dir(folder).unwrap().map(|file| read(file.unwrap())).collect()
}

#[test]
fn the_examples_are_cards() {
    let examples = examples();
    assert!(examples.len() >= 5);
    for (name, mut profile) in examples {
        // A card with faults has too much or too little on purpose.
        profile.faults.clear();
        // The procedure bytes of T=0 have tests of their own.
        profile.transmission = Transmission::T1;
        let card = PaymentCard::new(profile);
        for interface in [Interface::Contact, Interface::Contactless] {
            for index in 0..card.profile().applications().len() {
                for capabilities in CAPABILITIES {
                    let card = card.clone().on(interface);
                    complete(card, index, capabilities, &format!("{name} {interface:?} {index}"));
                }
            }
        }
    }
}

/// Reads an application as a terminal with these capabilities does: nothing is missing and nothing there
/// twice.
fn complete(mut card: PaymentCard, index: usize, capabilities: [u8; 3], what: &str) {
    let aid = card.profile().applications()[index].aid.clone();
    let information = expect(&mut card, &select(aid));
    let list = tlv::find_anywhere(&information, tags::PDOL).unwrap().unwrap_or_default();
    let answer = Dol::parse(list).unwrap().answer(|tag| match tag {
        tags::TERMINAL_CAPABILITIES => Some(capabilities.to_vec()),
        tags::TERMINAL_TRANSACTION_QUALIFIERS => Some(QUALIFIERS.to_vec()),
        _ => None,
    });
    let options = expect(&mut card, &processing_options(&answer));
    let (mut templates, mut static_data) = records(&mut card, &options, what);
    static_data.extend(interchange_profile(&options));
    if !templates.is_empty() && card.extended().is_none() && has_icc_key(&card) {
        // The stranger believes the certificates.
        icc_key(&card, &templates, &static_data);
    }
    templates.push(options.clone());
    let mut found = BTreeSet::new();
    for template in &templates {
        for tag in objects(template) {
            assert!(found.insert(tag), "{what}: {tag:?} is there twice");
        }
    }
    for tag in wanted(&card, &options) {
        assert!(found.contains(&tag), "{what}: {tag:?} is missing");
    }
}

/// Returns what is in a record or an answer in format 2.
fn objects(bytes: &[u8]) -> Vec<Tag> {
    let path = |tag| tlv::find(bytes, &[tag]).unwrap();
    let record = path(tags::READ_RECORD_TEMPLATE);
    let content = record.or_else(|| path(tags::RESPONSE_TEMPLATE_FORMAT_2)).unwrap_or_default();
    tlv::tlvs(content).map(|object| object.unwrap().tag).collect()
}

/// Returns every record that the file locator names, and what is signed of them (EMV Book 3, clause 10.3).
fn records(card: &mut PaymentCard, options: &[u8], what: &str) -> (Vec<Vec<u8>>, Vec<u8>) {
    let locator = locator(options);
    let (mut records, mut static_data) = (Vec::new(), Vec::new());
    for [reference, first, last, signed] in locator.as_chunks::<4>().0 {
        assert!(first <= last && *signed <= last - first + 1, "{what}");
        let file = reference >> 3;
        for number in *first..=*last {
            let record = expect(card, &read_record(file, number));
            if number - first < *signed {
                let content = tlv::find(&record, &[tags::READ_RECORD_TEMPLATE]).unwrap().unwrap();
                static_data.extend_from_slice(if file <= 10 { content } else { &record });
            }
            records.push(record);
        }
    }
    (records, static_data)
}

fn has_icc_key(card: &PaymentCard) -> bool {
    card.profile().data_authentication.has_icc_key()
}

/// Returns the interchange profile of an answer in format 1 or 2.
fn interchange_profile(options: &[u8]) -> Vec<u8> {
    if let Some(value) = tlv::find(options, &[tags::RESPONSE_TEMPLATE_FORMAT_1]).unwrap() {
        return value[..2].to_vec();
    }
    let found = tlv::find_anywhere(options, tags::APPLICATION_INTERCHANGE_PROFILE).unwrap();
    found.unwrap().to_vec()
}

/// Returns the file locator of an answer in format 1 or 2.
fn locator(options: &[u8]) -> Vec<u8> {
    if let Some(value) = tlv::find(options, &[tags::RESPONSE_TEMPLATE_FORMAT_1]).unwrap() {
        return value[2..].to_vec();
    }
    let found = tlv::find_anywhere(options, tags::APPLICATION_FILE_LOCATOR).unwrap();
    found.unwrap_or_default().to_vec()
}

fn wanted(card: &PaymentCard, options: &[u8]) -> Vec<Tag> {
    let authentication: &[Tag] = match card.profile().data_authentication {
        _ if card.extended().is_some() => &EXTENDED,
        DataAuthentication::None => &[],
        DataAuthentication::Static => &STATIC,
        _ => &DYNAMIC,
    };
    let mut wanted = [&MANDATORY, authentication].concat();
    if card.interface == Interface::Contactless && !card.profile().radio.generates {
        if locator(options).is_empty() {
            // A card that answers with its cryptogram has records for its signature alone.
            return vec![tags::TRACK_2_EQUIVALENT_DATA, tags::APPLICATION_CRYPTOGRAM];
        }
        wanted.push(tags::SIGNED_DYNAMIC_APPLICATION_DATA);
    }
    wanted
}
