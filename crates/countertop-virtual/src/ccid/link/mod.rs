//! What is between reader and card, as far as the host takes part in it.

mod apdu;
mod t0;
mod t1;

use core::time::Duration;

use countertop_wire::ccid::{Exchange, Parameters};

use apdu::ApduLink;
use t0::T0Card;
use t1::T1Card;

use crate::card::VirtualCard;

/// Is the state of the conversation with a card.
#[derive(Debug)]
pub(super) enum CardLink {
    /// The host sends APDUs.
    Apdu(ApduLink),
    /// The host sends the commands of T=0.
    T0(T0Card),
    /// The host sends the blocks of T=1.
    T1(T1Card),
}

/// Is what comes of a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reaction {
    /// How long it takes.
    pub(super) wait: Duration,
    /// Whether the reader asks for more time meanwhile; at T=1 the card does so itself.
    pub(super) extends: bool,
    /// What came back; `None` when the card was mute.
    pub(super) answer: Option<Vec<u8>>,
    /// bChainParameter.
    pub(super) chain: u8,
}

impl Reaction {
    /// Creates an answer of the card that takes its time.
    fn slow(card: &(impl VirtualCard + ?Sized), answer: Vec<u8>) -> Self {
        let answer = (!answer.is_empty()).then_some(answer);
        Self { wait: card.delay(), extends: true, answer, chain: 0 }
    }

    /// Creates an answer that comes at once.
    fn at_once(answer: Vec<u8>) -> Self {
        Self { wait: Duration::ZERO, extends: false, answer: Some(answer), chain: 0 }
    }
}

impl Default for CardLink {
    fn default() -> Self {
        Self::Apdu(ApduLink::default())
    }
}

impl CardLink {
    /// Creates the state behind a reset.
    pub(super) fn new(exchange: Exchange, parameters: &Parameters) -> Self {
        match (exchange, parameters) {
            (Exchange::ShortApdu | Exchange::ExtendedApdu, _) => Self::default(),
            (_, Parameters::T0(_)) => Self::T0(T0Card::default()),
            (_, Parameters::T1(_)) => Self::T1(T1Card::default()),
        }
    }

    /// Returns how many bytes of a command have come whose end is still to come.
    pub(super) fn collected(&self) -> usize {
        match self {
            Self::Apdu(link) => link.collected(),
            // At T=0 a command comes at once; at T=1 the card itself refuses.
            Self::T0(_) | Self::T1(_) => 0,
        }
    }

    /// Gives a block to the card.
    pub(super) fn exchange(
        &mut self,
        card: &mut dyn VirtualCard,
        level: u16,
        longest: usize,
        block: &[u8],
    ) -> Reaction {
        if let (Self::T0(_) | Self::T1(_), Some(confirmation)) = (&self, confirm_pps(block)) {
            return Reaction::at_once(confirmation);
        }
        match self {
            Self::Apdu(link) => link.exchange(card, level, longest, block),
            Self::T0(link) => link.exchange(card, block),
            Self::T1(link) => link.exchange(card, block),
        }
    }
}

/// Confirms a PPS request as it is (ISO/IEC 7816-3, clause 9): speeds do not matter here.
fn confirm_pps(block: &[u8]) -> Option<Vec<u8>> {
    const PPSS: u8 = 0xff;
    let [PPSS, pps0, rest @ ..] = block else { return None };
    let parameters = usize::try_from((pps0 & 0x70).count_ones()).ok()?;
    let check = block.iter().fold(0, |check, byte| check ^ byte);
    (rest.len() == parameters + 1 && check == 0).then(|| block.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confirms_a_sound_pps_only() {
        assert_eq!(confirm_pps(&[0xff, 0x11, 0x95, 0x7b]), Some(vec![0xff, 0x11, 0x95, 0x7b]));
        assert_eq!(confirm_pps(&[0xff, 0x01, 0xfe]), Some(vec![0xff, 0x01, 0xfe]));
        assert_eq!(confirm_pps(&[0xff, 0x11, 0x95, 0x7a]), None);
        assert_eq!(confirm_pps(&[0xff, 0x11]), None);
        assert_eq!(confirm_pps(&[0x00, 0xa4, 0x04, 0x00]), None);
    }
}
