//! The reader's part of ISO/IEC 14443-4: RATS and the block protocol, as the chip's firmware does
//! it for InDataExchange.

use countertop_wire::pn532::{Status, with_crc_a, with_crc_b, without_crc_a, without_crc_b};

use super::field::{Field, Heard};
use super::radio::RadioFrame;
use super::tags::FRAME_SIZES;

/// Is the block protocol with one card.
#[derive(Debug)]
pub(super) struct IsoDepLink {
    /// Longest frame that the card takes, CRC included.
    frame_size: usize,
    block_number: u8,
    air: Air,
    /// The card identifier: the firmware gives none to cards of type A.
    cid: Option<u8>,
}

/// Names whose frames go through the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Air {
    TypeA,
    TypeB,
}

/// RATS with frames of 64 bytes, as the chip's firmware asks for, and without an identifier.
const RATS: [u8; 2] = [0xe0, 0x50];
/// FSCI of a card whose ATS does not tell (ISO/IEC 14443-4, 5.2.3).
const DEFAULT_FSCI: u8 = 2;
/// How often a block is asked for again that was not heard.
const RETRIES: usize = 2;
/// R(NAK) without block number.
const R_NAK: u8 = 0xb2;
const S_DESELECT: u8 = 0xc2;
const CID_FOLLOWS: u8 = 0x08;

impl IsoDepLink {
    /// Sends RATS and returns the link and the answer to select with its length byte.
    pub(super) fn open(field: &mut Field) -> Option<(Self, Vec<u8>)> {
        let ats = send(field, &RATS).ok()?;
        let format = ats.get(1).map_or(DEFAULT_FSCI, |format| format & 0x0f);
        let size = FRAME_SIZES.get(usize::from(format)).or(FRAME_SIZES.last());
        let frame_size = size.copied().unwrap_or_default();
        Some((Self { frame_size, block_number: 0, air: Air::TypeA, cid: None }, ats))
    }

    /// Is the link to a card of type B that has taken ATTRIB. Its largest frame is in bits 4 to 7
    /// of the second byte of its protocol info.
    pub(super) fn type_b(protocol_info: [u8; 3], cid: u8) -> Self {
        let [_, size, _] = protocol_info;
        let size = FRAME_SIZES.get(usize::from(size >> 4)).or(FRAME_SIZES.last());
        let frame_size = size.copied().unwrap_or_default();
        Self { frame_size, block_number: 0, air: Air::TypeB, cid: Some(cid) }
    }

    /// Sends a command and returns the whole answer.
    pub(super) fn exchange(
        &mut self,
        field: &mut Field,
        command: &[u8],
    ) -> Result<Vec<u8>, Status> {
        // PCB, an identifier and CRC.
        let prologue = if self.cid.is_some() { 4 } else { 3 };
        let mut parts = command.chunks(self.frame_size.saturating_sub(prologue).max(1)).peekable();
        let mut answer = match parts.peek() {
            None => self.send_block(field, 0x02, &[])?,
            Some(_) => Vec::new(),
        };
        while let Some(part) = parts.next() {
            let chaining = if parts.peek().is_some() { 0x10 } else { 0 };
            answer = self.send_block(field, 0x02 | chaining, part)?;
        }
        self.collect(field, answer)
    }

    /// Takes the parts of a chained answer.
    fn collect(&mut self, field: &mut Field, first: Vec<u8>) -> Result<Vec<u8>, Status> {
        let mut block = first;
        let mut answer = Vec::new();
        loop {
            let (pcb, content) = block.split_first().ok_or(Status::PROTOCOL)?;
            if pcb & 0xe2 != 0x02 {
                return Err(Status::PROTOCOL);
            }
            answer.extend_from_slice(content);
            if pcb & 0x10 == 0 {
                return Ok(answer);
            }
            block = self.send_block(field, 0xa2, &[])?;
        }
    }

    /// Sends a block and returns the one that answers it, whose number is right.
    fn send_block(&mut self, field: &mut Field, kind: u8, part: &[u8]) -> Result<Vec<u8>, Status> {
        let mut result = self.send(field, kind | self.block_number, part);
        for _ in 0..RETRIES {
            if result.is_ok() {
                break;
            }
            result = self.send(field, R_NAK | self.block_number, &[]);
        }
        let answer = result?;
        if answer.first().is_none_or(|pcb| pcb & 0x01 != self.block_number) {
            return Err(Status::PROTOCOL);
        }
        self.block_number ^= 1;
        Ok(answer)
    }

    /// Sends a block, and returns the answer without the identifier.
    fn send(&self, field: &mut Field, pcb: u8, content: &[u8]) -> Result<Vec<u8>, Status> {
        let Some(cid) = self.cid else { return self.air.send(field, &[&[pcb], content].concat()) };
        let answer = self.air.send(field, &[&[pcb | CID_FOLLOWS, cid], content].concat())?;
        match *answer {
            [pcb, own, ref content @ ..] if pcb & CID_FOLLOWS != 0 && own & 0x0f == cid => {
                Ok([&[pcb & !CID_FOLLOWS], content].concat())
            }
            _ => Err(Status::PROTOCOL),
        }
    }

    /// Asks for a sign of life (ISO/IEC 14443-4, 7.5.5.3).
    pub(super) fn is_present(&self, field: &mut Field) -> Result<(), Status> {
        self.send(field, R_NAK | self.block_number, &[]).map(drop)
    }

    /// Ends the protocol; the card is halted.
    pub(super) fn deselect(&self, field: &mut Field) {
        // A card that has left does not answer, and is deselected as well.
        let _ = self.send(field, S_DESELECT, &[]);
    }
}

impl Air {
    /// Sends a frame with CRC and returns the answer without.
    pub(super) fn send(self, field: &mut Field, frame: &[u8]) -> Result<Vec<u8>, Status> {
        let heard = match self {
            Self::TypeA => field.send(RadioFrame::Bytes(&with_crc_a(frame))),
            Self::TypeB => field.send(RadioFrame::TypeB(&with_crc_b(frame))),
        };
        let without_crc = match self {
            Self::TypeA => without_crc_a,
            Self::TypeB => without_crc_b,
        };
        match heard {
            Heard::Nothing => Err(Status::TIMEOUT),
            Heard::Collision(_) => Err(Status::COLLISION),
            Heard::Answer(answer) => {
                without_crc(&answer.bytes).map(<[u8]>::to_vec).ok_or(Status::CRC)
            }
        }
    }
}

/// Sends a frame of type A with CRC and returns the answer without.
pub(super) fn send(field: &mut Field, frame: &[u8]) -> Result<Vec<u8>, Status> {
    Air::TypeA.send(field, frame)
}
