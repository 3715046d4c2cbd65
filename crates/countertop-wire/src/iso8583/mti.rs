//! Message type identifiers.

use core::fmt;

/// Is a message type: version, class, function and origin, four digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mti(u16);

impl Mti {
    /// Authorisation request, for pre-authorisations.
    pub const AUTHORIZATION: Self = Self(0x0100);
    /// Financial request.
    pub const FINANCIAL: Self = Self(0x0200);
    /// Financial advice: refunds, completions, adjustments.
    pub const FINANCIAL_ADVICE: Self = Self(0x0220);
    /// Batch upload.
    pub const BATCH_UPLOAD: Self = Self(0x0320);
    /// Reversal request.
    pub const REVERSAL: Self = Self(0x0400);
    /// Reconciliation (settlement) request.
    pub const RECONCILIATION: Self = Self(0x0500);
    /// Result of issuer scripts.
    pub const SCRIPT_RESULT: Self = Self(0x0620);
    /// Network management request: sign-in and downloads.
    pub const NETWORK_REQUEST: Self = Self(0x0800);
    /// Network management advice: echo test, sign-out, uploads.
    pub const NETWORK_ADVICE: Self = Self(0x0820);

    /// Reads two BCD bytes; `None` when a nibble is no digit.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 2]) -> Option<Self> {
        let decimal = bytes.iter().all(|byte| byte >> 4 < 10 && byte & 0x0F < 10);
        decimal.then_some(Self(u16::from_be_bytes(bytes)))
    }

    /// Returns the two BCD bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }

    /// Returns the type of the answer to this request: `0210` for `0200`. An answer is its own.
    #[must_use]
    pub fn response(self) -> Self {
        Self(self.0 | 0x0010)
    }

    /// Tells whether this is the type of an answer.
    #[must_use]
    pub fn is_response(self) -> bool {
        self.0 & 0x0010 != 0
    }

    /// Returns what the type is for, in the words of ISO 8583; `None` for one that UnionPay's
    /// terminals do not use.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0x0100 => "authorization request",
            0x0110 => "authorization response",
            0x0200 => "financial request",
            0x0210 => "financial response",
            0x0220 => "financial advice",
            0x0230 => "financial advice response",
            0x0320 => "batch upload",
            0x0330 => "batch upload response",
            0x0400 => "reversal request",
            0x0410 => "reversal response",
            0x0500 => "reconciliation request",
            0x0510 => "reconciliation response",
            0x0620 => "script result notice",
            0x0630 => "script result response",
            0x0800 => "network management request",
            0x0810 => "network management response",
            0x0820 => "network management advice",
            0x0830 => "network management advice response",
            _ => return None,
        })
    }
}

impl fmt::Display for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mti({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_ten_more() {
        for (request, answer) in [
            (Mti::FINANCIAL, "0210"),
            (Mti::BATCH_UPLOAD, "0330"),
            (Mti::REVERSAL, "0410"),
            (Mti::NETWORK_ADVICE, "0830"),
        ] {
            assert_eq!(request.response().to_string(), answer);
            assert!(!request.is_response() && request.response().is_response());
            assert!(request.name().is_some() && request.response().name().is_some());
        }
    }

    #[test]
    fn only_digits_are_a_type() {
        assert_eq!(Mti::from_bytes([0x02, 0x00]), Some(Mti::FINANCIAL));
        assert_eq!(Mti::from_bytes([0x0A, 0x00]), None);
        assert_eq!(Mti::from_bytes([0x12, 0x34]).unwrap().name(), None);
    }
}
