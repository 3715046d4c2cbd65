//! Keys and the digits that were typed.

use core::fmt;

use countertop_wire::pin_block::Pin;
use zeroize::{Zeroize as _, Zeroizing};

/// Is a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Digit(u8),
    Enter,
    Clear,
    Cancel,
}

impl Key {
    fn of(code: u8) -> Option<Self> {
        match code {
            b'0'..=b'9' => Some(Self::Digit(code)),
            b'\r' => Some(Self::Enter),
            0x08 => Some(Self::Clear),
            0x1b => Some(Self::Cancel),
            _ => None,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Digit(code) => code,
            Self::Enter => b'\r',
            Self::Clear => 0x08,
            Self::Cancel => 0x1b,
        }
    }
}

/// Holds keys that were pressed and not yet taken. Wiped on drop and when the last one is taken.
#[derive(Default)]
pub(super) struct KeyBuffer(Zeroizing<Vec<u8>>);

impl KeyBuffer {
    pub(super) fn of_digits(digits: &[u8]) -> Self {
        let mut codes = Zeroizing::new(Vec::with_capacity(digits.len() + 1));
        codes.extend(digits.iter().filter(|digit| digit.is_ascii_digit()));
        Self(codes)
    }

    pub(super) fn of_key(key: Key) -> Self {
        Self(Zeroizing::new(vec![key.code()]))
    }

    pub(super) fn push(&mut self, key: Key) {
        self.0.push(key.code());
    }

    pub(super) fn append(&mut self, other: &Self) {
        let mut all = Zeroizing::new(Vec::with_capacity(self.0.len() + other.0.len()));
        all.extend_from_slice(&self.0);
        all.extend_from_slice(&other.0);
        self.0 = all;
    }

    pub(super) fn take_key(&mut self) -> Option<Key> {
        if self.0.is_empty() {
            self.0.zeroize();
            return None;
        }
        self.0.drain(..1).next().and_then(Key::of)
    }
}

impl fmt::Debug for KeyBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBuffer(..)")
    }
}

/// Is what a key did to an entry.
pub(super) enum Typed {
    /// The entry goes on.
    More,
    /// Cancel was pressed.
    Cancelled,
    /// Enter was pressed without a digit, and that is allowed.
    Bypassed,
    /// Enter was pressed after enough digits.
    Entered(Pin),
}

/// Is a PIN being typed. Wiped on drop.
#[derive(Clone)]
pub(super) struct Entry {
    digits: Zeroizing<Vec<u8>>,
    min: usize,
    max: usize,
    null_allowed: bool,
}

impl Entry {
    pub(super) fn new(min: u8, max: u8, null_allowed: bool) -> Self {
        // The capacity keeps the digits from being moved and left behind.
        let digits = Zeroizing::new(Vec::with_capacity(16));
        Self { digits, min: min.into(), max: max.into(), null_allowed }
    }

    pub(super) fn stars(&self) -> usize {
        self.digits.len()
    }

    pub(super) fn press(&mut self, key: Key) -> Typed {
        match key {
            Key::Cancel => return Typed::Cancelled,
            Key::Clear => self.digits = Self::new(0, 0, false).digits,
            Key::Digit(digit) if self.digits.len() < self.max => self.digits.push(digit),
            // A digit too many: the real ones beep.
            Key::Digit(_) => {}
            Key::Enter => return self.enter(),
        }
        Typed::More
    }

    fn enter(&self) -> Typed {
        match self.digits.len() {
            0 if self.null_allowed => Typed::Bypassed,
            len if len < self.min => Typed::More,
            _ => Pin::new(&self.digits).map_or(Typed::More, Typed::Entered),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entry(..)")
    }
}
