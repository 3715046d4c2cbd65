//! The card's side of T=1 at TPDU level (ISO/IEC 7816-3, clause 11.6).

use core::time::Duration;

use countertop_wire::t1::{Block, BlockError, Pcb, ReceiveError, Supervisory};

use super::Reaction;
use crate::card::{LONGEST_COMMAND, VirtualCard};

/// How long a card thinks before it asks for another block waiting time, which is 1.4 s at 4 MHz
/// with BWI 4.
const BLOCK_WAITING_TIME: Duration = Duration::from_secs(1);
/// IFSD behind a reset.
const DEFAULT_IFSD: usize = 32;

/// Is the card's state.
#[derive(Debug)]
pub(in crate::ccid) struct T1Card {
    /// N(S) of the card's next I-block.
    sends: bool,
    /// N(S) of the I-block that the card expects.
    expects: bool,
    /// The longest information field that the reader takes.
    ifsd: usize,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    /// The last block, for the case that it has to be repeated.
    last: Vec<u8>,
    /// How long the card still thinks.
    thinks: Duration,
}

impl Default for T1Card {
    fn default() -> Self {
        Self {
            sends: false,
            expects: false,
            ifsd: DEFAULT_IFSD,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            last: Vec::new(),
            thinks: Duration::ZERO,
        }
    }
}

impl T1Card {
    pub(super) fn exchange(&mut self, card: &mut dyn VirtualCard, block: &[u8]) -> Reaction {
        let block = match Block::decode(block) {
            Ok(block) => block,
            Err(BlockError::Redundancy) => return self.refuse(ReceiveError::Redundancy),
            Err(_) => return self.refuse(ReceiveError::Other),
        };
        match block.pcb {
            Pcb::Information { sequence, .. } if sequence != self.expects => {
                self.refuse(ReceiveError::Other)
            }
            Pcb::Information { .. }
                if self.incoming.len() + block.information.len() > LONGEST_COMMAND =>
            {
                self.incoming.clear();
                self.refuse(ReceiveError::Other)
            }
            Pcb::Information { more, .. } => {
                self.expects = !self.expects;
                self.incoming.extend_from_slice(&block.information);
                if more { self.refuse(ReceiveError::None) } else { self.run(card) }
            }
            Pcb::ReceiveReady { sequence, .. } => {
                let acknowledged = sequence == self.sends && !self.outgoing.is_empty();
                if acknowledged { self.part() } else { Reaction::at_once(self.last.clone()) }
            }
            Pcb::Supervisory { kind, response } => self.supervise(kind, response, &block),
        }
    }

    fn run(&mut self, card: &mut dyn VirtualCard) -> Reaction {
        let command = core::mem::take(&mut self.incoming);
        self.outgoing = card.transmit(&command);
        self.thinks = card.delay();
        if self.outgoing.is_empty() {
            return Reaction { answer: None, ..Reaction::at_once(Vec::new()) };
        }
        self.think()
    }

    /// Thinks, at the most for one block waiting time.
    fn think(&mut self) -> Reaction {
        let wait = self.thinks.min(BLOCK_WAITING_TIME);
        self.thinks -= wait;
        let reaction = if self.thinks.is_zero() {
            self.part()
        } else {
            let request = Pcb::Supervisory { kind: Supervisory::WaitingTime, response: false };
            self.send(&Block::new(request, &[1]))
        };
        Reaction { wait, ..reaction }
    }

    /// Sends the next part of the answer.
    fn part(&mut self) -> Reaction {
        let rest = self.outgoing.split_off(self.ifsd.min(self.outgoing.len()));
        let part = core::mem::replace(&mut self.outgoing, rest);
        let (sequence, more) = (self.sends, !self.outgoing.is_empty());
        self.sends = !self.sends;
        self.send(&Block::new(Pcb::Information { sequence, more }, &part))
    }

    /// Sends an R-block: with an error it asks for the last block again.
    fn refuse(&mut self, error: ReceiveError) -> Reaction {
        self.send(&Block::receive_ready(self.expects, error))
    }

    fn supervise(&mut self, kind: Supervisory, response: bool, block: &Block) -> Reaction {
        match (kind, response) {
            (Supervisory::WaitingTime, true) => return self.think(),
            (Supervisory::Resynch, false) => *self = Self::default(),
            (Supervisory::InformationFieldSize, false) => {
                let [size @ 1..=254] = *block.information else {
                    return self.refuse(ReceiveError::Other);
                };
                self.ifsd = size.into();
            }
            (Supervisory::Abort, false) => {
                self.incoming.clear();
                self.outgoing.clear();
            }
            _ => return self.refuse(ReceiveError::Other),
        }
        let answer = Pcb::Supervisory { kind, response: true };
        self.send(&Block::new(answer, &block.information))
    }

    fn send(&mut self, block: &Block) -> Reaction {
        self.last = block.encode();
        Reaction::at_once(self.last.clone())
    }
}
