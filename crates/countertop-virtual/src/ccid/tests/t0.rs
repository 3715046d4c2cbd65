//! T=0 at TPDU level: cases 1 to 4 (ISO/IEC 7816-3, clause 12.2).

use countertop_wire::ccid::Exchange;

use super::{ATR_T0, Desk};
use crate::ccid::FunctionCard;

/// Answers READ RECORD with five bytes, SELECT with 300, everything else with a status word.
fn card() -> FunctionCard<impl FnMut(&[u8]) -> Vec<u8> + Send> {
    FunctionCard::new(ATR_T0, |command| match command {
        [_, 0xb2, ..] => vec![1, 2, 3, 4, 5, 0x90, 0x00],
        [_, 0xa4, ..] => [vec![0x6f; 300], vec![0x90, 0x00]].concat(),
        _ => vec![0x63, 0xc2],
    })
}

fn exchange(desk: &mut Desk, tpdu: &[u8]) -> Vec<u8> {
    desk.block(0, tpdu).answer.unwrap()
}

#[test]
fn a_command_without_data_gets_the_right_length_first() {
    let mut desk = Desk::with_card(Exchange::Tpdu, card());
    assert_eq!(exchange(&mut desk, &[0, 0xb2, 1, 0x0c, 0]), [0x6c, 5]);
    let record = [1, 2, 3, 4, 5, 0x90, 0x00];
    assert_eq!(exchange(&mut desk, &[0, 0xb2, 1, 0x0c, 5]), record);
    assert_eq!(exchange(&mut desk, &[0, 0x20, 0, 0x80, 0]), [0x63, 0xc2]);
}

#[test]
fn an_answer_behind_data_is_fetched() {
    let mut desk = Desk::with_card(Exchange::Tpdu, card());
    assert_eq!(exchange(&mut desk, &[0, 0xc0, 0, 0, 1]), [0x69, 0x85]);
    assert_eq!(exchange(&mut desk, &[0, 0xa4, 4, 0, 2, 0xa0, 0]), [0x61, 0x00]);
    let first = exchange(&mut desk, &[0, 0xc0, 0, 0, 0]);
    assert_eq!((first.len(), &first[256..]), (258, &[0x61, 44][..]));
    assert_eq!(exchange(&mut desk, &[0, 0xc0, 0, 0, 45]), [0x6c, 44]);
    let last = exchange(&mut desk, &[0, 0xc0, 0, 0, 44]);
    assert_eq!((last.len(), &last[44..]), (46, &[0x90, 0x00][..]));
    assert_eq!(exchange(&mut desk, &[0, 0xc0, 0, 0, 1]), [0x69, 0x85]);
}

#[test]
fn malformed_commands_never_reach_the_card() {
    let mut desk = Desk::with_card(Exchange::Tpdu, card());
    for tpdu in [&[][..], &[0, 0xa4, 4, 0], &[0, 0xa4, 4, 0, 3, 1, 2], &[0, 0xa4, 4, 0, 1, 1, 2]] {
        assert_eq!(exchange(&mut desk, tpdu), [0x67, 0x00], "{tpdu:02x?}");
    }
}
