//! Settings of the driver.

use core::time::Duration;

use countertop_device::{SettingError, Settings};

/// Holds the driver's times, and what it looks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    /// Pause between two searches.
    pub(super) poll: Duration,
    /// For one command to a card.
    pub(super) transmit: Duration,
    /// How long a card that was found is kept.
    pub(super) hold: Duration,
    /// How long the interactive health check waits.
    pub(super) presentation: Duration,
    /// Whether a second card is looked for.
    pub(super) collision: bool,
}

/// libnfc takes a limit below one millisecond for none at all.
const SHORTEST_LIMIT: u64 = 1;
/// The pause is time in which the card is not seen; a search without any would keep the line busy.
const POLL: core::ops::RangeInclusive<u64> = 10..=300;

impl Timing {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let millis = |key, default| settings.get_or::<u32>(key, default).map(u64::from);
        Ok(Self {
            poll: Duration::from_millis(millis("poll_ms", 100)?.clamp(*POLL.start(), *POLL.end())),
            transmit: Duration::from_millis(
                millis("transmit_timeout_ms", 3_000)?.max(SHORTEST_LIMIT),
            ),
            hold: Duration::from_millis(millis("hold_ms", 5_000)?),
            presentation: Duration::from_millis(millis("presentation_timeout_ms", 10_000)?),
            collision: settings.get_or("collision", true)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_out_of_the_way_of_rounding() {
        let settings = Settings::new().with("poll_ms", 0).with("transmit_timeout_ms", 0);
        let timing = Timing::from_settings(&settings).unwrap();
        assert_eq!(timing.poll, Duration::from_millis(10));
        assert_eq!(timing.transmit, Duration::from_millis(1));
    }
}
