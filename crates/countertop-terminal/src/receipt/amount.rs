//! Amounts as slips print them.

use countertop_acquirer::TransactionKind;
use countertop_device::{Currency, Money};

/// Returns `RMB 12.34`; a void's has a minus sign before the number.
pub(super) fn printed(amount: Money, kind: TransactionKind) -> String {
    let sign = if is_credit(kind) { "-" } else { "" };
    format!("{} {sign}{}", currency(amount.currency()), amount.decimal())
}

/// Returns how slips name a currency: yuan as `RMB`, others by their letters.
pub(super) fn currency(currency: Currency) -> &'static str {
    match currency {
        Currency::CNY => "RMB",
        other => other.code(),
    }
}

/// Tells whether money goes back to the customer.
pub(super) fn is_credit(kind: TransactionKind) -> bool {
    matches!(kind, TransactionKind::Void)
}

/// Returns the Chinese and English name of a transaction.
pub(super) fn kind(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Sale => "消费(SALE)",
        TransactionKind::Void => "消费撤销(VOID)",
        _ => "其他(OTHER)",
    }
}

/// Returns the letter of a transaction in the list of a settlement slip.
pub(super) fn letter(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Sale => "S",
        TransactionKind::Void => "V",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voids_are_negative() {
        let amount = Money::from_minor(1234, Currency::CNY);
        assert_eq!(printed(amount, TransactionKind::Sale), "RMB 12.34");
        assert_eq!(printed(amount, TransactionKind::Void), "RMB -12.34");
        let yen = Money::from_minor(1234, Currency::JPY);
        assert_eq!(printed(yen, TransactionKind::Sale), "JPY 1234");
    }
}
