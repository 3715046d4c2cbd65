//! The data objects that a card gave.

use countertop_device::Sensitive;
use countertop_wire::tlv::{Tag, find, tags, tlvs};

use crate::EmvError;

/// Holds the data objects that the card gave, one of each kind; those of the answer to SELECT give
/// way to later ones.
#[derive(Clone, Default)]
pub(in crate::contactless) struct Objects {
    given: Vec<(Tag, Sensitive)>,
    selected: Vec<(Tag, Sensitive)>,
}

impl Objects {
    /// Keeps what is in the templates of the answer to SELECT (EMV Book 1, table 45).
    pub(in crate::contactless) fn take_fci(&mut self, answer: &[u8]) -> Result<(), EmvError> {
        let proprietary = [tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE];
        let discretionary = [proprietary[0], proprietary[1], tags::FCI_ISSUER_DISCRETIONARY_DATA];
        for path in [&proprietary[..1], &proprietary, &discretionary] {
            for object in tlvs(find(answer, path)?.unwrap_or_default()) {
                let object = object?;
                self.selected.push((object.tag, object.value.into()));
            }
        }
        Ok(())
    }

    /// Keeps the data objects in an answer's template; a second one of a kind is against the rules
    /// (EMV Book 3, clause 10.2).
    pub(in crate::contactless) fn take(
        &mut self,
        answer: &[u8],
        template: Tag,
    ) -> Result<(), EmvError> {
        let content = find(answer, &[template])?
            .ok_or_else(|| EmvError::malformed("a command", format!("no template {template}")))?;
        for object in tlvs(content) {
            let object = object?;
            self.put(object.tag, object.value)?;
        }
        Ok(())
    }

    /// Keeps a data object, of which there must be none yet.
    pub(in crate::contactless) fn put(&mut self, tag: Tag, value: &[u8]) -> Result<(), EmvError> {
        if self.given.iter().any(|(known, _)| *known == tag) {
            let why = format!("data object {tag} twice");
            return Err(EmvError::malformed("a command", why));
        }
        self.given.push((tag, value.into()));
        Ok(())
    }

    /// Forgets a data object.
    #[cfg(test)]
    pub(in crate::contactless) fn remove(&mut self, tag: Tag) {
        self.given.retain(|(known, _)| *known != tag);
    }

    /// Returns a value; an empty one counts as well.
    pub(in crate::contactless) fn get(&self, tag: Tag) -> Option<&[u8]> {
        let objects = self.given.iter().chain(&self.selected);
        objects.into_iter().find(|(known, _)| *known == tag).map(|(_, value)| value.expose())
    }

    /// Returns a value that must be there and not be empty.
    pub(in crate::contactless) fn mandatory(&self, tag: Tag) -> Result<&[u8], EmvError> {
        self.get(tag).filter(|value| !value.is_empty()).ok_or(EmvError::Missing(tag))
    }

    /// Returns a value that must be there and `N` bytes long.
    pub(in crate::contactless) fn fixed<const N: usize>(
        &self,
        tag: Tag,
    ) -> Result<[u8; N], EmvError> {
        self.mandatory(tag)?
            .try_into()
            .map_err(|_| EmvError::malformed("a command", format!("{tag} is not {N} bytes long")))
    }

    /// Returns a value if it is there and `N` bytes long.
    pub(in crate::contactless) fn sized<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.get(tag)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use countertop_wire::tlv::TlvWriter;

    use super::*;

    #[test]
    fn a_data_object_given_twice_ends_the_application() {
        let answer = [0x70, 0x06, 0x5F, 0x34, 0x00, 0x5F, 0x34, 0x00];
        let mut objects = Objects::default();
        assert!(objects.take(&answer, tags::READ_RECORD_TEMPLATE).is_err());
        assert!(Objects::default().take(&answer, tags::RESPONSE_TEMPLATE_FORMAT_2).is_err());
    }

    #[test]
    fn what_select_said_gives_way() {
        let discretionary = TlvWriter::new().put(tags::LOG_ENTRY, [0x0B, 0x0A]);
        let proprietary = TlvWriter::new()
            .put(tags::APPLICATION_LABEL, b"A")
            .template(tags::FCI_ISSUER_DISCRETIONARY_DATA, discretionary);
        let fci = TlvWriter::new()
            .put(tags::DEDICATED_FILE_NAME, [0xA0])
            .template(tags::FCI_PROPRIETARY_TEMPLATE, proprietary);
        let fci = TlvWriter::new().template(tags::FCI_TEMPLATE, fci).finish();
        let mut objects = Objects::default();
        objects.take_fci(&fci).unwrap();
        assert_eq!(objects.get(tags::LOG_ENTRY), Some(&[0x0B, 0x0A][..]));
        objects.put(tags::APPLICATION_LABEL, b"B").unwrap();
        assert_eq!(objects.get(tags::APPLICATION_LABEL), Some(&b"B"[..]));
        objects.remove(tags::APPLICATION_LABEL);
        assert_eq!(objects.get(tags::APPLICATION_LABEL), Some(&b"A"[..]));
        for length in 0..fci.len() {
            Objects::default().take_fci(&fci[..length]).ok();
        }
    }

    #[test]
    fn lengths_are_checked() {
        let mut objects = Objects::default();
        objects.put(tags::APPLICATION_TRANSACTION_COUNTER, &[0, 1, 2]).unwrap();
        objects.put(tags::APPLICATION_PAN, &[]).unwrap();
        assert!(objects.fixed::<2>(tags::APPLICATION_TRANSACTION_COUNTER).is_err());
        assert_eq!(objects.sized::<3>(tags::APPLICATION_TRANSACTION_COUNTER), Some([0, 1, 2]));
        assert!(matches!(objects.mandatory(tags::APPLICATION_PAN), Err(EmvError::Missing(_))));
    }
}
