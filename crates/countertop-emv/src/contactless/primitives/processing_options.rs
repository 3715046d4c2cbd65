//! GET PROCESSING OPTIONS (EMV Book 3, clause 6.5.8).

use countertop_wire::tlv::{TlvWriter, find, tags};

use super::Objects;
use crate::EmvError;

/// Returns the terminal's answer to a list as the command template `83`; without a list it is
/// empty.
pub(in crate::contactless) fn command_template(data: &[u8]) -> Vec<u8> {
    TlvWriter::new().put(tags::COMMAND_TEMPLATE, data).finish()
}

/// Keeps the data objects of an answer in format 1 (`80`: the values of `82` and `94`) or 2 (`77`).
pub(in crate::contactless) fn take_options(
    objects: &mut Objects,
    answer: &[u8],
) -> Result<(), EmvError> {
    let Some(values) = find(answer, &[tags::RESPONSE_TEMPLATE_FORMAT_1])? else {
        return objects.take(answer, tags::RESPONSE_TEMPLATE_FORMAT_2);
    };
    let Some((profile, locator)) =
        values.split_at_checked(2).filter(|(_, locator)| locator.len() % 4 == 0)
    else {
        return Err(EmvError::malformed("GET PROCESSING OPTIONS", "a length that cannot be"));
    };
    objects.put(tags::APPLICATION_INTERCHANGE_PROFILE, profile)?;
    if locator.is_empty() { Ok(()) } else { objects.put(tags::APPLICATION_FILE_LOCATOR, locator) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_say_the_same() {
        let first = [0x80, 0x06, 0x19, 0x80, 0x08, 0x01, 0x01, 0x00];
        let second = [0x77, 0x0A, 0x82, 0x02, 0x19, 0x80, 0x94, 0x04, 0x08, 0x01, 0x01, 0x00];
        for answer in [&first[..], &second] {
            let mut objects = Objects::default();
            take_options(&mut objects, answer).unwrap();
            assert_eq!(objects.get(tags::APPLICATION_INTERCHANGE_PROFILE), Some(&[0x19, 0x80][..]));
            assert_eq!(objects.get(tags::APPLICATION_FILE_LOCATOR), Some(&[8, 1, 1, 0][..]));
        }
        for length in 0..first.len() {
            let taken = take_options(&mut Objects::default(), &first[..length]);
            assert!(taken.is_err(), "{length}");
        }
        assert!(take_options(&mut Objects::default(), &[0x80, 0x03, 1, 2, 3]).is_err());
        assert_eq!(command_template(&[]), [0x83, 0x00]);
    }
}
