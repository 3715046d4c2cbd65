//! What a host answers.

use core::fmt;

use countertop_device::Sensitive;
use serde::{Deserialize, Serialize};

use crate::{BatchNumber, HostError};

/// Is a response code (field 39): two letters or digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResponseCode([u8; 2]);

/// Says what a response code asks of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// Finish and print.
    Approved,
    /// Refused.
    Declined,
    /// Refused; the operator should hold the card if policy allows.
    DeclinedRetainCard,
    /// Approved for less than was asked. A terminal that did not offer that has to reverse.
    PartiallyApproved,
    /// Refused; the PIN was wrong and may be asked for again in a new transaction.
    WrongPin,
    /// Refused; the chip has to be used.
    UseChip,
    /// Refused; sign in at the host again.
    SignInAgain,
}

impl ResponseCode {
    /// Approved.
    pub const APPROVED: Self = Self(*b"00");

    /// Creates a code; `None` when it is not two ASCII letters or digits.
    #[must_use]
    pub fn new(code: [u8; 2]) -> Option<Self> {
        code.iter().all(u8::is_ascii_alphanumeric).then_some(Self(code))
    }

    /// Returns what the code asks of the terminal.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match &self.0 {
            b"00" | b"11" | b"A2" | b"A4" | b"A5" | b"A6" => Verdict::Approved,
            b"04" | b"07" | b"34" | b"35" | b"37" | b"41" | b"43" | b"67" => {
                Verdict::DeclinedRetainCard
            }
            b"10" => Verdict::PartiallyApproved,
            b"45" => Verdict::UseChip,
            b"55" => Verdict::WrongPin,
            b"77" | b"99" | b"A0" => Verdict::SignInAgain,
            _ => Verdict::Declined,
        }
    }

    /// Tells whether this answer to a reversal means that nothing is left to reverse.
    #[must_use]
    pub fn reversal_done(self) -> bool {
        matches!(&self.0, b"00" | b"12" | b"25")
    }

    /// Returns the two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// Returns the two bytes.
    #[must_use]
    pub fn as_bytes(&self) -> [u8; 2] {
        self.0
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for ResponseCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = <[u8; 2]>::try_from(text.as_bytes()).ok();
        bytes.and_then(Self::new).ok_or_else(|| format!("`{text}` is no response code"))
    }
}

impl From<ResponseCode> for String {
    fn from(code: ResponseCode) -> Self {
        code.as_str().into()
    }
}

/// Is a host's answer to a financial request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostAnswer {
    /// Field 39.
    pub code: ResponseCode,
    /// Local date of the host, `MMDD` (field 13).
    pub date: Option<String>,
    /// Local time of the host, `hhmmss` (field 12).
    pub time: Option<String>,
    /// Settlement date, `MMDD` (field 15).
    pub settlement_date: Option<String>,
    /// Retrieval reference number (field 37).
    pub rrn: Option<String>,
    /// Authorisation code (field 38).
    pub authorization_code: Option<String>,
    /// Issuer's number or name (field 44, first half).
    pub issuer: Option<String>,
    /// Acquirer's number or name (field 44, second half).
    pub acquirer: Option<String>,
    /// Card scheme (field 63, first three characters), such as `CUP`.
    pub scheme: Option<String>,
    /// Issuer authentication data and scripts (field 55) as BER-TLV.
    #[serde(skip)]
    pub emv: Sensitive,
}

/// Is what became of a financial request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Submission {
    /// The host answered, and the answer is authentic.
    Answered(HostAnswer),
    /// Not a byte left; the reversal can be dropped.
    NotSent(HostError),
    /// Bytes left and no valid answer came: the host may or may not have booked it. The reversal
    /// has to go out.
    Unknown(UnknownReason, HostError),
}

/// Says why the result of a request is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownReason {
    /// No answer in time, or one that does not belong to the request.
    NoAnswer,
    /// An answer with a wrong message authentication code.
    BadMac,
}

/// Is a successful sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The batch to use from now on: the host may assign it.
    pub batch: BatchNumber,
    /// Local date of the host, `MMDD`.
    pub date: Option<String>,
    /// Local time of the host, `hhmmss`.
    pub time: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ResponseCode {
        ResponseCode::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn codes_become_verdicts() {
        for (text, verdict) in [
            ("00", Verdict::Approved),
            ("11", Verdict::Approved),
            ("A4", Verdict::Approved),
            ("10", Verdict::PartiallyApproved),
            ("41", Verdict::DeclinedRetainCard),
            ("45", Verdict::UseChip),
            ("51", Verdict::Declined),
            ("55", Verdict::WrongPin),
            ("A0", Verdict::SignInAgain),
        ] {
            assert_eq!(code(text).verdict(), verdict, "{text}");
        }
    }

    #[test]
    fn a_reversal_of_the_unknown_is_done() {
        for (text, done) in [("00", true), ("12", true), ("25", true), ("96", false)] {
            assert_eq!(code(text).reversal_done(), done, "{text}");
        }
    }

    #[test]
    fn only_letters_and_digits_are_codes() {
        for text in ["", "0", "000", "é", "0 "] {
            assert!(ResponseCode::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
