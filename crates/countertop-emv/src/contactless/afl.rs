//! The records that a card wants to be read (EMV Book 3, clause 10.2).

use crate::EmvError;

/// Returns file and number of each record that an Application File Locator (`94`) names.
pub(super) fn records(locator: &[u8]) -> Result<Vec<(u8, u8)>, EmvError> {
    let (entries, rest) = locator.as_chunks::<4>();
    let mut records = Vec::new();
    for [file, first, last, _] in entries {
        let sfi = file >> 3;
        if file & 0x07 != 0 || !(1..=30).contains(&sfi) || *first == 0 || first > last {
            return Err(EmvError::malformed("the file locator", "an entry names no records"));
        }
        records.extend((*first..=*last).map(|number| (sfi, number)));
    }
    if rest.is_empty() {
        Ok(records)
    } else {
        Err(EmvError::malformed("the file locator", "its length is no multiple of 4"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_records() {
        let locator = [0x08, 1, 2, 0, 0x10, 3, 3, 1];
        assert_eq!(records(&locator).unwrap(), [(1, 1), (1, 2), (2, 3)]);
        assert_eq!(records(&[]).unwrap(), []);
    }

    #[test]
    fn refuses_nonsense() {
        for locator in [
            &[0x08, 1, 1][..],
            &[0x09, 1, 1, 0],
            &[0x00, 1, 1, 0],
            &[0x08, 0, 1, 0],
            &[0x08, 2, 1, 0],
            &[0xF8, 1, 1, 0],
        ] {
            assert!(records(locator).is_err(), "{locator:02x?}");
        }
    }
}
