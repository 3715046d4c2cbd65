//! What a MagneSafe reader sends beside the tracks.

use core::fmt;

use zeroize::Zeroizing;

/// Is the reader encryption status, in the order of the bytes of the report (99875475, section 2;
/// D998200115, section 6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct EncryptionStatus(pub u16);

impl EncryptionStatus {
    /// Bit 0: all DUKPT keys were used; the reader reads no more cards.
    pub const KEYS_EXHAUSTED: u16 = 0x0001;
    /// Bit 1: the initial DUKPT key was injected.
    pub const KEY_INJECTED: u16 = 0x0002;
    /// Bit 2: encryption is enabled.
    pub const ENABLED: u16 = 0x0004;
    /// Bit 8: the encryption counter has expired.
    pub const COUNTER_EXPIRED: u16 = 0x0100;

    /// Tells whether the tracks are encrypted: only when encryption is enabled and there is a key.
    #[must_use]
    pub fn encrypts(self) -> bool {
        let both = Self::KEY_INJECTED | Self::ENABLED;
        self.0 & both == both
    }

    /// Tells whether the reader has no more keys, or may use none, and so reads no card.
    #[must_use]
    pub fn is_exhausted(self) -> bool {
        self.0 & (Self::KEYS_EXHAUSTED | Self::COUNTER_EXPIRED) != 0
    }
}

/// Is what a MagneSafe reader sends beside the tracks.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct MagneSafe {
    /// Whether the tracks are encrypted, and why not.
    pub status: EncryptionStatus,
    /// The device's serial number, at most 15 characters.
    pub serial_number: String,
    /// The DUKPT key serial number; zeros without a key.
    pub key_serial_number: [u8; 10],
    /// The tracks with most characters replaced, for people to recognise the card by. The check
    /// digit of the account number is right nevertheless: never take it for the card's.
    pub masked: [Zeroizing<Vec<u8>>; 3],
    /// How many bytes of each track are left after decryption.
    pub absolute_lengths: [u8; 3],
    /// The encrypted session ID; zeros when the host gave none.
    pub session_id: [u8; 8],
    /// The MagnePrint status.
    pub magneprint_status: u32,
    /// The encrypted MagnePrint, at most 128 bytes.
    pub magneprint: Vec<u8>,
}

impl fmt::Debug for MagneSafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MagneSafe").field("status", &self.status).finish_non_exhaustive()
    }
}
