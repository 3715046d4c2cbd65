//! What the page shows: one value, sent whole whenever it changes.

use countertop_hub::SelfTestLine;
use countertop_terminal::flow::{Confirmation, Language, Prompt};
use serde::Serialize;

use super::condition::DeviceNotice;
use super::words::Words;

/// Is everything that the page shows.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View {
    /// How far the terminal is.
    pub(crate) stage: Stage,
    /// Whether a command is being carried out, so that others are refused.
    pub(crate) busy: bool,
    /// The operator's number, when one is signed in.
    pub(crate) operator: Option<String>,
    /// The open batch.
    pub(crate) batch: String,
    /// The merchant, for the head of the page.
    pub(crate) merchant: String,
    /// The currency of all amounts, as ISO 4217 writes it.
    pub(crate) currency: String,
    /// How many decimals its amounts have.
    pub(crate) decimals: u8,
    /// Whether vouchers are for training only.
    pub(crate) training: bool,
    /// Whether the devices are virtual, and the page grows a panel for them.
    pub(crate) virtual_counter: bool,
    /// What happens now.
    pub(crate) prompt: Option<Shown>,
    /// How the last transaction or settlement ended, until the next command.
    pub(crate) outcome: Option<Shown>,
    /// What a person is asked.
    pub(crate) question: Option<Question>,
    /// The devices and how they are.
    pub(crate) devices: Vec<SelfTestLine>,
    /// What happened to devices since the last self-test.
    pub(crate) notices: Vec<DeviceNotice>,
    /// The slips of this run, newest last.
    pub(crate) slips: Vec<SlipName>,
    /// The transactions of the open batch, newest last.
    pub(crate) transactions: Vec<TransactionLine>,
}

impl View {
    /// Takes the terminal for a command; `false` when another one is being carried out.
    pub(crate) fn claim(&mut self) -> bool {
        !std::mem::replace(&mut self.busy, true)
    }

    /// Shows that a command is being carried out.
    pub(crate) fn begin(&mut self) {
        self.busy = true;
        self.outcome = None;
    }
}

/// Says how far the terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Stage {
    /// The self-test runs.
    #[default]
    Starting,
    /// No operator is signed in.
    SignedOut,
    /// An operator has to choose a password before it opens anything.
    FirstPassword,
    /// An operator is signed in, the host is not.
    SignedIn,
    /// Ready for customers.
    Ready,
}

/// Is a prompt with its texts.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    prompt: Prompt,
    #[serde(rename = "canCancel")]
    can_cancel: bool,
    en: String,
    zh: String,
}

impl Shown {
    /// Creates a prompt that tells of trouble.
    pub(super) fn trouble(words: Words) -> Self {
        let prompt = Prompt::Trouble { reason: words.en, help: words.help.clone() };
        let zh = Prompt::Trouble { reason: words.zh, help: words.help };
        Self { zh: zh.text(Language::Chinese), ..prompt.into() }
    }

    /// Tells whether this is how a transaction or a settlement ended.
    pub(super) fn is_outcome(&self) -> bool {
        matches!(
            self.prompt,
            Prompt::Approved { .. }
                | Prompt::Declined { .. }
                | Prompt::ResultUnknown { .. }
                | Prompt::NotSent { .. }
                | Prompt::Cancelled
                | Prompt::Settled { .. }
        )
    }
}

impl From<Prompt> for Shown {
    fn from(prompt: Prompt) -> Self {
        Self {
            can_cancel: prompt.can_cancel(),
            en: prompt.text(Language::English),
            zh: prompt.text(Language::Chinese),
            prompt,
        }
    }
}

/// Is what a person is asked.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "question", rename_all = "kebab-case")]
pub(crate) enum Question {
    /// Confirm card, amount and type.
    Confirm(Confirmation),
    /// Choose one of the card's applications.
    Choose {
        /// Their labels.
        labels: Vec<String>,
    },
    /// Try again, or go on without.
    TryAgain,
}

/// Names a slip whose picture is at `/slips/ID.png`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SlipName {
    /// Counts from 1.
    pub(crate) id: usize,
    /// What it is.
    pub(crate) name: String,
}

/// Is a transaction in the list.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionLine {
    /// Voucher number.
    pub(crate) stan: String,
    /// Sale or void.
    pub(crate) kind: String,
    /// Amount with currency.
    pub(crate) amount: String,
    /// Masked card number.
    pub(crate) card: String,
    /// What became of it.
    pub(crate) state: String,
}

#[cfg(test)]
mod tests {
    use countertop_acquirer::Stan;

    use super::*;

    #[test]
    fn a_terminal_is_claimed_once() {
        let mut view = View::default();
        assert!(view.claim());
        assert!(!view.claim());
    }

    #[test]
    fn a_command_makes_the_last_outcome_go() {
        let shown = Shown::from(Prompt::ResultUnknown { stan: Stan::FIRST });
        assert!(shown.is_outcome());
        let mut view = View { outcome: Some(shown), ..View::default() };
        view.begin();
        assert!(view.busy && view.outcome.is_none());
        assert!(!Shown::from(Prompt::Ready).is_outcome());
    }

    #[test]
    fn trouble_is_told_in_both_languages() {
        let shown = Shown::trouble(Words::new("no paper", "缺纸"));
        assert_eq!((shown.en.as_str(), shown.zh.as_str()), ("no paper", "缺纸"));
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!((&json["prompt"], &json["canCancel"]), (&"trouble".into(), &false.into()));
    }
}
