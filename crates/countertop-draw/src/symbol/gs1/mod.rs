//! What the codes of GS1 have in common.

pub(super) mod general;

/// Is FNC1 in the data, which ends an element string of variable length.
pub(super) const FNC1: u8 = 0x1D;

/// Returns what is encoded: parentheses are for the reader alone, `{1` is FNC1, and `{(`, `{)` and
/// `{{` are themselves; an application identifier after one of variable length is told from it by
/// FNC1.
pub(super) fn element_strings(data: &[u8]) -> Vec<u8> {
    /// Identifiers whose strings have a fixed length (GS1 General Specifications, figure 7.8.5-2).
    const FIXED: &[&[u8]] = &[
        b"00", b"01", b"02", b"03", b"04", b"11", b"12", b"13", b"14", b"15", b"16", b"17", b"18",
        b"19", b"20", b"31", b"32", b"33", b"34", b"35", b"36", b"41",
    ];
    let mut out = Vec::new();
    let mut fixed = true;
    let mut bytes = data.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'(' => {
                if !out.is_empty() && !fixed && out.last() != Some(&FNC1) {
                    out.push(FNC1);
                }
                let identifier = data.get(at + 1..at + 3).unwrap_or_default();
                fixed = FIXED.contains(&identifier);
            }
            b')' => {}
            b'{' => match bytes.next() {
                Some((_, b'1')) => out.push(FNC1),
                Some((_, other)) => out.push(*other),
                None => {}
            },
            other => out.push(*other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_variable_length_end_with_fnc1() {
        let strings = element_strings;
        assert_eq!(strings(b"(01)04012345678901(10)A(21)B"), b"010401234567890110A\x1D21B");
        assert_eq!(strings(b"(11)990102(10)A"), b"1199010210A");
        assert_eq!(strings(b"10A{121B"), b"10A\x1D21B");
        assert_eq!(strings(b"(10)A{1(21)B{("), b"10A\x1D21B(");
    }
}
