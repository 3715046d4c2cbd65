//! Cardholders' accounts.

use core::fmt;

use zeroize::Zeroizing;

/// Wrong PINs in a row after which only a new account helps.
const PIN_TRIES: u8 = 3;

/// Is a test cardholder's account.
#[derive(Clone)]
#[non_exhaustive]
pub struct Account {
    /// Card number, digits.
    pub pan: String,
    /// Whether it may pay.
    pub status: AccountStatus,
    /// What it may spend, in minor units.
    pub balance: u64,
    /// Whether its card is foreign.
    pub foreign: bool,
    /// Card scheme, three characters, such as `CUP`.
    pub scheme: String,
    pin: Zeroizing<String>,
    pin_tries: u8,
}

/// Says whether an account may pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountStatus {
    /// It may.
    Active,
    /// Its card has expired (`54`).
    Expired,
    /// Its card is lost (`41`).
    Lost,
    /// Its card is not allowed here (`62`).
    Restricted,
    /// Its card is stolen (`43`).
    Stolen,
}

impl Account {
    /// Creates an active domestic account with a million yuan.
    pub fn new(pan: impl Into<String>, pin: impl Into<String>) -> Self {
        Self {
            pan: pan.into(),
            status: AccountStatus::Active,
            balance: 100_000_000,
            foreign: false,
            scheme: "CUP".into(),
            pin: Zeroizing::new(pin.into()),
            pin_tries: 0,
        }
    }

    /// Returns the code that refuses a PIN, or `None` when it is right.
    pub(super) fn refuse_pin(&mut self, pin: &[u8]) -> Option<&'static str> {
        if self.pin_tries >= PIN_TRIES {
            return Some("75");
        }
        if self.pin.as_bytes() == pin {
            self.pin_tries = 0;
            return None;
        }
        self.pin_tries += 1;
        Some("55")
    }

    /// Returns the code that refuses the account, or `None` when it may pay.
    pub(super) fn refuse(&self) -> Option<&'static str> {
        Some(match self.status {
            AccountStatus::Active => return None,
            AccountStatus::Expired => "54",
            AccountStatus::Lost => "41",
            AccountStatus::Restricted => "62",
            AccountStatus::Stolen => "43",
        })
    }
}

/// Shows the number's end only, and no PIN.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("pan", &mask(&self.pan))
            .field("status", &self.status)
            .field("balance", &self.balance)
            .finish_non_exhaustive()
    }
}

/// Masks a card number: first six and last four digits stay.
pub(super) fn mask(pan: &str) -> String {
    let count = pan.chars().count();
    let keep = |index: usize| count >= 13 && (index < 6 || index + 4 >= count);
    let digits = pan.chars().enumerate();
    digits.map(|(index, digit)| if keep(index) { digit } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wrong_pins_are_enough() {
        let mut account = Account::new("6200000000000005", "123456");
        assert_eq!(account.refuse_pin(b"000000"), Some("55"));
        assert_eq!(account.refuse_pin(b"123456"), None);
        for _ in 0..3 {
            assert_eq!(account.refuse_pin(b"000000"), Some("55"));
        }
        assert_eq!(account.refuse_pin(b"123456"), Some("75"));
    }

    #[test]
    fn debug_withholds_number_and_pin() {
        let shown = format!("{:?}", Account::new("6200000000000005", "123456"));
        assert!(shown.contains("620000******0005"), "{shown}");
        assert!(!shown.contains("123456"), "{shown}");
    }
}
