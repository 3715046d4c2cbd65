//! Between the kernel and the caller's end.

use core::convert::Infallible;
use core::future::poll_fn;
use core::task::Poll;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_device::Sensitive;
use countertop_wire::apdu::StatusWord;
use emv::contact::online_processing::{OnlineAuthorisation, OnlineAuthorisationResponse};
use emv::contact::transaction::TransactionContext;
use emv::contact::transaction_driver::DriverError;
use emv::core::apdu::{Command, Response};
use emv::core::card_reader::CardReader;
use emv::core::generate_ac::GenerateAcResponse;

use super::run::{Answer, FromKernel, Prompt, ToKernel};
use crate::EmvError;

/// Says why the kernel, or a function of the crate, cannot go on.
#[derive(Debug)]
pub(super) enum Stop {
    /// The card's answer to this command is not known yet.
    Awaits(Command),
    /// The transaction cannot go on.
    Failed(EmvError),
}

/// Is where kernel and caller leave messages for each other; at most one is under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Bridge(Arc<Mutex<Messages>>);

#[derive(Debug, Default)]
struct Messages {
    to_caller: Option<FromKernel>,
    to_kernel: Option<ToKernel>,
}

impl Bridge {
    /// Asks the caller and waits for as long as the answer takes.
    pub(super) async fn ask(&self, prompt: Prompt) -> Result<Answer, Stop> {
        match self.exchange(FromKernel::Prompt(prompt)).await {
            ToKernel::Answer(answer) => Ok(answer),
            ToKernel::Response(_) => Err(Stop::Failed(EmvError::KernelLost)),
        }
    }

    /// Sends a command to the card and waits for its answer.
    pub(super) async fn transmit(&self, command: &Command) -> Result<Response, Stop> {
        let bytes = command.to_bytes()?;
        match self.exchange(FromKernel::Command(Sensitive::new(bytes))).await {
            ToKernel::Response(response) => Ok(Response::parse(response.expose())?),
            ToKernel::Answer(_) => Err(Stop::Failed(EmvError::KernelLost)),
        }
    }

    /// Leaves a message for the caller.
    pub(super) fn to_caller(&self, message: FromKernel) {
        self.messages().to_caller = Some(message);
    }

    /// Leaves a message for the kernel.
    pub(super) fn to_kernel(&self, message: ToKernel) {
        self.messages().to_kernel = Some(message);
    }

    /// Takes what the kernel has left.
    pub(super) fn of_kernel(&self) -> Option<FromKernel> {
        self.messages().to_caller.take()
    }

    /// Takes what the kernel has left, if that is a command.
    pub(super) fn command(&self) -> Option<Sensitive> {
        let is_command = |message: &mut FromKernel| matches!(message, FromKernel::Command(_));
        match self.messages().to_caller.take_if(is_command) {
            Some(FromKernel::Command(command)) => Some(command),
            _ => None,
        }
    }

    /// Leaves a message and waits for the one that comes back. Nobody has to be woken for it: who
    /// leaves it goes on with the kernel.
    async fn exchange(&self, message: FromKernel) -> ToKernel {
        self.to_caller(message);
        poll_fn(|_| match self.messages().to_kernel.take() {
            Some(message) => Poll::Ready(message),
            None => Poll::Pending,
        })
        .await
    }

    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Is the card as the functions of the crate see it: it has the answers that came so far, and stops
/// them at the next one.
#[derive(Debug, Default)]
pub(super) struct Replies {
    known: Vec<Response>,
    taken: usize,
}

impl Replies {
    /// Forgets all answers, before another function is called.
    pub(super) fn forget(&mut self) {
        self.known.clear();
        self.taken = 0;
    }

    /// Adds an answer, before the same function is called again.
    pub(super) fn add(&mut self, answer: Response) {
        self.known.push(answer);
        self.taken = 0;
    }
}

impl CardReader for Replies {
    type Error = Stop;

    fn transmit(&mut self, command: &Command) -> Result<Response, Stop> {
        let answer = self.known.get(self.taken).cloned();
        self.taken += 1;
        answer.ok_or_else(|| Stop::Awaits(command.clone()))
    }
}

impl From<EmvError> for Stop {
    fn from(error: EmvError) -> Self {
        Self::Failed(error)
    }
}

impl From<emv::Error> for Stop {
    fn from(error: emv::Error) -> Self {
        Self::Failed(EmvError::malformed("a command", error))
    }
}

impl From<DriverError<Self, Infallible>> for Stop {
    fn from(error: DriverError<Self, Infallible>) -> Self {
        Self::Failed(match error {
            DriverError::Transport(stop) => return stop,
            DriverError::Auth(never) => match never {},
            DriverError::Spec(error) => return error.into(),
            DriverError::StatusWord { sw: 0x6A81, command } if command.starts_with("SELECT") => {
                EmvError::CardBlocked
            }
            DriverError::StatusWord { command, sw } => {
                EmvError::Refused { command, status: StatusWord(sw) }
            }
            DriverError::UnknownAid
            | DriverError::NoMatchingApplication
            | DriverError::NotSelected => EmvError::NoApplication,
            DriverError::NoAfl => {
                EmvError::Missing(countertop_wire::tlv::tags::APPLICATION_FILE_LOCATOR)
            }
        })
    }
}

/// Stands where the crate `emv` wants a host; ours is asked between its steps.
#[derive(Debug)]
pub(super) struct NoHost;

impl OnlineAuthorisation for NoHost {
    type Error = Infallible;

    fn authorise(
        &mut self,
        _: &TransactionContext<'_>,
        _: &GenerateAcResponse,
    ) -> Result<OnlineAuthorisationResponse, Infallible> {
        // Never called: the kernel does not use the driver's `authorise_online`.
        Ok(OnlineAuthorisationResponse {
            authorisation_response_code: super::issuer::DECLINED_OFFLINE,
            issuer_authentication_data: None,
            issuer_scripts: Vec::new(),
        })
    }
}
