//! Masking of tracks as a MagneSafe does by default: four digits at each end of the account number
//! stay, the rest becomes `0`, and one of them is chosen so that the check digit comes out right
//! (99875475, section 2, "Masked track data" and "ISO track mask property", default `04040Y`).

/// Digits that stay at each end.
const SHOWN: usize = 4;

/// Returns the masked form of a track with its sentinels. Name, expiry date and separators stay.
pub(super) fn mask(track: &[u8]) -> Vec<u8> {
    let mut masked = track.to_vec();
    let start = if track.starts_with(b"%") { 2 } else { 1 };
    let is_separator = |byte: &u8| matches!(byte, b'^' | b'=' | b'?');
    let number_end = end_of(track, start, is_separator);
    mask_number(masked.get_mut(start..number_end).unwrap_or_default());
    // Track 1 has the name between two separators.
    let name_end = if track.get(number_end) == Some(&b'^') {
        end_of(track, number_end + 1, is_separator)
    } else {
        number_end
    };
    let rest = name_end.saturating_add(1 + "YYMM".len());
    for byte in masked.iter_mut().skip(rest).filter(|byte| !is_separator(byte)) {
        *byte = b'0';
    }
    masked
}

fn end_of(track: &[u8], start: usize, is_end: impl Fn(&u8) -> bool) -> usize {
    let rest = track.get(start..).unwrap_or_default();
    rest.iter().position(is_end).map_or(track.len(), |end| start + end)
}

fn mask_number(number: &mut [u8]) {
    let Some(hidden_end) = number.len().checked_sub(SHOWN).filter(|end| *end > SHOWN) else {
        number.fill(b'0');
        return;
    };
    if let Some(hidden) = number.get_mut(SHOWN..hidden_end) {
        hidden.fill(b'0');
    }
    let last_hidden = hidden_end - 1;
    for digit in b'0'..=b'9' {
        if let Some(place) = number.get_mut(last_hidden) {
            *place = digit;
        }
        if luhn_sum(number).is_multiple_of(10) {
            return;
        }
    }
}

/// ISO/IEC 7812-1, annex B.
fn luhn_sum(number: &[u8]) -> u32 {
    let digits = number.iter().rev().map(|byte| u32::from(byte.wrapping_sub(b'0') % 10));
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    digits.enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(digit) } else { digit }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_what_is_secret_and_keeps_the_check_digit() {
        let track_2 = mask(b";6200000000000005=30122010000012300?");
        assert_eq!(track_2, b";6200000000000005=30120000000000000?");
        let track_1 = mask(b"%B4111111111111111^LI/MING^30122010000012300?");
        assert_eq!(track_1[2..6], *b"4111");
        assert_eq!(track_1[6..13], *b"0000000");
        assert_eq!(track_1[18..], *b"^LI/MING^30120000000000000?");
        assert!(luhn_sum(&track_1[2..18]).is_multiple_of(10));
        assert_eq!(mask(b";123?"), b";000?");
        assert_eq!(mask(b""), b"");
    }
}
