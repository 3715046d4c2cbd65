//! The caller's side: lets the kernel talk to the card, and hands its prompts to the caller.

use std::sync::Arc;

use countertop_device::{CardSession, Dialogue, Sensitive};
use countertop_wire::apdu::StatusWord;

use super::bridge::Bridge;
use super::computation::Computation;
use super::risk::{CardHistory, History};
use super::step::{
    ChooseApplication, EnterOfflinePin, EnterOnlinePin, EnterPinAtReader, GoOnline, OfflinePinKey,
    Step,
};
use super::{Decision, Outcome};
use crate::parameters::EmvParameters;
use crate::{Candidate, CardData, CvmResults, EmvError, TransactionData};

/// Starts contact transactions.
#[derive(Debug)]
pub struct ContactTransaction;

/// Is what the kernel asks for.
#[derive(Debug)]
pub(super) enum Prompt {
    Application(Vec<Candidate>),
    OfflinePin { card: CardData, key: OfflinePinKey, tries_left: Option<u8> },
    OnlinePin(CardData),
    PinAtReader { card: CardData, tries_left: Option<u8> },
    Online { card: CardData, field55: Sensitive, cvm: CvmResults },
}

/// Is what the caller answers.
#[derive(Debug)]
pub(super) enum Answer {
    Application(usize),
    Host { approved: bool, code: [u8; 2], field55: Sensitive },
    NoHost,
    PinAtReader(StatusWord),
    PinBypassed,
    PinCaptured,
    PinEnciphered(Sensitive),
    PinPadFailed,
}

/// Is a message of the kernel.
#[derive(Debug)]
pub(super) enum FromKernel {
    Command(Sensitive),
    Finished(Result<Box<Outcome>, EmvError>),
    Prompt(Prompt),
}

/// Is a message to the kernel.
#[derive(Debug)]
pub(super) enum ToKernel {
    Answer(Answer),
    Response(Sensitive),
}

/// Is the caller's end: it owns the card, and the kernel while that stands still.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) session: Box<dyn CardSession>,
    bridge: Bridge,
    kernel: Box<dyn Dialogue>,
}

impl ContactTransaction {
    /// Starts a transaction with the card of `session`, which is powered and untouched.
    ///
    /// # Errors
    ///
    /// [`EmvError::NoApplication`], [`EmvError::CardBlocked`], or what the card met.
    ///
    /// # Cancel safety
    ///
    /// Dropping the call ends the transaction and powers the card down.
    pub async fn start(
        session: Box<dyn CardSession>,
        parameters: Arc<EmvParameters>,
        data: TransactionData,
    ) -> Result<Step, EmvError> {
        Self::begin(session, parameters, data, None).await
    }

    /// Starts a transaction at a terminal that has an exception file, or that knows what it has
    /// approved offline.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    ///
    /// # Cancel safety
    ///
    /// As [`start`](Self::start).
    pub async fn start_with_history(
        session: Box<dyn CardSession>,
        parameters: Arc<EmvParameters>,
        data: TransactionData,
        history: Arc<dyn CardHistory>,
    ) -> Result<Step, EmvError> {
        Self::begin(session, parameters, data, Some(history)).await
    }

    async fn begin(
        mut session: Box<dyn CardSession>,
        parameters: Arc<EmvParameters>,
        mut data: TransactionData,
        history: History,
    ) -> Result<Step, EmvError> {
        data.pin_at_reader = session.secure_pin_entry().await?.is_some();
        let bridge = Bridge::default();
        let kernel = Computation::start(bridge.clone(), parameters, data, history);
        let kernel = Box::new(kernel);
        Line { session, bridge, kernel }.run().await
    }
}

impl Line {
    /// Answers the kernel and returns what it needs next.
    pub(super) async fn answer(self, answer: Answer) -> Result<Step, EmvError> {
        self.bridge.to_kernel(ToKernel::Answer(answer));
        self.run().await
    }

    /// Answers the kernel after the host's part: nothing but the end can follow.
    pub(super) async fn finish(self, answer: Answer) -> Result<Box<Outcome>, EmvError> {
        match self.answer(answer).await? {
            Step::Finished(outcome) => Ok(outcome),
            _ => Err(EmvError::KernelLost),
        }
    }

    async fn run(self) -> Result<Step, EmvError> {
        let Self { mut session, bridge, kernel } = self;
        let kernel = session.converse(kernel).await?;
        match bridge.of_kernel() {
            Some(FromKernel::Prompt(prompt)) => Ok(Self { session, bridge, kernel }.step(prompt)),
            Some(FromKernel::Finished(end)) => {
                close(session).await;
                end.map(Step::Finished)
            }
            // The session has not sent a command, or the kernel has left nothing.
            Some(FromKernel::Command(_)) | None => Err(EmvError::KernelLost),
        }
    }

    fn step(self, prompt: Prompt) -> Step {
        let line = self;
        match prompt {
            Prompt::Application(candidates) => {
                Step::ChooseApplication(ChooseApplication { line, candidates })
            }
            Prompt::OfflinePin { card, key, tries_left } => {
                Step::EnterOfflinePin(EnterOfflinePin { line, card, key, tries_left })
            }
            Prompt::PinAtReader { card, tries_left } => {
                Step::EnterPinAtReader(EnterPinAtReader { line, card, tries_left })
            }
            Prompt::OnlinePin(card) => Step::EnterOnlinePin(EnterOnlinePin { line, card }),
            Prompt::Online { card, field55, cvm } => {
                Step::GoOnline(Box::new(GoOnline { line, card, field55, cvm }))
            }
        }
    }
}

/// Powers the card down; one that has left already is no matter any more.
async fn close(session: Box<dyn CardSession>) {
    if let Err(error) = session.close().await {
        tracing::debug!(%error, "the card could not be powered down");
    }
}

impl Outcome {
    /// Tells whether goods may be handed out.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.decision == Decision::Approved
    }
}
