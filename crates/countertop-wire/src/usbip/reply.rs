use super::{HEADER_LENGTH, MAX_TRANSFER, RET_SUBMIT, RET_UNLINK, UsbipError, header, word};

/// Is the header of a message from the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Ends a transfer.
    Submit(RetSubmit),
    /// Answers that a transfer is taken back.
    Unlink(RetUnlink),
}

/// Ends a transfer (USBIP_RET_SUBMIT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetSubmit {
    /// Number of the request.
    pub sequence: u32,
    /// How it ended; see [`status`](super::status).
    pub status: i32,
    /// Bytes transferred. Where they came in, so many follow the header.
    pub actual_length: u32,
}

/// Answers that a transfer is taken back (USBIP_RET_UNLINK).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetUnlink {
    /// Number of the request to take back, not of the one taken back.
    pub sequence: u32,
    /// [`UNLINKED`](super::status::UNLINKED) where it was taken back, 0 where it had ended before.
    pub status: i32,
}

impl Reply {
    /// Returns the header's bytes; data that comes in follows them.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_LENGTH] {
        match self {
            Self::Submit(RetSubmit { sequence, status, actual_length }) => {
                let status = status.cast_unsigned();
                header(&[RET_SUBMIT, *sequence, 0, 0, 0, status, *actual_length], [0; 8])
            }
            Self::Unlink(RetUnlink { sequence, status }) => {
                header(&[RET_UNLINK, *sequence, 0, 0, 0, status.cast_unsigned()], [0; 8])
            }
        }
    }

    /// Reads a header from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are no reply.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbipError> {
        let header = bytes.first_chunk().ok_or(UsbipError::Truncated(bytes.len()))?;
        let (sequence, status) = (word(header, 4), word(header, 20).cast_signed());
        match word(header, 0) {
            RET_SUBMIT => {
                let actual_length = word(header, 24);
                if actual_length > MAX_TRANSFER {
                    return Err(UsbipError::BadTransferLength(actual_length.cast_signed()));
                }
                Ok(Self::Submit(RetSubmit { sequence, status, actual_length }))
            }
            RET_UNLINK => Ok(Self::Unlink(RetUnlink { sequence, status })),
            other => Err(UsbipError::UnknownCommand(other)),
        }
    }
}
