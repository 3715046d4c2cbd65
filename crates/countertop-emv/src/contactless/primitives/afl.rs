//! The records that a card wants to be read (EMV Book 3, clause 10.2).

use crate::EmvError;

/// Is a record that an Application File Locator (`94`) names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) sfi: u8,
    pub(super) number: u8,
    /// Whether it takes part in offline data authentication.
    pub(super) signed: bool,
}

/// Returns the records in the order in which they are to be read.
pub(super) fn records(locator: &[u8]) -> Result<Vec<Record>, EmvError> {
    let (entries, rest) = locator.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(EmvError::malformed("the file locator", "its length is no multiple of 4"));
    }
    let mut records = Vec::new();
    for [file, first, last, signed] in entries {
        let sfi = file >> 3;
        let names_records = file & 0x07 == 0 && (1..=30).contains(&sfi) && *first != 0;
        if !names_records || first > last {
            return Err(EmvError::malformed("the file locator", "an entry names no records"));
        }
        if u16::from(*signed) > u16::from(last - first) + 1 {
            return Err(EmvError::malformed("the file locator", "more signed than read"));
        }
        records.extend((*first..=*last).map(|number| Record {
            sfi,
            number,
            signed: number - first < *signed,
        }));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_records() {
        let locator = [0x08, 1, 2, 1, 0x10, 3, 3, 0];
        let listed: Vec<_> = records(&locator)
            .unwrap()
            .into_iter()
            .map(|record| (record.sfi, record.number, record.signed))
            .collect();
        assert_eq!(listed, [(1, 1, true), (1, 2, false), (2, 3, false)]);
        assert_eq!(records(&[]).unwrap(), []);
        assert_eq!(records(&[0x08, 1, 255, 255]).unwrap().len(), 255);
    }

    #[test]
    fn refuses_nonsense() {
        for locator in [
            &[0x08, 1, 1][..],
            &[0x09, 1, 1, 0],
            &[0x00, 1, 1, 0],
            &[0x08, 0, 1, 0],
            &[0x08, 2, 1, 0],
            &[0x08, 1, 1, 2],
            &[0xF8, 1, 1, 0],
        ] {
            assert!(records(locator).is_err(), "{locator:02x?}");
        }
    }
}
