//! A card of ISO/IEC 14443 type B: requests, ATTRIB and the block protocol.

use core::time::Duration;

use countertop_wire::pn532::{with_crc_b, without_crc_b};

use super::iso_dep_card::IsoDepCard;
use super::type_a::Reaction;
use crate::card::VirtualCard;
use crate::pn532::radio::{RadioAnswer, RadioFrame};

/// Is a card of type B.
#[derive(Debug)]
pub(super) struct TypeBCard {
    pupi: [u8; 4],
    state: State,
    card: IsoDepCard,
}

/// The states of ISO/IEC 14443-3, 7.4; anticollision has one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    PowerOff,
    Idle,
    Ready,
    Active,
    Halt,
}

/// REQB and WUPB.
const APF: u8 = 0x05;
/// Bit of the request's PARAM: WUPB.
const WAKE_UP: u8 = 0x08;
const ATQB: u8 = 0x50;
const ATTRIB: u8 = 0x1d;
const HLTB: u8 = 0x50;
/// All application families.
const ANY_FAMILY: u8 = 0x00;
/// Transport, ISO/IEC 14443-4, frames of 256 bytes, FWI 7 (7.9.4).
const APPLICATION_DATA: [u8; 4] = [0; 4];
const PROTOCOL_INFO: [u8; 3] = [0x00, 0x81, 0x71];

impl TypeBCard {
    pub(super) fn new(pupi: [u8; 4], card: Box<dyn VirtualCard>) -> Self {
        Self { pupi, state: State::PowerOff, card: IsoDepCard::new(card, with_crc_b) }
    }

    pub(super) fn power(&mut self, on: bool) {
        self.state = if on { State::Idle } else { State::PowerOff };
        self.card.reset();
    }

    pub(super) fn delay(&self) -> Duration {
        self.card.delay()
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == State::Active
    }

    pub(super) fn hear(&mut self, frame: RadioFrame<'_>) -> Option<RadioAnswer> {
        let RadioFrame::TypeB(bytes) = frame else { return None };
        let command = without_crc_b(bytes)?;
        match (self.state, command) {
            (State::PowerOff, _) => None,
            (State::Active, command) => self.active(command),
            (state, [APF, family, parameter]) => self.request(state, *family, *parameter),
            (State::Ready, [ATTRIB, pupi @ .., _, size, _, cid]) if pupi == self.pupi => {
                self.state = State::Active;
                self.card.begin(cid & 0x0f, size & 0x0f);
                Some(answer(&[cid & 0x0f]))
            }
            (State::Ready, [HLTB, pupi @ ..]) if pupi == self.pupi => {
                self.state = State::Halt;
                Some(answer(&[0x00]))
            }
            _ => None,
        }
    }

    fn request(&mut self, state: State, family: u8, parameter: u8) -> Option<RadioAnswer> {
        let woken = state != State::Halt || parameter & WAKE_UP != 0;
        if !woken || family != ANY_FAMILY {
            return None;
        }
        self.state = State::Ready;
        let atqb = [&[ATQB], &self.pupi[..], &APPLICATION_DATA, &PROTOCOL_INFO].concat();
        Some(answer(&atqb))
    }

    fn active(&mut self, command: &[u8]) -> Option<RadioAnswer> {
        match self.card.hear(command) {
            Reaction::Answer(answer) => Some(answer),
            Reaction::AnswerAndHalt(answer) => {
                self.state = State::Halt;
                Some(answer)
            }
            Reaction::Fail(answer) => answer,
            Reaction::Silence => None,
        }
    }
}

fn answer(bytes: &[u8]) -> RadioAnswer {
    RadioAnswer::bytes(with_crc_b(bytes))
}
