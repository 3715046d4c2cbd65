//! A type 3 tag in the manner of FeliCa Lite-S (Sony, FeliCa Lite-S User's Manual; NFC Forum
//! Type 3 Tag 1.0).

use countertop_wire::pn532::crc_felica;

use crate::pn532::radio::{RadioAnswer, RadioFrame};

/// Is a type 3 tag with the system code of NDEF and 13 blocks of 16 bytes behind the attribute
/// block.
///
/// It answers POLLING, CHECK of up to four blocks and UPDATE of one. Of what is behind the user's
/// blocks it has the identifier (82), read only, and of the memory configuration (88) the byte that says
/// whether it answers to the system of NDEF. Nothing needs a key.
#[derive(Debug, Clone)]
pub struct FelicaTag {
    idm: [u8; 8],
    blocks: Vec<[u8; 16]>,
    powered: bool,
    read_only: bool,
    /// Whether it answers to the system of NDEF (`SYS_OP`).
    ndef: bool,
}

const POLLING: u8 = 0x00;
const CHECK: u8 = 0x06;
const UPDATE: u8 = 0x08;
/// Of FeliCa Lite-S: how long commands take.
const PMM: [u8; 8] = [0x00, 0xf1, 0x00, 0x00, 0x00, 0x01, 0x43, 0x00];
/// NFC Forum type 3 tag.
const SYSTEM_CODE: [u8; 2] = [0x12, 0xfc];
/// FeliCa Lite and Lite-S, as they leave the factory.
const LITE_SYSTEM: [u8; 2] = [0x88, 0xb4];
/// Services of NDEF, little-endian as they are sent: read only, and read and write.
const READ_SERVICE: [u8; 2] = [0x0b, 0x00];
const WRITE_SERVICE: [u8; 2] = [0x09, 0x00];
/// Blocks behind the attribute block.
const USER_BLOCKS: u8 = 13;
const MOST_READ: u8 = 4;
const MOST_WRITTEN: u8 = 1;
/// The identifier's block, and the memory configuration's.
const ID_BLOCK: u8 = 0x82;
const MC_BLOCK: u8 = 0x88;
/// Status flags: done; an error of the whole command, with the reason.
const DONE: [u8; 2] = [0x00, 0x00];
const BLOCK_COUNT_ERROR: [u8; 2] = [0xff, 0xa2];
const SERVICE_ERROR: [u8; 2] = [0xff, 0xa6];
const BLOCK_ERROR: [u8; 2] = [0xff, 0xa8];
const WRITE_ERROR: [u8; 2] = [0xff, 0xa5];
/// An element of the block list in two bytes.
const TWO_BYTES: u8 = 0x80;

impl FelicaTag {
    /// Creates a tag with an empty message.
    #[must_use]
    pub fn new(idm: [u8; 8]) -> Self {
        let blocks = vec![[0; 16]; usize::from(USER_BLOCKS) + 1];
        Self { idm, blocks, powered: false, read_only: false, ndef: true }.with_ndef(&[])
    }

    /// Makes it a tag that was never formatted for NDEF.
    #[must_use]
    pub fn unformatted(mut self) -> Self {
        self.blocks.fill([0; 16]);
        self.ndef = false;
        self
    }

    /// Makes the hardware refuse to write.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Writes an NDEF message; what does not fit into the blocks is cut off.
    #[must_use]
    pub fn with_ndef(mut self, message: &[u8]) -> Self {
        let room = usize::from(USER_BLOCKS) * 16;
        let message = message.get(..room).unwrap_or(message);
        let length = u8::try_from(message.len()).unwrap_or(u8::MAX);
        let mut attributes =
            [0x10, MOST_READ, MOST_WRITTEN, 0, USER_BLOCKS, 0, 0, 0, 0, 0, 1, 0, 0, length, 0, 0];
        let sum: u16 = attributes.iter().map(|byte| u16::from(*byte)).sum();
        let [high, low] = sum.to_be_bytes();
        [attributes[14], attributes[15]] = [high, low];
        let content = message.chunks(16).chain(core::iter::repeat(&[][..]));
        for (block, part) in self.blocks.iter_mut().skip(1).zip(content) {
            *block = core::array::from_fn(|index| part.get(index).copied().unwrap_or_default());
        }
        if let Some(first) = self.blocks.first_mut() {
            *first = attributes;
        }
        self
    }

    /// Returns the identifier.
    #[must_use]
    pub fn idm(&self) -> [u8; 8] {
        self.idm
    }

    /// Returns the attribute block and the user's blocks behind it.
    #[must_use]
    pub fn blocks(&self) -> &[[u8; 16]] {
        &self.blocks
    }

    pub(super) fn power(&mut self, on: bool) {
        self.powered = on;
    }

    /// Tells whether a frame is a command other than POLLING to this tag.
    pub(super) fn is_command(&self, frame: &[u8]) -> bool {
        self.powered && frame.get(1).is_some_and(|code| *code != POLLING)
    }

    pub(super) fn hear(&mut self, frame: RadioFrame<'_>) -> Option<RadioAnswer> {
        let RadioFrame::Felica(bytes) = frame else { return None };
        let (frame, crc) = bytes.split_last_chunk::<2>()?;
        let (length, command) = frame.split_first()?;
        let sound =
            self.powered && *crc == crc_felica(frame) && usize::from(*length) == frame.len();
        if !sound {
            return None;
        }
        let answer = match command {
            [POLLING, high, low, request, _slots] => self.polled([*high, *low], *request)?,
            [code @ (CHECK | UPDATE), rest @ ..] => {
                let rest = rest.strip_prefix(&self.idm)?;
                let result = match *code {
                    CHECK => self.check(rest),
                    _ => self.update(rest),
                };
                let content = result.unwrap_or_else(|status| status.to_vec());
                [&[code + 1], &self.idm[..], &content].concat()
            }
            _ => return None,
        };
        Some(framed(&answer))
    }

    fn polled(&self, system: [u8; 2], request: u8) -> Option<Vec<u8>> {
        let own = if self.ndef { SYSTEM_CODE } else { LITE_SYSTEM };
        let same = system.iter().zip(own).all(|(asked, own)| [0xff, own].contains(asked));
        let code: &[u8] = if request == 0x01 { &own } else { &[] };
        same.then(|| [&[POLLING + 1], &self.idm[..], &PMM, code].concat())
    }

    fn check(&self, parameters: &[u8]) -> Result<Vec<u8>, [u8; 2]> {
        let (service, blocks, _) = parse(parameters)?;
        if ![READ_SERVICE, WRITE_SERVICE].contains(&service) {
            return Err(SERVICE_ERROR);
        }
        if !(1..=usize::from(MOST_READ)).contains(&blocks.len()) {
            return Err(BLOCK_COUNT_ERROR);
        }
        let count = u8::try_from(blocks.len()).unwrap_or(MOST_READ);
        let mut answer = [&DONE[..], &[count]].concat();
        for block in blocks {
            answer.extend(self.block(block).ok_or(BLOCK_ERROR)?);
        }
        Ok(answer)
    }

    fn block(&self, number: u8) -> Option<[u8; 16]> {
        match number {
            ID_BLOCK => {
                Some(core::array::from_fn(|at| self.idm.get(at).copied().unwrap_or_default()))
            }
            // Bytes 0 and 1: which blocks may be written; byte 3: NDEF.
            MC_BLOCK => {
                Some([0xff, 0xff, 0xff, u8::from(self.ndef), 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            }
            _ => self.blocks.get(usize::from(number)).copied(),
        }
    }

    fn update(&mut self, parameters: &[u8]) -> Result<Vec<u8>, [u8; 2]> {
        let (service, blocks, data) = parse(parameters)?;
        if service != WRITE_SERVICE || self.read_only {
            return Err(WRITE_ERROR);
        }
        let ([block], Ok(data)) = (&blocks[..], <[u8; 16]>::try_from(data)) else {
            return Err(BLOCK_COUNT_ERROR);
        };
        if *block == MC_BLOCK {
            self.ndef = data[3] & 0x01 != 0;
            return Ok(DONE.to_vec());
        }
        *self.blocks.get_mut(usize::from(*block)).ok_or(BLOCK_ERROR)? = data;
        Ok(DONE.to_vec())
    }
}

/// Is the one service, the numbers of the blocks and what follows the list.
type Parsed<'a> = ([u8; 2], Vec<u8>, &'a [u8]);

fn parse(parameters: &[u8]) -> Result<Parsed<'_>, [u8; 2]> {
    let [1, low, high, count, rest @ ..] = parameters else { return Err(SERVICE_ERROR) };
    let (mut blocks, mut rest) = (Vec::new(), rest);
    for _ in 0..*count {
        let (number, behind) = match rest {
            [TWO_BYTES, number, behind @ ..] => (*number, behind),
            // Three bytes; no tag here has so many blocks.
            [0x00, number, 0x00, behind @ ..] => (*number, behind),
            _ => return Err(BLOCK_ERROR),
        };
        blocks.push(number);
        rest = behind;
    }
    Ok(([*low, *high], blocks, rest))
}

/// Puts the length byte in front and the CRC behind.
fn framed(answer: &[u8]) -> RadioAnswer {
    let length = u8::try_from(answer.len() + 1).unwrap_or(u8::MAX);
    let frame = [&[length], answer].concat();
    RadioAnswer::bytes([&frame[..], &crc_felica(&frame)].concat())
}
