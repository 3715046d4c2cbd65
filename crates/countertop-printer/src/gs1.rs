//! Application identifiers of GS1.

/// First two digits of identifiers whose data have a fixed length (GS1 General Specifications,
/// figure 7.8.4-2).
const FIXED: [&str; 23] = [
    "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "31",
    "32", "33", "34", "35", "36", "41", "42",
];

/// Tells whether an element needs no FNC1 after it.
pub(crate) fn has_fixed_length(identifier: &str) -> bool {
    FIXED.iter().any(|fixed| identifier.starts_with(fixed))
}
