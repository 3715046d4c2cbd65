//! What a printer sends.
//!
//! Source: Epson, ESC/POS Command Reference, "Identification of transmission data": the fixed bits
//! of each answer's first byte tell it from the others.

use super::table::Parameter as _;
use super::{AutomaticStatus, ProcessId};

/// Is one answer, or one status that the printer sent by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Automatic status back (GS a): four bytes, the first 0xx1xx00.
    AutomaticStatus(AutomaticStatus),
    /// A block with another header and identifier, without the NUL at its end.
    Block(Vec<u8>),
    /// XOFF: stop sending.
    FlowOff,
    /// XON: go on sending.
    FlowOn,
    /// Printer information B (GS I from 65): 5F … NUL.
    Information(Vec<u8>),
    /// All before GS ( H with this ID is printed: 37 22 … NUL.
    ProcessId(ProcessId),
    /// DLE EOT: 0xx1xx10. Which status it is, only the order of the questions tells.
    RealTimeStatus(u8),
    /// GS r, or GS I up to 3: 0xx0xxxx.
    Status(u8),
    /// Nothing that a printer should send.
    Unknown(u8),
}

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;
const BLOCK: u8 = 0x37;
const BLOCK_A: u8 = 0x3D;
const BLOCK_B: u8 = 0x5F;
const PROCESS_ID: u8 = 0x22;

impl Reply {
    /// Appends the answer's bytes. NUL inside of a block's data is left out, since it would end it.
    pub fn emit(&self, out: &mut Vec<u8>) {
        match self {
            Self::AutomaticStatus(status) => out.extend(status.to_bytes()),
            Self::Block(data) => emit_block(&[], data, out),
            Self::FlowOff => out.push(XOFF),
            Self::FlowOn => out.push(XON),
            Self::Information(data) => emit_block(&[BLOCK_B], data, out),
            Self::ProcessId(id) => emit_block(&[BLOCK, PROCESS_ID], &id.characters(), out),
            Self::RealTimeStatus(byte) | Self::Status(byte) | Self::Unknown(byte) => {
                out.push(*byte);
            }
        }
    }

    /// Returns the answer's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.emit(&mut out);
        out
    }
}

fn emit_block(head: &[u8], data: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(head);
    out.extend(data.iter().filter(|byte| **byte != 0x00));
    out.push(0x00);
}

/// The longest block; Epson's are up to 80 characters.
const MAX_BLOCK: usize = 256;

/// Takes the byte stream from a printer apart.
#[derive(Debug, Default)]
pub struct ReplyParser {
    buffer: Vec<u8>,
}

impl ReplyParser {
    /// Creates a parser at the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes; [`next_reply`](Self::next_reply) gives what they complete.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Forgets an answer that was cut off.
    pub fn reset(&mut self) {
        self.buffer.clear();
    }

    /// Returns the next whole answer; `None` when more bytes are needed.
    pub fn next_reply(&mut self) -> Option<Reply> {
        let (reply, length) = match *self.buffer.first()? {
            XON => (Reply::FlowOn, 1),
            XOFF => (Reply::FlowOff, 1),
            BLOCK | BLOCK_A | BLOCK_B => self.block()?,
            byte if byte & 0x93 == 0x10 => self.automatic_status()?,
            byte if byte & 0x93 == 0x12 => (Reply::RealTimeStatus(byte), 1),
            byte if byte & 0x90 == 0x00 => (Reply::Status(byte), 1),
            byte => (Reply::Unknown(byte), 1),
        };
        self.buffer.drain(..length);
        Some(reply)
    }

    fn block(&self) -> Option<(Reply, usize)> {
        let Some(end) = self.buffer.iter().take(MAX_BLOCK).position(|byte| *byte == 0x00) else {
            let overlong = self.buffer.len() >= MAX_BLOCK;
            return overlong.then(|| (Reply::Unknown(self.buffer[0]), 1));
        };
        let reply = match &self.buffer[..end] {
            [BLOCK, PROCESS_ID, id @ ..] => {
                ProcessId::decode(id).map_or_else(|| self.raw_block(end), Reply::ProcessId)
            }
            [BLOCK_B, data @ ..] => Reply::Information(data.to_vec()),
            _ => self.raw_block(end),
        };
        Some((reply, end + 1))
    }

    fn raw_block(&self, end: usize) -> Reply {
        Reply::Block(self.buffer[..end].to_vec())
    }

    /// The three bytes after the first belong to it, save flow control in between.
    fn automatic_status(&self) -> Option<(Reply, usize)> {
        let mut bytes = [self.buffer[0], 0, 0, 0];
        let mut found = 1;
        for (at, byte) in self.buffer.iter().enumerate().skip(1) {
            match *byte {
                XON | XOFF => {}
                byte if byte & 0x90 != 0x00 => return Some((Reply::Unknown(bytes[0]), 1)),
                byte => {
                    bytes[found] = byte;
                    found += 1;
                }
            }
            if found == bytes.len() {
                let status = AutomaticStatus::from_bytes(bytes);
                return Some((Reply::AutomaticStatus(status), at + 1));
            }
        }
        None
    }
}
