//! What an input device tells.

use core::fmt;
use core::time::Duration;

/// Is an event of an input device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputEvent {
    /// When it happened, by the clock of the kernel. Only differences mean something.
    pub time: Duration,
    /// What happened.
    pub kind: InputKind,
}

/// Says what happened (Linux, Documentation/input/event-codes.rst).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputKind {
    /// EV_ABS: an axis has another value.
    Axis(Axis),
    /// SYN_DROPPED: events were lost. The keys that are held now and the values that the axes have now
    /// follow; what was held before counts as released.
    Dropped,
    /// EV_KEY: something happened to a key or button.
    Key(Key),
    /// SYN_REPORT: what came since the last one happened at once.
    Report,
}

/// Is what happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAction {
    /// It was let go.
    Released,
    /// It was pressed.
    Pressed,
    /// It is held and repeats.
    Repeated,
}

/// Is an event of a key or button. Its `Debug` does not name the key: what devices type are card and
/// payment codes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key, as of `linux/input-event-codes.h`: 2 is the key `1`.
    pub code: u16,
    /// What happened to it.
    pub action: KeyAction,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?})", self.action)
    }
}

/// Is a value of an axis. Its `Debug` does not show the value: a pen's way is a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// The axis, as of `linux/input-event-codes.h`: 0 is `ABS_X`.
    pub code: u16,
    /// The value.
    pub value: i32,
}

impl fmt::Debug for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Axis({})", self.code)
    }
}

/// Says which values an axis takes (EVIOCGABS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AxisRange {
    /// The lowest value.
    pub minimum: i32,
    /// The highest value.
    pub maximum: i32,
    /// Units a millimetre; 0 where the device does not say.
    pub resolution: i32,
}

impl AxisRange {
    /// Creates a range of values without a resolution.
    #[must_use]
    pub const fn new(minimum: i32, maximum: i32) -> Self {
        Self { minimum, maximum, resolution: 0 }
    }
}
