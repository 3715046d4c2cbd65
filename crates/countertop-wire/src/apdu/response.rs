//! Response APDUs.

use core::fmt;

use zeroize::Zeroizing;

use super::{ApduError, StatusWord};

/// Is a response APDU: data and a status word.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseApdu {
    data: Zeroizing<Vec<u8>>,
    status: StatusWord,
}

impl ResponseApdu {
    /// Creates a response of `data` and `status`.
    #[must_use]
    pub fn new(data: impl Into<Vec<u8>>, status: StatusWord) -> Self {
        Self { data: Zeroizing::new(data.into()), status }
    }

    /// Reads a response.
    ///
    /// # Errors
    ///
    /// [`TooShort`](ApduError::TooShort) when there is no status word.
    pub fn parse(bytes: &[u8]) -> Result<Self, ApduError> {
        let (data, &status) = bytes.split_last_chunk().ok_or(ApduError::TooShort(bytes.len()))?;
        Ok(Self::new(data, StatusWord(u16::from_be_bytes(status))))
    }

    /// Returns the response as it is sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.data.to_vec();
        out.extend_from_slice(&self.status.0.to_be_bytes());
        out
    }

    /// Returns the response's data. Never print, log or store it.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Returns the status word.
    #[must_use]
    pub fn status(&self) -> StatusWord {
        self.status
    }

    /// Tells whether the status word is `9000`.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == StatusWord::SUCCESS
    }
}

impl From<StatusWord> for ResponseApdu {
    fn from(status: StatusWord) -> Self {
        Self::new(Vec::new(), status)
    }
}

impl fmt::Debug for ResponseApdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseApdu({} bytes, {:04X})", self.data.len(), self.status.0)
    }
}
