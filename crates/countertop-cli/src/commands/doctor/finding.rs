//! What the doctor finds.

use serde::Serialize;

use crate::system::Step;

/// Is something that stands in the way of a device, with the cure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// Names the kind of finding, for programs.
    pub(super) code: &'static str,
    /// Whether something has to be done.
    pub(super) severity: Severity,
    /// The device, service or file that it is about.
    pub(super) about: String,
    /// What was found.
    pub(super) found: String,
    /// Why it matters.
    pub(super) why: &'static str,
    /// The commands that cure it, in order.
    pub(super) cure: Vec<Step>,
    /// What a person has to do, before or in place of the commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by_hand: Option<String>,
}

/// Says whether something has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Severity {
    /// A device does not work, or will not for long.
    Problem,
    /// Good to know; nothing has to be done.
    Notice,
}

impl Finding {
    /// Creates a finding that has to be cured.
    pub(super) fn problem(
        code: &'static str,
        about: impl Into<String>,
        found: impl Into<String>,
        why: &'static str,
    ) -> Self {
        let (about, found) = (about.into(), found.into());
        let severity = Severity::Problem;
        Self { code, severity, about, found, why, cure: Vec::new(), by_hand: None }
    }

    /// Creates a finding that is only good to know.
    pub(super) fn notice(
        code: &'static str,
        about: impl Into<String>,
        found: impl Into<String>,
        why: &'static str,
    ) -> Self {
        Self { severity: Severity::Notice, ..Self::problem(code, about, found, why) }
    }

    /// Adds commands that cure it.
    pub(super) fn cured_by(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.cure.extend(steps);
        self
    }

    /// Adds what a person has to do.
    pub(super) fn by_hand(mut self, text: impl Into<String>) -> Self {
        self.by_hand = Some(text.into());
        self
    }

    /// Tells whether this is the same finding about the same thing, however it is worded.
    pub(super) fn is_again(&self, other: &Self) -> bool {
        (self.code, &self.about) == (other.code, &other.about)
    }
}
