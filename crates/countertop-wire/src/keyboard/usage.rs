//! HID usages and the kernel's key codes.

use core::fmt;

/// Is a key that went down or up, by its code in `linux/input-event-codes.h`. Its `Debug` does not
/// name the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyEvent {
    /// The key's code.
    pub code: u16,
    /// Whether it went down.
    pub pressed: bool,
}

impl fmt::Debug for KeyEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.pressed { "KeyEvent(pressed)" } else { "KeyEvent(released)" })
    }
}

/// Codes of runs of usages, each with the first usage (HID Usage Tables 1.5, table 12.1).
const RUNS: [(u8, &[u16]); 5] = [
    // A to Z, 1 to 0.
    (
        0x04,
        &[
            30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47,
            17, 45, 21, 44, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        ],
    ),
    // Enter, Escape, Backspace, Tab, Space; - = [ ] \, # of other countries; ; ' ` , . /
    (0x28, &[28, 1, 14, 15, 57, 12, 13, 26, 27, 43, 43, 39, 40, 41, 51, 52, 53]),
    // Caps Lock, F1 to F12, Print, Scroll Lock, Pause, the six and the four; the keypad from Num Lock
    // to its point; the key beside the left Shift.
    (
        0x39,
        &[
            58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88, 99, 70, 119, 110, 102, 104, 111,
            107, 109, 106, 105, 108, 103, 69, 98, 55, 74, 78, 96, 79, 80, 81, 75, 76, 77, 71, 72,
            73, 82, 83, 86,
        ],
    ),
    // International1 to International5 of Japanese keyboards: \ _, kana, ¥, henkan, muhenkan.
    (0x87, &[89, 93, 124, 92, 94]),
    // Left Control, Shift, Alt and GUI, then the right ones.
    (0xe0, &[29, 42, 56, 125, 97, 54, 100, 126]),
];

/// Returns the kernel's code of a usage, for the keys that type.
#[must_use]
pub fn code_of_usage(usage: u8) -> Option<u16> {
    RUNS.iter()
        .find_map(|(first, codes)| codes.get(usize::from(usage.checked_sub(*first)?)).copied())
}

/// Returns the usage of the kernel's code; where two usages share a code, the first.
#[must_use]
pub fn usage_of_code(code: u16) -> Option<u8> {
    RUNS.iter().find_map(|(first, codes)| {
        let place = codes.iter().position(|&found| found == code)?;
        first.checked_add(u8::try_from(place).ok()?)
    })
}

/// Returns the codes of all keys that a keyboard needs to type any text.
pub fn typing_codes() -> impl Iterator<Item = u16> {
    RUNS.iter().flat_map(|(_first, codes)| codes.iter().copied())
}
