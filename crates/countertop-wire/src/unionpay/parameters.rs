//! Field 62 of the download of chip parameters: public keys of certification authorities and chip
//! applications, a record at a time (Q/CUP 009; network management codes 370 to 373 and 380 to 382).

use crate::tlv::{Tag, TlvWriter, tags, tlvs};

/// The most records that two digits can count.
pub const PARAMETER_RECORDS_MAX: usize = 99;

const NONE: u8 = b'0';
const ALL: u8 = b'1';
const MORE: u8 = b'2';
const LAST: u8 = b'3';

/// Names a record: the application identifier (`9F06`), of keys the provider's, and a key's index
/// (`9F22`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterName {
    /// Application identifier, or the provider's.
    pub identifier: Vec<u8>,
    /// Index of a public key; none for an application.
    pub key_index: Option<u8>,
}

/// Is a part of the list of a host's records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParameterList {
    /// The records' names, in the host's order.
    pub names: Vec<ParameterName>,
    /// Whether the list goes on in another message.
    pub more: bool,
}

/// Says why a field 62 is none of a parameter download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("field 62 of a parameter download: {0}")]
pub struct BadParameters(&'static str);

/// Returns field 62 of a query by a terminal that was told of `known` records so far.
///
/// # Errors
///
/// [`BadParameters`] over [`PARAMETER_RECORDS_MAX`].
pub fn parameter_query(known: usize) -> Result<Vec<u8>, BadParameters> {
    if known > PARAMETER_RECORDS_MAX {
        return Err(BadParameters("there are more than 99 records"));
    }
    Ok(format!("1{known:02}").into_bytes())
}

/// Reads how many records a terminal was told of that queries.
///
/// # Errors
///
/// [`BadParameters`] when it is no query.
pub fn parse_parameter_query(field: &[u8]) -> Result<usize, BadParameters> {
    match field {
        [b'1', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Ok(usize::from(tens - b'0') * 10 + usize::from(ones - b'0'))
        }
        _ => Err(BadParameters("a query is `1` and two digits")),
    }
}

impl ParameterName {
    /// Returns the data objects by which a record is asked for.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.write(TlvWriter::new()).finish()
    }

    /// Reads the data objects by which a record is asked for.
    ///
    /// # Errors
    ///
    /// [`BadParameters`] for what is no one name.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadParameters> {
        match <[Self; 1]>::try_from(names(bytes)?) {
            Ok([name]) => Ok(name),
            Err(_) => Err(BadParameters("one record is asked for at a time")),
        }
    }

    fn write(&self, list: TlvWriter) -> TlvWriter {
        let list = list.put(IDENTIFIER, &self.identifier);
        list.put_some(KEY_INDEX, self.key_index.map(|index| [index]))
    }
}

const IDENTIFIER: Tag = tags::APPLICATION_IDENTIFIER_TERMINAL;
const KEY_INDEX: Tag = tags::CA_PUBLIC_KEY_INDEX_TERMINAL;

/// Reads names, each of which begins with its identifier; expiry dates are passed over.
fn names(bytes: &[u8]) -> Result<Vec<ParameterName>, BadParameters> {
    let mut names: Vec<ParameterName> = Vec::new();
    for object in tlvs(bytes) {
        let object = object.map_err(|_| BadParameters("the list is no BER-TLV"))?;
        match (object.tag, names.last_mut()) {
            (IDENTIFIER, _) => {
                names.push(ParameterName { identifier: object.value.to_vec(), key_index: None });
            }
            (KEY_INDEX, Some(name)) => match object.value {
                [index] => name.key_index = Some(*index),
                _ => return Err(BadParameters("a key's index has one byte")),
            },
            (_, Some(_)) => {}
            (_, None) => return Err(BadParameters("the list begins without an identifier")),
        }
    }
    Ok(names)
}

impl ParameterList {
    /// Returns field 62 of an answer to a query, of which `first` says whether nothing went before.
    #[must_use]
    pub fn to_bytes(&self, first: bool) -> Vec<u8> {
        let kind = match (self.names.is_empty(), self.more, first) {
            (true, false, _) => NONE,
            (_, true, _) => MORE,
            (false, false, true) => ALL,
            (false, false, false) => LAST,
        };
        let list = self.names.iter().fold(TlvWriter::new(), |list, name| name.write(list));
        [&[kind][..], &list.finish()].concat()
    }

    /// Reads field 62 of an answer to a query.
    ///
    /// # Errors
    ///
    /// [`BadParameters`] for what is no list.
    pub fn parse(field: &[u8]) -> Result<Self, BadParameters> {
        match field {
            [NONE, ..] => Ok(Self::default()),
            [kind @ (ALL | MORE | LAST), list @ ..] => {
                Ok(Self { names: names(list)?, more: *kind == MORE })
            }
            _ => Err(BadParameters("a list begins with 0, 1, 2 or 3")),
        }
    }
}

/// Returns field 62 of an answer with a record; none says that the host does not have it.
#[must_use]
pub fn parameter_record(record: Option<&[u8]>) -> Vec<u8> {
    record.map_or_else(|| vec![NONE], |record| [&[ALL], record].concat())
}

/// Reads a record from field 62 of an answer; `None` when the host does not have it. Some hosts leave
/// the `1` before the record out.
///
/// # Errors
///
/// [`BadParameters`] when the field is empty.
pub fn parse_parameter_record(field: &[u8]) -> Result<Option<&[u8]>, BadParameters> {
    match field {
        [] => Err(BadParameters("an answer has a record, or says that there is none")),
        [NONE, ..] => Ok(None),
        [ALL, record @ ..] => Ok(Some(record)),
        record => Ok(Some(record)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn key(index: u8) -> ParameterName {
        ParameterName { identifier: vec![0xA0, 0, 0, 3, 0x33], key_index: Some(index) }
    }

    #[test]
    fn queries_count_in_two_digits() {
        for (known, field) in [(0, b"100"), (7, b"107"), (99, b"199")] {
            assert_eq!(parameter_query(known).unwrap(), field);
            assert_eq!(parse_parameter_query(field), Ok(known));
        }
        assert!(parameter_query(100).is_err());
        for field in [&b""[..], b"1", b"10", b"1000", b"000", b"1x0"] {
            assert!(parse_parameter_query(field).is_err());
        }
    }

    #[test]
    fn lists_say_whether_they_go_on() {
        let names = vec![key(2), key(0x61)];
        let bytes = [0x9F, 0x06, 5, 0xA0, 0, 0, 3, 0x33, 0x9F, 0x22, 1, 2];
        for (more, first, kind) in [(false, true, b'1'), (true, true, b'2'), (false, false, b'3')] {
            let list = ParameterList { names: names.clone(), more };
            let field = list.to_bytes(first);
            assert_eq!((field[0], &field[1..13]), (kind, &bytes[..]));
            assert_eq!(ParameterList::parse(&field), Ok(list));
        }
        let none = ParameterList::default();
        assert_eq!(none.to_bytes(true), b"0");
        assert_eq!(ParameterList::parse(b"0"), Ok(none));
    }

    #[test]
    fn dates_in_a_list_are_passed_over() {
        let dated = [&b"1"[..], &key(2).to_bytes(), &[0xDF, 0x05, 2, 0x20, 0x30]].concat();
        assert_eq!(ParameterList::parse(&dated).unwrap().names, [key(2)]);
        let lost = [&b"1"[..], &[0xDF, 0x05, 1, 0x20], &key(2).to_bytes()].concat();
        assert!(ParameterList::parse(&lost).is_err());
    }

    #[test]
    fn one_record_is_asked_for() {
        assert_eq!(ParameterName::parse(&key(2).to_bytes()), Ok(key(2)));
        let application = ParameterName { identifier: vec![0xA0; 8], key_index: None };
        assert_eq!(ParameterName::parse(&application.to_bytes()), Ok(application));
        for bytes in [vec![], [key(2).to_bytes(), key(3).to_bytes()].concat()] {
            assert!(ParameterName::parse(&bytes).is_err());
        }
    }

    #[test]
    fn records_have_a_mark_before_them_or_none() {
        let record = [0x9F, 0x06, 1, 0xA0];
        assert_eq!(parse_parameter_record(&parameter_record(Some(&record))), Ok(Some(&record[..])));
        assert_eq!(parse_parameter_record(&record), Ok(Some(&record[..])));
        assert_eq!(parse_parameter_record(&parameter_record(None)), Ok(None));
        assert!(parse_parameter_record(&[]).is_err());
    }

    #[test]
    fn a_list_cut_at_any_length_is_shorter_or_none() {
        let field = ParameterList { names: vec![key(2), key(3)], more: true }.to_bytes(true);
        for length in 0..field.len() {
            if let Ok(list) = ParameterList::parse(&field[..length]) {
                assert!(list.names.len() < 2 || list.names[1].key_index.is_none());
            }
        }
    }

    proptest! {
        #[test]
        fn no_field_makes_it_panic(field in vec(any::<u8>(), 0..80)) {
            let _ = parse_parameter_query(&field);
            let _ = parse_parameter_record(&field);
            let _ = ParameterName::parse(&field);
            if let Ok(list) = ParameterList::parse(&field) {
                let again = ParameterList::parse(&list.to_bytes(true)).unwrap();
                prop_assert_eq!(again.names, list.names);
            }
        }
    }
}
