//! Setting bits of Terminal Verification Results (`95`; EMV Book 3, annex C5; Book C-2,
//! annex A.1.184).

use crate::TerminalVerificationResults;

/// Is a bit of the results: which byte, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::contactless) struct TvrBit(usize, u8);

impl TvrBit {
    pub(in crate::contactless) const AUTHENTICATION_NOT_PERFORMED: Self = Self(0, 0x80);
    pub(in crate::contactless) const SDA_FAILED: Self = Self(0, 0x40);
    pub(in crate::contactless) const ICC_DATA_MISSING: Self = Self(0, 0x20);
    pub(in crate::contactless) const DDA_FAILED: Self = Self(0, 0x08);
    pub(in crate::contactless) const CDA_FAILED: Self = Self(0, 0x04);
    pub(in crate::contactless) const VERSIONS_DIFFER: Self = Self(1, 0x80);
    pub(in crate::contactless) const EXPIRED: Self = Self(1, 0x40);
    pub(in crate::contactless) const NOT_YET_EFFECTIVE: Self = Self(1, 0x20);
    pub(in crate::contactless) const SERVICE_NOT_ALLOWED: Self = Self(1, 0x10);
    pub(in crate::contactless) const CVM_NOT_SUCCESSFUL: Self = Self(2, 0x80);
    pub(in crate::contactless) const UNRECOGNISED_CVM: Self = Self(2, 0x40);
    pub(in crate::contactless) const ONLINE_PIN_ENTERED: Self = Self(2, 0x04);
    pub(in crate::contactless) const EXCEEDS_FLOOR_LIMIT: Self = Self(3, 0x80);
    /// Relay resistance, bits 2 and 1: 01 is not performed.
    pub(in crate::contactless) const RELAY_NOT_PERFORMED: Self = Self(4, 0x01);
}

/// Is the results while they are made.
pub(in crate::contactless) trait Tvr {
    /// Sets a bit.
    fn set(&mut self, bit: TvrBit);

    /// Tells whether a bit is set.
    fn has(&self, bit: TvrBit) -> bool;

    /// Tells whether an action code has a bit in common.
    fn meets(&self, code: [u8; 5]) -> bool;
}

impl Tvr for TerminalVerificationResults {
    fn set(&mut self, TvrBit(byte, bit): TvrBit) {
        if let Some(value) = self.0.get_mut(byte) {
            *value |= bit;
        }
    }

    fn has(&self, TvrBit(byte, bit): TvrBit) -> bool {
        self.0.get(byte).is_some_and(|value| value & bit != 0)
    }

    fn meets(&self, code: [u8; 5]) -> bool {
        self.0.iter().zip(code).any(|(set, code)| set & code != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_meet_action_codes() {
        let mut tvr = TerminalVerificationResults::default();
        tvr.set(TvrBit::EXCEEDS_FLOOR_LIMIT);
        assert!(tvr.has(TvrBit::EXCEEDS_FLOOR_LIMIT) && !tvr.has(TvrBit::EXPIRED));
        assert!(tvr.meets([0, 0, 0, 0x80, 0]));
        assert!(!tvr.meets([0xFF, 0xFF, 0xFF, 0x7F, 0xFF]));
    }
}
