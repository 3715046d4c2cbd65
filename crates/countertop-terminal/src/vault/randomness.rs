//! Random bytes, passed in.

use core::fmt;

/// Gives random bytes fit for keys, nonces and salts.
pub trait Randomness: Send + Sync + fmt::Debug {
    /// Fills `buffer`.
    ///
    /// # Errors
    ///
    /// When the source has none; `buffer` is then of no use.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessError>;
}

/// Says that there are no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct RandomnessError(String);

impl RandomnessError {
    /// Creates the error from what the source said.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// Is the operating system's source of random bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessError> {
        getrandom::fill(buffer).map_err(|error| RandomnessError::new(error.to_string()))
    }
}
