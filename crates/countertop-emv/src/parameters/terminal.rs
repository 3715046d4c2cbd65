//! What a terminal is, whatever the application (EMV Book 4, clause 10.1).

use serde::Deserialize;

use super::hex;

/// Holds the application-independent data of a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TerminalParameters {
    /// Terminal Type (`9F35`): `22` is attended, online-capable, operated by a merchant.
    #[serde(rename = "type", deserialize_with = "hex::byte")]
    pub terminal_type: u8,
    /// Terminal Capabilities (`9F33`); what the PIN pad cannot do is taken out of the second byte;
    /// plaintext offline PIN too, unless the card reader has a key pad; and XDA (third byte, bit 3) with
    /// applications whose provider has no key on an elliptic curve here.
    #[serde(deserialize_with = "hex::array")]
    pub capabilities: [u8; 3],
    /// Additional Terminal Capabilities (`9F40`).
    #[serde(deserialize_with = "hex::array")]
    pub additional_capabilities: [u8; 5],
    /// Terminal Country Code (`9F1A`, ISO 3166-1 numeric): 156 is China.
    pub country_code: u16,
    /// Interface Device Serial Number (`9F1E`): up to eight characters.
    pub serial_number: String,
    /// Merchant Category Code (`9F15`).
    pub merchant_category_code: u16,
    /// Whether the cardholder can be asked to choose and confirm applications (EMV Book 1,
    /// clause 12.4).
    pub cardholder_selection: bool,
}

impl Default for TerminalParameters {
    fn default() -> Self {
        Self {
            terminal_type: 0x22,
            capabilities: [0xE0, 0x78, 0xC8],
            additional_capabilities: [0x60, 0x00, 0xF0, 0xA0, 0x01],
            country_code: 156,
            serial_number: "00000000".into(),
            merchant_category_code: 5999,
            cardholder_selection: true,
        }
    }
}
