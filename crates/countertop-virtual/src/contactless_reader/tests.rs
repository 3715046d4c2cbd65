use countertop_wire::atr::{AnswerToReset, CardName};

use super::*;
use crate::card::VirtualCard;
use crate::ccid::FunctionCard;

const LOAD_KEY: &[u8] = &[0xff, 0x82, 0, 0, 6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const AUTHENTICATE_4: &[u8] = &[0xff, 0x86, 0, 0, 5, 1, 0, 4, 0x60, 0];
const READ_4: &[u8] = &[0xff, 0xb0, 0, 4, 16];

fn classic() -> StorageTag {
    StorageTag::mifare_classic_1k([0x04, 0xa1, 0xb2, 0xc3])
}

#[test]
fn a_classic_card_opens_with_its_key() {
    let mut tag = classic();
    let answer = AnswerToReset::parse(&tag.answer_to_reset()).unwrap();
    assert_eq!(answer.storage_card().unwrap().name, CardName::MIFARE_CLASSIC_1K);
    assert_eq!(tag.transmit(READ_4), [0x69, 0x82]);
    assert_eq!(tag.transmit(AUTHENTICATE_4), [0x69, 0x88]);
    assert_eq!(tag.transmit(LOAD_KEY), [0x90, 0x00]);
    assert_eq!(tag.transmit(AUTHENTICATE_4), [0x90, 0x00]);
    let write = [&[0xff, 0xd6, 0, 4, 16][..], &[0x77; 16]].concat();
    assert_eq!(tag.transmit(&write), [0x90, 0x00]);
    assert_eq!(tag.transmit(READ_4), [[0x77; 16].as_slice(), &[0x90, 0x00]].concat());
    // The trailer hides key A; another sector is shut; a reset shuts all.
    assert!(tag.transmit(&[0xff, 0xb0, 0, 7, 16]).starts_with(&[0, 0, 0, 0, 0, 0, 0xff, 0x07]));
    assert_eq!(tag.transmit(&[0xff, 0xb0, 0, 8, 16]), [0x69, 0x82]);
    assert_eq!(tag.transmit(&[0xff, 0xb0, 0, 7, 32]), [0x69, 0x82]);
    tag.reset();
    assert_eq!(tag.transmit(READ_4), [0x69, 0x82]);
}

#[test]
fn a_wrong_key_shuts_the_sector() {
    let mut tag = classic();
    let wrong = [0xff, 0x82, 0, 1, 6, 1, 2, 3, 4, 5, 6];
    for command in [LOAD_KEY, AUTHENTICATE_4, &wrong] {
        assert_eq!(tag.transmit(command), [0x90, 0x00]);
    }
    assert_eq!(tag.transmit(&[0xff, 0x86, 0, 0, 5, 1, 0, 4, 0x60, 1]), [0x63, 0x00]);
    assert_eq!(tag.transmit(READ_4), [0x69, 0x82]);
    assert_eq!(tag.transmit(&[0xff, 0x82, 0, 0, 1, 1]), [0x69, 0x89]);
    assert_eq!(tag.transmit(&[0xff, 0x82, 0, 9, 6, 1, 2, 3, 4, 5, 6]), [0x69, 0x88]);
}

#[test]
fn an_ultralight_is_open_but_for_its_number() {
    let mut tag = StorageTag::mifare_ultralight([4, 1, 2, 3, 4, 5, 6]);
    assert_eq!(tag.transmit(&[0xff, 0xca, 0, 0, 0]), [4, 1, 2, 3, 4, 5, 6, 0x90, 0x00]);
    assert_eq!(tag.transmit(&[0xff, 0xd6, 0, 4, 4, 9, 8, 7, 6]), [0x90, 0x00]);
    assert_eq!(tag.memory()[16..20], [9, 8, 7, 6]);
    assert_eq!(tag.transmit(&[0xff, 0xd6, 0, 0, 4, 9, 8, 7, 6]), [0x69, 0x82]);
    assert_eq!(tag.transmit(&[0xff, 0xd6, 0, 4, 3, 9, 8, 7]), [0x67, 0x00]);
    assert_eq!(tag.transmit(&[0xff, 0xb0, 0, 15, 8]), [0, 0, 0, 0, 0x62, 0x82]);
    assert_eq!(tag.transmit(&[0xff, 0xb0, 0, 16, 4]), [0x6b, 0x00]);
    assert_eq!(tag.transmit(&[0x00, 0xa4, 4, 0]), [0x6a, 0x81]);
}

#[test]
fn a_payment_card_is_passed_on() {
    let inner = FunctionCard::new([0x3b, 0x00], |command| [command, &[0x90, 0x00]].concat());
    let mut card = PassedOn::new(inner, [8, 1, 2, 3]);
    let answer = AnswerToReset::parse(&card.answer_to_reset()).unwrap();
    assert!(answer.is_contactless());
    assert_eq!(answer.historical_bytes(), [] as [u8; 0]);
    assert_eq!(card.transmit(&[0xff, 0xca, 0, 0, 0]), [8, 1, 2, 3, 0x90, 0x00]);
    assert_eq!(card.transmit(&[0xff, 0xb0, 0, 0, 1]), [0x6a, 0x81]);
    assert_eq!(card.transmit(&[0, 0xa4, 4, 0]), [0, 0xa4, 4, 0, 0x90, 0x00]);
}

#[test]
fn noise_gets_an_answer() {
    let mut tag = classic();
    for length in 0..40 {
        for first in [0x00, 0xff] {
            let command = [vec![first], vec![0xb0; length]].concat();
            assert!(tag.transmit(&command).len() >= 2);
        }
    }
}
