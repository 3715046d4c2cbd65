//! From libnfc's targets to ours.

use countertop_device::ContactlessTarget;
use nfc1::target_info::{Felica, Iso14443a, Iso14443b, Jewel, TargetInfo};
use nfc1::{BaudRate, Modulation, ModulationType, Target};

/// ISO/IEC 14443 type A at 106 kbit/s, with which every card begins.
pub(super) const TYPE_A: Modulation =
    Modulation { modulation_type: ModulationType::Iso14443a, baud_rate: BaudRate::Baud106 };

/// FeliCa at 212 kbit/s, with which every card of it begins.
pub(super) const FELICA: Modulation =
    Modulation { modulation_type: ModulationType::Felica, baud_rate: BaudRate::Baud212 };

/// What is searched for, in this order.
pub(super) const MODULATIONS: [Modulation; 4] = [
    TYPE_A,
    Modulation { modulation_type: ModulationType::Iso14443b, baud_rate: BaudRate::Baud106 },
    FELICA,
    Modulation { modulation_type: ModulationType::Jewel, baud_rate: BaudRate::Baud106 },
];

/// Returns the target. On an empty field libnfc reports one without an identifier.
pub(super) fn convert(target: &Target) -> Option<ContactlessTarget> {
    match target.target_info {
        TargetInfo::Iso14443a(Iso14443a { atqa, sak, uid, uid_len, ats, ats_len }) => {
            let uid = uid.get(..uid_len).filter(|uid| !uid.is_empty())?.to_vec();
            Some(ContactlessTarget::new(uid, atqa, sak, with_length(ats.get(..ats_len)?)))
        }
        TargetInfo::Iso14443b(Iso14443b { pupi, application_data, protocol_info, .. }) => {
            (protocol_info != [0; 3])
                .then(|| ContactlessTarget::type_b(pupi, application_data, protocol_info))
        }
        TargetInfo::Felica(Felica { len, id, pad, sys_code, .. }) => {
            let system_code = (len == LENGTH_WITH_SYSTEM).then_some(sys_code);
            (len > 0).then(|| ContactlessTarget::felica(id, pad, system_code))
        }
        TargetInfo::Jewel(Jewel { sens_res, id }) => {
            // libnfc turns SENS_RES around, as it lies in the frame.
            let [low, high] = sens_res;
            (id != [0; 4]).then(|| ContactlessTarget::topaz(id, [high, low]))
        }
        _ => None,
    }
}

/// Length of POL_RES with the system code.
const LENGTH_WITH_SYSTEM: usize = 20;

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
        let classic = convert(&target(0x08, &[1, 2, 3, 4], &[])).unwrap();
        assert_eq!(classic.protocol, CardProtocol::MifareClassic);
    }
}
