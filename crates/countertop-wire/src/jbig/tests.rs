use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;

/// A picture with uneven edges.
const WORD: [&str; 13] = [
    "......................................",
    "...####.............##................",
    "..##..##...........#..#....#..........",
    "..#....#..........#....#..#.#.........",
    "..#......##...##..#....#..#..#...##...",
    "..##....#..#.#..#.#....#.#...#..#..#..",
    "...###..#..#....#.#...#..#...#.#....#.",
    "......#.#..#.####.#..#..#....##.....#.",
    ".......##..##...#.#.#..#.....#......#.",
    ".#.....#...##...#.##..#.............#.",
    ".##...##...#.###.#..##..............##",
    "..#####...............................",
    "......................................",
];

/// Patterns of five dots, each of which fills a line.
const PERIODIC: [&str; 14] = [
    "#.##.", ".##.#", "##...", "#..##", "..#.#", "###.#", ".#.#.", "..###", "#...#", ".###.",
    "##.##", "...#.", "#.#..", ".#..#",
];

fn picture(width: u32, lines: &[&str]) -> Bitmap {
    let mut bitmap = Bitmap::new(width, u32::try_from(lines.len()).unwrap()).unwrap();
    for (y, line) in (0..).zip(lines) {
        let dots = line.bytes().cycle().take(width as usize);
        for (x, dot) in (0..).zip(dots) {
            bitmap.set(x, y, dot == b'#');
        }
    }
    bitmap
}

fn word() -> Bitmap {
    picture(38, &WORD)
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// Written by `pbmtojbg` of jbigkit 2.1: `-q -s 7`.
const THREE_LINE: &str = "
    00000100000000260000000d000000070800031c648c6f6ab51fb0f6a38eb3c0e3bc4a9856576cb2e0ff021d
    78de2f7776fa7e6010c59c017bf3e87542eb08ff02";

/// `-q -s 5 -p 64`.
const TWO_LINE: &str = "
    00000100000000260000000d000000050800034057108d9c6b6840a40258ecf352de08c0ff02c2e7750a7a96
    59b2db598cb90011febb52b781df2c38ff02a3d983bd30db80d7a8ff02";

/// `-q -s 5 -p 72 -r -C hi`: two-line template, typical prediction, SDRST, a comment.
const RESET: &str = "
    00000100000000260000000d0000000508000348ff07000000026869647c6b523b52341013d92118496f0460
    ff03c1489a42bccb889d7b3c9fc838180216826bbadf55ac7ef2ff03cb05bba88659443c0ba0ff03";

/// `-q -s 5 -Y 999`: the header says 999 lines, a marker NEWLEN corrects it.
const NEWLEN: &str = "
    0000010000000026000003e7000000050800033c648c6f6ab51fb0f6a38eb3c0e3c0ff020855f0f2610bef03
    cfe4f1d1837e61171b60ff02d17b00fd1bb550c1ff02ff050000000dff02";

/// `-q -s 14 -m 16`: from line 10 on the adaptive dot is five dots to the left.
const MOVED: &str = "
    00000100000000f00000000e0000000e1000031cff060000000a0500e8e191ed4ee7a7a7a7a7a7a7a7a7a7a7
    a703a4100c029c29bcd6341791003da7332f35294c4158573eac8627dd492430ae6f1824020beca01d6460ff02";

/// `-q -s 14 -m 16 -p 64`.
const MOVED_TWO_LINE: &str = "
    00000100000000f00000000e0000000e10000340ff060000000a0500cb330208decf05b33b957402e6506119
    1eea60dc694182c04c06a0ca256df072b95ce0aa0a1caf6c48b353f67a0cfd5ea095dc65ff02";

/// `-q -s 7`, 240×80 dots, all black.
const BLACK: &str = "
    00000100000000f000000050000000070800031cf4feff02ff02ff02ff02ff02ff02ff02ff02ff02ff02ff02
    ff02";

#[test]
fn reads_pictures_of_another_encoder() {
    for vector in [THREE_LINE, TWO_LINE, RESET, NEWLEN] {
        assert_eq!(decode(&hex(vector)), Ok(word()), "{vector}");
    }
    let periodic = picture(240, &PERIODIC);
    assert_eq!(decode(&hex(MOVED)).as_ref(), Ok(&periodic));
    assert_eq!(decode(&hex(MOVED_TWO_LINE)), Ok(periodic));
    assert_eq!(decode(&hex(BLACK)).map(|bitmap| bitmap.black_dots()), Ok(240 * 80));
}

#[test]
fn writes_the_bytes_of_another_encoder() {
    assert_eq!(encode(&word(), &Parameters::unionpay()), hex(THREE_LINE));
    let five = NonZeroU32::new(5).unwrap();
    let parameters = Parameters::default()
        .with_stripe_lines(five)
        .with_template(Template::TwoLine)
        .with_typical_prediction(false);
    // The other encoder sets neither TPDON nor DPON here; nothing else differs.
    let mut ours = encode(&word(), &parameters);
    ours[19] = 0x40;
    assert_eq!(ours, hex(TWO_LINE));
}

#[test]
fn truncation_is_an_error_at_every_length() {
    for vector in [THREE_LINE, RESET, NEWLEN, MOVED] {
        let bytes = hex(vector);
        for length in 0..bytes.len() {
            // NEWLEN is followed by an empty stripe that nobody needs.
            if vector == NEWLEN && length >= bytes.len() - 2 {
                continue;
            }
            assert!(decode(&bytes[..length]).is_err(), "{vector} cut at {length}");
        }
    }
    let cut = &hex(THREE_LINE)[..45];
    assert_eq!(decode(cut), Err(JbigError::Truncated { lines: 7, height: 13 }));
}

#[test]
fn a_huge_header_takes_no_memory() {
    let mut bytes = hex(THREE_LINE);
    bytes[4..12].fill(0xff);
    let huge = JbigError::Size { width: u32::MAX, height: u32::MAX };
    assert_eq!(decode(&bytes), Err(huge));
    bytes[19] |= 0x20;
    assert!(decode(&bytes).is_err());
}

#[test]
fn bytes_after_the_picture_are_ignored() {
    let mut bytes = hex(THREE_LINE);
    bytes.extend([0xff, 0x02, 0x00, 0x17]);
    assert_eq!(decode(&bytes), Ok(word()));
}

fn any_bitmap() -> impl Strategy<Value = Bitmap> {
    (1u32..70, 1u32..40).prop_flat_map(|(width, height)| {
        let bytes = width.div_ceil(8) as usize * height as usize;
        let sparse = prop_oneof![Just(0u8), Just(0xff), any::<u8>()];
        proptest::collection::vec(sparse, bytes)
            .prop_map(move |rows| Bitmap::from_rows(width, height, rows).unwrap())
    })
}

proptest! {
    #[test]
    fn round_trips(
        bitmap in any_bitmap(),
        lines in 1u32..50,
        two_line: bool,
        typical: bool,
    ) {
        let template = if two_line { Template::TwoLine } else { Template::ThreeLine };
        let parameters = Parameters::unionpay()
            .with_stripe_lines(NonZeroU32::new(lines).unwrap())
            .with_template(template)
            .with_typical_prediction(typical);
        prop_assert_eq!(decode(&encode(&bitmap, &parameters)), Ok(bitmap));
    }

    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn a_damaged_picture_never_panics(at in 0usize..100, value: u8, which in 0usize..4) {
        let mut bytes = hex([THREE_LINE, RESET, NEWLEN, MOVED][which]);
        let at = at % bytes.len();
        // A width or height of thousands would only make the test slow.
        prop_assume!(!(4..11).contains(&at));
        bytes[at] = value;
        let _ = decode(&bytes);
    }
}
