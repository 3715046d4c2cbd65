//! A card of ISO/IEC 14443-4: the block protocol around a [`VirtualCard`].

use core::fmt;
use core::time::Duration;

use super::type_a::Reaction;
use crate::card::{LONGEST_COMMAND, VirtualCard};
use crate::pn532::radio::RadioAnswer;

/// Is a card behind the block protocol (ISO/IEC 14443-4, 7).
pub(super) struct IsoDepCard {
    card: Box<dyn VirtualCard>,
    /// Appends the CRC of the card's type.
    framed: fn(&[u8]) -> Vec<u8>,
    activated: bool,
    /// Whether it has had nothing to say to a command: then it is silent until it is reset.
    mute: bool,
    /// The card identifier that RATS assigned.
    cid: u8,
    /// Longest frame that the reader takes, CRC included.
    frame_size: usize,
    block_number: u8,
    /// A chained command that is not complete yet.
    incoming: Vec<u8>,
    /// What is left of an answer that is chained.
    outgoing: Vec<u8>,
    /// The last block sent, for the reader that did not hear it.
    last: Vec<u8>,
}

/// Longest frames by FSDI and FSCI (ISO/IEC 14443-4, table 1).
pub(in crate::pn532) const FRAME_SIZES: [usize; 9] = [16, 24, 32, 40, 48, 64, 96, 128, 256];

const RATS: u8 = 0xe0;
const PPSS: u8 = 0xd0;
/// R(ACK) without block number.
const R_ACK: u8 = 0xa2;
/// The bit by which R(NAK) differs from R(ACK).
const R_NAK_BIT: u8 = 0x10;
const S_DESELECT: u8 = 0xc2;
const CID_FOLLOWS: u8 = 0x08;
const CHAINING: u8 = 0x10;
const I_BLOCK: u8 = 0x02;

impl IsoDepCard {
    pub(super) fn new(card: Box<dyn VirtualCard>, framed: fn(&[u8]) -> Vec<u8>) -> Self {
        Self {
            card,
            framed,
            activated: false,
            mute: false,
            cid: 0,
            frame_size: FRAME_SIZES[0],
            block_number: 1,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            last: Vec::new(),
        }
    }

    pub(super) fn is_activated(&self) -> bool {
        self.activated
    }

    pub(super) fn reset(&mut self) {
        self.activated = false;
        self.mute = false;
        // 7.5.4.2: the card's block number starts at one, so that it toggles to zero first.
        self.block_number = 1;
        self.incoming.clear();
        self.outgoing.clear();
        self.last.clear();
        self.card.reset();
    }

    /// Reacts to a frame whose CRC is right and gone.
    pub(super) fn hear(&mut self, frame: &[u8]) -> Reaction {
        if self.mute {
            return Reaction::Silence;
        }
        if !self.activated {
            return match frame {
                [RATS, parameter] => self.activate(*parameter),
                _ => Reaction::Fail(None),
            };
        }
        match frame {
            [ppss, ..] if *ppss == PPSS | self.cid => self.answer(&[*ppss]),
            [pcb, rest @ ..] => match self.strip_cid(*pcb, rest) {
                Some((pcb, content)) => self.block(pcb, content),
                None => Reaction::Silence,
            },
            [] => Reaction::Silence,
        }
    }

    fn activate(&mut self, parameter: u8) -> Reaction {
        self.begin(parameter & 0x0f, parameter >> 4);
        let ats = self.card.answer_to_select();
        self.answer(&ats)
    }

    /// Enters the protocol with the card identifier and the code of the reader's frame size.
    pub(super) fn begin(&mut self, cid: u8, size: u8) {
        let size = FRAME_SIZES.get(usize::from(size)).or(FRAME_SIZES.last());
        self.reset();
        self.activated = true;
        self.cid = cid;
        self.frame_size = size.copied().unwrap_or_default();
    }

    /// Returns how long the card takes for an answer.
    pub(super) fn delay(&self) -> Duration {
        self.card.delay()
    }

    /// A block with a foreign identifier is not for this card; one without is for identifier 0.
    fn strip_cid<'a>(&self, pcb: u8, rest: &'a [u8]) -> Option<(u8, &'a [u8])> {
        if pcb & CID_FOLLOWS == 0 {
            return (self.cid == 0).then_some((pcb, rest));
        }
        let (cid, content) = rest.split_first()?;
        (cid & 0x0f == self.cid).then_some((pcb, content))
    }

    fn block(&mut self, pcb: u8, content: &[u8]) -> Reaction {
        match pcb & !(CID_FOLLOWS | 0x01) {
            S_DESELECT => {
                self.activated = false;
                let block = self.with_prologue(S_DESELECT, pcb, &[]);
                Reaction::AnswerAndHalt(RadioAnswer::bytes((self.framed)(&block)))
            }
            R_ACK => self.acknowledged(pcb),
            r_block if r_block == R_ACK | R_NAK_BIT => self.not_acknowledged(pcb),
            i_block if i_block & !CHAINING == I_BLOCK => self.information(pcb, content),
            _ => Reaction::Silence,
        }
    }

    fn information(&mut self, pcb: u8, content: &[u8]) -> Reaction {
        // 7.5.4.2, rule D: an I-block toggles the block number, whatever its own is.
        self.block_number ^= 1;
        self.outgoing.clear();
        if self.incoming.len() + content.len() > LONGEST_COMMAND {
            self.incoming.clear();
            return Reaction::Silence;
        }
        self.incoming.extend_from_slice(content);
        if pcb & CHAINING != 0 {
            return self.send(R_ACK, pcb, &[]);
        }
        let command = std::mem::take(&mut self.incoming);
        self.outgoing = self.card.transmit(&command);
        self.mute = self.outgoing.is_empty() || !self.card.is_present();
        if self.mute {
            return Reaction::Silence;
        }
        self.next_part(pcb)
    }

    /// R(ACK): the reader asks for the next part of a chained answer, or again for the last block.
    fn acknowledged(&mut self, pcb: u8) -> Reaction {
        if pcb & 0x01 == self.block_number {
            return self.repeat();
        }
        if self.outgoing.is_empty() {
            return Reaction::Silence;
        }
        self.block_number ^= 1;
        self.next_part(pcb)
    }

    /// R(NAK): again the last block, or, when it was heard, a sign of life (7.5.5.3).
    fn not_acknowledged(&self, pcb: u8) -> Reaction {
        if pcb & 0x01 == self.block_number && !self.last.is_empty() {
            return self.repeat();
        }
        let block = self.with_prologue(R_ACK | self.block_number, pcb, &[]);
        self.answer(&block)
    }

    fn repeat(&self) -> Reaction {
        if self.last.is_empty() { Reaction::Silence } else { self.answer(&self.last) }
    }

    fn next_part(&mut self, pcb: u8) -> Reaction {
        // PCB, CID and CRC take four bytes.
        let room = self.frame_size.saturating_sub(4).min(self.outgoing.len());
        let rest = self.outgoing.split_off(room);
        let part = std::mem::replace(&mut self.outgoing, rest);
        let chaining = if self.outgoing.is_empty() { 0 } else { CHAINING };
        self.send(I_BLOCK | chaining, pcb, &part)
    }

    fn send(&mut self, kind: u8, pcb: u8, content: &[u8]) -> Reaction {
        let block = self.with_prologue(kind | self.block_number, pcb, content);
        self.last.clone_from(&block);
        self.answer(&block)
    }

    fn answer(&self, block: &[u8]) -> Reaction {
        Reaction::Answer(RadioAnswer::bytes((self.framed)(block)))
    }

    /// Answers carry the identifier when the command did.
    fn with_prologue(&self, kind: u8, command_pcb: u8, content: &[u8]) -> Vec<u8> {
        let mut block = vec![kind];
        if command_pcb & CID_FOLLOWS != 0 {
            block = vec![kind | CID_FOLLOWS, self.cid];
        }
        block.extend_from_slice(content);
        block
    }
}

impl fmt::Debug for IsoDepCard {
    /// Withholds what was exchanged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IsoDepCard")
            .field("card", &self.card)
            .field("activated", &self.activated)
            .finish_non_exhaustive()
    }
}
