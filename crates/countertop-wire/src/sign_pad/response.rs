//! What the pad says to the terminal.

use core::fmt;

use super::{Sequence, SignPadError};

/// Is what the pad answers, or tells of itself.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// 0xB0: the pad is there. The state's meaning is the maker's; nought where there is none.
    Handshake {
        /// State.
        state: u8,
    },
    /// 0xB1: what became of the stored signature.
    UploadReported(StorageStatus),
    /// 0xB2: a person has signed.
    Signature {
        /// The number that the pad gave the signature.
        sequence: Sequence,
        /// The [picture](super::decode_picture).
        picture: Vec<u8>,
    },
    /// 0xC2: no signature came: cancelled, nothing written in time, or a fault.
    NoSignature {
        /// The maker's reason; nought where there is none.
        reason: u8,
    },
    /// 0xB3: the request for a signature has ended.
    Ended,
    /// 0xB4: a stored signature.
    Batch {
        /// Signatures left, this one included; 0xF1 when the pad stores none at all.
        left: u8,
        /// The signature's number.
        sequence: Sequence,
        /// The signature's data, as the pad stored it.
        data: Vec<u8>,
    },
    /// 0xB5: the batch has ended.
    BatchEnded,
    /// 0xD1: a person is still signing.
    Heartbeat,
    /// 0xD0, 0xE3, 0xE5, 0xF8 or 0xF9: answers a setting of that code; status nought means done.
    Set {
        /// The code of the [`Setting`](super::Setting).
        code: u8,
        /// Status.
        status: u8,
    },
}

/// Says what became of a signature in the pad's store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageStatus {
    /// 0x01: deleted.
    Deleted,
    /// 0x02: stored.
    Stored,
    /// 0x03: stored, with room for fewer than ten more.
    StoredNearlyFull,
    /// 0x04: not stored.
    Failed,
}

/// Codes of settings, see [`Setting::code`](super::Setting::code).
const SET_CODES: [u8; 5] = [0xd0, 0xe3, 0xe5, 0xf8, 0xf9];

impl Response {
    /// Returns the frame's data.
    #[must_use]
    pub fn to_data(&self) -> Vec<u8> {
        match self {
            Self::Handshake { state } => vec![0xb0, *state],
            Self::UploadReported(status) => vec![0xb1, status.code()],
            Self::Signature { sequence, picture } => {
                let mut data = vec![0xb2];
                data.extend(sequence.to_bytes());
                data.extend_from_slice(picture);
                data
            }
            Self::NoSignature { reason } => vec![0xc2, *reason],
            Self::Ended => vec![0xb3],
            Self::Batch { left, sequence, data: stored } => {
                let mut data = vec![0xb4, *left];
                data.extend(sequence.to_bytes());
                data.extend_from_slice(stored);
                data
            }
            Self::BatchEnded => vec![0xb5],
            Self::Heartbeat => vec![0xd1],
            Self::Set { code, status } => vec![*code, *status],
        }
    }

    /// Reads a frame's data. Bytes that some makers add to short answers are ignored.
    ///
    /// # Errors
    ///
    /// A [`SignPadError`] that says what is wrong.
    pub fn parse(data: &[u8]) -> Result<Self, SignPadError> {
        let (&code, body) = data.split_first().ok_or(SignPadError::Empty)?;
        let first = body.first().copied().unwrap_or(0);
        let response = match (code, body) {
            (0xb0, _) => Self::Handshake { state: first },
            (0xb1, &[status, ..]) => Self::UploadReported(StorageStatus::parse(status)?),
            (0xb2, &[a, b, c, ref picture @ ..]) => {
                Self::Signature { sequence: [a, b, c].into(), picture: picture.to_vec() }
            }
            (0xc2, _) => Self::NoSignature { reason: first },
            (0xb3, _) => Self::Ended,
            (0xb4, &[left, a, b, c, ref data @ ..]) => {
                Self::Batch { left, sequence: [a, b, c].into(), data: data.to_vec() }
            }
            (0xb5, _) => Self::BatchEnded,
            (0xd1, _) => Self::Heartbeat,
            (code, &[status, ..]) if SET_CODES.contains(&code) => Self::Set { code, status },
            (0xb1 | 0xb2 | 0xb4, _) => {
                return Err(SignPadError::Length { code, length: body.len() });
            }
            (code, []) if SET_CODES.contains(&code) => {
                return Err(SignPadError::Length { code, length: 0 });
            }
            _ => return Err(SignPadError::Code(code)),
        };
        Ok(response)
    }
}

impl StorageStatus {
    fn code(self) -> u8 {
        match self {
            Self::Deleted => 0x01,
            Self::Stored => 0x02,
            Self::StoredNearlyFull => 0x03,
            Self::Failed => 0x04,
        }
    }

    fn parse(value: u8) -> Result<Self, SignPadError> {
        Ok(match value {
            0x01 => Self::Deleted,
            0x02 => Self::Stored,
            0x03 => Self::StoredNearlyFull,
            0x04 => Self::Failed,
            value => return Err(SignPadError::Value { code: 0xb1, value }),
        })
    }
}

/// A signature is personal data: its size alone is shown.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handshake { state } => write!(f, "Handshake({state:#04x})"),
            Self::UploadReported(status) => write!(f, "UploadReported({status:?})"),
            Self::Signature { sequence, picture } => {
                write!(f, "Signature({}, {} bytes)", sequence.get(), picture.len())
            }
            Self::NoSignature { reason } => write!(f, "NoSignature({reason:#04x})"),
            Self::Ended => f.write_str("Ended"),
            Self::Batch { left, sequence, data } => {
                write!(f, "Batch({left} left, {}, {} bytes)", sequence.get(), data.len())
            }
            Self::BatchEnded => f.write_str("BatchEnded"),
            Self::Heartbeat => f.write_str("Heartbeat"),
            Self::Set { code, status } => write!(f, "Set({code:#04x}, {status:#04x})"),
        }
    }
}
