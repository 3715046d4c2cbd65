//! The national characters that ESC R puts in place of twelve of ASCII.
//!
//! Source: Epson, ESC/POS Command Reference, ESC R.

/// The bytes that are replaced.
const REPLACED: &[u8; 12] = b"#$@[\\]^`{|}~";

/// The characters of each set, in the order of [`REPLACED`].
const SETS: [&str; 18] = [
    // U.S.A.
    "#$@[\\]^`{|}~",
    // France
    "#$à°ç§^`éùè¨",
    // Germany
    "#$§ÄÖÜ^`äöüß",
    // U.K.
    "£$@[\\]^`{|}~",
    // Denmark I
    "#$@ÆØÅ^`æøå~",
    // Sweden
    "#¤ÉÄÖÅÜéäöåü",
    // Italy
    "#$@°\\é^ùàòèì",
    // Spain I
    "₧$@¡Ñ¿^`¨ñ}~",
    // Japan
    "#$@[¥]^`{|}~",
    // Norway
    "#¤ÉÆØÅÜéæøåü",
    // Denmark II
    "#$ÉÆØÅÜéæøåü",
    // Spain II
    "#$á¡Ñ¿é`íñóú",
    // Latin America
    "#$á¡Ñ¿éüíñóú",
    // Korea
    "#$@[₩]^`{|}~",
    // Slovenia and Croatia
    "#$ŽŠĐĆČžšđćč",
    // China
    "#¥@[\\]^`{|}~",
    // Vietnam
    "#₫@[\\]^`{|}~",
    // Arabia
    "#$@[\\]^`{|}~",
];

/// Returns the character of an ASCII byte in a national set of ESC R; a set that is not known is that of
/// the U.S.A. `None` for other bytes.
#[must_use]
pub fn international_char(set: u8, byte: u8) -> Option<char> {
    let place = REPLACED.iter().position(|replaced| *replaced == byte);
    let set = SETS.get(usize::from(set)).or(SETS.first())?;
    match (place, byte) {
        (Some(place), _) => set.chars().nth(place),
        (None, 0x20..=0x7E) => Some(char::from(byte)),
        _ => None,
    }
}
