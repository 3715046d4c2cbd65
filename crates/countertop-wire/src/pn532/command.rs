//! Commands of the host.

use super::chip::ChipCommand;
use super::initiator::InitiatorCommand;

/// Is a command of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// About the chip itself.
    Chip(ChipCommand),
    /// About targets in the field, with the chip as initiator.
    Initiator(InitiatorCommand),
}

/// Says why bytes are no command, or no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// There is not even a code.
    #[error("there is no code")]
    Empty,
    /// The parameters do not fit the code.
    #[error("the parameters of {0:02x} are malformed")]
    Parameters(u8),
    /// The code is unknown.
    #[error("the code {0:02x} is unknown")]
    Unknown(u8),
}

impl Command {
    /// Returns the command's code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Chip(command) => command.code(),
            Self::Initiator(command) => command.code(),
        }
    }

    /// Returns the code and the parameters, as an information frame carries them.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut data = vec![self.code()];
        match self {
            Self::Chip(command) => command.encode_parameters(&mut data),
            Self::Initiator(command) => command.encode_parameters(&mut data),
        }
        data
    }

    /// Reads a command from the data of an information frame.
    ///
    /// # Errors
    ///
    /// When the code is unknown, or its parameters are malformed. The chip answers both with a
    /// syntax error frame.
    pub fn decode(data: &[u8]) -> Result<Self, CommandError> {
        let (code, parameters) = data.split_first().ok_or(CommandError::Empty)?;
        if let Some(command) = ChipCommand::decode(*code, parameters) {
            return command.map(Self::Chip).ok_or(CommandError::Parameters(*code));
        }
        if let Some(command) = InitiatorCommand::decode(*code, parameters) {
            return command.map(Self::Initiator).ok_or(CommandError::Parameters(*code));
        }
        Err(CommandError::Unknown(*code))
    }
}

impl From<ChipCommand> for Command {
    fn from(command: ChipCommand) -> Self {
        Self::Chip(command)
    }
}

impl From<InitiatorCommand> for Command {
    fn from(command: InitiatorCommand) -> Self {
        Self::Initiator(command)
    }
}
