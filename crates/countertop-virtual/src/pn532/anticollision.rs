//! The reader's part of ISO/IEC 14443-3 type A: from request to selection.

use countertop_wire::pn532::{with_crc_a, without_crc_a};

use super::field::{Field, Heard};
use super::radio::{
    CASCADE_TAG, NVB_SELECT, REQA, RadioAnswer, RadioFrame, SAK_CASCADE, SEL, WUPA, cascade_levels,
};

/// Is what activation found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Activation {
    pub(super) atqa: [u8; 2],
    pub(super) sak: u8,
    pub(super) uid: Vec<u8>,
}

/// Activates an idle target, whichever wins.
pub(super) fn activate_any(field: &mut Field) -> Option<Activation> {
    let atqa = request(field, REQA)?;
    let mut uid = Vec::new();
    for sel in SEL {
        let level = resolve(field, sel)?;
        let sak = select(field, sel, &level)?;
        uid.extend(level.iter().take(4).skip(usize::from(level[0] == CASCADE_TAG)));
        if sak & SAK_CASCADE == 0 {
            return Some(Activation { atqa, sak, uid });
        }
    }
    None
}

/// Activates the target of this UID, which is without cascade tags, even when it is halted.
pub(super) fn activate(field: &mut Field, uid: &[u8]) -> Option<Activation> {
    let atqa = request(field, WUPA)?;
    let mut sak = SAK_CASCADE;
    for (level, sel) in cascade_levels(uid).iter().zip(SEL) {
        sak = select(field, sel, level)?;
    }
    (sak & SAK_CASCADE == 0).then(|| Activation { atqa, sak, uid: uid.to_vec() })
}

/// Returns ATQA. Several of them overlay each other: a bit is one where any of them is.
fn request(field: &mut Field, command: u8) -> Option<[u8; 2]> {
    let answers = match field.send(RadioFrame::Short(command)) {
        Heard::Nothing => return None,
        Heard::Answer(answer) => vec![answer],
        Heard::Collision(answers) => answers,
    };
    answers.iter().try_fold([0, 0], |[high, low], answer| match answer.bytes[..] {
        [own_low, own_high] => Some([high | own_high, low | own_low]),
        _ => None,
    })
}

fn select(field: &mut Field, sel: u8, level: &[u8; 5]) -> Option<u8> {
    let command = with_crc_a(&[&[sel, NVB_SELECT], &level[..]].concat());
    match field.send(RadioFrame::Bytes(&command)) {
        Heard::Answer(RadioAnswer { bytes, .. }) => without_crc_a(&bytes)?.first().copied(),
        Heard::Nothing | Heard::Collision(_) => None,
    }
}

/// Finds the four bytes and BCC of one target on a cascade level: where answers collide, it
/// follows those that sent a one (ISO/IEC 14443-3, 6.5.3).
fn resolve(field: &mut Field, sel: u8) -> Option<[u8; 5]> {
    let mut known = 0u64;
    let mut bits = 0u32;
    loop {
        let answers = match field.send(RadioFrame::Bytes(&anticollision(sel, known, bits))) {
            Heard::Nothing => return None,
            Heard::Answer(answer) => return complete(known, bits, &answer.bytes),
            Heard::Collision(answers) => answers,
        };
        let numbers: Vec<u64> = answers
            .iter()
            .filter_map(|answer| complete(known, bits, &answer.bytes))
            .map(|level| number(&level))
            .collect();
        let first = numbers.first()?;
        let differing = numbers.iter().fold(0, |bits, number| bits | (number ^ first));
        let collision = differing.trailing_zeros();
        if collision >= 40 {
            return None;
        }
        known = (first & ((1 << collision) - 1)) | (1 << collision);
        bits = collision + 1;
    }
}

/// SEL, NVB and the bits that are known.
fn anticollision(sel: u8, known: u64, bits: u32) -> Vec<u8> {
    let count = usize::try_from(bits.div_ceil(8)).unwrap_or_default();
    let nvb = u8::try_from(((bits / 8 + 2) << 4) | (bits % 8)).unwrap_or(NVB_SELECT);
    let mut command = vec![sel, nvb];
    command.extend(known.to_le_bytes().iter().take(count));
    command
}

/// Puts the bytes that came in behind the known ones. The first of them may be known in part.
fn complete(known: u64, bits: u32, answer: &[u8]) -> Option<[u8; 5]> {
    let whole = usize::try_from(bits / 8).ok()?;
    let level = [known.to_le_bytes().get(..whole)?, answer].concat();
    level.try_into().ok()
}

fn number(level: &[u8; 5]) -> u64 {
    level.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
