//! Pictures against an independent implementation: the programs `pbmtojbg`, `pbmtojbg85` and
//! `jbgtopbm` of the Debian package jbigkit-bin.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write;
use std::num::NonZeroU32;
use std::process::{Command, Stdio};

use countertop_wire::jbig::{self, Bitmap, JbigError, Parameters, Template};

/// Runs a program of jbigkit-bin as a filter.
fn filter(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; install the package jbigkit-bin"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} {arguments:?} refuses");
    output.stdout
}

fn to_pbm(bitmap: &Bitmap) -> Vec<u8> {
    let mut pbm = format!("P4\n{} {}\n", bitmap.width(), bitmap.height()).into_bytes();
    pbm.extend_from_slice(bitmap.rows());
    pbm
}

fn from_pbm(pbm: &[u8]) -> Bitmap {
    let head = String::from_utf8_lossy(&pbm[..pbm.len().min(64)]).into_owned();
    let mut words = head.split_ascii_whitespace();
    assert_eq!(words.next(), Some("P4"));
    let mut number = || words.next().unwrap().parse().unwrap();
    let (width, height) = (number(), number());
    let rows = &pbm[pbm.len() - width_bytes(width) * height as usize..];
    Bitmap::from_rows(width, height, rows.to_vec()).unwrap()
}

fn width_bytes(width: u32) -> usize {
    width.div_ceil(8) as usize
}

/// Draws loops that look like writing.
fn signature(width: u32, height: u32) -> Bitmap {
    let mut bitmap = Bitmap::new(width, height).unwrap();
    let (w, h) = (width.cast_signed(), height.cast_signed());
    for step in 0..w * 4 {
        let x = step / 4;
        let y = h / 2 + (h / 3) * triangle(step, 37) / 37 * triangle(step + 11, 91) / 91;
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            bitmap.set(x + dx + triangle(step, 23) / 2, y + dy, true);
        }
    }
    bitmap
}

fn triangle(at: i32, period: i32) -> i32 {
    let phase = at.rem_euclid(4 * period);
    if phase < 2 * period { phase - period } else { 3 * period - phase }
}

fn noise(width: u32, height: u32, shift: u32) -> Bitmap {
    let mut seed = 0x9e37_79b9_u32 ^ width << 8 ^ height;
    let bytes = (0..width_bytes(width) * height as usize)
        .map(|_| {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            (seed >> 8 & seed >> shift & 0xff) as u8
        })
        .collect();
    Bitmap::from_rows(width, height, bytes).unwrap()
}

/// Rows that repeat themselves, which makes the other encoder move its adaptive dot.
fn periodic(width: u32, height: u32, period: i32) -> Bitmap {
    let mut bitmap = Bitmap::new(width, height).unwrap();
    let tile = noise(period.cast_unsigned(), height, 8);
    for y in 0..height.cast_signed() {
        for x in 0..width.cast_signed() {
            bitmap.set(x, y, tile.get(x % period, y));
        }
    }
    bitmap
}

fn filled(width: u32, height: u32) -> Bitmap {
    Bitmap::from_rows(width, height, vec![0xff; width_bytes(width) * height as usize]).unwrap()
}

fn pictures() -> Vec<(&'static str, Bitmap)> {
    let mut pictures = Vec::new();
    for (width, height) in [
        (240, 80),
        (240, 120),
        (384, 120),
        (1, 1),
        (7, 3),
        (33, 40),
        (241, 81),
        (639, 97),
        (3, 200),
    ] {
        pictures.push(("signature", signature(width, height)));
        pictures.push(("white", Bitmap::new(width, height).unwrap()));
        pictures.push(("black", filled(width, height)));
        pictures.push(("noise", noise(width, height, 8)));
        pictures.push(("sparse noise", noise(width, height, 12)));
        pictures.push(("periodic", periodic(width, height, 5)));
        pictures.push(("long period", periodic(width, height, 24)));
    }
    pictures
}

#[test]
fn reads_what_pbmtojbg_writes() {
    for (name, bitmap) in pictures() {
        let pbm = to_pbm(&bitmap);
        for options in ["28", "0", "64", "72"] {
            for more in [
                &["-q"][..],
                &["-q", "-s", "7"],
                // In stripes of one line it errs: its own decoder then sees another picture.
                &["-q", "-s", "2", "-o", "0"],
                &["-d", "0", "-m", "127", "-s", "5000"],
                &["-q", "-m", "0"],
                &["-q", "-c", "-m", "127", "-s", "16"],
                &["-q", "-r", "-s", "8", "-m", "127"],
                &["-q", "-C", "a comment", "-o", "12"],
                &["-q", "-Y", "5000", "-s", "9"],
            ] {
                let arguments = [&["-p", options], more].concat();
                let jbig = filter("pbmtojbg", &arguments, &pbm);
                let context = format!("{name} {bitmap:?} {arguments:?}");
                assert_eq!(jbig::decode(&jbig).as_ref(), Ok(&bitmap), "{context}");
            }
        }
    }
}

#[test]
fn the_adaptive_dot_moves_among_the_pictures() {
    let pbm = to_pbm(&periodic(240, 80, 5));
    for options in ["28", "0", "64"] {
        let jbig = filter("pbmtojbg", &["-q", "-s", "64", "-p", options], &pbm);
        assert!(jbig.windows(2).any(|pair| pair == [0xff, 0x06]), "no marker ATMOVE");
    }
}

#[test]
fn reads_what_pbmtojbg85_writes() {
    for (name, bitmap) in pictures() {
        // The program announces the new length only when lines follow.
        if bitmap.height() == 1 {
            continue;
        }
        let (early, late) = ("1", (bitmap.height() - 1).to_string());
        for options in ["0", "8", "64", "72"] {
            for more in [
                &["-m", "127"][..],
                &["-s", "128", "-C", "fax"],
                &["-s", "6", "-Y", "9999", early],
                &["-s", "6", "-Y", "4294967295", &late],
            ] {
                let arguments = [&["-p", options], more].concat();
                let jbig = filter("pbmtojbg85", &arguments, &to_pbm(&bitmap));
                let context = format!("{name} {bitmap:?} {arguments:?}");
                assert_eq!(jbig::decode(&jbig).as_ref(), Ok(&bitmap), "{context}");
            }
        }
    }
}

#[test]
fn jbgtopbm_reads_what_we_write() {
    for (name, bitmap) in pictures() {
        for template in [Template::ThreeLine, Template::TwoLine] {
            for typical in [true, false] {
                for lines in [1, 2, 7, 5000] {
                    let parameters = Parameters::unionpay()
                        .with_stripe_lines(NonZeroU32::new(lines).unwrap())
                        .with_template(template)
                        .with_typical_prediction(typical);
                    let jbig = jbig::encode(&bitmap, &parameters);
                    let seen = from_pbm(&filter("jbgtopbm", &[], &jbig));
                    assert_eq!(seen, bitmap, "{name} {bitmap:?} {parameters:?}");
                    assert_eq!(jbig::decode(&jbig), Ok(bitmap.clone()));
                }
            }
        }
    }
}

#[test]
fn writes_the_very_bytes_of_pbmtojbg_without_adaptive_dot() {
    for (name, bitmap) in pictures() {
        let ours = jbig::encode(&bitmap, &Parameters::unionpay());
        let theirs = filter("pbmtojbg", &["-q", "-s", "7", "-m", "0"], &to_pbm(&bitmap));
        // They differ in MX alone, which says how far the adaptive dot might have moved.
        assert_eq!(ours[..16], theirs[..16], "{name} {bitmap:?}");
        assert_eq!(ours[17..], theirs[17..], "{name} {bitmap:?}");
    }
}

#[test]
fn refuses_layers_and_planes() {
    let pbm = to_pbm(&signature(240, 80));
    let layered = filter("pbmtojbg", &["-d", "2"], &pbm);
    assert_eq!(jbig::decode(&layered), Err(JbigError::Progressive(2)));
    let grey = [b"P5\n4 2\n255\n".as_slice(), &[0, 60, 120, 255, 9, 99, 199, 33]].concat();
    let planes = filter("pbmtojbg", &["-q"], &grey);
    assert_eq!(jbig::decode(&planes), Err(JbigError::Planes(8)));
}
