//! Cardholder verification rules (EMV Book 3, annex C3), and their names in a card's file.

use serde::Deserialize;

/// Names a cardholder verification method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CvmMethod {
    /// Cardholder verification fails here.
    Fail,
    /// The card compares the PIN, which it gets in clear.
    PlaintextPin,
    /// The issuer compares the PIN, which it gets enciphered.
    OnlinePin,
    /// The card compares the PIN, which it gets in clear, and the cardholder signs.
    PlaintextPinAndSignature,
    /// The card compares the PIN, which it gets enciphered with its public key.
    EncipheredPin,
    /// The card compares the enciphered PIN, and the cardholder signs.
    EncipheredPinAndSignature,
    /// The cardholder signs.
    Signature,
    /// Nothing is required.
    NoCvm,
    /// Any other code of six bits: biometry, or one that nobody knows.
    #[serde(untagged)]
    Other(u8),
}

impl CvmMethod {
    /// Returns the code (table 43).
    const fn code(self) -> u8 {
        match self {
            Self::Fail => 0x00,
            Self::PlaintextPin => 0x01,
            Self::OnlinePin => 0x02,
            Self::PlaintextPinAndSignature => 0x03,
            Self::EncipheredPin => 0x04,
            Self::EncipheredPinAndSignature => 0x05,
            Self::Signature => 0x1e,
            Self::NoCvm => 0x1f,
            Self::Other(code) => code & 0x3f,
        }
    }
}

/// Says when a rule applies (table 44); X and Y are amounts at the head of the card's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CvmCondition {
    /// Always.
    Always,
    /// For cash at an unattended terminal.
    UnattendedCash,
    /// For everything but cash and cashback.
    NoCash,
    /// If the terminal supports the method.
    #[default]
    Supported,
    /// For cash that a person hands out.
    ManualCash,
    /// For a purchase with cashback.
    Cashback,
    /// For less than X in the card's currency.
    UnderX,
    /// For more than X in the card's currency.
    OverX,
    /// For less than Y in the card's currency.
    UnderY,
    /// For more than Y in the card's currency.
    OverY,
    /// Any other code: never met, for no terminal knows it.
    #[serde(untagged)]
    Other(u8),
}

impl CvmCondition {
    const fn code(self) -> u8 {
        match self {
            Self::Always => 0x00,
            Self::UnattendedCash => 0x01,
            Self::NoCash => 0x02,
            Self::Supported => 0x03,
            Self::ManualCash => 0x04,
            Self::Cashback => 0x05,
            Self::UnderX => 0x06,
            Self::OverX => 0x07,
            Self::UnderY => 0x08,
            Self::OverY => 0x09,
            Self::Other(code) => code,
        }
    }
}

/// Is one rule of a card's list; it applies where the terminal supports the method, unless another
/// condition is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CvmRule {
    method: CvmMethod,
    condition: CvmCondition,
    next_if_unsuccessful: bool,
}

impl CvmRule {
    /// Creates a rule after which the next rule applies when it was not successful.
    #[must_use]
    pub fn or_next(method: CvmMethod) -> Self {
        Self { method, condition: CvmCondition::default(), next_if_unsuccessful: true }
    }

    /// Creates a rule that fails cardholder verification when it was not successful.
    #[must_use]
    pub fn or_fail(method: CvmMethod) -> Self {
        Self { method, condition: CvmCondition::default(), next_if_unsuccessful: false }
    }

    /// Sets the condition.
    #[must_use]
    pub fn when(mut self, condition: CvmCondition) -> Self {
        self.condition = condition;
        self
    }

    /// Returns the rule's two bytes, as the card's list (`8E`) has them.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 2] {
        let method = self.method.code();
        let next = self.next_if_unsuccessful && self.method != CvmMethod::NoCvm;
        [if next { method | 0x40 } else { method }, self.condition.code()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_their_codes() {
        let rule = CvmRule::or_next(CvmMethod::OnlinePin);
        assert_eq!(rule.to_bytes(), [0x42, 0x03]);
        let rule = CvmRule::or_fail(CvmMethod::EncipheredPinAndSignature);
        assert_eq!(rule.when(CvmCondition::OverY).to_bytes(), [0x05, 0x09]);
        assert_eq!(CvmRule::or_next(CvmMethod::NoCvm).to_bytes(), [0x1f, 0x03]);
        let other = CvmRule::or_next(CvmMethod::Other(0xff)).when(CvmCondition::Other(0x80));
        assert_eq!(other.to_bytes(), [0x7f, 0x80]);
    }
}
