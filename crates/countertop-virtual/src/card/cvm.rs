//! Cardholder verification rules (EMV Book 3, annex C3).

/// Names a cardholder verification method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CvmMethod {
    /// The card compares the PIN, which it gets in clear.
    PlaintextPin,
    /// The issuer compares the PIN, which it gets enciphered.
    OnlinePin,
    /// The card compares the PIN, which it gets enciphered with its public key.
    EncipheredPin,
    /// The cardholder signs.
    Signature,
    /// Nothing is required.
    NoCvm,
}

/// Is one rule of a card's list; it applies where the terminal supports the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CvmRule {
    method: CvmMethod,
    next_if_unsuccessful: bool,
}

impl CvmRule {
    /// Creates a rule after which the next rule applies when it was not successful.
    #[must_use]
    pub fn or_next(method: CvmMethod) -> Self {
        Self { method, next_if_unsuccessful: true }
    }

    /// Creates a rule that fails cardholder verification when it was not successful.
    #[must_use]
    pub fn or_fail(method: CvmMethod) -> Self {
        Self { method, next_if_unsuccessful: false }
    }

    /// Returns the rule's two bytes; the condition is `03`, "if the terminal supports the CVM".
    pub(super) fn to_bytes(self) -> [u8; 2] {
        let method = match self.method {
            CvmMethod::PlaintextPin => 0x01,
            CvmMethod::OnlinePin => 0x02,
            CvmMethod::EncipheredPin => 0x04,
            CvmMethod::Signature => 0x1e,
            CvmMethod::NoCvm => 0x1f,
        };
        let next = self.next_if_unsuccessful && self.method != CvmMethod::NoCvm;
        [if next { method | 0x40 } else { method }, 0x03]
    }
}
