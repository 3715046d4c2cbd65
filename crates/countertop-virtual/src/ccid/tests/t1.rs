//! T=1 at TPDU level (ISO/IEC 7816-3, clause 11.6 and annex A).

use core::time::Duration;

use countertop_wire::ccid::Exchange;
use countertop_wire::t1::{Block, Pcb, ReceiveError, Supervisory};

use super::{ATR_T1, Desk, echo};
use crate::ccid::FunctionCard;

fn information(sequence: bool, more: bool, data: &[u8]) -> Block {
    Block::new(Pcb::Information { sequence, more }, data)
}

fn supervisory(kind: Supervisory, response: bool, data: &[u8]) -> Block {
    Block::new(Pcb::Supervisory { kind, response }, data)
}

fn exchange(desk: &mut Desk, block: &Block) -> Block {
    Block::decode(&desk.block(0, &block.encode()).answer.unwrap()).unwrap()
}

#[test]
fn blocks_alternate_in_both_directions() {
    let mut desk = Desk::with_card(Exchange::Tpdu, echo());
    for (sequence, byte) in [(false, 1), (true, 2), (false, 3)] {
        let answer = exchange(&mut desk, &information(sequence, false, &[byte]));
        assert_eq!(answer, information(sequence, false, &[byte, 0x90, 0x00]));
    }
}

#[test]
fn chains_in_both_directions() {
    let mut desk = Desk::with_card(Exchange::Tpdu, echo());
    let size = supervisory(Supervisory::InformationFieldSize, false, &[3]);
    let agreed = supervisory(Supervisory::InformationFieldSize, true, &[3]);
    assert_eq!(exchange(&mut desk, &size), agreed);
    let more = exchange(&mut desk, &information(false, true, &[1, 2]));
    assert_eq!(more, Block::receive_ready(true, ReceiveError::None));
    let first = exchange(&mut desk, &information(true, false, &[3]));
    assert_eq!(first, information(false, true, &[1, 2, 3]));
    let last = exchange(&mut desk, &Block::receive_ready(true, ReceiveError::None));
    assert_eq!(last, information(true, false, &[0x90, 0x00]));
}

#[test]
fn broken_blocks_are_asked_for_again_and_answers_repeated() {
    let mut desk = Desk::with_card(Exchange::Tpdu, echo());
    let mut broken = information(false, false, &[9]).encode();
    broken[3] ^= 1;
    let demand = Block::decode(&desk.block(0, &broken).answer.unwrap()).unwrap();
    assert_eq!(demand, Block::receive_ready(false, ReceiveError::Redundancy));
    let twice = exchange(&mut desk, &information(true, false, &[9]));
    assert_eq!(twice, Block::receive_ready(false, ReceiveError::Other));
    let answer = exchange(&mut desk, &information(false, false, &[9]));
    assert_eq!(answer, information(false, false, &[9, 0x90, 0x00]));
    // The reader did not hear it.
    assert_eq!(exchange(&mut desk, &Block::receive_ready(false, ReceiveError::Other)), answer);
}

#[test]
fn a_slow_card_asks_for_waiting_time() {
    let delay = Duration::from_millis(2_500);
    let mut desk = Desk::with_card(Exchange::Tpdu, echo().with_delay(delay));
    let mut reaction = desk.block(0, &information(false, false, &[5]).encode());
    let mut waited = Duration::ZERO;
    for _ in 0..2 {
        waited += reaction.wait;
        assert!(!reaction.extends);
        let request = Block::decode(reaction.answer.as_ref().unwrap()).unwrap();
        assert_eq!(request, supervisory(Supervisory::WaitingTime, false, &[1]));
        let granted = supervisory(Supervisory::WaitingTime, true, &[1]);
        reaction = desk.block(0, &granted.encode());
    }
    assert_eq!(waited + reaction.wait, delay);
    let answer = Block::decode(&reaction.answer.unwrap()).unwrap();
    assert_eq!(answer, information(false, false, &[5, 0x90, 0x00]));
}

#[test]
fn resynchronised_it_begins_anew_and_a_mute_card_is_mute() {
    let mute = FunctionCard::new(ATR_T1, |_| Vec::new());
    let mut desk = Desk::with_card(Exchange::Tpdu, mute);
    assert_eq!(desk.block(0, &information(false, false, &[5]).encode()).answer, None);
    let again = exchange(&mut desk, &supervisory(Supervisory::Resynch, false, &[]));
    assert_eq!(again, supervisory(Supervisory::Resynch, true, &[]));
    assert_eq!(desk.block(0, &information(false, false, &[5]).encode()).answer, None);
}
