//! Health of a device in UnifiedPOS's terms.

use serde::{Deserialize, Serialize};

/// Is the depth of a health check (UnifiedPOS, `CheckHealth`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HealthLevel {
    /// Asks the driver and the line; the device does nothing that can be seen.
    Internal,
    /// Lets the device act in a harmless way, such as printing a test line.
    External,
    /// Asks a person to take part.
    Interactive,
}

/// Is the outcome of a health check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Ready for work.
    Good,
    /// Works, but a person should look at it soon.
    Warning,
    /// Does not work.
    Bad,
}

/// Is a health check's outcome and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReport {
    /// The verdict.
    pub health: Health,
    /// What was found, in lower case, without a full stop: `paper near end`.
    pub text: String,
}

impl HealthReport {
    /// Creates a report.
    pub fn new(health: Health, text: impl Into<String>) -> Self {
        Self { health, text: text.into() }
    }

    /// Creates a good report.
    pub fn good(text: impl Into<String>) -> Self {
        Self::new(Health::Good, text)
    }
}
