//! From keys to text.

use core::fmt;

use super::alt_code::AltCode;
use super::layout::{ALT_GR, Layout, Level, SHIFT};
use super::symbol::{Symbol, compose, spacing};
use super::usage::{KeyEvent, usage_of_code};

/// Is what a key typed. Its `Debug` does not show the character.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Typed {
    /// A character; Enter is CR, and Control with a letter is a control character.
    Char(char),
    /// A key that types, but has no meaning in this layout: the text is not what was meant, and the
    /// layout is probably another one.
    Unknown,
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Char(_) => "Char",
            Self::Unknown => "Unknown",
        })
    }
}

/// Makes text of the keys of one device.
pub struct KeyDecoder {
    layout: Layout,
    /// Bits as in [`Modifiers`](super::Modifiers).
    held: u8,
    caps_lock: bool,
    accent: Option<char>,
    alt_code: AltCode,
}

const CONTROLS: u8 = 0x11;
const SHIFTS: u8 = 0x22;
const LEFT_ALT: u8 = 0x04;
const RIGHT_ALT: u8 = 0x40;

const CAPS_LOCK: u8 = 0x39;

impl KeyDecoder {
    /// Creates a decoder for a device on which no key is held and Caps Lock is off.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self { layout, held: 0, caps_lock: false, accent: None, alt_code: AltCode::default() }
    }

    /// Forgets which keys are held, after events were lost. Caps Lock counts as off.
    pub fn reset(&mut self) {
        *self = Self::new(self.layout);
    }

    /// Takes a key that went down or up and returns what it typed: at the most an accent and the
    /// character that does not take it.
    pub fn key(&mut self, event: KeyEvent) -> impl Iterator<Item = Typed> + use<> {
        let typed = match usage_of_code(event.code) {
            Some(usage @ 0xe0..) => self.modifier(1 << (usage & 0x07), event.pressed),
            Some(CAPS_LOCK) if event.pressed => {
                self.caps_lock = !self.caps_lock;
                [None; 2]
            }
            Some(usage) if event.pressed => self.press(usage),
            _ => [None; 2],
        };
        typed.into_iter().flatten()
    }

    fn modifier(&mut self, bit: u8, pressed: bool) -> [Option<Typed>; 2] {
        if pressed {
            self.held |= bit;
            return [None; 2];
        }
        self.held &= !bit;
        if bit != LEFT_ALT {
            return [None; 2];
        }
        match core::mem::take(&mut self.alt_code).finish() {
            Some(Some(character)) => self.accented(character),
            Some(None) => self.unknown(),
            None => [None; 2],
        }
    }

    fn press(&mut self, usage: u8) -> [Option<Typed>; 2] {
        let alone = self.held & (LEFT_ALT | CONTROLS) == LEFT_ALT;
        if let (true, Some(digit)) = (alone, keypad_digit(usage)) {
            self.alt_code.push(digit);
            return [None; 2];
        }
        if let Some(character) = self.fixed(usage) {
            return self.accented(character);
        }
        // Only the keys that a layout gives a meaning are left.
        let level = self.level(usage);
        match self.layout.symbol(usage, level) {
            Some(_) if alone => self.unknown(),
            Some(Symbol::Char(character)) if self.is_control() => match control(character) {
                Some(character) => self.accented(character),
                None => self.unknown(),
            },
            Some(Symbol::Char(character)) => self.accented(character),
            Some(Symbol::Dead(accent)) => self.dead(accent),
            None if self.layout.symbol(usage, 0).is_some() => self.unknown(),
            None => [None; 2],
        }
    }

    /// Returns what a key types whatever the layout.
    fn fixed(&self, usage: u8) -> Option<char> {
        if let Some(digit) = keypad_digit(usage) {
            return Some(char::from(b'0' + digit));
        }
        Some(match usage {
            0x28 | 0x58 => '\r',
            0x29 => '\x1b',
            0x2a => '\x08',
            0x2b => '\t',
            0x2c => ' ',
            0x54 => '/',
            0x55 => '*',
            0x56 => '-',
            0x57 => '+',
            0x63 => self.layout.decimal(),
            _ => return None,
        })
    }

    fn level(&self, usage: u8) -> Level {
        let capital = self.caps_lock && self.layout.has_case(usage);
        let shift = if (self.held & SHIFTS != 0) != capital { SHIFT } else { 0 };
        let alt_gr = if self.is_alt_gr() { ALT_GR } else { 0 };
        shift | alt_gr
    }

    /// Control and Alt together are AltGr, as on Windows.
    fn is_alt_gr(&self) -> bool {
        self.held & RIGHT_ALT != 0 || (self.held & CONTROLS != 0 && self.held & LEFT_ALT != 0)
    }

    fn is_control(&self) -> bool {
        self.held & CONTROLS != 0 && !self.is_alt_gr()
    }

    /// Puts the accent of a dead key on a character, or before one that does not take it.
    fn accented(&mut self, character: char) -> [Option<Typed>; 2] {
        let Some(accent) = self.accent.take() else { return [Some(Typed::Char(character)), None] };
        match compose(accent, character) {
            Some(composed) => [Some(Typed::Char(composed)), None],
            None => [spacing(accent).map(Typed::Char), Some(Typed::Char(character))],
        }
    }

    /// A dead key twice is the accent alone, twice.
    fn dead(&mut self, accent: char) -> [Option<Typed>; 2] {
        let before = self.accent.replace(accent);
        let Some(before) = before else { return [None; 2] };
        self.accent = None;
        [before, accent].map(|accent| spacing(accent).map(Typed::Char))
    }

    fn unknown(&mut self) -> [Option<Typed>; 2] {
        self.accent = None;
        [Some(Typed::Unknown), None]
    }
}

fn keypad_digit(usage: u8) -> Option<u8> {
    match usage {
        0x59..=0x61 => Some(usage - 0x58),
        0x62 => Some(0),
        _ => None,
    }
}

/// Returns the control character of a key (ISO/IEC 646: columns 4 and 5 become 0 and 1).
fn control(character: char) -> Option<char> {
    let upper = u8::try_from(character.to_ascii_uppercase()).ok()?;
    (0x40..0x60).contains(&upper).then(|| char::from(upper & 0x1f))
}

impl fmt::Debug for KeyDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDecoder({})", self.layout)
    }
}
