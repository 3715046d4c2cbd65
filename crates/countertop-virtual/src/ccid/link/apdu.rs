//! APDU level: whole commands, and extended ones in a chain of blocks (CCID 1.1, clause 3.2.4).

use countertop_wire::ccid::Chain;

use super::Reaction;
use crate::card::VirtualCard;

/// Holds what has come of a command, and what is left of an answer.
#[derive(Debug, Default)]
pub(in crate::ccid) struct ApduLink {
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
}

impl ApduLink {
    pub(super) fn collected(&self) -> usize {
        self.incoming.len()
    }

    pub(super) fn exchange(
        &mut self,
        card: &mut dyn VirtualCard,
        level: u16,
        longest: usize,
        block: &[u8],
    ) -> Reaction {
        match Chain::from_level(level) {
            Some(Chain::Begins) => self.collect(block, true),
            Some(Chain::Continues) => self.collect(block, false),
            Some(Chain::Ends) => {
                self.incoming.extend_from_slice(block);
                let command = core::mem::take(&mut self.incoming);
                self.run(card, &command, longest)
            }
            Some(Chain::More) => self.part(longest, false),
            Some(Chain::Whole) | None => {
                self.incoming.clear();
                self.run(card, block, longest)
            }
        }
    }

    /// Takes a part of a command, and asks for the next one.
    fn collect(&mut self, block: &[u8], first: bool) -> Reaction {
        if first {
            self.incoming.clear();
        }
        self.incoming.extend_from_slice(block);
        Reaction { chain: Chain::More.code(), ..Reaction::at_once(Vec::new()) }
    }

    fn run(&mut self, card: &mut dyn VirtualCard, command: &[u8], longest: usize) -> Reaction {
        let answer = card.transmit(command);
        if answer.len() <= longest {
            return Reaction::slow(card, answer);
        }
        self.outgoing = answer;
        Reaction { wait: card.delay(), extends: true, ..self.part(longest, true) }
    }

    /// Returns the next part of an answer.
    fn part(&mut self, longest: usize, first: bool) -> Reaction {
        let rest = self.outgoing.split_off(longest.min(self.outgoing.len()));
        let part = core::mem::replace(&mut self.outgoing, rest);
        let chain = match (first, self.outgoing.is_empty()) {
            (true, _) => Chain::Begins,
            (false, false) => Chain::Continues,
            (false, true) => Chain::Ends,
        };
        Reaction { chain: chain.code(), ..Reaction::at_once(part) }
    }
}
