use proptest::prelude::*;

use super::*;

fn image(width: u32, luma: Vec<u8>) -> Image {
    Image::new(width, luma).unwrap()
}

fn grey(shade: u8) -> Image {
    image(64, vec![shade; 64 * 64])
}

fn black(picture: &Picture) -> u32 {
    picture.rows.iter().map(|byte| byte.count_ones()).sum()
}

const ALL: [Dither; 4] =
    [Dither::Atkinson, Dither::Bayer, Dither::FloydSteinberg, Dither::Threshold(128)];

#[test]
fn white_stays_white_and_black_stays_black() {
    for dither in ALL {
        assert_eq!(black(&to_picture(&grey(255).with_dither(dither), 64)), 0, "{dither:?}");
        assert_eq!(black(&to_picture(&grey(0).with_dither(dither), 64)), 64 * 64, "{dither:?}");
    }
}

#[test]
fn as_many_dots_as_the_shade_is_dark() {
    for shade in (16..=240).step_by(16) {
        let expected = u32::from(255 - shade) * 64 * 64 / 255;
        for dither in [Dither::FloydSteinberg, Dither::Bayer] {
            let dots = black(&to_picture(&grey(shade).with_dither(dither), 64));
            assert!(dots.abs_diff(expected) < 64, "{dither:?} {shade}: {dots}, not {expected}");
        }
        // It gives away a quarter of the error: light shades get lighter, dark ones darker.
        let dots = black(&to_picture(&grey(shade).with_dither(Dither::Atkinson), 64));
        let further = if shade > 127 { dots <= expected + 32 } else { dots + 32 >= expected };
        assert!(further, "{shade}: {dots}, {expected}");
    }
}

/// The textbook's form of the algorithm, point by point.
fn diffused(luma: &[u8], width: usize, weights: &[(isize, usize, i32)], parts: i32) -> Vec<u8> {
    let height = luma.len() / width;
    let mut errors = vec![0_i32; luma.len()];
    let mut out = vec![0; width.div_ceil(8) * height];
    for y in 0..height {
        for x in 0..width {
            let value = i32::from(luma[y * width + x]) + errors[y * width + x].div_euclid(parts);
            let error = if value < 128 { value } else { value - 255 };
            if value < 128 {
                out[y * width.div_ceil(8) + x / 8] |= 0x80 >> (x % 8);
            }
            for (across, down, weight) in weights {
                let (to, row) = (x as isize + across, y + down);
                if (0..width as isize).contains(&to) && row < height {
                    errors[row * width + to as usize] += error * weight;
                }
            }
        }
    }
    out
}

const FLOYD_STEINBERG: [(isize, usize, i32); 4] = [(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)];
const ATKINSON: [(isize, usize, i32); 6] =
    [(1, 0, 1), (2, 0, 1), (-1, 1, 1), (0, 1, 1), (1, 1, 1), (0, 2, 1)];

proptest! {
    #[test]
    fn errors_go_where_the_textbook_says(
        width in 1_usize..30,
        luma in prop::collection::vec(any::<u8>(), 1..300),
    ) {
        let luma = &luma[..luma.len() / width * width];
        prop_assume!(!luma.is_empty());
        let floyd = dither::floyd_steinberg(luma, width);
        prop_assert_eq!(floyd, diffused(luma, width, &FLOYD_STEINBERG, 16));
        prop_assert_eq!(dither::atkinson(luma, width), diffused(luma, width, &ATKINSON, 8));
    }

    #[test]
    fn scaling_keeps_shades_within_theirs(
        width in 1_u32..40,
        luma in prop::collection::vec(any::<u8>(), 1..400),
        to in 1_u16..60,
    ) {
        let rows = luma.len() / width as usize;
        prop_assume!(rows > 0);
        let luma = luma[..rows * width as usize].to_vec();
        let (least, most) = (*luma.iter().min().unwrap(), *luma.iter().max().unwrap());
        let image = image(width, luma);
        let height = scale::height(&image, u32::from(to));
        let scaled = scale::scale(&image, usize::from(to), height);
        prop_assert_eq!(scaled.len(), usize::from(to) * height);
        prop_assert!(scaled.iter().all(|shade| (least..=most).contains(shade)));
    }
}

#[test]
fn smaller_is_the_mean_and_larger_goes_straight() {
    let two = image(4, vec![0, 100, 200, 200, 0, 100, 200, 200]);
    assert_eq!(scale::scale(&two, 2, 1), [50, 200]);
    assert_eq!(scale::scale(&image(3, vec![30, 60, 90]), 2, 1), [40, 80]);
    let edge = image(2, vec![0, 200]);
    assert_eq!(scale::scale(&edge, 4, 1), [0, 50, 150, 200]);
    assert_eq!(scale::height(&image(4, vec![0; 12]), 2), 2);
    assert_eq!(scale::height(&image(100, vec![0; 100]), 1), 1);
}

#[test]
fn the_pattern_has_each_threshold_once() {
    let mut shades: Vec<u8> = (2..=254).step_by(4).collect();
    for shade in 0..=255 {
        let dots = black(&to_picture(&image(8, vec![shade; 64]).with_dither(Dither::Bayer), 8));
        let expected = (2..=254).step_by(4).filter(|threshold| *threshold > shade).count();
        assert_eq!(dots as usize, expected);
        shades.retain(|it| *it != shade);
    }
    assert!(shades.is_empty());
}

#[test]
fn widths_are_the_papers_at_most() {
    let width = |scale| to_picture(&grey(9).with_scale(scale), 48).width;
    assert_eq!(width(Scale::Natural), 48);
    assert_eq!(width(Scale::Dots(40)), 40);
    assert_eq!(width(Scale::Dots(0)), 1);
    assert_eq!(width(Scale::Percent(50)), 24);
    assert_eq!(width(Scale::Percent(200)), 48);
    assert_eq!(width(Scale::Fill), 48);
    assert_eq!(to_picture(&image(2, vec![0; 4]), 48).width, 2);
}

#[cfg(feature = "images")]
mod files {
    use std::io::Cursor;

    use ::image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn what_is_transparent_shows_paper() {
        let points = [Rgba([0, 0, 0, 0]), Rgba([0, 0, 0, 255]), Rgba([0, 0, 0, 128])];
        let picture = RgbaImage::from_fn(3, 1, |x, _| points[x as usize]);
        let image = decode(&file(&picture.into(), ImageFormat::Png)).unwrap();
        assert_eq!((image.width(), image.luma()), (3, &[255, 0, 127][..]));
    }

    #[test]
    fn jpeg_is_read_too() {
        let picture = RgbImage::from_pixel(16, 8, Rgb([200, 200, 200]));
        let image = decode(&file(&picture.into(), ImageFormat::Jpeg)).unwrap();
        assert_eq!((image.width(), image.height()), (16, 8));
        assert!(image.luma().iter().all(|shade| shade.abs_diff(200) < 4));
    }

    #[test]
    fn broken_files_are_refused_and_never_panic() {
        let whole = file(&RgbImage::new(9, 9).into(), ImageFormat::Png);
        for length in 0..whole.len() - 12 {
            assert!(decode(&whole[..length]).is_err(), "{length}");
        }
        assert!(decode(b"GIF89a").is_err());
        let wide = file(&RgbImage::new(MAX_SIDE + 1, 1).into(), ImageFormat::Png);
        assert!(decode(&wide).unwrap_err().to_string().contains("10000 points"));
    }
}
