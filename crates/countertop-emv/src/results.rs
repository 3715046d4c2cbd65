//! What a transaction ends with: cryptogram, verification results.

/// Is the kind of an application cryptogram (EMV Book 3, table 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CryptogramKind {
    /// Application Authentication Cryptogram: declined.
    Aac,
    /// Authorisation Request Cryptogram: the host decides.
    Arqc,
    /// Transaction Certificate: approved.
    Tc,
}

impl CryptogramKind {
    /// Returns the kind that Cryptogram Information Data (`9F27`) names; `None` for the reserved
    /// one.
    #[must_use]
    pub const fn from_information(data: u8) -> Option<Self> {
        match data >> 6 {
            0b00 => Some(Self::Aac),
            0b01 => Some(Self::Tc),
            0b10 => Some(Self::Arqc),
            _ => None,
        }
    }
}

/// Is a cryptogram of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationCryptogram {
    /// Its kind, from `information`.
    pub kind: CryptogramKind,
    /// Cryptogram Information Data (`9F27`).
    pub information: u8,
    /// Application Cryptogram (`9F26`).
    pub value: [u8; 8],
    /// Application Transaction Counter (`9F36`).
    pub counter: u16,
    /// Issuer Application Data (`9F10`); empty when the card gives none.
    pub issuer_application_data: Vec<u8>,
}

/// Is the CVM Results (`9F34`, EMV Book 4, annex A4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CvmResults(pub [u8; 3]);

/// CVM codes of EMV Book 3, annex C3, table 43.
const METHOD: u8 = 0x3F;
const SIGNATURE: [u8; 3] = [0x1E, 0x03, 0x05];
const ONLINE_PIN: u8 = 0x02;
const FAILED: u8 = 0x01;

impl CvmResults {
    /// Tells whether the voucher has a line for the cardholder's signature.
    #[must_use]
    pub fn signature_required(self) -> bool {
        let [method, _, result] = self.0;
        SIGNATURE.contains(&(method & METHOD)) && result != FAILED
    }

    /// Tells whether the message to the host carries a PIN.
    #[must_use]
    pub fn online_pin(self) -> bool {
        let [method, _, result] = self.0;
        method & METHOD == ONLINE_PIN && result != FAILED
    }
}

/// Is the Terminal Verification Results (`95`, EMV Book 3, annex C5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TerminalVerificationResults(pub [u8; 5]);

/// Byte, bit and meaning of what a person should hear of.
const REASONS: [(usize, u8, &str); 13] = [
    (0, 0x40, "the card's static data are not genuine"),
    (0, 0x20, "the card misses data"),
    (0, 0x10, "the card is on the exception file"),
    (0, 0x08, "the card could not prove that it is genuine (DDA)"),
    (0, 0x04, "the card could not prove that it is genuine (CDA)"),
    (1, 0x40, "the card has expired"),
    (1, 0x20, "the card is not valid yet"),
    (1, 0x10, "this service is not allowed with the card"),
    (2, 0x80, "the cardholder could not be verified"),
    (2, 0x20, "the PIN is blocked"),
    (2, 0x10, "the PIN pad is missing or does not work"),
    (2, 0x08, "no PIN was entered"),
    (4, 0x40, "the issuer could not prove that it is genuine"),
];

impl TerminalVerificationResults {
    /// Returns what stands against the transaction, in words for the person at the counter.
    pub fn reasons(self) -> impl Iterator<Item = &'static str> {
        REASONS
            .into_iter()
            .filter(move |(byte, bit, _)| self.0.get(*byte).is_some_and(|set| set & bit != 0))
            .map(|(_, _, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cryptogram_kinds() {
        assert_eq!(CryptogramKind::from_information(0x00), Some(CryptogramKind::Aac));
        assert_eq!(CryptogramKind::from_information(0x40), Some(CryptogramKind::Tc));
        assert_eq!(CryptogramKind::from_information(0x80), Some(CryptogramKind::Arqc));
        assert_eq!(CryptogramKind::from_information(0xC0), None);
    }

    #[test]
    fn signature_and_online_pin() {
        assert!(CvmResults([0x5E, 0x03, 0x00]).signature_required());
        assert!(!CvmResults([0x1E, 0x03, 0x01]).signature_required());
        assert!(CvmResults([0x42, 0x03, 0x00]).online_pin());
        assert!(!CvmResults([0x1F, 0x03, 0x02]).signature_required());
    }

    #[test]
    fn tells_why() {
        let tvr = TerminalVerificationResults([0x04, 0x40, 0, 0, 0]);
        let reasons: Vec<_> = tvr.reasons().collect();
        assert_eq!(
            reasons,
            ["the card could not prove that it is genuine (CDA)", "the card has expired"]
        );
        assert_eq!(TerminalVerificationResults::default().reasons().count(), 0);
    }
}
