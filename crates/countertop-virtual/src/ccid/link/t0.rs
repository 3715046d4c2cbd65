//! The card's side of T=0 at TPDU level (ISO/IEC 7816-3, clause 10.3 and 12.2).

use super::Reaction;
use crate::card::VirtualCard;

const GET_RESPONSE: u8 = 0xc0;
/// SW1 of "so many bytes can be fetched".
const MORE: u8 = 0x61;
/// SW1 of "ask again with this length".
const WRONG_LENGTH: u8 = 0x6c;
/// Status word of a command with a wrong length.
const MALFORMED: [u8; 2] = [0x67, 0x00];
/// Status word of GET RESPONSE when there is nothing to fetch.
const NOTHING: [u8; 2] = [0x69, 0x85];

/// Holds an answer until it is fetched.
#[derive(Debug, Default)]
pub(in crate::ccid) struct T0Card {
    /// Data and status word.
    pending: Vec<u8>,
}

impl T0Card {
    pub(super) fn exchange(&mut self, card: &mut dyn VirtualCard, tpdu: &[u8]) -> Reaction {
        let [_, instruction, _, _, length, data @ ..] = tpdu else {
            return Reaction::at_once(MALFORMED.to_vec());
        };
        if *instruction == GET_RESPONSE && data.is_empty() {
            return Reaction::at_once(self.fetch(*length));
        }
        self.pending.clear();
        match data {
            [] => {
                let answer = card.transmit(tpdu);
                Reaction::slow(card, fit(answer, *length))
            }
            data if data.len() == usize::from(*length) => {
                let answer = card.transmit(tpdu);
                let status = self.hold(answer);
                Reaction::slow(card, status)
            }
            _ => Reaction::at_once(MALFORMED.to_vec()),
        }
    }

    /// Keeps the answer to a command that brought data, and tells that it can be fetched.
    fn hold(&mut self, answer: Vec<u8>) -> Vec<u8> {
        let Some(length) = answer.len().checked_sub(2).filter(|length| *length > 0) else {
            return answer;
        };
        self.pending = answer;
        vec![MORE, announced(length)]
    }

    fn fetch(&mut self, length: u8) -> Vec<u8> {
        let Some(available) = self.pending.len().checked_sub(2) else { return NOTHING.to_vec() };
        let asked = expected(length);
        if asked > available {
            return vec![WRONG_LENGTH, announced(available)];
        }
        let rest = self.pending.split_off(asked);
        let mut part = core::mem::take(&mut self.pending);
        match rest.len().checked_sub(2) {
            Some(0) | None => part.extend(rest),
            Some(left) => {
                part.extend([MORE, announced(left)]);
                self.pending = rest;
            }
        }
        part
    }
}

/// Fits the answer to a command without data to the length that the host expects.
fn fit(answer: Vec<u8>, length: u8) -> Vec<u8> {
    match answer.len().checked_sub(2) {
        Some(available) if available > 0 && available != expected(length) => {
            vec![WRONG_LENGTH, announced(available)]
        }
        _ => answer,
    }
}

/// Reads a length byte: 0 stands for 256.
fn expected(length: u8) -> usize {
    if length == 0 { 256 } else { length.into() }
}

/// Writes a length; 0 stands for 256 and more.
fn announced(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(0)
}
