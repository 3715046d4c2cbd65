//! The reader's part of ISO/IEC 14443-4: RATS and the block protocol, as the chip's firmware does
//! it for InDataExchange.

use countertop_wire::pn532::{Status, with_crc_a, without_crc_a};

use super::field::{Field, Heard};
use super::iso_dep_card::FRAME_SIZES;
use super::radio::RadioFrame;

/// Is the block protocol with one card.
#[derive(Debug)]
pub(super) struct IsoDepLink {
    /// Longest frame that the card takes, CRC included.
    frame_size: usize,
    block_number: u8,
}

/// RATS with frames of 64 bytes, as the chip's firmware asks for, and without an identifier.
const RATS: [u8; 2] = [0xe0, 0x50];
/// FSCI of a card whose ATS does not tell (ISO/IEC 14443-4, 5.2.3).
const DEFAULT_FSCI: u8 = 2;
/// How often a block is asked for again that was not heard.
const RETRIES: usize = 2;
const S_DESELECT: u8 = 0xc2;

impl IsoDepLink {
    /// Sends RATS and returns the link and the answer to select with its length byte.
    pub(super) fn open(field: &mut Field) -> Option<(Self, Vec<u8>)> {
        let ats = send(field, &RATS).ok()?;
        let format = ats.get(1).map_or(DEFAULT_FSCI, |format| format & 0x0f);
        let size = FRAME_SIZES.get(usize::from(format)).or(FRAME_SIZES.last());
        let frame_size = size.copied().unwrap_or_default();
        Some((Self { frame_size, block_number: 0 }, ats))
    }

    /// Sends a command and returns the whole answer.
    pub(super) fn exchange(
        &mut self,
        field: &mut Field,
        command: &[u8],
    ) -> Result<Vec<u8>, Status> {
        // PCB and CRC take three bytes.
        let mut parts = command.chunks(self.frame_size.saturating_sub(3).max(1)).peekable();
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
        let block = [&[kind | self.block_number], part].concat();
        let mut result = send(field, &block);
        for _ in 0..RETRIES {
            if result.is_ok() {
                break;
            }
            result = send(field, &[0xb2 | self.block_number]);
        }
        let answer = result?;
        if answer.first().is_none_or(|pcb| pcb & 0x01 != self.block_number) {
            return Err(Status::PROTOCOL);
        }
        self.block_number ^= 1;
        Ok(answer)
    }

    /// Asks for a sign of life (ISO/IEC 14443-4, 7.5.5.3).
    pub(super) fn is_present(&self, field: &mut Field) -> Result<(), Status> {
        send(field, &[0xb2 | self.block_number]).map(drop)
    }

    /// Ends the protocol; the card is halted.
    pub(super) fn deselect(field: &mut Field) {
        // A card that has left does not answer, and is deselected as well.
        let _ = send(field, &[S_DESELECT]);
    }
}

/// Sends a frame with CRC and returns the answer without.
pub(super) fn send(field: &mut Field, frame: &[u8]) -> Result<Vec<u8>, Status> {
    match field.send(RadioFrame::Bytes(&with_crc_a(frame))) {
        Heard::Nothing => Err(Status::TIMEOUT),
        Heard::Collision(_) => Err(Status::COLLISION),
        Heard::Answer(answer) => {
            without_crc_a(&answer.bytes).map(<[u8]>::to_vec).ok_or(Status::CRC)
        }
    }
}
