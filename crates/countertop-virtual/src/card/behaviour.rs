//! The parts of a card's personalisation: its keys, its static data, its risk management.

use countertop_wire::tlv::Tag;

/// Says how long the keys are that a card is made with. They are RSA keys of a test authority, made
/// on the spot; the usual sizes have fixed keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardKeys {
    /// Bits of the certification authority's key: 1024 to 1984, by 32.
    pub authority: u16,
    /// Bits of the issuer's key, not more than the authority's: 1024 to 1976, by 8.
    pub issuer: u16,
    /// Bits of the card's own key, not more than the issuer's: 1024 to 1976, by 8. For combined data authentication
    /// not more than 1408, or the answer does not fit into an APDU.
    pub icc: u16,
    /// The public exponent of all of them: 3 or 65537.
    pub exponent: u32,
    /// The key that a PIN is enciphered with.
    pub pin: PinKey,
    /// The curve of the other keys that a card with extended data authentication has.
    pub curve: Curve,
}

/// Names an elliptic curve with its hash algorithm (EMV Book 2, table 48).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Curve {
    /// P-256 with SHA-256: algorithm suite `10`.
    #[default]
    P256,
    /// P-521 with SHA-512: algorithm suite `11`.
    P521,
}

impl Default for CardKeys {
    fn default() -> Self {
        Self::new(1408, 1152, 1024)
    }
}

impl CardKeys {
    /// Creates keys of other sizes with exponent 3.
    #[must_use]
    pub const fn new(authority: u16, issuer: u16, icc: u16) -> Self {
        let (pin, curve) = (PinKey::Certified, Curve::P256);
        Self { authority, issuer, icc, exponent: 3, pin, curve }
    }

    /// Sets the public exponent: 3 or 65537.
    #[must_use]
    pub const fn with_exponent(mut self, exponent: u32) -> Self {
        self.exponent = exponent;
        self
    }

    /// Sets the curve of the keys for extended data authentication.
    #[must_use]
    pub const fn with_curve(mut self, curve: Curve) -> Self {
        self.curve = curve;
        self
    }

    /// Sets the key that a PIN is enciphered with.
    #[must_use]
    pub const fn with_pin_key(mut self, pin: PinKey) -> Self {
        self.pin = pin;
        self
    }
}

/// Says what a PIN is enciphered with (EMV Book 2, clause 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinKey {
    /// The card's own key: there is no certificate of another one.
    None,
    /// The card's own key, certified once more for PINs.
    Certified,
    /// A key of its own, of so many bits.
    Own(u16),
}

/// Holds the card's static data that the books give a meaning to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaticData {
    /// Application Effective Date (`5F25`): YYMMDD, two digits to a byte.
    pub effective: [u8; 3],
    /// Application Usage Control (`9F07`, EMV Book 3, annex C2).
    pub usage_control: [u8; 2],
    /// Application Version Number (`9F08`).
    pub version: [u8; 2],
    /// Issuer Action Code – Default (`9F0D`).
    pub action_code_default: [u8; 5],
    /// Issuer Action Code – Denial (`9F0E`).
    pub action_code_denial: [u8; 5],
    /// Issuer Action Code – Online (`9F0F`).
    pub action_code_online: [u8; 5],
    /// The amounts X and Y of the list of cardholder verification methods, in minor units.
    pub cvm_amounts: [u32; 2],
    /// Whether the list of applications (`1PAY.SYS.DDF01`) is there.
    pub directory: bool,
}

impl Default for StaticData {
    fn default() -> Self {
        Self {
            effective: [0x24, 0x01, 0x01],
            // Valid everywhere for everything.
            usage_control: [0xff, 0xc0],
            version: [0x00, 0x20],
            action_code_default: [0xd8, 0x68, 0x3c, 0xf8, 0x00],
            action_code_denial: [0x00, 0x10, 0x00, 0x00, 0x00],
            action_code_online: [0xd8, 0x68, 0x3c, 0xf8, 0x00],
            cvm_amounts: [0, 0],
            directory: true,
        }
    }
}

/// Says how a card manages its risk beside its limits for amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RiskBehaviour {
    /// Lower Consecutive Offline Limit (`9F14`), for the terminal's velocity check.
    pub lower_limit: Option<u8>,
    /// Upper Consecutive Offline Limit (`9F23`), for the terminal's velocity check.
    pub upper_limit: Option<u8>,
    /// How many transactions there have been: the counter (`9F36`) begins behind it.
    pub transactions: u16,
    /// The counter of the last transaction online (`9F13`): 0 for a new card.
    pub last_online: u16,
    /// How many transactions in a row the card approves offline; then it wants to go online.
    pub consecutive_limit: Option<u16>,
    /// Every so many transactions the card wants to go online, by its counter.
    pub online_every: Option<u16>,
    /// The greatest amount that the card does not decline, in minor units.
    pub decline_above: Option<u64>,
    /// Whether the card answers GET DATA for its counters.
    pub hides_counters: bool,
}

/// Names the transmission protocol of a card's contacts (ISO/IEC 7816-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transmission {
    /// Characters: answers to commands with data are fetched (`61xx`), wrong lengths told (`6Cxx`).
    T0,
    /// Blocks: whole command and response APDUs.
    #[default]
    T1,
}

/// Is one record of a card's files: which data objects, and whether offline data authentication
/// covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLayout {
    /// Short file identifier: 1 to 30.
    pub file: u8,
    /// The data objects in their order; those that the card does not have are left out.
    pub objects: Vec<Tag>,
    /// Whether it is signed. The signed records of a file are its first ones.
    pub signed: bool,
}
