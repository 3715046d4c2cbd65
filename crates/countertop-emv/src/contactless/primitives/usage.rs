//! What an application may be used for (EMV Book 3, clause 10.4.2 and annex C2).

use countertop_wire::tlv::{numeric, tags};

use super::Objects;
use crate::{TransactionData, TransactionType};

/// Bits of Application Usage Control (`9F07`): domestic, and one bit lower international.
const CASH: [u8; 2] = [0x80, 0x00];
const GOODS: [u8; 2] = [0x20, 0x00];
const SERVICES: [u8; 2] = [0x08, 0x00];
const CASHBACK: [u8; 2] = [0x00, 0x80];
/// Byte 1: at terminals that are no ATM.
const OTHER_THAN_ATM: u8 = 0x01;

/// Says how much cash is in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::contactless) enum Cash {
    /// None.
    None,
    /// Nothing else.
    Only,
    /// Some, beside the goods.
    Back,
}

/// Returns how much cash is in a transaction.
pub(in crate::contactless) fn cash_of(data: &TransactionData) -> Cash {
    match data.transaction_type {
        TransactionType::CASH | TransactionType(0x17) => Cash::Only,
        TransactionType::CASHBACK => Cash::Back,
        _ if data.amount_other > 0 => Cash::Back,
        _ => Cash::None,
    }
}

/// Tells whether cash may be given out; without usage control or country it may not.
pub(in crate::contactless) fn allows_cash(objects: &Objects, terminal_country: u16) -> bool {
    bits(objects, terminal_country).is_some_and(|allows| allows(CASH))
}

/// Tells whether cash may be given out beside a purchase; without usage control or country it may
/// not.
pub(in crate::contactless) fn allows_cashback(objects: &Objects, terminal_country: u16) -> bool {
    bits(objects, terminal_country).is_some_and(|allows| allows(CASHBACK))
}

/// Tells whether the usage control allows the transaction as EMV Book 3 and Book C-2 (clause 7.7)
/// see it: what is not there forbids nothing.
pub(in crate::contactless) fn allows(objects: &Objects, terminal_country: u16, cash: Cash) -> bool {
    let Some([first, _]) = objects.sized(tags::APPLICATION_USAGE_CONTROL) else {
        return true;
    };
    if first & OTHER_THAN_ATM == 0 {
        return false;
    }
    let Some(allows) = bits(objects, terminal_country) else { return true };
    match cash {
        Cash::Only => allows(CASH),
        Cash::Back => (allows(GOODS) || allows(SERVICES)) && allows(CASHBACK),
        Cash::None => allows(GOODS) || allows(SERVICES),
    }
}

/// Returns a test of usage control's bits for a domestic or an international transaction; `None`
/// without usage control or issuer country.
fn bits(objects: &Objects, terminal_country: u16) -> Option<impl Fn([u8; 2]) -> bool> {
    let control: [u8; 2] = objects.sized(tags::APPLICATION_USAGE_CONTROL)?;
    let issuer = objects.get(tags::ISSUER_COUNTRY_CODE).and_then(numeric::decode)?;
    let shift = u32::from(issuer != u64::from(terminal_country));
    Some(move |domestic: [u8; 2]| {
        control.iter().zip(domestic).any(|(control, bit)| control & (bit >> shift) != 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(control: [u8; 2]) -> Objects {
        let mut objects = Objects::default();
        objects.put(tags::APPLICATION_USAGE_CONTROL, &control).unwrap();
        objects.put(tags::ISSUER_COUNTRY_CODE, &[0x01, 0x56]).unwrap();
        objects
    }

    #[test]
    fn home_and_abroad_have_bits_of_their_own() {
        for (control, country, cash, expected) in [
            ([0x21, 0x00], 156, Cash::None, true),
            ([0x21, 0x00], 840, Cash::None, false),
            ([0x11, 0x00], 840, Cash::None, true),
            ([0x09, 0x00], 156, Cash::None, true),
            ([0x20, 0x00], 156, Cash::None, false), // not at terminals other than ATMs
            ([0x81, 0x00], 156, Cash::Only, true),
            ([0x81, 0x00], 840, Cash::Only, false),
            ([0x41, 0x00], 840, Cash::Only, true),
            ([0x21, 0x80], 156, Cash::Back, true),
            ([0x21, 0x40], 156, Cash::Back, false),
            ([0x11, 0x40], 840, Cash::Back, true),
        ] {
            assert_eq!(allows(&card(control), country, cash), expected, "{control:02X?} {cash:?}");
        }
        assert!(allows(&Objects::default(), 156, Cash::Only));
    }

    #[test]
    fn cash_wants_a_word() {
        assert!(!allows_cash(&Objects::default(), 156));
        assert!(allows_cash(&card([0x80, 0]), 156) && !allows_cash(&card([0x80, 0]), 840));
        assert!(allows_cashback(&card([0, 0x40]), 840) && !allows_cashback(&card([0, 0x40]), 156));
    }
}
