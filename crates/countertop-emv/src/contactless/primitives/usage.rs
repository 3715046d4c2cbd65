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

/// Tells whether the usage control allows the transaction as Book C-2 (clause 7.7) sees it: what is not there
/// forbids nothing, and neither do the bits for goods and services a transaction that is no purchase.
pub(in crate::contactless) fn allows(
    objects: &Objects,
    terminal_country: u16,
    data: &TransactionData,
) -> bool {
    let Some([first, _]) = objects.sized(tags::APPLICATION_USAGE_CONTROL) else {
        return true;
    };
    if first & OTHER_THAN_ATM == 0 {
        return false;
    }
    let Some(allows) = bits(objects, terminal_country) else { return true };
    let is_cash = cash_of(data) == Cash::Only;
    let is_purchase =
        matches!(data.transaction_type, TransactionType::PURCHASE | TransactionType::CASHBACK);
    (!is_cash || allows(CASH))
        && (!is_purchase || allows(GOODS) || allows(SERVICES))
        && (data.amount_other == 0 || allows(CASHBACK))
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
    use countertop_device::{Currency, Money};

    use super::*;

    fn card(control: [u8; 2]) -> Objects {
        let mut objects = Objects::default();
        objects.put(tags::APPLICATION_USAGE_CONTROL, &control).unwrap();
        objects.put(tags::ISSUER_COUNTRY_CODE, &[0x01, 0x56]).unwrap();
        objects
    }

    #[test]
    fn home_and_abroad_have_bits_of_their_own() {
        for (control, country, transaction, expected) in [
            ([0x21, 0x00], 156, PURCHASE, true),
            ([0x21, 0x00], 840, PURCHASE, false),
            ([0x11, 0x00], 840, PURCHASE, true),
            ([0x09, 0x00], 156, PURCHASE, true),
            ([0x20, 0x00], 156, PURCHASE, false), // not at terminals other than ATMs
            ([0x81, 0x00], 156, CASH_ONLY, true),
            ([0x81, 0x00], 840, CASH_ONLY, false),
            ([0x41, 0x00], 840, CASH_ONLY, true),
            ([0x21, 0x80], 156, WITH_CASHBACK, true),
            ([0x21, 0x40], 156, WITH_CASHBACK, false),
            ([0x11, 0x40], 840, WITH_CASHBACK, true),
            ([0x21, 0x00], 156, (0x09, 0), true), // of no cash at all
            ([0xC1, 0x00], 156, (0x20, 0), true), // a refund is no purchase
            ([0xC1, 0x00], 156, (0x31, 0), true),
            ([0xC1, 0x00], 156, (0x20, 100), false),
        ] {
            let allowed = allows(&card(control), country, &data(transaction));
            assert_eq!(allowed, expected, "{control:02X?} {transaction:02X?}");
        }
        assert!(allows(&Objects::default(), 156, &data(CASH_ONLY)));
    }

    /// Transaction type and cash beside the goods.
    const PURCHASE: (u8, u64) = (0x00, 0);
    const CASH_ONLY: (u8, u64) = (0x17, 0);
    const WITH_CASHBACK: (u8, u64) = (0x09, 100);

    fn data((kind, amount_other): (u8, u64)) -> TransactionData {
        let amount = Money::from_minor(1_000, Currency::CNY);
        let kind = TransactionType(kind);
        let mut data = TransactionData::new(amount, kind, [0; 3], [0; 3], [0; 4]);
        data.amount_other = amount_other;
        data
    }

    #[test]
    fn cash_wants_a_word() {
        assert!(!allows_cash(&Objects::default(), 156));
        assert!(allows_cash(&card([0x80, 0]), 156) && !allows_cash(&card([0x80, 0]), 840));
        assert!(allows_cashback(&card([0, 0x40]), 840) && !allows_cashback(&card([0, 0x40]), 156));
    }
}
