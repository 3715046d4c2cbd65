//! Devices that type like a keyboard, only faster.

use core::time::Duration;

use countertop_device::DeviceError;
use countertop_wire::keyboard::{Burst, KeyEvent, WedgeDecoder};

use super::{InputEvent, InputKind, InputLine, KeyAction};

/// Reads what a scanner or stripe reader types, a burst of keys each time.
#[derive(Debug)]
pub struct BurstReader {
    line: InputLine,
    decoder: WedgeDecoder,
    gap: Duration,
    action: &'static str,
}

impl BurstReader {
    /// Creates a reader. A burst that has begun goes on without a silence of `gap`; errors say that
    /// `action` was tried.
    #[must_use]
    pub fn new(
        line: InputLine,
        decoder: WedgeDecoder,
        gap: Duration,
        action: &'static str,
    ) -> Self {
        Self { line, decoder, gap, action }
    }

    /// Returns the line, for its errors and its name.
    #[must_use]
    pub fn line(&self) -> &InputLine {
        &self.line
    }

    /// Drops what came while nobody waited; of a burst that is still coming, the rest as well.
    ///
    /// # Errors
    ///
    /// Those of [`InputLine::try_event`].
    pub fn forget(&mut self) -> Result<(), DeviceError> {
        while let Some(event) = self.line.try_event(self.action)? {
            self.take(event);
        }
        self.decoder.discard();
        Ok(())
    }

    /// Waits for a burst and returns it, for as long as it takes.
    ///
    /// # Errors
    ///
    /// Those of [`InputLine::next_event`].
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: what has come of a burst stays for the next call.
    pub async fn next_burst(&mut self) -> Result<Burst, DeviceError> {
        loop {
            if let Some(burst) = self.decoder.next_burst() {
                return Ok(burst);
            }
            let patience = self.decoder.is_pending().then_some(self.gap);
            match self.line.next_event(patience, self.action).await? {
                Some(event) => self.take(event),
                None => self.decoder.silence(),
            }
        }
    }

    fn take(&mut self, event: InputEvent) {
        match event.kind {
            // A key that is held repeats: no such device does that.
            InputKind::Key(key) if key.action != KeyAction::Repeated => {
                let pressed = key.action == KeyAction::Pressed;
                self.decoder.key(KeyEvent { code: key.code, pressed }, event.time);
            }
            InputKind::Dropped => self.decoder.lost(event.time),
            _ => {}
        }
    }
}
