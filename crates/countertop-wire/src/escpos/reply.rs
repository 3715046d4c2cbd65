//! What a printer sends.
//!
//! Source: Epson, ESC/POS Command Reference, "Identification of transmission data": the fixed bits
//! of each answer's first byte tell it from the others.

use super::table::Parameter as _;
use super::{AutomaticStatus, KeyCode, ProcessId};

/// Is one answer, or one status that the printer sent by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Automatic status back (GS a): four bytes, the first 0xx1xx00.
    AutomaticStatus(AutomaticStatus),
    /// A block with another header and identifier, without the NUL at its end.
    Block(Vec<u8>),
    /// The buffers are cleared (DLE DC4, function 8): 37 25 NUL.
    Cleared,
    /// XOFF: stop sending.
    FlowOff,
    /// XON: go on sending.
    FlowOn,
    /// Printer information B (GS I from 65), or the digits of a maintenance counter (GS g 2): 5F … NUL.
    Information(Vec<u8>),
    /// Printer information A (GS I 33 and 35): 3D … NUL.
    InformationA(Vec<u8>),
    /// Key codes of graphics (GS ( L, functions 64 and 80): 37 72 … NUL, 37 73 … NUL.
    KeyCodes(KeyCodeList),
    /// The printer is about to be switched off (DLE DC4, function 2): 3B 30 NUL.
    PowerOff,
    /// The printer was switched on: 3B 31 NUL.
    PowerOn,
    /// All before GS ( H with this ID is printed: 37 22 … NUL.
    ProcessId(ProcessId),
    /// DLE EOT: 0xx1xx10. Which status it is, only the order of the questions tells.
    RealTimeStatus(u8),
    /// GS r, or GS I up to 3: 0xx0xxxx.
    Status(u8),
    /// Nothing that a printer should send.
    Unknown(u8),
    /// The printer went offline (GS ( H, function 49), with the causes' bytes if they were asked for:
    /// 37 23 … NUL.
    WentOffline(Vec<u8>),
}

/// Is a part of the list of graphics' key codes; the host answers ACK, NAK or CAN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCodeList {
    /// The list is of download graphics, not of NV graphics.
    pub download: bool,
    /// Another part follows once the host has acknowledged this one.
    pub more: bool,
    /// The key codes, up to 40.
    pub codes: Vec<KeyCode>,
}

impl KeyCodeList {
    fn emit(&self, out: &mut Vec<u8>) {
        let identifier = if self.download { DOWNLOAD_LIST } else { NV_LIST };
        let mut data = vec![0x40 | u8::from(self.more)];
        data.extend(self.codes.iter().flat_map(|code| code.characters()));
        emit_block(&[BLOCK, identifier], &data, out);
    }

    fn decode(download: bool, data: &[u8]) -> Option<Self> {
        let (status @ (0x40 | 0x41), codes) = data.split_first()? else { return None };
        let (codes, []) = codes.as_chunks() else { return None };
        let codes = codes.iter().map(|code| KeyCode::new(*code)).collect::<Option<_>>()?;
        Some(Self { download, more: *status == 0x41, codes })
    }
}

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;
const BLOCK: u8 = 0x37;
const BLOCK_A: u8 = 0x3D;
const BLOCK_B: u8 = 0x5F;
const NOTICE: u8 = 0x3B;
const PROCESS_ID: u8 = 0x22;
const OFFLINE: u8 = 0x23;
const CLEARED: u8 = 0x25;
const NV_LIST: u8 = 0x72;
const DOWNLOAD_LIST: u8 = 0x73;

impl Reply {
    /// Appends the answer's bytes. NUL inside of a block's data is left out, since it would end it.
    pub fn emit(&self, out: &mut Vec<u8>) {
        match self {
            Self::AutomaticStatus(status) => out.extend(status.to_bytes()),
            Self::Block(data) => emit_block(&[], data, out),
            Self::Cleared => emit_block(&[BLOCK, CLEARED], &[], out),
            Self::FlowOff => out.push(XOFF),
            Self::FlowOn => out.push(XON),
            Self::Information(data) => emit_block(&[BLOCK_B], data, out),
            Self::InformationA(data) => emit_block(&[BLOCK_A], data, out),
            Self::KeyCodes(list) => list.emit(out),
            Self::PowerOff => emit_block(&[NOTICE, b'0'], &[], out),
            Self::PowerOn => emit_block(&[NOTICE, b'1'], &[], out),
            Self::WentOffline(causes) => emit_block(&[BLOCK, OFFLINE], causes, out),
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

    /// Returns the next whole answer; `None` when more bytes are needed. Flow control that comes in
    /// the middle of an answer comes before it.
    pub fn next_reply(&mut self) -> Option<Reply> {
        let first = *self.buffer.first()?;
        let (reply, length) = match first {
            XON => (Reply::FlowOn, 1),
            XOFF => (Reply::FlowOff, 1),
            BLOCK | BLOCK_A | BLOCK_B | NOTICE => return self.block(),
            byte if byte & 0x93 == 0x10 => return self.automatic_status(),
            byte if byte & 0x93 == 0x12 => (Reply::RealTimeStatus(byte), 1),
            byte if byte & 0x90 == 0x00 => (Reply::Status(byte), 1),
            byte => (Reply::Unknown(byte), 1),
        };
        Some(self.take(reply, length))
    }

    fn take(&mut self, reply: Reply, length: usize) -> Reply {
        self.buffer.drain(..length);
        reply
    }

    /// Takes flow control out of the middle of an answer.
    fn take_flow(&mut self, at: usize) -> Reply {
        if self.buffer.remove(at) == XON { Reply::FlowOn } else { Reply::FlowOff }
    }

    fn block(&mut self) -> Option<Reply> {
        let ends = |byte: &u8| matches!(*byte, 0x00 | XON | XOFF);
        let Some(end) = self.buffer.iter().take(MAX_BLOCK).position(ends) else {
            let overlong = self.buffer.len() >= MAX_BLOCK;
            return overlong.then(|| self.take_unknown());
        };
        if self.buffer.get(end) != Some(&0x00) {
            return Some(self.take_flow(end));
        }
        let block: Vec<u8> = self.buffer.drain(..=end).take(end).collect();
        Some(decode_block(&block).unwrap_or(Reply::Block(block)))
    }

    fn take_unknown(&mut self) -> Reply {
        Reply::Unknown(self.buffer.remove(0))
    }

    /// The three bytes after the first belong to it, save flow control in between.
    fn automatic_status(&mut self) -> Option<Reply> {
        for at in 1..4 {
            match *self.buffer.get(at)? {
                XON | XOFF => return Some(self.take_flow(at)),
                byte if byte & 0x90 != 0x00 => return Some(self.take_unknown()),
                _ => {}
            }
        }
        let bytes = *self.buffer.first_chunk()?;
        Some(self.take(Reply::AutomaticStatus(AutomaticStatus::from_bytes(bytes)), bytes.len()))
    }
}

/// Decodes a block, from its header to the byte before NUL.
fn decode_block(block: &[u8]) -> Option<Reply> {
    match block {
        [BLOCK, PROCESS_ID, id @ ..] => ProcessId::decode(id).map(Reply::ProcessId),
        [BLOCK, CLEARED] => Some(Reply::Cleared),
        [BLOCK, OFFLINE, causes @ ..] => Some(Reply::WentOffline(causes.to_vec())),
        [BLOCK, list @ (NV_LIST | DOWNLOAD_LIST), data @ ..] => {
            KeyCodeList::decode(*list == DOWNLOAD_LIST, data).map(Reply::KeyCodes)
        }
        [BLOCK_A, data @ ..] => Some(Reply::InformationA(data.to_vec())),
        [BLOCK_B, data @ ..] => Some(Reply::Information(data.to_vec())),
        [NOTICE, b'0'] => Some(Reply::PowerOff),
        [NOTICE, b'1'] => Some(Reply::PowerOn),
        _ => None,
    }
}
