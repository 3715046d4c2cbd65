//! The kernel's side: asks the caller's end and waits for it.

use core::convert::Infallible;
use std::sync::mpsc;

use countertop_device::Sensitive;
use countertop_wire::apdu::StatusWord;
use emv::contact::online_processing::{OnlineAuthorisation, OnlineAuthorisationResponse};
use emv::contact::transaction::TransactionContext;
use emv::contact::transaction_driver::DriverError;
use emv::core::apdu::{Command, Response};
use emv::core::card_reader::CardReader;
use emv::core::generate_ac::GenerateAcResponse;
use tokio::sync::mpsc as host;

use super::Outcome;
use super::run::{Answer, FromKernel, Prompt, ToKernel};
use crate::EmvError;

/// Says why the kernel has to end.
#[derive(Debug)]
pub(super) enum Stop {
    /// The caller's end is gone: it met an error, or was dropped.
    Abandoned,
    /// The transaction cannot go on.
    Failed(EmvError),
}

/// Is the kernel's end of the two channels.
#[derive(Debug)]
pub(super) struct Bridge {
    to_host: host::Sender<FromKernel>,
    from_host: mpsc::Receiver<ToKernel>,
}

impl Bridge {
    pub(super) fn new(
        to_host: host::Sender<FromKernel>,
        from_host: mpsc::Receiver<ToKernel>,
    ) -> Self {
        Self { to_host, from_host }
    }

    /// Asks the caller and waits for as long as the answer takes.
    pub(super) fn ask(&self, prompt: Prompt) -> Result<Answer, Stop> {
        match self.exchange(FromKernel::Prompt(prompt))? {
            ToKernel::Answer(answer) => Ok(answer),
            ToKernel::Response(_) => Err(Stop::Failed(EmvError::KernelLost)),
        }
    }

    /// Tells the end of the transaction.
    pub(super) fn finish(&self, end: Result<Box<Outcome>, EmvError>) {
        // A caller that has gone does not want to know.
        let _ = self.to_host.blocking_send(FromKernel::Finished(end));
    }

    fn exchange(&self, message: FromKernel) -> Result<ToKernel, Stop> {
        self.to_host.blocking_send(message).map_err(|_| Stop::Abandoned)?;
        self.from_host.recv().map_err(|_| Stop::Abandoned)
    }
}

impl CardReader for Bridge {
    type Error = Stop;

    fn transmit(&mut self, command: &Command) -> Result<Response, Stop> {
        let bytes = command.to_bytes()?;
        match self.exchange(FromKernel::Command(Sensitive::new(bytes)))? {
            ToKernel::Response(response) => Ok(Response::parse(response.expose())?),
            ToKernel::Answer(_) => Err(Stop::Failed(EmvError::KernelLost)),
        }
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
