//! `vectors.txt` holds symbols as other encoders draw them: after each head (code, component, who drew
//! it, data, element strings) the rows from above, of which equal ones that follow each other are one,
//! with four modules a digit. `both` are drawn alike by Zint 2.16 and BWIPP 2026-05-28. Of `bwipp` Zint
//! draws the separator above the later finders of a long GS1 DataBar Expanded otherwise.

use super::*;
use crate::symbol::tests::{shown, vectors};

fn linear(name: &str) -> CompositeLinear {
    use CompositeLinear as It;
    match name {
        "ean8" => It::Ean8,
        "ean13" => It::Ean13,
        "upc-a" => It::UpcA,
        "upc-e" => It::UpcE,
        "omnidirectional" => It::DataBarOmnidirectional,
        "truncated" => It::DataBarTruncated,
        "stacked" => It::DataBarStacked,
        "stacked-omnidirectional" => It::DataBarStackedOmnidirectional,
        "limited" => It::DataBarLimited,
        "expanded" => It::DataBarExpanded,
        "expanded-stacked" => It::DataBarExpandedStacked(2),
        "gs1-128" => It::Gs1128,
        other => panic!("{other}"),
    }
}

#[test]
fn symbols_are_those_of_other_encoders() {
    let mut count = 0;
    for (head, expected) in vectors(include_str!("vectors.txt")) {
        let [name, component, _, data, strings] = head[..] else { panic!("{head:?}") };
        let component = match component {
            "A" => CompositeComponent::MicroPdf417,
            _ => CompositeComponent::Pdf417,
        };
        let code = (linear(name), data.as_bytes());
        let made = composite(code, (component, strings.as_bytes()), 20).unwrap();
        assert_eq!(shown(&made), expected, "{head:?}");
        count += 1;
    }
    assert_eq!(count, 88);
}

#[test]
fn rows_have_their_heights() {
    let micro = |linear, data: &[u8], height| {
        composite((linear, data), (CompositeComponent::MicroPdf417, b"(10)A7"), height).unwrap()
    };
    // Three rows of two modules, a separator of six, and the bars.
    assert_eq!(micro(CompositeLinear::Ean13, b"331234567890", 70).height(), 3 * 2 + 6 + 70);
    let omnidirectional = CompositeLinear::DataBarOmnidirectional;
    assert_eq!(micro(omnidirectional, b"0361234567890", 1).height(), 3 * 2 + 1 + 33);
    let truncated = CompositeLinear::DataBarTruncated;
    assert_eq!(micro(truncated, b"0361234567890", 80).height(), 3 * 2 + 1 + 13);
    let stacked = CompositeLinear::DataBarStacked;
    assert_eq!(micro(stacked, b"0341234567890", 80).height(), 5 * 2 + 1 + 5 + 1 + 7);
    let tall = (CompositeComponent::Pdf417, &b"(10)A7"[..]);
    let made = composite((CompositeLinear::Gs1128, b"(01)03812345678908"), tall, 50).unwrap();
    assert_eq!((made.height() - 51) % 3, 0);
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let told = |linear, data: &[u8], component, strings: &[u8]| {
        composite((linear, data), (component, strings), 20).unwrap_err().to_string()
    };
    let (a, c) = (CompositeComponent::MicroPdf417, CompositeComponent::Pdf417);
    let ean = CompositeLinear::Ean13;
    assert_eq!(told(ean, b"331234567890", c, b"(10)A"), "a CC-C stands above GS1-128 alone");
    assert!(told(ean, b"331234567890", a, &[b'a'; 400]).contains("too many"));
    assert!(told(ean, b"331234567890", a, b"(10)\xFF").contains("set of GS1"));
    assert!(told(ean, b"3312345678901", a, b"(10)A").contains("check digit"));
    let long = [b"(91)".as_slice(), &[b'a'; 3000]].concat();
    assert!(told(CompositeLinear::Gs1128, b"(10)A", c, &long).contains("too many"));
    assert!(told(CompositeLinear::DataBarExpanded, &[b'a'; 80], a, b"(10)A").contains("too many"));
}

#[test]
fn no_strings_panic_and_all_lengths_fit_or_are_told() {
    let mut seed = 0x9E37_79B9_u32;
    for round in 0..1500_usize {
        let strings: Vec<u8> = (0..round % 300)
            .map(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                b"0123456789(){}*AZaz1\x1D-10"[(seed >> 8) as usize % 24]
            })
            .collect();
        for component in [CompositeComponent::MicroPdf417, CompositeComponent::Pdf417] {
            let code = (CompositeLinear::Gs1128, &b"(01)03812345678908"[..]);
            if let Ok(made) = composite(code, (component, &strings), 10) {
                assert!(made.width() >= 99, "{round}: {}", strings.escape_ascii());
            }
        }
    }
}
