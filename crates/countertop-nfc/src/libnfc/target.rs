//! From libnfc's targets to ours.

use countertop_device::ContactlessTarget;
use nfc1::target_info::{Iso14443a, TargetInfo};
use nfc1::{BaudRate, Modulation, ModulationType, Target};

/// ISO/IEC 14443 type A at 106 kbit/s, with which every card begins.
pub(super) const TYPE_A: Modulation =
    Modulation { modulation_type: ModulationType::Iso14443a, baud_rate: BaudRate::Baud106 };

/// SAK of a card of ISO/IEC 14443-4.
const ISO_DEP: u8 = 0x20;
/// SAK of a type 2 tag.
const TYPE_2: u8 = 0x00;

/// Returns the target when it is one that a session can speak with: a card of ISO/IEC 14443-4 or
/// a type 2 tag. On an empty field libnfc reports a target without UID.
pub(super) fn convert(target: &Target) -> Option<ContactlessTarget> {
    let TargetInfo::Iso14443a(Iso14443a { atqa, sak, uid, uid_len, ats, ats_len }) =
        target.target_info
    else {
        return None;
    };
    if uid_len == 0 || (sak & ISO_DEP == 0 && sak != TYPE_2) {
        return None;
    }
    let uid = uid.get(..uid_len)?.to_vec();
    Some(ContactlessTarget::new(uid, atqa, sak, with_length(ats.get(..ats_len)?)))
}

/// Puts the length byte TL back, which libnfc takes off.
fn with_length(ats: &[u8]) -> Vec<u8> {
    match u8::try_from(ats.len() + 1) {
        Ok(length) if length > 1 => [&[length], ats].concat(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::CardProtocol;

    use super::*;

    fn target(sak: u8, uid: &[u8], ats: &[u8]) -> Target {
        let mut info = Iso14443a {
            atqa: [0x00, 0x04],
            sak,
            uid: [0; 10],
            uid_len: uid.len(),
            ats: [0; 254],
            ats_len: ats.len(),
        };
        info.uid[..uid.len()].copy_from_slice(uid);
        info.ats[..ats.len()].copy_from_slice(ats);
        Target { target_info: TargetInfo::Iso14443a(info), modulation: TYPE_A }
    }

    #[test]
    fn cards_and_tags_pass_phantoms_do_not() {
        let card = convert(&target(0x20, &[8, 1, 2, 3], &[0x78, 0x80, 0x70, 0x02])).unwrap();
        assert_eq!(card.ats, [0x05, 0x78, 0x80, 0x70, 0x02]);
        assert_eq!(card.protocol, CardProtocol::IsoDep);
        let tag = convert(&target(0x00, &[4, 1, 2, 3, 4, 5, 6], &[])).unwrap();
        assert_eq!((tag.protocol, tag.ats.len()), (CardProtocol::Type2, 0));
        assert_eq!(convert(&target(0x20, &[], &[])), None);
        assert_eq!(convert(&target(0x08, &[1, 2, 3, 4], &[])), None);
    }
}
