//! Amounts of money: integers of minor units with a currency, never floats.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Is an amount in minor units of a currency: 1234 with [`Currency::CNY`] is 12.34 yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: u64,
    currency: Currency,
}

/// Is a currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Currency {
    /// Renminbi yuan, 156.
    #[serde(rename = "CNY")]
    CNY,
    /// Euro, 978.
    #[serde(rename = "EUR")]
    EUR,
    /// Yen, 392, without minor units.
    #[serde(rename = "JPY")]
    JPY,
    /// United States dollar, 840.
    #[serde(rename = "USD")]
    USD,
}

/// Says why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no amount in {currency}: {reason}")]
pub struct ParseMoneyError {
    text: String,
    currency: Currency,
    reason: &'static str,
}

/// The largest amount that fits the twelve digits of ISO 8583 field 4.
const MAX_MINOR: u64 = 999_999_999_999;

impl Money {
    /// Creates an amount from minor units.
    #[must_use]
    pub const fn from_minor(minor: u64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Parses what a person keys: `12`, `12.3`, `12.34`; no sign, no grouping.
    ///
    /// # Errors
    ///
    /// When the text is no amount, is nought, has more decimals than the currency, or does not fit
    /// the twelve digits of ISO 8583 field 4.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, ParseMoneyError> {
        match parse_minor(text.trim(), currency.exponent()) {
            Ok(minor) => Ok(Self { minor, currency }),
            Err(reason) => Err(ParseMoneyError { text: text.into(), currency, reason }),
        }
    }

    /// Returns the minor units.
    #[must_use]
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// Returns the currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Adds an amount of the same currency; `None` on overflow or another currency.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        let minor = self.minor.checked_add(other.minor)?;
        Some(Self { minor, currency: self.currency })
    }

    /// Returns the decimal text without the currency: `12.34`.
    #[must_use]
    pub fn decimal(self) -> String {
        let digits = usize::from(self.currency.exponent());
        if digits == 0 {
            return self.minor.to_string();
        }
        let scale = 10u64.pow(u32::from(self.currency.exponent()));
        format!("{}.{:0digits$}", self.minor / scale, self.minor % scale)
    }
}

fn parse_minor(text: &str, exponent: u8) -> Result<u64, &'static str> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || text.ends_with('.') {
        return Err("write digits with at most one decimal point");
    }
    if decimals.len() > usize::from(exponent) {
        return Err("too many decimals");
    }
    let padding = usize::from(exponent) - decimals.len();
    let minor = format!("{whole}{decimals}{}", "0".repeat(padding));
    match minor.parse::<u64>() {
        Ok(0) => Err("it is nought"),
        Ok(minor) if minor <= MAX_MINOR => Ok(minor),
        _ => Err("it has more than twelve digits"),
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.decimal())
    }
}

impl Currency {
    /// Returns the numeric code of ISO 4217.
    #[must_use]
    pub const fn numeric(self) -> u16 {
        match self {
            Self::CNY => 156,
            Self::EUR => 978,
            Self::JPY => 392,
            Self::USD => 840,
        }
    }

    /// Returns the number of decimals.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        match self {
            Self::JPY => 0,
            Self::CNY | Self::EUR | Self::USD => 2,
        }
    }

    /// Returns the letters of ISO 4217.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CNY => "CNY",
            Self::EUR => "EUR",
            Self::JPY => "JPY",
            Self::USD => "USD",
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_people_key() {
        for (text, minor) in [("12", 1200), ("12.3", 1230), ("12.34", 1234), (" 0.01 ", 1)] {
            assert_eq!(Money::parse(text, Currency::CNY).unwrap().minor(), minor);
        }
        assert_eq!(Money::parse("500", Currency::JPY).unwrap().minor(), 500);
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1,5",
            "1.234",
            "0",
            "0.00",
            "1e3",
            "１２",
            "99999999999.00",
        ] {
            assert!(Money::parse(text, Currency::CNY).is_err(), "{text}");
        }
        assert!(Money::parse("1.0", Currency::JPY).is_err());
    }

    #[test]
    fn shows_decimals() {
        assert_eq!(Money::from_minor(5, Currency::CNY).to_string(), "CNY 0.05");
        assert_eq!(Money::from_minor(1234, Currency::JPY).decimal(), "1234");
    }

    #[test]
    fn adds_only_the_same_currency() {
        let yuan = Money::from_minor(1, Currency::CNY);
        assert_eq!(yuan.checked_add(yuan), Some(Money::from_minor(2, Currency::CNY)));
        assert_eq!(yuan.checked_add(Money::from_minor(1, Currency::EUR)), None);
        assert_eq!(yuan.checked_add(Money::from_minor(u64::MAX, Currency::CNY)), None);
    }
}
