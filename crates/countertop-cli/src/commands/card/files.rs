//! Which applications a card has (EMV Book 1, clause 12; EMV Book B, clause 3.3).

use std::collections::HashSet;

use countertop_wire::apdu::CommandApdu;
use countertop_wire::tlv::{Tlv, find_anywhere, tags, tlvs};

use super::read::Talk;
use crate::failure::Failure;

/// The payment system environment of contact cards.
const PSE: &str = "1PAY.SYS.DDF01";
/// That of contactless cards.
const PPSE: &str = "2PAY.SYS.DDF01";

/// Identifiers to try on a card without a directory: UnionPay debit, credit and quasi-credit; Visa credit
/// and Electron; Mastercard and Maestro; American Express; JCB; Discover.
const KNOWN: [&[u8]; 10] = [
    &[0xa0, 0, 0, 0x03, 0x33, 1, 1, 1],
    &[0xa0, 0, 0, 0x03, 0x33, 1, 1, 2],
    &[0xa0, 0, 0, 0x03, 0x33, 1, 1, 3],
    &[0xa0, 0, 0, 0, 0x03, 0x10, 0x10],
    &[0xa0, 0, 0, 0, 0x03, 0x20, 0x10],
    &[0xa0, 0, 0, 0, 0x04, 0x10, 0x10],
    &[0xa0, 0, 0, 0, 0x04, 0x30, 0x60],
    &[0xa0, 0, 0, 0, 0x25, 0x01],
    &[0xa0, 0, 0, 0, 0x65, 0x10, 0x10],
    &[0xa0, 0, 0, 0x01, 0x52, 0x30, 0x10],
];

/// Lengths of an identifier (ISO/IEC 7816-4, clause 8.2.1.2).
const AID_LENGTHS: core::ops::RangeInclusive<usize> = 5..=16;
/// A directory is in one of these files, and has no more than these records (EMV Book 1, clause 12.2.3).
const DIRECTORY_FILES: core::ops::RangeInclusive<u8> = 1..=10;
const DIRECTORY_RECORDS: core::ops::RangeInclusive<u8> = 1..=10;
/// So many applications are read, the first of the directory: each takes some dozen commands.
const MOST_APPLICATIONS: usize = 32;

/// Is what a card says of its applications.
pub(super) struct Directory {
    /// The directory's name; none when known identifiers have to be tried.
    pub(super) name: Option<&'static str>,
    /// Each application once, in the directory's order.
    pub(super) aids: Vec<Vec<u8>>,
}

pub(super) fn select(name: &[u8]) -> CommandApdu {
    CommandApdu::new(0x00, 0xa4, 0x04, 0x00).with_data(name).expecting(256)
}

pub(super) fn read_record(file: u8, number: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0xb2, number, file << 3 | 0x04).expecting(256)
}

impl Directory {
    /// Reads the directory that fits the interface, else the other one; a card has one or the other.
    pub(super) async fn read(talk: &mut Talk<'_>, by_radio: bool) -> Result<Self, Failure> {
        let names = if by_radio { [PPSE, PSE] } else { [PSE, PPSE] };
        for name in names {
            let answer = talk.ask(&select(name.as_bytes())).await?;
            if !answer.is_success() {
                continue;
            }
            let aids = distinct(match file_of_records(answer.data.expose()) {
                Some(file) => records(talk, file).await?,
                None => entries(answer.data.expose()),
            });
            if !aids.is_empty() {
                return Ok(Self { name: Some(name), aids });
            }
        }
        Ok(Self { name: None, aids: KNOWN.iter().map(|aid| aid.to_vec()).collect() })
    }
}

/// Returns the file that the directory's records are in.
fn file_of_records(fci: &[u8]) -> Option<u8> {
    match find_anywhere(fci, tags::SHORT_FILE_IDENTIFIER) {
        Ok(Some(&[file])) if DIRECTORY_FILES.contains(&file) => Some(file),
        _ => None,
    }
}

async fn records(talk: &mut Talk<'_>, file: u8) -> Result<Vec<Vec<u8>>, Failure> {
    let mut aids = Vec::new();
    for number in DIRECTORY_RECORDS {
        let answer = talk.ask(&read_record(file, number)).await?;
        if !answer.is_success() {
            break;
        }
        aids.extend(entries(answer.data.expose()));
    }
    Ok(aids)
}

/// Leaves out what is listed again, what is no identifier, and what is too much.
fn distinct(aids: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut seen = HashSet::new();
    let first = |aid: &Vec<u8>| AID_LENGTHS.contains(&aid.len()) && seen.insert(aid.clone());
    let mut aids: Vec<_> = aids.into_iter().filter(first).collect();
    if aids.len() > MOST_APPLICATIONS {
        tracing::warn!(
            listed = aids.len(),
            read = MOST_APPLICATIONS,
            "the card has too many applications"
        );
        aids.truncate(MOST_APPLICATIONS);
    }
    aids
}

/// Returns the identifiers in the application templates anywhere in `data`.
fn entries(data: &[u8]) -> Vec<Vec<u8>> {
    let mut aids = Vec::new();
    collect(data, 0, &mut aids);
    aids
}

fn collect(data: &[u8], depth: usize, aids: &mut Vec<Vec<u8>>) {
    const DEEPEST: usize = 6;
    for Tlv { tag, value } in tlvs(data).map_while(Result::ok) {
        if tag == tags::APPLICATION_IDENTIFIER {
            aids.push(value.to_vec());
        } else if tag.is_constructed() && depth < DEEPEST {
            collect(value, depth + 1, aids);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_found_in_their_templates() {
        let record = [0x70, 0x08, 0x61, 0x06, 0x4f, 0x04, 0xa0, 0, 0, 3];
        assert_eq!(entries(&record), [vec![0xa0, 0, 0, 3]]);
        for length in 0..record.len() {
            assert!(entries(&record[..length]).len() <= 1);
        }
        assert_eq!(file_of_records(&[0xa5, 0x03, 0x88, 0x01, 0x01]), Some(1));
        assert_eq!(file_of_records(&[0xa5, 0x03, 0x88, 0x01, 0x0a]), Some(10));
        for none in [0x00, 0x0b] {
            assert_eq!(file_of_records(&[0xa5, 0x03, 0x88, 0x01, none]), None);
        }
    }

    #[test]
    fn each_application_counts_once_and_there_is_an_end() {
        let aid = |number: u8| vec![0xa0, 0, 0, 0, number];
        let wrong = [vec![], vec![0xa0; 4], vec![0xa0; 17]];
        let listed = [vec![aid(2), aid(1), aid(2)], wrong.to_vec(), vec![aid(1), aid(3)]].concat();
        assert_eq!(distinct(listed), [aid(2), aid(1), aid(3)]);
        let many: Vec<_> = (0..=255).map(aid).collect();
        assert_eq!(distinct(many.clone()), many[..MOST_APPLICATIONS]);
    }
}
