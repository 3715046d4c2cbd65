//! A MIFARE DESFire EV1 whose files need no key (NXP MF3ICDx21_41_81 short data sheet; the commands'
//! parameters as libfreefare and nfcpy send them), in wrapped native commands.

use std::collections::VecDeque;

use crate::card::VirtualCard;

/// Is a DESFire EV1 that lists its applications and files and reads them in plain.
#[derive(Debug, Clone)]
pub struct DesfireCard {
    uid: [u8; 7],
    applications: Vec<DesfireApplication>,
    selected: Option<usize>,
    /// The frames that are left of an answer that goes on with AF.
    rest: VecDeque<Vec<u8>>,
}

/// Is an application of a [`DesfireCard`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesfireApplication {
    /// The identifier.
    pub id: [u8; 3],
    /// The files, by their numbers.
    pub files: Vec<(u8, DesfireFile)>,
}

/// Is a file of a [`DesfireApplication`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DesfireFile {
    /// A standard data file.
    Data(Vec<u8>),
    /// A linear record file: the length of a record, and the records from the oldest on.
    Records {
        /// How long each record is.
        length: usize,
        /// The records.
        records: Vec<Vec<u8>>,
    },
    /// A value file.
    Value(i32),
}

const GET_VERSION: u8 = 0x60;
const GET_APPLICATION_IDS: u8 = 0x6a;
const SELECT_APPLICATION: u8 = 0x5a;
const GET_FILE_IDS: u8 = 0x6f;
const GET_FILE_SETTINGS: u8 = 0xf5;
const READ_DATA: u8 = 0xbd;
const READ_RECORDS: u8 = 0xbb;
const GET_VALUE: u8 = 0x6c;
const MORE_FRAMES: u8 = 0xaf;
const OK: u8 = 0x00;
const ILLEGAL_COMMAND: u8 = 0x1c;
const LENGTH_ERROR: u8 = 0x7e;
const APPLICATION_NOT_FOUND: u8 = 0xa0;
const BOUNDARY_ERROR: u8 = 0xbe;
const FILE_NOT_FOUND: u8 = 0xf0;
const PERMISSION_DENIED: u8 = 0x9d;
/// Data in one frame.
const FRAME: usize = 59;
/// Access of everybody to everything.
const FREE: [u8; 2] = [0xee, 0xee];
/// Hardware and software: NXP, DESFire, EV1, 2 KiB (MF3ICD21).
const HARDWARE: [u8; 7] = [0x04, 0x01, 0x01, 0x01, 0x00, 0x16, 0x05];
const SOFTWARE: [u8; 7] = [0x04, 0x01, 0x01, 0x01, 0x04, 0x16, 0x05];

impl DesfireCard {
    /// Creates a card without applications.
    #[must_use]
    pub fn new(uid: [u8; 7]) -> Self {
        Self { uid, applications: Vec::new(), selected: None, rest: VecDeque::new() }
    }

    /// Adds an application.
    #[must_use]
    pub fn with_application(mut self, id: [u8; 3], files: Vec<(u8, DesfireFile)>) -> Self {
        self.applications.push(DesfireApplication { id, files });
        self
    }

    /// Returns the UID.
    #[must_use]
    pub fn uid(&self) -> [u8; 7] {
        self.uid
    }

    fn run(&mut self, code: u8, data: &[u8]) -> Result<Vec<u8>, u8> {
        match (code, data) {
            (GET_VERSION, []) => {
                let production = [0xba, 0x54, 0x6b, 0x0d, 0x30, 0x12, 0x13];
                Ok([&HARDWARE[..], &SOFTWARE, &self.uid, &production].concat())
            }
            (GET_APPLICATION_IDS, []) => {
                Ok(self.applications.iter().flat_map(|application| application.id).collect())
            }
            (SELECT_APPLICATION, [a, b, c]) => self.select([*a, *b, *c]),
            (GET_FILE_IDS, []) => {
                Ok(self.application()?.files.iter().map(|(number, _)| *number).collect())
            }
            (GET_FILE_SETTINGS, [number]) => Ok(settings(self.file(*number)?)),
            (READ_DATA, [number, range @ ..]) => self.read_data(*number, range),
            (READ_RECORDS, [number, range @ ..]) => self.read_records(*number, range),
            (GET_VALUE, [number]) => match self.file(*number)? {
                DesfireFile::Value(value) => Ok(value.to_le_bytes().to_vec()),
                _ => Err(PERMISSION_DENIED),
            },
            (GET_VERSION | GET_APPLICATION_IDS | SELECT_APPLICATION | GET_FILE_IDS, _) => {
                Err(LENGTH_ERROR)
            }
            _ => Err(ILLEGAL_COMMAND),
        }
    }

    fn select(&mut self, id: [u8; 3]) -> Result<Vec<u8>, u8> {
        self.selected = self.applications.iter().position(|application| application.id == id);
        if self.selected.is_none() && id != [0; 3] {
            return Err(APPLICATION_NOT_FOUND);
        }
        Ok(Vec::new())
    }

    fn application(&self) -> Result<&DesfireApplication, u8> {
        let index = self.selected.ok_or(PERMISSION_DENIED)?;
        self.applications.get(index).ok_or(APPLICATION_NOT_FOUND)
    }

    fn file(&self, number: u8) -> Result<&DesfireFile, u8> {
        let files = &self.application()?.files;
        let found = files.iter().find(|(own, _)| *own == number);
        found.map(|(_, file)| file).ok_or(FILE_NOT_FOUND)
    }

    fn read_data(&self, number: u8, range: &[u8]) -> Result<Vec<u8>, u8> {
        let DesfireFile::Data(content) = self.file(number)? else { return Err(PERMISSION_DENIED) };
        let (offset, length) = offset_and_length(range)?;
        let rest = content.get(offset..).ok_or(BOUNDARY_ERROR)?;
        match length {
            0 => Ok(rest.to_vec()),
            length => rest.get(..length).map(<[u8]>::to_vec).ok_or(BOUNDARY_ERROR),
        }
    }

    /// Counts from the newest record backwards; they come from the oldest on.
    fn read_records(&self, number: u8, range: &[u8]) -> Result<Vec<u8>, u8> {
        let DesfireFile::Records { records, .. } = self.file(number)? else {
            return Err(PERMISSION_DENIED);
        };
        let (offset, count) = offset_and_length(range)?;
        let end = records.len().checked_sub(offset).filter(|end| *end > 0).ok_or(BOUNDARY_ERROR)?;
        let count = if count == 0 { end } else { count };
        let start = end.checked_sub(count).ok_or(BOUNDARY_ERROR)?;
        Ok(records.get(start..end).unwrap_or_default().concat())
    }

    /// Returns the next frame with its status.
    fn next_frame(&mut self) -> Vec<u8> {
        let mut frame = self.rest.pop_front().unwrap_or_default();
        let status = if self.rest.is_empty() { OK } else { MORE_FRAMES };
        frame.extend([0x91, status]);
        frame
    }
}

/// Cuts an answer in frames. Of a version, hardware, software and production are a frame each.
fn frames(code: u8, answer: &[u8]) -> VecDeque<Vec<u8>> {
    let (mut frames, mut rest) = (VecDeque::new(), answer);
    let heads = if code == GET_VERSION { 2 } else { 0 };
    for _ in 0..heads {
        let (head, behind) = rest.split_at_checked(HARDWARE.len()).unwrap_or((rest, &[]));
        frames.push_back(head.to_vec());
        rest = behind;
    }
    frames.extend(rest.chunks(FRAME).map(<[u8]>::to_vec));
    frames
}

fn offset_and_length(range: &[u8]) -> Result<(usize, usize), u8> {
    let [a, b, c, d, e, f] = *range else { return Err(LENGTH_ERROR) };
    let number = |low, middle, high| {
        usize::try_from(u32::from_le_bytes([low, middle, high, 0])).unwrap_or(usize::MAX)
    };
    Ok((number(a, b, c), number(d, e, f)))
}

fn settings(file: &DesfireFile) -> Vec<u8> {
    let three = |number: usize| {
        let [low, middle, high, ..] = u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
        [low, middle, high]
    };
    let [a, b] = FREE;
    match file {
        DesfireFile::Data(content) => [&[0x00, 0x00, a, b][..], &three(content.len())].concat(),
        DesfireFile::Records { length, records } => {
            let (size, count) = (three(*length), three(records.len()));
            [&[0x03, 0x00, a, b][..], &size, &count, &count].concat()
        }
        DesfireFile::Value(value) => {
            let (low, high) = (i32::MIN.to_le_bytes(), i32::MAX.to_le_bytes());
            let limited = value.to_le_bytes();
            [&[0x02, 0x00, a, b][..], &low, &high, &limited, &[0]].concat()
        }
    }
}

impl VirtualCard for DesfireCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x81, 0x80, 0x01, 0x80, 0x80]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x06, 0x75, 0x77, 0x81, 0x02, 0x80]
    }

    fn reset(&mut self) {
        self.selected = None;
        self.rest.clear();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let (code, data) = match *command {
            [0x90, code, 0x00, 0x00, 0x00] => (code, &[][..]),
            [0x90, code, 0x00, 0x00, length, ref data @ .., 0x00]
                if data.len() == usize::from(length) =>
            {
                (code, data)
            }
            // Of the commands of ISO/IEC 7816-4 it has none: no NDEF application is on it.
            [0x90, ..] => return vec![0x91, LENGTH_ERROR],
            _ => return vec![0x6a, 0x82],
        };
        if code == MORE_FRAMES {
            return match self.rest.is_empty() {
                true => vec![0x91, ILLEGAL_COMMAND],
                false => self.next_frame(),
            };
        }
        self.rest.clear();
        match self.run(code, data) {
            Ok(answer) => {
                self.rest = frames(code, &answer);
                self.next_frame()
            }
            Err(status) => vec![0x91, status],
        }
    }
}
