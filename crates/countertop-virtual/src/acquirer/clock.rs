//! The host's date and time.

use jiff::Zoned;

/// Is a moment as messages write it.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    /// `MMDD`.
    pub(super) date: String,
    /// `hhmmss`.
    pub(super) time: String,
    /// `YYMM`, to compare with expiry dates.
    pub(super) month: String,
}

impl Moment {
    pub(super) fn now() -> Self {
        let now = Zoned::now();
        Self {
            date: now.strftime("%m%d").to_string(),
            time: now.strftime("%H%M%S").to_string(),
            month: now.strftime("%y%m").to_string(),
        }
    }
}
