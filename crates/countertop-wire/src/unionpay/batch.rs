//! Transactions of a batch upload in field 48.

use core::fmt;

use zeroize::Zeroizing;

/// The most transactions that one message of a batch upload holds: 322 digits.
pub const BATCH_ENTRIES_MAX: usize = 8;

const ENTRY_DIGITS: usize = 40;

/// Is one transaction of a batch upload.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchEntry {
    /// Whether the card is foreign.
    pub foreign: bool,
    /// Trace number.
    pub stan: u32,
    /// Digits of the card number; empty for a payment code.
    pub pan: Zeroizing<String>,
    /// Amount in minor units.
    pub amount: u64,
}

/// Says why transactions cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadBatchDetail {
    /// More transactions than a message holds.
    #[error("{0} transactions, above {BATCH_ENTRIES_MAX}")]
    TooMany(usize),
    /// A number does not fit its digits.
    #[error("transaction {0} does not fit its digits")]
    TooLarge(u32),
    /// The field is no count with as many transactions.
    #[error("field is no count with as many transactions of {ENTRY_DIGITS} digits")]
    BadDigits,
}

/// Withholds the card number.
impl fmt::Debug for BatchEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchEntry")
            .field("foreign", &self.foreign)
            .field("stan", &self.stan)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}

/// Returns the digits of field 48: a count of two digits, then for each transaction the kind of
/// card, trace number, card number padded with zeros to twenty digits, and amount.
///
/// # Errors
///
/// [`BadBatchDetail::TooMany`] and [`BadBatchDetail::TooLarge`].
pub fn emit_batch(entries: &[BatchEntry]) -> Result<Zeroizing<String>, BadBatchDetail> {
    if entries.len() > BATCH_ENTRIES_MAX {
        return Err(BadBatchDetail::TooMany(entries.len()));
    }
    let mut digits = Zeroizing::new(format!("{:02}", entries.len()));
    for entry in entries {
        let BatchEntry { foreign, stan, pan, amount } = entry;
        let kind = u8::from(*foreign);
        let text = Zeroizing::new(format!("{kind:02}{stan:06}{:0>20}{amount:012}", **pan));
        if text.len() != ENTRY_DIGITS {
            return Err(BadBatchDetail::TooLarge(*stan));
        }
        digits.push_str(&text);
    }
    Ok(digits)
}

/// Reads the digits of field 48. Leading zeros of a card number are taken for padding.
///
/// # Errors
///
/// [`BadBatchDetail::BadDigits`].
pub fn parse_batch(digits: &str) -> Result<Vec<BatchEntry>, BadBatchDetail> {
    let (count, rest) = digits.split_at_checked(2).ok_or(BadBatchDetail::BadDigits)?;
    let count: usize = number(count)?;
    if rest.len() != count * ENTRY_DIGITS {
        return Err(BadBatchDetail::BadDigits);
    }
    (0..count).map(|index| entry(rest, index * ENTRY_DIGITS)).collect()
}

fn entry(digits: &str, start: usize) -> Result<BatchEntry, BadBatchDetail> {
    let part = |from: usize, to: usize| {
        digits.get(start + from..start + to).ok_or(BadBatchDetail::BadDigits)
    };
    let pan = part(8, 28)?.trim_start_matches('0');
    Ok(BatchEntry {
        foreign: number::<u8>(part(0, 2)?)? == 1,
        stan: number(part(2, 8)?)?,
        pan: Zeroizing::new(pan.into()),
        amount: number(part(28, 40)?)?,
    })
}

fn number<T: core::str::FromStr>(digits: &str) -> Result<T, BadBatchDetail> {
    let decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = decimal.then(|| digits.parse().ok()).flatten();
    number.ok_or(BadBatchDetail::BadDigits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(stan: u32) -> BatchEntry {
        let pan = Zeroizing::new("6200000000000005".to_owned());
        BatchEntry { foreign: false, stan, pan, amount: 1234 }
    }

    #[test]
    fn transactions_round_trip() {
        let digits = emit_batch(&[sale(2), BatchEntry { foreign: true, ..sale(4) }]).unwrap();
        assert_eq!(
            digits.as_str(),
            "02\
             0000000200006200000000000005000000001234\
             0100000400006200000000000005000000001234"
        );
        let read = parse_batch(&digits).unwrap();
        assert_eq!(read[0], sale(2));
        assert!(read[1].foreign);
        assert!(!format!("{read:?}").contains("6200"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(emit_batch(&vec![sale(1); 9]), Err(BadBatchDetail::TooMany(9)));
        assert_eq!(emit_batch(&vec![sale(1); 8]).unwrap().len(), 322);
        let large = BatchEntry { amount: 1_000_000_000_000, ..sale(3) };
        assert_eq!(emit_batch(&[large]), Err(BadBatchDetail::TooLarge(3)));
    }

    #[test]
    fn every_cut_is_an_error() {
        let digits = emit_batch(&[sale(2)]).unwrap();
        for length in 0..digits.len() {
            assert_eq!(parse_batch(&digits[..length]), Err(BadBatchDetail::BadDigits));
        }
        assert_eq!(parse_batch("00"), Ok(vec![]));
        assert_eq!(parse_batch("0x"), Err(BadBatchDetail::BadDigits));
    }
}
