//! Fields 60 and 61: what kind of transaction, in which batch, and of which original.

use core::fmt;
use core::str::FromStr;

/// Is field 60: transaction type, batch and the rest as far as a terminal sends it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TransactionInformation {
    /// Transaction type code (60.1), 0 to 99.
    pub transaction_type: u8,
    /// Batch number (60.2), 0 to 999999.
    pub batch: u32,
    /// Network management code (60.3), 0 to 999; 0 for a financial transaction.
    pub management: u16,
    /// The digits from 60.4 on: reading capability, condition of the chip, partial approval,
    /// account type. A terminal sends as many as needed.
    pub rest: String,
}

/// Is field 61: the transaction that this one refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Original {
    /// Its batch number; 0 when not known.
    pub batch: u32,
    /// Its trace number; 0 when not known.
    pub stan: u32,
    /// Its date, `MMDD`, where the transaction asks for it.
    pub date: Option<String>,
    /// What follows: authorisation mode and organisation.
    pub rest: String,
}

impl TransactionInformation {
    /// Creates field 60 of a financial transaction: 13 digits.
    ///
    /// `reading` is the reading capability (60.4): 2 stripe, 5 with chip, 6 with contactless.
    /// `fallback` says that the chip could not be read before (60.5).
    #[must_use]
    pub fn financial(transaction_type: u8, batch: u32, reading: u8, fallback: bool) -> Self {
        let condition = if fallback { 2 } else { 0 };
        let rest = format!("{}{condition}", reading % 10);
        Self { transaction_type, batch, management: 0, rest }
    }

    /// Creates field 60 of network management: 11 digits.
    #[must_use]
    pub fn management(batch: u32, management: u16) -> Self {
        Self { transaction_type: 0, batch, management, rest: String::new() }
    }
}

/// Writes the digits of the field.
impl fmt::Display for TransactionInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transaction_type, batch, management, rest } = self;
        write!(f, "{transaction_type:02}{batch:06}{management:03}{rest}")
    }
}

/// Says that digits are no field 60 or 61.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too few digits, or no digits")]
pub struct BadPrivateField;

impl FromStr for TransactionInformation {
    type Err = BadPrivateField;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let (transaction_type, rest) = number(digits, 2)?;
        let (batch, rest) = number(rest, 6)?;
        // Some requests of old terminals end after the batch.
        let (management, rest) = if rest.is_empty() { (0, rest) } else { number(rest, 3)? };
        Ok(Self {
            transaction_type: transaction_type.try_into().map_err(|_| BadPrivateField)?,
            batch,
            management: management.try_into().map_err(|_| BadPrivateField)?,
            rest: all_digits(rest)?.into(),
        })
    }
}

impl fmt::Display for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date.as_deref().unwrap_or_default();
        write!(f, "{:06}{:06}{date}{}", self.batch, self.stan, self.rest)
    }
}

impl FromStr for Original {
    type Err = BadPrivateField;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let (batch, rest) = number(digits, 6)?;
        let (stan, rest) = number(rest, 6)?;
        let rest = all_digits(rest)?;
        let (date, rest) = match rest.split_at_checked(4) {
            Some((date, rest)) => (Some(date.into()), rest),
            None => (None, rest),
        };
        Ok(Self { batch, stan, date, rest: rest.into() })
    }
}

fn number(digits: &str, count: usize) -> Result<(u32, &str), BadPrivateField> {
    let (number, rest) = digits.split_at_checked(count).ok_or(BadPrivateField)?;
    let number = all_digits(number)?.parse().map_err(|_| BadPrivateField)?;
    Ok((number, rest))
}

fn all_digits(text: &str) -> Result<&str, BadPrivateField> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text).ok_or(BadPrivateField)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_60_round_trips() {
        let sale = TransactionInformation::financial(22, 1, 5, false);
        assert_eq!(sale.to_string(), "2200000100050");
        assert_eq!(TransactionInformation::financial(22, 1, 6, true).rest, "62");
        assert_eq!(TransactionInformation::management(1, 301).to_string(), "00000001301");
        for digits in ["2200000100050", "00000001003", "2299999900050100000", "00000001"] {
            let read: TransactionInformation = digits.parse().unwrap();
            assert!(read.to_string().starts_with(digits), "{read} {digits}");
        }
    }

    #[test]
    fn field_61_round_trips() {
        for digits in ["000001000002", "0000010000110101", "00000100001101010112345678901"] {
            assert_eq!(digits.parse::<Original>().unwrap().to_string(), digits);
        }
        assert_eq!("0000010000110101".parse::<Original>().unwrap().date.unwrap(), "0101");
    }

    #[test]
    fn short_fields_are_refused() {
        for digits in ["", "2", "2200000", "2200000100", "22000001 00", "+2000001000"] {
            assert!(digits.parse::<TransactionInformation>().is_err(), "{digits}");
        }
        for digits in ["", "00000100000", "00000100000x", "000001000002é"] {
            assert!(digits.parse::<Original>().is_err(), "{digits}");
        }
    }
}
