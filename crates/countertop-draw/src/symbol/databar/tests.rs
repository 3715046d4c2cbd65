//! `vectors.txt` holds codes as Zint 2.16 and BWIPP 2026-05-28 draw them alike: after each head (kind with
//! its pairs in a row, who drew it, data) the rows from above, of which equal ones that follow each other
//! are one, with four modules a digit.

use super::expanded::{databar_expanded, databar_expanded_stacked};
use super::limited::databar_limited;
use super::omnidirectional::databar_omnidirectional;
use super::*;
use crate::Bitmap;
use crate::symbol::tests::{shown, vectors};

fn made(kind: &str, data: &[u8]) -> Bitmap {
    let (kind, pairs) = kind.split_once(':').unwrap_or((kind, "0"));
    match kind {
        "omnidirectional" => databar_omnidirectional(data).unwrap().to_bitmap(),
        "limited" => databar_limited(data).unwrap().to_bitmap(),
        "stacked" => databar_stacked(data).unwrap(),
        "stacked-omnidirectional" => databar_stacked_omnidirectional(data).unwrap(),
        "expanded" => databar_expanded(data).unwrap().to_bitmap(),
        "expanded-stacked" => databar_expanded_stacked(data, pairs.parse().unwrap()).unwrap(),
        other => panic!("{other}"),
    }
}

#[test]
fn codes_are_those_of_other_encoders() {
    let mut count = 0;
    for (head, expected) in vectors(include_str!("vectors.txt")) {
        let [kind, _, data] = head[..] else { panic!("{head:?}") };
        let shown = shown(&made(kind, data.as_bytes()));
        assert_eq!(shown, expected, "{head:?}");
        count += 1;
    }
    assert_eq!(count, 54);
}

#[test]
fn a_gtin_has_several_forms() {
    for form in [&b"0950110153000"[..], b"09501101530003", b"(01)09501101530003"] {
        assert_eq!(gtin(form), Ok(950_110_153_000));
    }
    assert_eq!(gtin(b"0109501101530003"), Ok(950_110_153_000));
    for wrong in [&b"09501101530004"[..], b"950110153000", b"", b"09501101530O0"] {
        assert!(gtin(wrong).is_err());
    }
}
