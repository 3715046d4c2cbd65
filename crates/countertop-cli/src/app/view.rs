//! What the page shows: one value, sent whole whenever it changes.

use countertop_hub::SelfTestLine;
use countertop_terminal::flow::{Confirmation, Language, Prompt};
use serde::Serialize;

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
    /// Whether the operator has to change the password first.
    pub(crate) must_change_password: bool,
    /// The open batch.
    pub(crate) batch: String,
    /// The merchant, for the head of the page.
    pub(crate) merchant: String,
    /// Whether vouchers are for training only.
    pub(crate) training: bool,
    /// Whether the devices are virtual, and the page grows a panel for them.
    pub(crate) virtual_counter: bool,
    /// What happens now.
    pub(crate) prompt: Option<Shown>,
    /// What a person is asked.
    pub(crate) question: Option<Question>,
    /// The devices and how they are.
    pub(crate) devices: Vec<SelfTestLine>,
    /// The slips of this run, newest last.
    pub(crate) slips: Vec<SlipName>,
    /// The transactions of the open batch, newest last.
    pub(crate) transactions: Vec<TransactionLine>,
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
