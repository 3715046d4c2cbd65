//! The hand on the keypad and the eye on the screen.

use tokio::sync::{mpsc, watch};

use super::keypad::{Key, KeyBuffer};

/// Is what the screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Screen {
    /// The lines of text.
    pub lines: Vec<String>,
    /// Whether a PIN is asked for.
    pub prompting: bool,
    /// Stars on the screen: digits typed so far.
    pub stars: usize,
}

/// Presses the keys of a virtual PIN pad.
///
/// Keys that are pressed while no PIN is asked for wait for the next prompt, so that a test can type
/// beforehand.
#[derive(Debug, Clone)]
pub struct PinPadControl {
    keys: mpsc::UnboundedSender<KeyBuffer>,
    screen: watch::Receiver<Screen>,
}

impl PinPadControl {
    pub(super) fn new(
        keys: mpsc::UnboundedSender<KeyBuffer>,
        screen: watch::Receiver<Screen>,
    ) -> Self {
        Self { keys, screen }
    }

    /// Types the digits of `pin` and presses enter. Other characters are no keys and are left out.
    pub fn type_pin(&self, pin: &str) {
        let mut keys = KeyBuffer::of_digits(pin.as_bytes());
        keys.push(Key::Enter);
        self.press(keys);
    }

    /// Presses one digit, 0 to 9, without enter.
    pub fn press_digit(&self, digit: u8) {
        self.press(KeyBuffer::of_digits(&[b'0'.saturating_add(digit)]));
    }

    /// Presses enter; without a digit before it, the PIN is bypassed.
    pub fn press_enter(&self) {
        self.press(KeyBuffer::of_key(Key::Enter));
    }

    /// Presses clear: the digits typed so far are taken back.
    pub fn press_clear(&self) {
        self.press(KeyBuffer::of_key(Key::Clear));
    }

    /// Presses cancel.
    pub fn press_cancel(&self) {
        self.press(KeyBuffer::of_key(Key::Cancel));
    }

    /// Returns what the screen shows now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.screen.borrow().clone()
    }

    /// Waits until a PIN is asked for and returns the screen, or `None` when the PIN pad is off.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn prompted(&mut self) -> Option<Screen> {
        self.shows(|screen| screen.prompting).await
    }

    /// Waits until the screen shows what `wanted` wants, or returns `None` when the PIN pad is off.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn shows(&mut self, wanted: impl FnMut(&Screen) -> bool) -> Option<Screen> {
        self.screen.wait_for(wanted).await.ok().map(|screen| screen.clone())
    }

    fn press(&self, keys: KeyBuffer) {
        // A PIN pad that is off has keys, too; pressing them does nothing.
        let _ = self.keys.send(keys);
    }
}
