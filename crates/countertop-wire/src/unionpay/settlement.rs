//! Totals of a settlement in field 48.

use core::fmt;
use core::str::FromStr;

/// Number of digits of field 48 in a settlement.
pub const SETTLEMENT_DIGITS: usize = 62;

/// Is field 48 of a settlement: totals of domestic and of foreign cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct SettlementTotals {
    /// Cards of the terminal's own country.
    pub domestic: SettlementSide,
    /// Cards of other countries.
    pub foreign: SettlementSide,
}

/// Is one side of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct SettlementSide {
    /// Sum of debits in minor units, at most twelve digits.
    pub debit_amount: u64,
    /// Number of debits, at most 999.
    pub debit_count: u16,
    /// Sum of credits in minor units.
    pub credit_amount: u64,
    /// Number of credits.
    pub credit_count: u16,
    /// `0` in a request; `1` balanced, `2` unbalanced, `3` error in a response.
    pub flag: u8,
}

/// Says why totals cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadSettlement {
    /// An amount has more than twelve digits or a count more than three.
    #[error("totals do not fit: amounts have twelve digits, counts three")]
    TooLarge,
    /// The field is not [`SETTLEMENT_DIGITS`] digits.
    #[error("settlement totals are no {SETTLEMENT_DIGITS} digits")]
    BadDigits,
}

impl SettlementTotals {
    /// Returns the digits of the field.
    ///
    /// # Errors
    ///
    /// [`BadSettlement::TooLarge`].
    pub fn digits(&self) -> Result<String, BadSettlement> {
        let digits = format!("{}{}", self.domestic, self.foreign);
        if digits.len() == SETTLEMENT_DIGITS { Ok(digits) } else { Err(BadSettlement::TooLarge) }
    }
}

impl fmt::Display for SettlementSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { debit_amount, debit_count, credit_amount, credit_count, flag } = self;
        write!(f, "{debit_amount:012}{debit_count:03}{credit_amount:012}{credit_count:03}{flag}")
    }
}

impl FromStr for SettlementTotals {
    type Err = BadSettlement;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
        if digits.len() != SETTLEMENT_DIGITS || !decimal {
            return Err(BadSettlement::BadDigits);
        }
        let (domestic, foreign) = digits.split_at(SETTLEMENT_DIGITS / 2);
        Ok(Self { domestic: side(domestic)?, foreign: side(foreign)? })
    }
}

fn side(digits: &str) -> Result<SettlementSide, BadSettlement> {
    Ok(SettlementSide {
        debit_amount: part(digits, 0, 12)?,
        debit_count: part(digits, 12, 3)?,
        credit_amount: part(digits, 15, 12)?,
        credit_count: part(digits, 27, 3)?,
        flag: part(digits, 30, 1)?,
    })
}

fn part<T: FromStr>(digits: &str, start: usize, count: usize) -> Result<T, BadSettlement> {
    let part = digits.get(start..start + count).ok_or(BadSettlement::BadDigits)?;
    part.parse().map_err(|_| BadSettlement::BadDigits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BALANCED: &str = "00000015123400300000000133400210000000000000000000000000000001";

    #[test]
    fn totals_round_trip() {
        let totals: SettlementTotals = BALANCED.parse().unwrap();
        assert_eq!((totals.domestic.debit_amount, totals.domestic.debit_count), (151_234, 3));
        assert_eq!((totals.domestic.credit_amount, totals.domestic.credit_count), (1_334, 2));
        assert_eq!((totals.domestic.flag, totals.foreign.flag), (1, 1));
        assert_eq!(totals.digits().unwrap(), BALANCED);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let large = SettlementSide { debit_amount: 1_000_000_000_000, ..Default::default() };
        let totals = SettlementTotals { domestic: large, ..Default::default() };
        assert_eq!(totals.digits(), Err(BadSettlement::TooLarge));
        for digits in ["", &BALANCED[1..], &BALANCED.replace("1512", "15+2")] {
            assert_eq!(digits.parse::<SettlementTotals>(), Err(BadSettlement::BadDigits));
        }
    }
}
