//! Responses from the reader to the host.

use crate::iso7813::TrackNumber;

use super::super::TrackField;
use super::{END, ESC, FS, START};

/// The answer to the communication test, `ESC y`.
pub const COMM_TEST_GOOD: [u8; 2] = [ESC, b'y'];

/// Longest response to a read: three full tracks with their marks, and some to spare.
const MAX_LEN: usize = 512;

/// Follows ESC in place of a track that holds no data, as the MSR206 and its relatives send it.
const EMPTY_TRACK: u8 = b'+';
/// Follows ESC in place of a track that cannot be read.
const BAD_TRACK: u8 = b'*';

/// Is the status byte (manual, section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// `30`.
    Good,
    /// `31`: read or write error.
    ReadError,
    /// `32`: command format error.
    CommandFormat,
    /// `34`: invalid command.
    InvalidCommand,
    /// `39`: the card moved too fast, too slowly or not evenly.
    CardMoving,
    /// A byte that the manual does not name.
    Other(u8),
}

impl Status {
    /// Returns the status of a byte.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            0x30 => Self::Good,
            0x31 => Self::ReadError,
            0x32 => Self::CommandFormat,
            0x34 => Self::InvalidCommand,
            0x39 => Self::CardMoving,
            byte => Self::Other(byte),
        }
    }

    /// Returns the byte of a status.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Good => 0x30,
            Self::ReadError => 0x31,
            Self::CommandFormat => 0x32,
            Self::InvalidCommand => 0x34,
            Self::CardMoving => 0x39,
            Self::Other(byte) => byte,
        }
    }
}

/// Says why bytes are no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The reader sent something other than `ESC s … ? FS ESC status`.
    #[error("not a data block of the MSR605 family")]
    Malformed,
    /// No end came within the longest possible response.
    #[error("data block does not end")]
    TooLong,
}

/// Is the response to [`Command::ReadIso`](super::Command::ReadIso).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadResponse {
    /// Tracks 1 to 3.
    pub tracks: [TrackField; 3],
    /// How the read went.
    pub status: Status,
}

impl ReadResponse {
    /// Finds the response in `bytes`, which may start with noise, and returns it with the number of
    /// bytes up to its end; `None` until it is complete.
    ///
    /// # Errors
    ///
    /// When the bytes can no longer become a response. Reset the reader then.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, ResponseError> {
        let too_long = bytes.len() > MAX_LEN;
        let end = bytes.iter().position(|&byte| byte == FS);
        let Some(tail) = end.and_then(|fs| bytes.get(fs + 1..fs + 3).map(|tail| (fs, tail))) else {
            return if too_long { Err(ResponseError::TooLong) } else { Ok(None) };
        };
        let (fs, &[ESC, status]) = tail else { return Err(ResponseError::Malformed) };
        let block = bytes.get(..fs).unwrap_or_default();
        let start = block.windows(2).position(|pair| pair == [ESC, START]);
        let start = start.ok_or(ResponseError::Malformed)?;
        let body = block.get(start + 2..).unwrap_or_default().strip_suffix(&[END]);
        let tracks = parse_tracks(body.ok_or(ResponseError::Malformed)?)?;
        Ok(Some((Self { tracks, status: Status::from_byte(status) }, fs + 3)))
    }

    /// Returns the bytes that the reader sends.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![ESC, START];
        for (track, field) in TrackNumber::ALL.into_iter().zip(&self.tracks) {
            bytes.extend([ESC, number(track)]);
            match field.print(track) {
                Some(text) => bytes.extend_from_slice(&text),
                None if *field == TrackField::Absent => bytes.extend([ESC, EMPTY_TRACK]),
                None => bytes.extend([ESC, BAD_TRACK]),
            }
        }
        bytes.extend([END, FS]);
        bytes.extend(encode_status(self.status));
        bytes
    }
}

pub(super) fn number(track: TrackNumber) -> u8 {
    match track {
        TrackNumber::One => 1,
        TrackNumber::Two => 2,
        TrackNumber::Three => 3,
    }
}

/// Parses `ESC 1 … ESC 2 … ESC 3 …`. Tracks without a head are not sent at all.
fn parse_tracks(body: &[u8]) -> Result<[TrackField; 3], ResponseError> {
    let mut tracks: [TrackField; 3] = Default::default();
    let mut current = None;
    let mut parts = body.split(|&byte| byte == ESC);
    if parts.next().is_some_and(|before| !before.is_empty()) {
        return Err(ResponseError::Malformed);
    }
    for part in parts {
        let (&mark, text) = part.split_first().ok_or(ResponseError::Malformed)?;
        match TrackNumber::ALL.into_iter().find(|track| number(*track) == mark) {
            Some(track) => {
                current = Some(track);
                if !text.is_empty() {
                    set(&mut tracks, track, TrackField::printed(track, text));
                }
            }
            None => {
                let track = current.ok_or(ResponseError::Malformed)?;
                set(&mut tracks, track, marked(mark, text)?);
            }
        }
    }
    Ok(tracks)
}

fn marked(mark: u8, text: &[u8]) -> Result<TrackField, ResponseError> {
    match (mark, text) {
        (EMPTY_TRACK, []) => Ok(TrackField::Absent),
        (BAD_TRACK, []) => Ok(TrackField::Unreadable),
        _ => Err(ResponseError::Malformed),
    }
}

fn set(tracks: &mut [TrackField; 3], track: TrackNumber, field: TrackField) {
    if let Some(place) = tracks.get_mut(track.index()) {
        *place = field;
    }
}

/// Returns `ESC` and the status byte.
#[must_use]
pub fn encode_status(status: Status) -> [u8; 2] {
    [ESC, status.byte()]
}

/// Returns the answer to [`Command::Model`](super::Command::Model) with the model's digit.
#[must_use]
pub fn encode_model(model: u8) -> [u8; 3] {
    [ESC, model, b'S']
}

/// Returns the model's digit: 1 has track 2, 2 tracks 2 and 3, 3 all tracks, 5 tracks 1 and 2
/// (MSR206 manual, page 13). `None` for anything but `ESC model S`.
#[must_use]
pub fn parse_model(answer: &[u8]) -> Option<u8> {
    match answer {
        [ESC, model, b'S'] => Some(*model),
        _ => None,
    }
}
