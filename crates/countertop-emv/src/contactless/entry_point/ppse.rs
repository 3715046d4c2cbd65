//! The directory of contactless applications (EMV Book B, clause 3.3.2).

use countertop_wire::tlv::{TlvError, find, tags, tlvs};

use crate::EmvError;
use crate::contactless::KernelId;

/// Name of the directory (EMV Book B, clause 3.3.2).
pub(super) const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// Is an application of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::contactless) struct Entry {
    pub(in crate::contactless) aid: Vec<u8>,
    pub(in crate::contactless) label: Option<Vec<u8>>,
    /// Application Priority Indicator (`87`).
    pub(super) priority: u8,
    /// The kernel that the card asks for.
    pub(super) kernel: KernelId,
    /// Extended Selection (`9F29`).
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
}

/// Reads the answer to SELECT of the directory; entries without an identifier, or with a kernel that
/// cannot be, are passed over (EMV Book B, requirements 3.3.2.5).
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

fn entry(template: &[u8]) -> Result<Option<Entry>, TlvError> {
    let get = |tag| find(template, &[tag]);
    let Some(aid) = get(tags::APPLICATION_IDENTIFIER)?.filter(|aid| (5..=16).contains(&aid.len()))
    else {
        return Ok(None);
    };
    let Some(kernel) = KernelId::requested(get(tags::KERNEL_IDENTIFIER)?, aid) else {
        return Ok(None);
    };
    Ok(Some(Entry {
        aid: aid.to_vec(),
        label: get(tags::APPLICATION_LABEL)?.map(<[u8]>::to_vec),
        priority: get(tags::APPLICATION_PRIORITY_INDICATOR)?
            .and_then(|value| value.first().copied())
            .unwrap_or_default(),
        kernel,
        extension: get(tags::EXTENDED_SELECTION)?.unwrap_or_default().to_vec(),
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
            .put(tags::DEDICATED_FILE_NAME, PPSE)
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
        assert_eq!(entries[0].kernel, KernelId::VISA);
        assert_eq!(entries[1].kernel, KernelId::UNIONPAY);
        assert!(entries[1].rank() < entries[0].rank());
    }

    #[test]
    fn a_domestic_kernel_is_not_ours() {
        let domestic = application(&DEBIT, 0).put(tags::KERNEL_IDENTIFIER, [0x81, 0x01, 0x56]);
        let entries = parse(&directory([domestic])).unwrap();
        assert_eq!(entries[0].kernel, KernelId(0x0081_0156));
        assert_eq!(entries[0].rank(), 0x10);
        let impossible = application(&DEBIT, 0).put(tags::KERNEL_IDENTIFIER, [0x81, 0x01]);
        assert_eq!(parse(&directory([impossible])).unwrap(), []);
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
