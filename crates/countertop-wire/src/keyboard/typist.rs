//! From text to keys.

use super::alt_code::digits_of;
use super::boot_report::{BootReport, Modifiers};
use super::layout::{ALT_GR, Layout, Level, SHIFT};
use super::symbol::{Symbol, decompose};

/// Says how a device types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// By the keys of the layout; what it has not, by number.
    #[default]
    Layout,
    /// Everything by number ("ALT mode"), which is independent of the layout.
    Numbers,
}

/// Types text as a keyboard with a layout does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Typist {
    layout: Layout,
    mode: Mode,
}

/// Says that a character is on no key and has no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("character {0} of the text can be typed neither by key nor by number")]
pub struct Untypeable(pub usize);

impl Typist {
    /// Creates a typist.
    #[must_use]
    pub fn new(layout: Layout, mode: Mode) -> Self {
        Self { layout, mode }
    }

    /// Returns the reports that type `text`. After the last one, no key is held.
    ///
    /// # Errors
    ///
    /// The place of the first character that cannot be typed.
    pub fn reports(&self, text: &str) -> Result<Vec<BootReport>, Untypeable> {
        let mut reports = Vec::with_capacity(2 * text.len());
        for (place, character) in text.chars().enumerate() {
            reports.extend(self.character(character).ok_or(Untypeable(place))?);
        }
        Ok(reports)
    }

    fn character(&self, character: char) -> Option<Vec<BootReport>> {
        let by_key =
            || self.strokes(character).map(|strokes| strokes.into_iter().flat_map(tap).collect());
        match self.mode {
            _ if character == '\r' || character == '\t' => by_key(),
            Mode::Layout => by_key().or_else(|| by_number(character)),
            Mode::Numbers => by_number(character),
        }
    }

    /// Returns the keys to strike one after the other: one, or a dead key and another.
    fn strokes(&self, character: char) -> Option<Vec<(Modifiers, u8)>> {
        if let Some(stroke) = self.stroke(character) {
            return Some(vec![stroke]);
        }
        decompose(character).find_map(|(accent, base)| {
            let (accent, level) = self.layout.key(Symbol::Dead(accent))?;
            Some(vec![(modifiers(level), accent), self.stroke(base)?])
        })
    }

    fn stroke(&self, character: char) -> Option<(Modifiers, u8)> {
        let plain = |usage| Some((Modifiers::NONE, usage));
        match character {
            '\r' => return plain(0x28),
            '\x1b' => return plain(0x29),
            '\x08' => return plain(0x2a),
            '\t' => return plain(0x2b),
            ' ' => return plain(0x2c),
            _ => {}
        }
        if let Some((usage, level)) = self.layout.key(Symbol::Char(character)) {
            return Some((modifiers(level), usage));
        }
        // Control characters by the key of column 4 or 5 (ISO/IEC 646).
        let code = u8::try_from(character).ok().filter(|&code| code < 0x20)?;
        let key = char::from(code | 0x40).to_ascii_lowercase();
        let (usage, level) = self.layout.key(Symbol::Char(key))?;
        // Control with AltGr would be another level.
        (level & ALT_GR == 0).then(|| (modifiers(level).and(Modifiers::CONTROL), usage))
    }
}

fn modifiers(level: Level) -> Modifiers {
    let shift = if level & SHIFT == 0 { Modifiers::NONE } else { Modifiers::SHIFT };
    let alt_gr = if level & ALT_GR == 0 { Modifiers::NONE } else { Modifiers::ALT_GR };
    shift.and(alt_gr)
}

/// A key goes down and up, its modifiers with it.
fn tap((modifiers, usage): (Modifiers, u8)) -> [BootReport; 2] {
    [BootReport::of_key(modifiers, usage), BootReport::default()]
}

fn by_number(character: char) -> Option<Vec<BootReport>> {
    let held = BootReport { modifiers: Modifiers::ALT, ..BootReport::default() };
    let mut reports = vec![held];
    for digit in digits_of(character)?.bytes() {
        // Keypad 1 to 9 and 0 are usages 0x59 to 0x62.
        let usage = if digit == b'0' { 0x62 } else { 0x58 + (digit & 0x0f) };
        reports.extend([BootReport::of_key(Modifiers::ALT, usage), held]);
    }
    reports.push(BootReport::default());
    Some(reports)
}
