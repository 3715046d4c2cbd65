use core::time::Duration;

use super::control::{TabletControl, VirtualTablet};

/// Says what kind of tablet it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TabletConfig {
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// What it calls itself.
    pub name: String,
    /// The highest value along and down; the lowest is 0.
    pub size: (u16, u16),
    /// Units a millimetre.
    pub resolution: u16,
    /// The highest pressure.
    pub pressure: u16,
    /// The time between two reports.
    pub interval: Duration,
}

impl Default for TabletConfig {
    /// Creates a tablet of 152 × 95 mm, as an Intuos S, that sends a report every 5 ms.
    fn default() -> Self {
        Self {
            vendor: 0x056a,
            product: 0x0374,
            name: "Wacom Intuos S Pen".into(),
            size: (15_200, 9_500),
            resolution: 100,
            pressure: 4095,
            interval: Duration::from_millis(5),
        }
    }
}

impl TabletConfig {
    /// Sets the highest value along and down.
    #[must_use]
    pub fn size(mut self, along: u16, down: u16) -> Self {
        self.size = (along, down);
        self
    }

    /// Makes the tablet, not plugged in, and the hand that writes on it.
    #[must_use]
    pub fn build(self) -> (VirtualTablet, TabletControl) {
        VirtualTablet::new(self)
    }
}
