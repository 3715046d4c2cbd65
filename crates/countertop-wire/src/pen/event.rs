//! Events of a tablet.

use core::fmt;

/// Codes of axes and buttons (`linux/input-event-codes.h`).
pub mod code {
    /// `ABS_X`: from left to right.
    pub const ABS_X: u16 = 0x00;
    /// `ABS_Y`: from top to bottom.
    pub const ABS_Y: u16 = 0x01;
    /// `ABS_PRESSURE`: how hard the pen is pressed down.
    pub const ABS_PRESSURE: u16 = 0x18;
    /// `BTN_0`: the first button beside the writing area.
    pub const BTN_0: u16 = 0x100;
    /// `BTN_TOOL_PEN`: a pen is near.
    pub const BTN_TOOL_PEN: u16 = 0x140;
    /// `BTN_TOOL_RUBBER`: the pen's other end is near.
    pub const BTN_TOOL_RUBBER: u16 = 0x141;
    /// `BTN_TOUCH`: the pen touches.
    pub const BTN_TOUCH: u16 = 0x14a;
    /// `BTN_STYLUS`: the pen's first button.
    pub const BTN_STYLUS: u16 = 0x14b;
    /// `BTN_STYLUS2`: the pen's second button.
    pub const BTN_STYLUS2: u16 = 0x14c;
}

/// Is an event of a tablet. Its `Debug` does not show the value: a pen's way is a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PenEvent {
    /// An axis has another value.
    Axis {
        /// The axis.
        code: u16,
        /// The value.
        value: i32,
    },
    /// A button went down or up.
    Button {
        /// The button.
        code: u16,
        /// Whether it went down.
        pressed: bool,
    },
    /// SYN_REPORT: what came since the last one happened at once.
    Report,
    /// SYN_DROPPED: events were lost.
    Lost,
}

impl fmt::Debug for PenEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Axis { code, .. } => write!(f, "Axis({code:#x})"),
            Self::Button { code, pressed } => write!(f, "Button({code:#x}, {pressed})"),
            Self::Report => f.write_str("Report"),
            Self::Lost => f.write_str("Lost"),
        }
    }
}
