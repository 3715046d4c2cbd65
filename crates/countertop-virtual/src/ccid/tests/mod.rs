//! The reader without a bus: commands in, answers out.

mod bus;
mod chains;
mod key_pad;
mod t0;
mod t1;

use core::time::Duration;

use countertop_wire::ccid::{
    Command, CommandBody, CommandStatus, Exchange, Header, IccStatus, Parameters, PowerSelect,
    Response, ResponseBody, SlotError, SlotStatus, T0Parameters,
};

use super::commands::{self, Outcome};
use super::link::Reaction;
use super::shared::Shared;
use super::{CcidConfig, CcidFault, FunctionCard};
use crate::card::{CardProfile, Fault, PaymentCard, VirtualCard};

/// T=1 with default parameters.
pub(super) const ATR_T1: [u8; 6] = [0x3b, 0x81, 0x81, 0x01, 0x00, 0x00];
/// T=0 with default parameters.
pub(super) const ATR_T0: [u8; 4] = [0x3b, 0x60, 0x00, 0x00];

/// Is a reader and the number of its next command.
pub(super) struct Desk {
    shared: Shared,
    sequence: u8,
}

impl Desk {
    pub(super) fn new(exchange: Exchange) -> Self {
        Self::of(&CcidConfig::default().with_exchange(exchange))
    }

    pub(super) fn of(config: &CcidConfig) -> Self {
        Self { shared: Shared::new(config), sequence: 0 }
    }

    /// Inserts a card and powers it.
    pub(super) fn with_card(exchange: Exchange, card: impl VirtualCard + 'static) -> Self {
        let mut desk = Self::new(exchange);
        desk.shared.lock().replace(Some(Box::new(card)));
        let answer = desk.answer(CommandBody::IccPowerOn(PowerSelect::Automatic));
        assert_eq!(answer.status, SlotStatus::processed(IccStatus::Active));
        desk
    }

    pub(super) fn run(&mut self, body: CommandBody) -> Outcome {
        let message = Command::new(0, self.sequence, body).encode();
        self.sequence = self.sequence.wrapping_add(1);
        self.raw(&message)
    }

    fn raw(&self, message: &[u8]) -> Outcome {
        let header = Header::decode(message).unwrap();
        commands::run(&self.shared, &header, message)
    }

    pub(super) fn answer(&mut self, body: CommandBody) -> Response {
        match self.run(body) {
            Outcome::Answer(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn block(&mut self, level: u16, data: &[u8]) -> Reaction {
        match self.run(CommandBody::XfrBlock { waiting: 0, level, data: data.into() }) {
            Outcome::Card(reaction) => reaction,
            other => panic!("{other:?}"),
        }
    }
}

fn refused(outcome: Outcome) -> (IccStatus, SlotError) {
    match outcome {
        Outcome::Answer(Response {
            status: SlotStatus { icc, command: CommandStatus::Failed(error) },
            ..
        }) => (icc, error),
        other => panic!("{other:?}"),
    }
}

fn echo() -> FunctionCard<impl FnMut(&[u8]) -> Vec<u8> + Send> {
    FunctionCard::new(ATR_T1, |command| [command, &[0x90, 0x00]].concat())
}

fn block(data: &[u8]) -> CommandBody {
    CommandBody::XfrBlock { waiting: 0, level: 0, data: data.into() }
}

#[test]
fn an_empty_slot_says_so() {
    let mut desk = Desk::new(Exchange::ShortApdu);
    let status = desk.answer(CommandBody::GetSlotStatus);
    assert_eq!(status.status, SlotStatus::processed(IccStatus::Absent));
    assert_eq!((status.slot, status.sequence), (0, 0));
    for body in [
        CommandBody::IccPowerOn(PowerSelect::Volts5),
        block(&[0, 0xa4, 4, 0]),
        CommandBody::GetParameters,
    ] {
        assert_eq!(refused(desk.run(body)), (IccStatus::Absent, SlotError::ICC_MUTE));
    }
}

#[test]
fn a_card_is_powered_talks_and_rests() {
    let mut desk = Desk::new(Exchange::ShortApdu);
    desk.shared.lock().replace(Some(Box::new(echo())));
    assert_eq!(desk.answer(CommandBody::GetSlotStatus).status.icc, IccStatus::Inactive);
    let mute = refused(desk.run(block(&[0, 0xa4, 4, 0])));
    assert_eq!(mute, (IccStatus::Inactive, SlotError::ICC_MUTE));
    let atr = desk.answer(CommandBody::IccPowerOn(PowerSelect::Automatic));
    assert_eq!(atr.body, ResponseBody::data(ATR_T1.to_vec()));
    let reaction = desk.block(0, &[0, 0xa4, 4, 0]);
    assert_eq!(reaction.answer.as_deref(), Some(&[0, 0xa4, 4, 0, 0x90, 0x00][..]));
    let off = desk.answer(CommandBody::IccPowerOff);
    assert_eq!(off.status, SlotStatus::processed(IccStatus::Inactive));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    let desk = Desk::new(Exchange::ShortApdu);
    for (message, error) in [
        (vec![0x65, 1, 0, 0, 0, 0, 0, 0, 0, 0], SlotError::BAD_LENGTH),
        (vec![0x65, 0, 0, 0, 0, 1, 0, 0, 0, 0], SlotError::BAD_SLOT),
        (vec![0x62, 0, 0, 0, 0, 0, 0, 9, 0, 0], SlotError::BAD_BYTE_7),
        (vec![0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0], SlotError::COMMAND_NOT_SUPPORTED),
        (vec![0x6b, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7], SlotError::COMMAND_NOT_SUPPORTED),
        (vec![0x69, 0, 0, 0, 0, 0, 0, 0, 0, 0], SlotError::COMMAND_NOT_SUPPORTED),
    ] {
        assert_eq!(refused(desk.raw(&message)).1, error, "{message:02x?}");
    }
    let mut desk = Desk::with_card(Exchange::ShortApdu, echo());
    let chained = CommandBody::XfrBlock { waiting: 0, level: 1, data: vec![0].into() };
    assert_eq!(refused(desk.run(chained)).1, SlotError::BAD_LEVEL);
    assert_eq!(refused(desk.run(block(&[0; 262]))).1, SlotError::BAD_LENGTH);
}

#[test]
fn parameters_follow_the_card_and_the_host() {
    let mut desk = Desk::with_card(Exchange::Tpdu, echo());
    let body = desk.answer(CommandBody::GetParameters).body;
    assert!(matches!(body, ResponseBody::Parameters(Some(Parameters::T1(_)))), "{body:?}");
    let wanted = Parameters::T0(T0Parameters { findex_dindex: 0x95, ..T0Parameters::default() });
    let body = desk.answer(CommandBody::SetParameters(wanted)).body;
    assert_eq!(body, ResponseBody::Parameters(Some(wanted)));
    let body = desk.answer(CommandBody::ResetParameters).body;
    let behind_reset = Parameters::T0(T0Parameters::default());
    assert_eq!(body, ResponseBody::Parameters(Some(behind_reset)));
}

#[test]
fn a_card_that_leaves_in_a_command_is_gone() {
    let profile = CardProfile::unionpay_debit().with_fault(Fault::RemovedAt(1));
    let mut desk = Desk::with_card(Exchange::ShortApdu, PaymentCard::new(profile));
    let gone = refused(desk.run(block(&[0, 0xa4, 4, 0])));
    assert_eq!(gone, (IccStatus::Absent, SlotError::ICC_MUTE));
    assert!(desk.shared.lock().untold);
}

#[test]
fn a_slow_card_gets_time() {
    let mut desk = Desk::with_card(Exchange::ShortApdu, echo().with_delay(Duration::from_secs(2)));
    let reaction = desk.block(0, &[0, 0xb2, 1, 0x0c, 0]);
    assert_eq!((reaction.wait, reaction.extends), (Duration::from_secs(2), true));
}

#[test]
fn faults_happen_once() {
    let mut desk = Desk::with_card(Exchange::ShortApdu, echo());
    desk.shared.lock().faults.extend([CcidFault::Silent, CcidFault::Failed(SlotError::PARITY)]);
    assert!(matches!(desk.run(block(&[0, 1, 2, 3])), Outcome::Silence));
    assert_eq!(refused(desk.run(block(&[0, 1, 2, 3]))).1, SlotError::PARITY);
    assert!(desk.block(0, &[0, 1, 2, 3]).answer.is_some());
    assert_eq!(*desk.shared.blocks.borrow(), 3);
}
