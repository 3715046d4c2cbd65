//! What a key means: a character, or an accent for the next one.

/// Is the meaning of a key at a level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Char(char),
    /// A dead key, as the combining character (Unicode, block Combining Diacritical Marks).
    Dead(char),
}

pub(super) const GRAVE: char = '\u{300}';
pub(super) const ACUTE: char = '\u{301}';
pub(super) const CIRCUMFLEX: char = '\u{302}';
pub(super) const TILDE: char = '\u{303}';
pub(super) const DIAERESIS: char = '\u{308}';

/// Accents with what they are alone, the letters that take them, and what becomes of those.
const ACCENTS: [(char, char, &str, &str); 5] = [
    (GRAVE, '`', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
    (ACUTE, '´', "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
    (CIRCUMFLEX, '^', "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
    (TILDE, '~', "anoANO", "ãñõÃÑÕ"),
    (DIAERESIS, '¨', "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
];

impl Symbol {
    /// Returns the symbol that stands in a layout's table; a space is no symbol there.
    pub(super) fn of_table(entry: char) -> Option<Self> {
        let dead = ACCENTS.iter().any(|&(accent, ..)| accent == entry);
        match entry {
            ' ' => None,
            _ if dead => Some(Self::Dead(entry)),
            _ => Some(Self::Char(entry)),
        }
    }
}

/// Returns what an accent is alone.
pub(super) fn spacing(accent: char) -> Option<char> {
    ACCENTS.iter().find(|row| row.0 == accent).map(|row| row.1)
}

/// Puts an accent on a letter; on a space, it stands alone.
pub(super) fn compose(accent: char, base: char) -> Option<char> {
    let (_, alone, bases, composed) = ACCENTS.iter().find(|row| row.0 == accent)?;
    if base == ' ' {
        return Some(*alone);
    }
    bases.chars().zip(composed.chars()).find(|&(found, _)| found == base).map(|(_, all)| all)
}

/// Takes the accents off a character: each way to type it as accent and letter.
pub(super) fn decompose(character: char) -> impl Iterator<Item = (char, char)> {
    ACCENTS.iter().filter_map(move |&(accent, alone, bases, composed)| {
        if alone == character {
            return Some((accent, ' '));
        }
        let mut pairs = bases.chars().zip(composed.chars());
        pairs.find(|&(_, all)| all == character).map(|(base, _)| (accent, base))
    })
}
