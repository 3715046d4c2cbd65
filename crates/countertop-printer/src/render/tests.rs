use super::*;

fn picture() -> Picture {
    // A block of 10 × 2 dots and one dot below.
    Picture { width: 12, rows: vec![0xFF, 0xC0, 0xFF, 0xC0, 0x80, 0x00] }
}

#[test]
fn svg_joins_what_is_the_same() {
    let svg = svg(&picture());
    assert!(svg.contains("viewBox=\"0 0 12 3\""), "{svg}");
    assert!(svg.contains("<path d=\"M0 0h10v2h-10zM0 2h1v1h-1z\"/>"), "{svg}");
}

#[test]
fn dots_beside_the_paper_are_not_shown() {
    let svg = svg(&Picture { width: 4, rows: vec![0xFF] });
    assert!(svg.contains("M0 0h4v1h-4z"), "{svg}");
}

#[test]
fn luma_becomes_dots() {
    let luma: Vec<u8> = (0..24).map(|at| if at < 13 { 0 } else { 255 }).collect();
    assert_eq!(from_luma(12, &luma), Picture { width: 12, rows: vec![0xFF, 0xF0, 0x80, 0x00] });
}

#[cfg(feature = "images")]
#[test]
fn png_is_one_bit_a_dot() {
    let bytes = png(&picture()).unwrap();
    let read = ::image::load_from_memory(&bytes).unwrap().into_luma8();
    assert_eq!((read.width(), read.height()), (12, 3));
    assert_eq!(from_luma(12, read.as_raw()), picture());
    assert!(png(&Picture { width: 0, rows: vec![] }).is_err());
}
