//! Extended APDU level: commands and answers that are longer than a block.

use countertop_wire::ccid::{Chain, CommandBody, Exchange, IccStatus, SlotError};

use super::{Desk, echo, refused};

#[test]
fn a_long_command_and_its_answer_go_in_parts() {
    let mut desk = Desk::with_card(Exchange::ExtendedApdu, echo());
    let command: Vec<u8> = (0..1_200_u32).map(|number| number.to_le_bytes()[0]).collect();
    for (part, level) in [(0..512, Chain::Begins), (512..1_024, Chain::Continues)] {
        let reaction = desk.block(level.code().into(), &command[part]);
        assert_eq!((reaction.answer, reaction.chain), (Some(vec![]), Chain::More.code()));
    }
    let mut reaction = desk.block(Chain::Ends.code().into(), &command[1_024..]);
    let mut answer = Vec::new();
    for chain in [Chain::Begins, Chain::Continues, Chain::Ends] {
        assert_eq!(reaction.chain, chain.code());
        answer.extend(reaction.answer.take().unwrap());
        if chain != Chain::Ends {
            reaction = desk.block(Chain::More.code().into(), &[]);
        }
    }
    assert_eq!(answer, [&command[..], &[0x90, 0x00]].concat());
}

#[test]
fn a_new_command_ends_a_chain() {
    let mut desk = Desk::with_card(Exchange::ExtendedApdu, echo());
    desk.block(Chain::Begins.code().into(), &[1; 512]);
    assert_eq!(desk.block(0, &[7]).answer, Some(vec![7, 0x90, 0x00]));
    // More of an answer of which nothing is left.
    assert_eq!(desk.block(Chain::More.code().into(), &[]).answer, Some(vec![]));
}

#[test]
fn a_chain_without_end_and_a_level_that_is_none_are_refused() {
    let mut desk = Desk::with_card(Exchange::ExtendedApdu, echo());
    let send = |desk: &mut Desk, level| {
        desk.run(CommandBody::XfrBlock { waiting: 0, level, data: vec![7; 512].into() })
    };
    desk.block(Chain::Begins.code().into(), &[7; 512]);
    for _ in 1..128 {
        desk.block(Chain::Continues.code().into(), &[7; 512]);
    }
    for level in [Chain::Continues, Chain::Ends] {
        let refusal = refused(send(&mut desk, level.code().into()));
        assert_eq!(refusal, (IccStatus::Active, SlotError::BAD_LENGTH), "{level:?}");
    }
    for level in [0x04, 0x11, 0x0100] {
        let refusal = refused(send(&mut desk, level));
        assert_eq!(refusal, (IccStatus::Active, SlotError::BAD_LEVEL), "{level:04x}");
    }
    desk.block(Chain::Begins.code().into(), &[1]);
    let whole = desk.block(Chain::Ends.code().into(), &[2]);
    assert_eq!(whole.answer, Some(vec![1, 2, 0x90, 0x00]));
}
