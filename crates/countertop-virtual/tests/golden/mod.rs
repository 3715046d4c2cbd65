//! Pages compared with pictures of how they looked when somebody judged them.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use countertop_virtual::printer::{Bitmap, Page};

/// The font of `tools/debian-packages` from which the pictures' wide characters are.
pub(crate) const FONT: &str = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc";

/// Black dots in a thousand that may differ where wide characters are drawn: their font is the system's.
const TOLERANCE: usize = 20;

/// Where the blocks of Chinese, Japanese and Korean characters begin in Unicode.
const FIRST_WIDE: char = '\u{2E80}';

/// Fails when a page looks otherwise than its picture; makes the picture where `COUNTERTOP_BLESS` is set.
pub(crate) fn assert_looks(name: &str, page: &Page) {
    let file = picture(name);
    if std::env::var_os("COUNTERTOP_BLESS").is_some() {
        std::fs::write(file, page.to_png().unwrap()).unwrap();
        return;
    }
    let expected = read(&file);
    let seen = page.bitmap();
    let wide = page.text().chars().any(|char| char >= FIRST_WIDE);
    let dots = difference(seen, &expected);
    if !looks_like(seen, &expected, wide) {
        let place = std::env::temp_dir().join(format!("countertop-{name}.png"));
        std::fs::write(&place, page.to_png().unwrap()).unwrap();
        panic!("{name}: {dots} dots differ; it looks as {}", place.display());
    }
}

fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/golden/{name}.png"))
}

pub(crate) fn read(path: &Path) -> Bitmap {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    let black = data.iter().map(|byte| !byte).collect();
    Bitmap::from_rows(usize::try_from(info.width).unwrap(), black)
}

/// Counts the dots that are black in one of two pictures alone.
pub(crate) fn difference(one: &Bitmap, other: &Bitmap) -> usize {
    let height = one.height().max(other.height());
    (0..height)
        .flat_map(|y| (0..one.width()).map(move |x| (x, y)))
        .filter(|(x, y)| one.is_black(*x, *y) != other.is_black(*x, *y))
        .count()
}

/// Tells whether two pictures are equal to the dot, or nearly where `wide` characters are drawn by the
/// system's font; without that font those are not compared.
pub(crate) fn looks_like(seen: &Bitmap, expected: &Bitmap, wide: bool) -> bool {
    let allowed = match (wide, Path::new(FONT).exists()) {
        (true, true) => expected.black_dots() * TOLERANCE / 1000,
        (true, false) => usize::MAX,
        (false, _) => 0,
    };
    let size = |it: &Bitmap| (it.width(), it.height());
    size(seen) == size(expected) && difference(seen, expected) <= allowed
}
