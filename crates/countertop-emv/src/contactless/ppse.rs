//! The directory of contactless applications (EMV Book B, clause 3.3.2).

use countertop_wire::tlv::{Tag, find, tags, tlvs};

use crate::EmvError;

/// Kernel 7: UnionPay (EMV Book B, table 3-6).
pub(super) const KERNEL_UNIONPAY: u8 = 7;
/// Registered application providers with the kernel that is meant when the card names none
/// (EMV Book B, table 3-6).
const DEFAULT_KERNELS: [([u8; 5], u8); 6] = [
    ([0xA0, 0x00, 0x00, 0x00, 0x04], 2),
    ([0xA0, 0x00, 0x00, 0x00, 0x03], 3),
    ([0xA0, 0x00, 0x00, 0x00, 0x25], 4),
    ([0xA0, 0x00, 0x00, 0x00, 0x65], 5),
    ([0xA0, 0x00, 0x00, 0x01, 0x52], 6),
    ([0xA0, 0x00, 0x00, 0x03, 0x33], KERNEL_UNIONPAY),
];

/// Is an application of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) aid: Vec<u8>,
    pub(super) label: Option<Vec<u8>>,
    priority: u8,
    kernel: Option<Vec<u8>>,
    /// Extended Selection (`9F29`): appended to the identifier in SELECT.
    pub(super) extension: Vec<u8>,
}

impl Entry {
    /// Returns the order of candidates: priority 1 first, none last.
    pub(super) fn rank(&self) -> u8 {
        match self.priority & 0x0F {
            0 => 0x10,
            priority => priority,
        }
    }

    /// Returns the number of the international kernel; `None` for a domestic one.
    pub(super) fn kernel(&self) -> Option<u8> {
        match self.kernel.as_deref() {
            // Bits 8 and 7 are 00 for a kernel of EMVCo; number 0 leaves it to the provider.
            Some([first, ..]) if first & 0xC0 == 0 && first & 0x3F != 0 => Some(first & 0x3F),
            Some([first, ..]) if first & 0xC0 != 0 => None,
            _ => {
                let known = |(rid, _): &&([u8; 5], u8)| self.aid.starts_with(rid);
                DEFAULT_KERNELS.iter().find(known).map(|(_, kernel)| *kernel)
            }
        }
    }
}

/// Reads the answer to SELECT of the directory; entries without an identifier are passed over.
pub(super) fn parse(answer: &[u8]) -> Result<Vec<Entry>, EmvError> {
    let malformed = |error| EmvError::malformed("the directory", error);
    let path =
        [tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, tags::FCI_ISSUER_DISCRETIONARY_DATA];
    let list = find(answer, &path).map_err(malformed)?.unwrap_or_default();
    let mut entries = Vec::new();
    for template in tlvs(list) {
        let template = template.map_err(malformed)?;
        if template.tag == tags::APPLICATION_TEMPLATE {
            entries.extend(entry(template.value).map_err(malformed)?);
        }
    }
    Ok(entries)
}

fn entry(template: &[u8]) -> Result<Option<Entry>, countertop_wire::tlv::TlvError> {
    let extended_selection = Tag::try_from(0x9F29)?;
    let get = |tag| find(template, &[tag]);
    let Some(aid) = get(tags::APPLICATION_IDENTIFIER)?.filter(|aid| (5..=16).contains(&aid.len()))
    else {
        return Ok(None);
    };
    Ok(Some(Entry {
        aid: aid.to_vec(),
        label: get(tags::APPLICATION_LABEL)?.map(<[u8]>::to_vec),
        priority: get(tags::APPLICATION_PRIORITY_INDICATOR)?
            .and_then(|value| value.first().copied())
            .unwrap_or_default(),
        kernel: get(tags::KERNEL_IDENTIFIER)?.map(<[u8]>::to_vec),
        extension: get(extended_selection)?.unwrap_or_default().to_vec(),
    }))
}

#[cfg(test)]
mod tests {
    use countertop_wire::tlv::TlvWriter;

    use super::*;

    const DEBIT: [u8; 8] = [0xA0, 0, 0, 0x03, 0x33, 1, 1, 1];

    fn directory(entries: impl IntoIterator<Item = TlvWriter>) -> Vec<u8> {
        let list = entries
            .into_iter()
            .fold(TlvWriter::new(), |list, entry| list.template(tags::APPLICATION_TEMPLATE, entry));
        let proprietary = TlvWriter::new().template(tags::FCI_ISSUER_DISCRETIONARY_DATA, list);
        let fci = TlvWriter::new()
            .put(tags::DEDICATED_FILE_NAME, super::super::PPSE)
            .template(tags::FCI_PROPRIETARY_TEMPLATE, proprietary);
        TlvWriter::new().template(tags::FCI_TEMPLATE, fci).finish()
    }

    fn application(aid: &[u8], priority: u8) -> TlvWriter {
        TlvWriter::new()
            .put(tags::APPLICATION_IDENTIFIER, aid)
            .put(tags::APPLICATION_PRIORITY_INDICATOR, [priority])
    }

    #[test]
    fn reads_entries() {
        let visa =
            application(&[0xA0, 0, 0, 0, 3, 0x10, 0x10], 2).put(tags::KERNEL_IDENTIFIER, [0x03]);
        let entries = parse(&directory([visa, application(&DEBIT, 1)])).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].kernel(), Some(3));
        assert_eq!(entries[1].kernel(), Some(KERNEL_UNIONPAY));
        assert!(entries[1].rank() < entries[0].rank());
    }

    #[test]
    fn a_domestic_kernel_is_not_ours() {
        let domestic = application(&DEBIT, 0).put(tags::KERNEL_IDENTIFIER, [0x81, 0x01, 0x56]);
        let entries = parse(&directory([domestic])).unwrap();
        assert_eq!(entries[0].kernel(), None);
        assert_eq!(entries[0].rank(), 0x10);
    }

    #[test]
    fn survives_truncation() {
        let whole = directory([application(&DEBIT, 1)]);
        for length in 0..whole.len() {
            assert!(parse(&whole[..length]).map_or(true, |entries| entries.is_empty()));
        }
        assert_eq!(parse(&directory([application(&[1], 1)])).unwrap(), []);
    }
}
