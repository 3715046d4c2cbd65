//! A card that is nothing but a function.

use core::fmt;
use core::time::Duration;

use crate::card::VirtualCard;

/// Is a card that answers each command APDU as a function says; what is not a payment card, a
/// recording, a script.
pub struct FunctionCard<F> {
    answer_to_reset: Vec<u8>,
    answer: F,
    delay: Duration,
}

impl<F: FnMut(&[u8]) -> Vec<u8> + Send> FunctionCard<F> {
    /// Creates a card with this answer to reset, which decides between T=0 and T=1.
    #[must_use]
    pub fn new(answer_to_reset: impl Into<Vec<u8>>, answer: F) -> Self {
        Self { answer_to_reset: answer_to_reset.into(), answer, delay: Duration::ZERO }
    }

    /// Sets how long the card takes for each answer.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl<F: FnMut(&[u8]) -> Vec<u8> + Send> VirtualCard for FunctionCard<F> {
    fn answer_to_reset(&self) -> Vec<u8> {
        self.answer_to_reset.clone()
    }

    /// Returns an ATS for frames of 256 bytes at 106 kbit/s.
    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x05, 0x78, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {}

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        (self.answer)(command)
    }

    fn delay(&self) -> Duration {
        self.delay
    }
}

impl<F> fmt::Debug for FunctionCard<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionCard").field("delay", &self.delay).finish_non_exhaustive()
    }
}
