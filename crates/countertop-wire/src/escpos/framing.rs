//! Where a command ends: the lengths of all commands that Epson defines.
//!
//! Source: Epson, ESC/POS Command Reference, the [Format] of each command.

use super::position::MAX_TAB_STOPS;
use super::{DLE, ESC, FS, GS};

/// Is what can be said of a command from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// More bytes decide, not before there are so many in all.
    Incomplete(usize),
    /// This many bytes in all, present or not.
    Length(u64),
    /// No command of Epson's; this many bytes are dropped.
    Unknown(usize),
}

/// Says what follows the two bytes that name a command.
#[derive(Debug, Clone, Copy)]
enum Tail {
    /// A fixed number of bytes.
    Fixed(u8),
    /// `skip` bytes, then a little-endian count of `width` bytes, then that many.
    Counted { skip: u8, width: u8 },
    /// A length that is worked out.
    Worked(fn(&[u8]) -> Option<u64>),
    /// A length that adds up along the data, or how many bytes the next part of the sum needs.
    Walked(fn(&[u8]) -> Result<u64, usize>),
}

use Tail::{Counted, Fixed, Walked, Worked};

const ESC_TAILS: &[(&[u8], Tail)] = &[
    (b"\x0C2<@LSimoqv", Fixed(0)),
    (b" !%-3=?EFGJKMRTUVadert{u", Fixed(1)),
    (b"$Bf\\", Fixed(2)),
    (b"p", Fixed(3)),
    (b"W", Fixed(8)),
    (b"c", Fixed(2)),
    (b"D", Worked(tab_stops)),
    (b"(", Counted { skip: 1, width: 2 }),
    (b"*", Worked(columns)),
    (b"&", Walked(user_characters)),
];

const FS_TAILS: &[(&[u8], Tail)] = &[
    (b"&.", Fixed(0)),
    (b"!-CW", Fixed(1)),
    (b"?Sp", Fixed(2)),
    (b"bc", Fixed(0)),
    (b"(", Counted { skip: 1, width: 2 }),
    (b"a", Worked(cheque_reader)),
    (b"2", Worked(user_kanji)),
    (b"g", Worked(nv_memory)),
    (b"q", Walked(nv_pictures)),
];

const GS_TAILS: &[(&[u8], Tail)] = &[
    (b"\x0C:c", Fixed(0)),
    (b"!/BEHITabfhjrw", Fixed(1)),
    (b"$LPW\\", Fixed(2)),
    (b"^", Fixed(3)),
    (b"z", Fixed(3)),
    (b"(", Counted { skip: 1, width: 2 }),
    (b"8", Counted { skip: 1, width: 4 }),
    (b"*", Worked(download_picture)),
    (b"C", Worked(counter)),
    (b"D", Worked(windows_bitmap)),
    (b"Q", Worked(vertical_raster)),
    (b"V", Worked(cut)),
    (b"g", Worked(maintenance)),
    (b"k", Worked(barcode)),
    (b"v", Worked(raster)),
];

const DLE_TAILS: &[(&[u8], Tail)] =
    &[(b"\x04", Worked(real_time_status)), (b"\x05", Fixed(1)), (b"\x14", Worked(real_time_pulse))];

/// The longest run up to NUL: bar codes have fewer.
const MAX_TERMINATED: usize = 256;

/// Frames the command at the beginning of `bytes`, which is not text.
pub(super) fn frame(bytes: &[u8]) -> Framing {
    let tails = match bytes.first() {
        None => return Framing::Incomplete(1),
        Some(&ESC) => ESC_TAILS,
        Some(&FS) => FS_TAILS,
        Some(&GS) => GS_TAILS,
        Some(&DLE) => DLE_TAILS,
        Some(0x06 | 0x09 | 0x0A | 0x0C | 0x0D | 0x15 | 0x18) => return Framing::Length(1),
        Some(_) => return Framing::Unknown(1),
    };
    let Some(&name) = bytes.get(1) else { return Framing::Incomplete(2) };
    let Some((_, tail)) = tails.iter().find(|(names, _)| names.contains(&name)) else {
        // A command that begins here is not swallowed with the broken one before it.
        let begins = matches!(name, ESC | FS | GS | DLE | 0x0A);
        return Framing::Unknown(if begins { 1 } else { 2 });
    };
    tail_length(*tail, &bytes[2..])
}

fn tail_length(tail: Tail, rest: &[u8]) -> Framing {
    let length = match tail {
        Fixed(length) => Some(u64::from(length)),
        Counted { skip, width } => counted(rest, skip, width),
        Worked(work) => work(rest),
        Walked(walk) => match walk(rest) {
            Ok(length) => Some(length),
            Err(needed) => return Framing::Incomplete(needed.saturating_add(2)),
        },
    };
    match length {
        None => Framing::Incomplete(rest.len() + 3),
        Some(NO_COMMAND) => Framing::Unknown(2),
        Some(TERMINATED) => terminated(3, &rest[1..]),
        Some(length) => Framing::Length(2 + length),
    }
}

/// Says that the parameters belong to no command.
const NO_COMMAND: u64 = u64::MAX;
/// Says that one more byte is followed by a run up to NUL.
const TERMINATED: u64 = u64::MAX - 1;

fn terminated(head: usize, rest: &[u8]) -> Framing {
    match rest.iter().take(MAX_TERMINATED).position(|byte| *byte == 0x00) {
        Some(end) => Framing::Length((head + end + 1) as u64),
        None if rest.len() < MAX_TERMINATED => Framing::Incomplete(head + rest.len() + 1),
        None => Framing::Unknown(head),
    }
}

fn counted(rest: &[u8], skip: u8, width: u8) -> Option<u64> {
    let head = usize::from(skip) + usize::from(width);
    let count = rest.get(usize::from(skip)..head)?;
    let count = count.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    Some(head as u64 + count)
}

fn word(rest: &[u8], at: usize) -> Option<u64> {
    let bytes = rest.get(at..at + 2)?;
    Some(u64::from(u16::from_le_bytes([bytes[0], bytes[1]])))
}

/// ESC D n1 … NUL: a stop that is not behind the one before ends the list as NUL does, and what follows
/// is data; so is what exceeds 32 stops (ESC/POS Application Programming Guide 10.01, page 171).
fn tab_stops(rest: &[u8]) -> Option<u64> {
    let before = |at: usize| at.checked_sub(1).and_then(|at| rest.get(at)).copied().unwrap_or(0);
    let end = rest.iter().enumerate().position(|(at, stop)| *stop <= before(at));
    match end {
        Some(end) if end <= MAX_TAB_STOPS => Some(end as u64 + 1),
        _ if rest.len() > MAX_TAB_STOPS => Some(MAX_TAB_STOPS as u64),
        _ => None,
    }
}

/// ESC * m nL nH: one or three bytes a column.
fn columns(rest: &[u8]) -> Option<u64> {
    let height = if *rest.first()? >= 32 { 3 } else { 1 };
    Some(3 + height * word(rest, 1)?)
}

/// ESC & y c1 c2: for each character its width, then y bytes a column.
fn user_characters(rest: &[u8]) -> Result<u64, usize> {
    let [height, first, last] = *rest.first_chunk().ok_or(3_usize)?;
    let mut at = 3;
    for _ in first..=last {
        at += 1 + usize::from(*rest.get(at).ok_or(at + 1)?) * usize::from(height);
    }
    Ok(at as u64)
}

/// FS 2 c1 c2: 72 bytes, 24 × 24 dots.
fn user_kanji(_: &[u8]) -> Option<u64> {
    Some(2 + 72)
}

/// FS a 0 n (read a cheque), FS a 1 (load it), FS a 2 (eject it).
fn cheque_reader(rest: &[u8]) -> Option<u64> {
    Some(if matches!(rest.first()?, 0x00 | b'0') { 2 } else { 1 })
}

/// FS g 1 (write) m a1–a4 nL nH d…, FS g 2 (read) m a1–a4 nL nH.
fn nv_memory(rest: &[u8]) -> Option<u64> {
    match rest.first()? {
        b'1' => Some(8 + word(rest, 6)?),
        b'2' => Some(8),
        _ => Some(NO_COMMAND),
    }
}

/// FS q n: for each picture its size in bytes across and down, then 8 × both.
fn nv_pictures(rest: &[u8]) -> Result<u64, usize> {
    let mut at = 1;
    for _ in 0..*rest.first().ok_or(1_usize)? {
        let needed = at + 4;
        let size = word(rest, at).zip(word(rest, at + 2)).ok_or(needed)?;
        at = needed + usize::try_from(size.0 * size.1 * 8).map_err(|_| usize::MAX)?;
    }
    Ok(at as u64)
}

/// GS * x y: 8 × x × y bytes.
fn download_picture(rest: &[u8]) -> Option<u64> {
    let [x, y] = *rest.first_chunk()?;
    Some(2 + 8 * u64::from(x) * u64::from(y))
}

/// GS C 0 m n, GS C 1 and six bytes, GS C 2 nL nH, GS C ; five numbers that end in `;`.
fn counter(rest: &[u8]) -> Option<u64> {
    match rest.first()? {
        b'0' | 0x00 => Some(3),
        b'1' | 0x01 => Some(7),
        b'2' | 0x02 => Some(3),
        b';' => {
            let mut ends = rest[1..].iter().take(64).enumerate().filter(|(_, byte)| **byte == b';');
            match ends.nth(4) {
                Some((end, _)) => Some(end as u64 + 2),
                None if rest.len() <= 64 => None,
                None => Some(NO_COMMAND),
            }
        }
        _ => Some(NO_COMMAND),
    }
}

/// GS D m fn a kc1 kc2 b c, then a Windows bitmap that begins with its own length.
fn windows_bitmap(rest: &[u8]) -> Option<u64> {
    let size = rest.get(9..13)?;
    let size = size.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    Some(if rest.get(7..9)? == b"BM" { 7 + size } else { NO_COMMAND })
}

/// GS Q 0 m xL xH yL yH: x × y bytes.
fn vertical_raster(rest: &[u8]) -> Option<u64> {
    raster(rest)
}

/// GS v 0 m xL xH yL yH: x × y bytes.
fn raster(rest: &[u8]) -> Option<u64> {
    match rest.first()? {
        b'0' => Some(6 + word(rest, 2)? * word(rest, 4)?),
        _ => Some(NO_COMMAND),
    }
}

/// GS V m, or GS V m n from 65.
fn cut(rest: &[u8]) -> Option<u64> {
    Some(if *rest.first()? >= 65 { 2 } else { 1 })
}

/// GS g 0 m nL nH, GS g 2 m nL nH.
fn maintenance(_: &[u8]) -> Option<u64> {
    Some(4)
}

/// GS k m d… NUL up to 6, GS k m n d… from 65.
fn barcode(rest: &[u8]) -> Option<u64> {
    match rest.first()? {
        0..=6 => Some(TERMINATED),
        65..=79 => Some(2 + u64::from(*rest.get(1)?)),
        _ => Some(NO_COMMAND),
    }
}

/// DLE EOT n; n = 7, 8, 18 have one byte more.
fn real_time_status(rest: &[u8]) -> Option<u64> {
    Some(if matches!(rest.first()?, 7 | 8 | 18) { 2 } else { 1 })
}

/// DLE DC4 and the function: pulse, power-off, buzzer, transmission, clearing.
fn real_time_pulse(rest: &[u8]) -> Option<u64> {
    Some(match rest.first()? {
        1 | 2 => 3,
        3 => 6,
        7 => 2,
        8 => 8,
        _ => NO_COMMAND,
    })
}
