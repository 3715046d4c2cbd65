//! Responses of the chip.

use super::chip_response::ChipResponse;
use super::command::CommandError;
use super::initiator_response::InitiatorResponse;

/// Is a response of the chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// To a command about the chip itself.
    Chip(ChipResponse),
    /// To a command about targets.
    Initiator(InitiatorResponse),
}

impl Response {
    /// Returns the code of the command that it answers.
    #[must_use]
    pub fn command_code(&self) -> u8 {
        match self {
            Self::Chip(response) => response.command_code(),
            Self::Initiator(response) => response.command_code(),
        }
    }

    /// Returns the code and what follows it, as an information frame carries them.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut data = vec![self.command_code() + 1];
        match self {
            Self::Chip(response) => response.encode_content(&mut data),
            Self::Initiator(response) => response.encode_content(&mut data),
        }
        data
    }

    /// Reads a response from the data of an information frame.
    ///
    /// # Errors
    ///
    /// When the code is unknown, or the content is malformed.
    pub fn decode(data: &[u8]) -> Result<Self, CommandError> {
        let (code, content) = data.split_first().ok_or(CommandError::Empty)?;
        let command = code.checked_sub(1).ok_or(CommandError::Unknown(*code))?;
        if let Some(response) = ChipResponse::decode(command, content) {
            return response.map(Self::Chip).ok_or(CommandError::Parameters(*code));
        }
        if let Some(response) = InitiatorResponse::decode(command, content) {
            return response.map(Self::Initiator).ok_or(CommandError::Parameters(*code));
        }
        Err(CommandError::Unknown(*code))
    }
}

impl From<ChipResponse> for Response {
    fn from(response: ChipResponse) -> Self {
        Self::Chip(response)
    }
}

impl From<InitiatorResponse> for Response {
    fn from(response: InitiatorResponse) -> Self {
        Self::Initiator(response)
    }
}
