//! Settings of the driver.

use core::time::Duration;

use countertop_device::{SettingError, Settings};
use countertop_wire::pn532::Modulation;

/// Holds the driver's times, and what it searches for.
#[derive(Debug, Clone)]
pub(super) struct Options {
    /// Pause between two rounds of searches.
    pub(super) poll: Duration,
    /// For one command to a card.
    pub(super) transmit: Duration,
    /// For one command to the chip itself.
    pub(super) exchange: Duration,
    /// How long a card that was found is kept.
    pub(super) hold: Duration,
    /// How long the interactive health check waits.
    pub(super) presentation: Duration,
    /// Whether a second card is looked for.
    pub(super) collision: bool,
    /// What is searched for, in this order.
    pub(super) technologies: Vec<Modulation>,
}

const TECHNOLOGIES: &str = "technologies";
const ALL: &str = "a,b,f,topaz";

impl Options {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let millis = |key, default| {
            let millis = settings.get_or::<u32>(key, default)?;
            Ok(Duration::from_millis(u64::from(millis.max(1))))
        };
        Ok(Self {
            poll: millis("poll_ms", 5)?,
            transmit: millis("transmit_timeout_ms", 3_000)?,
            exchange: millis("exchange_ms", 500)?,
            hold: millis("hold_ms", 5_000)?,
            presentation: millis("presentation_timeout_ms", 10_000)?,
            collision: settings.get_or("collision", true)?,
            technologies: technologies(settings.text(TECHNOLOGIES).unwrap_or(ALL))?,
        })
    }
}

fn technologies(text: &str) -> Result<Vec<Modulation>, SettingError> {
    let modulation = |name: &str| match name.trim() {
        "a" => Some(Modulation::TypeA),
        "b" => Some(Modulation::TypeB),
        "f" => Some(Modulation::Felica212),
        "topaz" => Some(Modulation::Jewel),
        _ => None,
    };
    let found: Option<Vec<_>> = text.split(',').map(modulation).collect();
    found.ok_or_else(|| SettingError { key: TECHNOLOGIES.into(), value: text.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technologies_are_searched_in_their_order() {
        let settings = Settings::new().with("technologies", "f, a");
        let options = Options::from_settings(&settings).unwrap();
        assert_eq!(options.technologies, [Modulation::Felica212, Modulation::TypeA]);
        for bad in ["", "a,c", "a;b"] {
            let error = Options::from_settings(&Settings::new().with("technologies", bad));
            assert_eq!(error.unwrap_err().key, "technologies");
        }
        let settings = Settings::new().with("transmit_timeout_ms", 0);
        assert!(!Options::from_settings(&settings).unwrap().transmit.is_zero());
    }
}
