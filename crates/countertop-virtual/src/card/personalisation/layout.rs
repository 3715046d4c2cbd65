//! Which data object is in which record.

use std::collections::BTreeMap;

use countertop_wire::tlv::{Tag, TlvWriter, tags};

use crate::card::RecordLayout;

/// Files from which the whole record is signed, not only its content (EMV Book 3, clause 10.3).
const PROPRIETARY_FILES: u8 = 11;

/// What fits into a record behind the tag and length of its template.
const CONTENT: usize = 251;

/// The short file identifiers of the card's files.
const UNSIGNED_FILE: u8 = 1;
const CONTACT_FILE: u8 = 2;
const CONTACTLESS_FILE: u8 = 3;

/// The values of the card's data objects.
pub(super) type Objects = BTreeMap<Tag, Vec<u8>>;

/// The records by short file identifier and number, with their template `70`.
pub(in crate::card) type Records = BTreeMap<(u8, u8), Vec<u8>>;

const UNSIGNED: &[Tag] = &[tags::TRACK_2_EQUIVALENT_DATA, tags::CARDHOLDER_NAME];
const SIGNED: &[Tag] = &[
    tags::APPLICATION_PAN,
    tags::PAN_SEQUENCE_NUMBER,
    tags::APPLICATION_EXPIRATION_DATE,
    tags::APPLICATION_EFFECTIVE_DATE,
    tags::ISSUER_COUNTRY_CODE,
    tags::APPLICATION_CURRENCY_CODE,
    tags::APPLICATION_CURRENCY_EXPONENT,
    tags::SERVICE_CODE,
    tags::APPLICATION_USAGE_CONTROL,
    tags::APPLICATION_VERSION_NUMBER,
    tags::ISSUER_ACTION_CODE_DEFAULT,
    tags::ISSUER_ACTION_CODE_DENIAL,
    tags::ISSUER_ACTION_CODE_ONLINE,
    tags::LOWER_CONSECUTIVE_OFFLINE_LIMIT,
    tags::UPPER_CONSECUTIVE_OFFLINE_LIMIT,
    tags::CVM_LIST,
    tags::CDOL1,
    tags::CDOL2,
    tags::SDA_TAG_LIST,
];
/// Mastercard's meaning of `9F51` is DRDOL.
const RADIO: &[Tag] = &[tags::TRACK_2_EQUIVALENT_DATA, tags::UNIONPAY_APPLICATION_CURRENCY_CODE];
const ISSUER_KEY: &[Tag] = &[
    tags::CA_PUBLIC_KEY_INDEX,
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
    tags::ISSUER_PUBLIC_KEY_EXPONENT,
    tags::ISSUER_PUBLIC_KEY_REMAINDER,
    tags::SIGNED_STATIC_APPLICATION_DATA,
];
const ICC_KEY: &[Tag] = &[
    tags::ICC_PUBLIC_KEY_CERTIFICATE,
    tags::ICC_PUBLIC_KEY_EXPONENT,
    tags::ICC_PUBLIC_KEY_REMAINDER,
    tags::DDOL,
];
const PIN_KEY: &[Tag] = &[
    tags::ICC_PIN_PUBLIC_KEY_CERTIFICATE,
    tags::ICC_PIN_PUBLIC_KEY_EXPONENT,
    tags::ICC_PIN_PUBLIC_KEY_REMAINDER,
];

/// Returns the usual layout of the contacts.
pub(super) fn contact() -> Vec<RecordLayout> {
    let mut layout = vec![record(UNSIGNED_FILE, UNSIGNED, false)];
    layout.extend(signed_file(CONTACT_FILE));
    layout.push(record(CONTACT_FILE, PIN_KEY, false));
    layout
}

/// Returns the layout of the radio interface.
///
/// A card that generates its cryptogram has track 2 in a record; another answers with it.
pub(super) fn contactless(generates: bool) -> Vec<RecordLayout> {
    let mut layout = Vec::from(signed_file(CONTACTLESS_FILE));
    if generates {
        layout.push(record(CONTACTLESS_FILE, RADIO, false));
    }
    layout
}

fn signed_file(file: u8) -> [RecordLayout; 3] {
    [record(file, SIGNED, true), record(file, ISSUER_KEY, false), record(file, ICC_KEY, false)]
}

fn record(file: u8, objects: &[Tag], signed: bool) -> RecordLayout {
    RecordLayout { file, objects: objects.to_vec(), signed }
}

/// Returns what is signed of the records: the static data but for the tag list's part.
pub(super) fn signed_data(layout: &[RecordLayout], objects: &Objects) -> Vec<u8> {
    let mut data = Vec::new();
    for record in layout.iter().filter(|record| record.signed) {
        let content = content(record, objects).concat();
        if record.file < PROPRIETARY_FILES {
            data.extend_from_slice(&content);
        } else if !content.is_empty() {
            data.extend_from_slice(&template(&content));
        }
    }
    data
}

/// Writes the records of a layout and returns the file locator.
pub(super) fn write(layout: &[RecordLayout], objects: &Objects, records: &mut Records) -> Vec<u8> {
    let mut files: Vec<[u8; 4]> = Vec::new();
    for record in layout {
        for content in packed(record, objects) {
            let at = files.iter().position(|[reference, ..]| reference >> 3 == record.file);
            let at = at.unwrap_or_else(|| {
                files.push([record.file << 3, 1, 0, 0]);
                files.len() - 1
            });
            let Some([_, _, last, signed]) = files.get_mut(at) else { continue };
            *last = last.saturating_add(1);
            *signed = signed.saturating_add(u8::from(record.signed));
            records.insert((record.file, *last), template(&content));
        }
    }
    files.concat()
}

/// Returns the content of a record; what is not signed goes on in further records when one cannot
/// hold it.
fn packed(record: &RecordLayout, objects: &Objects) -> Vec<Vec<u8>> {
    let mut contents: Vec<Vec<u8>> = Vec::new();
    for object in content(record, objects) {
        match contents.last_mut() {
            Some(last) if record.signed || last.len() + object.len() <= CONTENT => {
                last.extend_from_slice(&object);
            }
            _ => contents.push(object),
        }
    }
    contents
}

fn content(record: &RecordLayout, objects: &Objects) -> Vec<Vec<u8>> {
    let encode = |tag: &Tag| Some(TlvWriter::new().put(*tag, objects.get(tag)?).finish());
    record.objects.iter().filter_map(encode).collect()
}

fn template(content: &[u8]) -> Vec<u8> {
    TlvWriter::new().put(tags::READ_RECORD_TEMPLATE, content).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects() -> Objects {
        let long = [(tags::ISSUER_PUBLIC_KEY_CERTIFICATE, 248), (tags::DDOL, 3)];
        let short = [(tags::CARDHOLDER_NAME, 2), (tags::APPLICATION_PAN, 8)];
        long.into_iter().chain(short).map(|(tag, length)| (tag, vec![0x11; length])).collect()
    }

    #[test]
    fn records_are_numbered_and_split() {
        let layout = [
            record(9, &[tags::APPLICATION_PAN], true),
            record(9, &[tags::ISSUER_PUBLIC_KEY_CERTIFICATE, tags::DDOL], false),
            record(1, &[tags::CARDHOLDER_NAME, tags::CVM_LIST], false),
            record(4, &[tags::CVM_LIST], false),
        ];
        let mut records = Records::new();
        let locator = write(&layout, &objects(), &mut records);
        assert_eq!(locator, [9 << 3, 1, 3, 1, 1 << 3, 1, 1, 0]);
        assert_eq!(records.len(), 4);
        assert_eq!(records[&(9, 2)].len(), 254);
    }

    #[test]
    fn proprietary_files_are_signed_with_their_template() {
        let content = [0x5a, 0x08, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11];
        let signed =
            |file| signed_data(&[record(file, &[tags::APPLICATION_PAN], true)], &objects());
        assert_eq!(signed(10), content);
        assert_eq!(signed(11), [&[0x70, 0x0a][..], &content].concat());
    }
}
