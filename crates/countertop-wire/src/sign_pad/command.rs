//! What the terminal says to the pad.

use super::{Sequence, SignPadError};

/// Is what the terminal asks of the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// 0xA0: asks who is there.
    Handshake,
    /// 0xA1: tells what became of the upload of an earlier signature.
    ReportUpload {
        /// The signature.
        sequence: Sequence,
        /// The outcome, in the acquirer's terms; pads only store it.
        outcome: u8,
    },
    /// 0xA2: asks for a signature under this watermark of eight hexadecimal digits.
    BeginSignature {
        /// The transaction's feature code (特征码), in ASCII.
        feature_code: [u8; 8],
    },
    /// 0xA3: ends the request for a signature.
    EndSignature,
    /// 0xA4: asks for the next signature that the pad has stored.
    BeginBatch,
    /// 0xA5: ends the batch of stored signatures.
    EndBatch,
    /// 0xA8: confirms a stored signature, which the pad may then delete.
    BatchReceived {
        /// The signature.
        sequence: Sequence,
    },
    /// 0xA9: asks for a stored signature again.
    BatchRefused {
        /// The signature.
        sequence: Sequence,
    },
    /// 0xD0, 0xE3, 0xE5, 0xF8 or 0xF9: sets something.
    Set(Setting),
}

/// Is something that the terminal sets at the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting {
    /// 0xD0: seconds that a person may take to sign.
    Timeout(u8),
    /// 0xE3: where the person signs, and the picture that comes of it.
    Zone(Zone),
    /// 0xE5: whether the pad gives out a picture when nothing was written.
    AllowBlank(bool),
    /// 0xF8: how often the person may start over; nought for any number.
    Resigns(u8),
    /// 0xF9: how thick the pen writes.
    PenWidth(u8),
}

/// Is the size of the writing area and of the picture that is made of it, in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// Width of the writing area.
    pub width: u16,
    /// Height of the writing area.
    pub height: u16,
    /// Width of the picture.
    pub picture_width: u16,
    /// Height of the picture.
    pub picture_height: u16,
}

impl Command {
    /// Returns the frame's data.
    #[must_use]
    pub fn to_data(self) -> Vec<u8> {
        match self {
            Self::Handshake => vec![0xa0],
            Self::ReportUpload { sequence, outcome } => {
                let mut data = with_sequence(0xa1, sequence);
                data.push(outcome);
                data
            }
            Self::BeginSignature { feature_code } => {
                let mut data = vec![0xa2];
                data.extend(feature_code);
                data
            }
            Self::EndSignature => vec![0xa3],
            Self::BeginBatch => vec![0xa4],
            Self::EndBatch => vec![0xa5],
            Self::BatchReceived { sequence } => with_sequence(0xa8, sequence),
            Self::BatchRefused { sequence } => with_sequence(0xa9, sequence),
            Self::Set(setting) => setting.to_data(),
        }
    }

    /// Reads a frame's data.
    ///
    /// # Errors
    ///
    /// A [`SignPadError`] that says what is wrong.
    pub fn parse(data: &[u8]) -> Result<Self, SignPadError> {
        let (&code, body) = data.split_first().ok_or(SignPadError::Empty)?;
        let length = SignPadError::Length { code, length: body.len() };
        let command = match (code, body) {
            (0xa0, []) => Self::Handshake,
            (0xa1, &[a, b, c, outcome]) => {
                Self::ReportUpload { sequence: [a, b, c].into(), outcome }
            }
            (0xa2, body) => {
                Self::BeginSignature { feature_code: body.try_into().map_err(|_| length)? }
            }
            (0xa3, []) => Self::EndSignature,
            (0xa4, []) => Self::BeginBatch,
            (0xa5, []) => Self::EndBatch,
            (0xa8, &[a, b, c]) => Self::BatchReceived { sequence: [a, b, c].into() },
            (0xa9, &[a, b, c]) => Self::BatchRefused { sequence: [a, b, c].into() },
            (0xd0 | 0xe3 | 0xe5 | 0xf8 | 0xf9, body) => Self::Set(Setting::parse(code, body)?),
            (0xa0 | 0xa1 | 0xa3..=0xa5 | 0xa8 | 0xa9, _) => return Err(length),
            _ => return Err(SignPadError::Code(code)),
        };
        Ok(command)
    }
}

fn with_sequence(code: u8, sequence: Sequence) -> Vec<u8> {
    let [high, middle, low] = sequence.to_bytes();
    vec![code, high, middle, low]
}

impl Setting {
    /// Returns the code with which the pad answers too.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Timeout(_) => 0xd0,
            Self::Zone(_) => 0xe3,
            Self::AllowBlank(_) => 0xe5,
            Self::Resigns(_) => 0xf8,
            Self::PenWidth(_) => 0xf9,
        }
    }

    fn to_data(self) -> Vec<u8> {
        let mut data = vec![self.code()];
        match self {
            Self::Timeout(value) | Self::Resigns(value) | Self::PenWidth(value) => data.push(value),
            Self::AllowBlank(allowed) => data.push(allowed.into()),
            Self::Zone(zone) => {
                for side in [zone.width, zone.height, zone.picture_width, zone.picture_height] {
                    data.extend(side.to_be_bytes());
                }
            }
        }
        data
    }

    fn parse(code: u8, body: &[u8]) -> Result<Self, SignPadError> {
        Ok(match (code, body) {
            (0xd0, &[seconds]) => Self::Timeout(seconds),
            (0xe3, &[a, b, c, d, e, f, g, h]) => Self::Zone(Zone {
                width: u16::from_be_bytes([a, b]),
                height: u16::from_be_bytes([c, d]),
                picture_width: u16::from_be_bytes([e, f]),
                picture_height: u16::from_be_bytes([g, h]),
            }),
            (0xe5, &[allowed]) => Self::AllowBlank(allowed != 0),
            (0xf8, &[times]) => Self::Resigns(times),
            (0xf9, &[width]) => Self::PenWidth(width),
            _ => return Err(SignPadError::Length { code, length: body.len() }),
        })
    }
}
