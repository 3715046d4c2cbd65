//! What PC/SC tells of a card in the field.

use countertop_device::{CardProtocol, ContactlessTarget};
use countertop_wire::atr::{AnswerToReset, CardName, StorageCard};

/// Returns the target of this UID and answer to reset.
///
/// PC/SC does not tell ATQA, SAK and ATS. Those of storage cards follow from the card's name (NXP
/// AN10833); of a card of ISO/IEC 14443-4 the ATS holds the historical bytes alone, and ATQA is
/// nought.
pub(super) fn target(uid: Vec<u8>, answer: &AnswerToReset) -> ContactlessTarget {
    match answer.storage_card() {
        Some(card) => storage(uid, card),
        None => ContactlessTarget::new(uid, [0, 0], 0x20, ats(answer.historical_bytes())),
    }
}

fn storage(uid: Vec<u8>, card: StorageCard) -> ContactlessTarget {
    let (atqa, sak) = match card.name {
        CardName::MIFARE_ULTRALIGHT | CardName::MIFARE_ULTRALIGHT_C => ([0x00, 0x44], 0x00),
        CardName::MIFARE_CLASSIC_1K => ([0x00, 0x04], 0x08),
        CardName::MIFARE_CLASSIC_4K => ([0x00, 0x02], 0x18),
        CardName::MIFARE_MINI => ([0x00, 0x04], 0x09),
        CardName::MIFARE_PLUS_SL2_2K => ([0x00, 0x04], 0x10),
        CardName::MIFARE_PLUS_SL2_4K => ([0x00, 0x02], 0x11),
        _ => ([0x00, 0x00], 0x00),
    };
    let mut target = ContactlessTarget::new(uid, atqa, sak, Vec::new());
    target.protocol = protocol(card);
    target
}

/// Returns what a session with a storage card speaks.
pub(super) fn protocol(card: StorageCard) -> CardProtocol {
    match card.name {
        CardName::MIFARE_ULTRALIGHT | CardName::MIFARE_ULTRALIGHT_C => CardProtocol::Type2,
        _ => CardProtocol::StorageCard,
    }
}

/// Returns an ATS with these historical bytes and the frame size that holds where none is told.
fn ats(historical: &[u8]) -> Vec<u8> {
    /// T0 without TA, TB and TC, and FSCI 2 for 32 bytes.
    const FORMAT: u8 = 0x02;
    let Ok(length) = u8::try_from(historical.len() + 2) else { return Vec::new() };
    [&[length, FORMAT], historical].concat()
}

#[cfg(test)]
mod tests {
    use countertop_wire::atr::StorageStandard;

    use super::*;

    #[test]
    fn storage_cards_are_told_by_name() {
        for (name, sak, expected) in [
            (CardName::MIFARE_ULTRALIGHT, 0x00, CardProtocol::Type2),
            (CardName::MIFARE_CLASSIC_1K, 0x08, CardProtocol::StorageCard),
            (CardName::FELICA, 0x00, CardProtocol::StorageCard),
        ] {
            let card = StorageCard::new(StorageStandard::ISO_14443_A_3, name);
            let target = target(vec![1, 2, 3, 4], &card.answer_to_reset());
            assert_eq!((target.sak, target.protocol), (sak, expected));
            assert!(target.ats.is_empty());
        }
    }

    #[test]
    fn payment_cards_have_an_ats() {
        let target = target(vec![8, 1, 2, 3], &AnswerToReset::contactless(&[0x80, 0x31]));
        assert_eq!(target.protocol, CardProtocol::IsoDep);
        assert_eq!(target.ats, [4, 0x02, 0x80, 0x31]);
    }
}
