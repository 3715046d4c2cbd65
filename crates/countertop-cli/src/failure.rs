//! What the program tells a person when it cannot do what was asked.

use core::fmt;

use countertop_device::DeviceError;
use countertop_terminal::flow::FlowError;

/// Is a message and, where there is one, the cure.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    /// Creates a failure with a message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds the cure.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns the cure.
    pub(crate) fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Creates a failure from an I/O error while doing `action`.
    pub(crate) fn io(action: impl fmt::Display, error: &std::io::Error) -> Self {
        Self::new(format!("{action}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<DeviceError> for Failure {
    fn from(error: DeviceError) -> Self {
        let help = error.help().map(String::from);
        Self { message: error.to_string(), help }
    }
}

impl From<FlowError> for Failure {
    fn from(error: FlowError) -> Self {
        let help = error.help().map(String::from);
        Self { message: error.to_string(), help }
    }
}

macro_rules! plain {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(error.to_string())
            }
        })+
    };
}

plain!(
    countertop_hub::ConfigError,
    countertop_terminal::journal::JournalError,
    countertop_terminal::operators::OperatorError,
    countertop_terminal::vault::VaultError,
    countertop_acquirer::unionpay::BadProfile,
    countertop_emv::parameters::ParametersError,
);
