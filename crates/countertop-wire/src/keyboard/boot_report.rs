//! Reports of a keyboard (Device Class Definition for HID 1.11, appendix B.1).

use core::fmt;

use super::usage::{KeyEvent, code_of_usage};

/// Is the report descriptor of a boot keyboard (HID 1.11, appendix B.1): a byte of modifiers, one
/// reserved, six keys; five lights.
pub const BOOT_DESCRIPTOR: &[u8] = &[
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, // a keyboard
    0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, // eight modifiers
    0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81,
    0x01, // and a constant byte
    0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, // five lights
    0x95, 0x01, 0x75, 0x03, 0x91, 0x01, // and padding
    0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x26, 0xff, 0x00, // six keys
    0x05, 0x07, 0x19, 0x00, 0x29, 0xff, 0x81, 0x00, 0xc0,
];

/// Usage of the first modifier.
const FIRST_MODIFIER: u8 = 0xe0;
/// Usages below are no keys: none, and that too many are held.
const FIRST_KEY: u8 = 0x04;

/// Is the first byte of a report: a bit for each modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Modifiers(pub u8);

impl Modifiers {
    /// No modifier.
    pub const NONE: Self = Self(0x00);
    /// Left Control.
    pub const CONTROL: Self = Self(0x01);
    /// Left Shift.
    pub const SHIFT: Self = Self(0x02);
    /// Left Alt.
    pub const ALT: Self = Self(0x04);
    /// Right Alt, which is AltGr.
    pub const ALT_GR: Self = Self(0x40);

    /// Returns both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Is a report: which modifiers and keys are held. Its `Debug` does not name the keys.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct BootReport {
    /// The modifiers.
    pub modifiers: Modifiers,
    /// Usages of the keys; 0x00 where there is none.
    pub keys: [u8; 6],
}

impl BootReport {
    /// Length of a report in bytes.
    pub const LEN: usize = 8;

    /// Creates the report of one key.
    #[must_use]
    pub fn of_key(modifiers: Modifiers, usage: u8) -> Self {
        Self { modifiers, keys: [usage, 0, 0, 0, 0, 0] }
    }

    /// Returns the report as it travels.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let [a, b, c, d, e, f] = self.keys;
        [self.modifiers.0, 0x00, a, b, c, d, e, f]
    }

    /// Reads a report; `None` when it is too short.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let &[modifiers, _, a, b, c, d, e, f] = bytes.first_chunk::<{ Self::LEN }>()?;
        Some(Self { modifiers: Modifiers(modifiers), keys: [a, b, c, d, e, f] })
    }

    /// Returns what changes from this report to the next, in the order in which the kernel tells it:
    /// modifiers, then keys that went up, then keys that went down.
    pub fn changes(self, next: Self) -> impl Iterator<Item = KeyEvent> {
        let modifiers = (0..8).filter_map(move |bit| {
            let held = |report: Self| report.modifiers.0 & 1 << bit != 0;
            let pressed = held(next);
            (pressed != held(self)).then_some((FIRST_MODIFIER + bit, pressed))
        });
        let gone = self.keys.into_iter().filter(move |usage| !next.keys.contains(usage));
        let new = next.keys.into_iter().filter(move |usage| !self.keys.contains(usage));
        let changes =
            modifiers.chain(gone.map(|usage| (usage, false))).chain(new.map(|usage| (usage, true)));
        changes.filter(|&(usage, _)| usage >= FIRST_KEY).filter_map(|(usage, pressed)| {
            code_of_usage(usage).map(|code| KeyEvent { code, pressed })
        })
    }
}

impl fmt::Debug for BootReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.keys.iter().filter(|&&usage| usage >= FIRST_KEY).count();
        write!(f, "BootReport({held} keys)")
    }
}
