//! What a virtual PIN pad is made with.

use countertop_wire::pin_block::DesKey;

/// The one master key that a virtual PIN pad holds: published, and therefore for tests only.
pub const TEST_MASTER_KEY: [u8; 16] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
];

/// Says which kind of acquirer profile the PIN pad is to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// Money moves. A virtual PIN pad refuses it.
    Live,
    /// Nothing moves: training and tests.
    Training,
}

/// Says that a virtual PIN pad must not take the PINs of real cardholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a virtual PIN pad holds test keys and refuses a live profile; attach a certified PIN pad")]
pub struct LiveProfileRefused;

/// Holds what a virtual PIN pad is made with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PinPadConfig {
    /// Serial number, up to 12 letters and digits.
    pub serial_number: String,
    /// The kind of profile it is to serve.
    pub profile: ProfileKind,
    /// Slot of the master key, 0 to 9.
    pub master_key_slot: u8,
    /// The master key; `None` for a PIN pad that nobody has loaded yet.
    pub master_key: Option<DesKey>,
    /// What the screen shows when nothing is asked.
    pub idle_text: String,
}

impl PinPadConfig {
    /// Creates the configuration of a PIN pad with the [test master key](TEST_MASTER_KEY) in slot 0.
    #[must_use]
    pub fn new(profile: ProfileKind) -> Self {
        Self {
            serial_number: "VIRTUAL00001".into(),
            profile,
            master_key_slot: 0,
            master_key: DesKey::new(&TEST_MASTER_KEY).ok(),
            idle_text: "TEST PIN PAD".into(),
        }
    }
}

impl Default for PinPadConfig {
    fn default() -> Self {
        Self::new(ProfileKind::Training)
    }
}
