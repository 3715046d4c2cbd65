//! UnionPay-style hosts over TCP.
//!
//! [`UnionPay`] is the terminal's side of the dialogue: sign-in with working keys, sale and void by
//! every way a card comes in, reversal, settlement, batch upload, download of chip
//! parameters, sign-out. Each request has its own
//! connection and its deadline. [`describe`] shows a frame for people.

mod acquirer;
mod answer;
mod authenticate;
mod describe;
mod download;
mod financial;
mod messages;
mod profile;
mod reversal;
mod settle;
mod sign_in;
mod transport;

use countertop_device::{DeviceError, DeviceErrorKind, PinPad};
use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{Frame, HostTask};
use zeroize::Zeroizing;

pub use describe::{
    BadHex, DescribeError, Description, FieldDescription, HeaderDescription, MacDescription,
    MacKey, Part, TpduDescription, describe, describe_with, frame_from_hex,
};
pub use profile::{BadProfile, MacKind, Profile};

use financial::bad_request;
use profile::Checked;
use transport::{Failure, exchange};

use crate::HostError;

/// Speaks with a UnionPay-style host.
#[derive(Debug)]
pub struct UnionPay {
    profile: Checked,
    host_task: HostTask,
    double_length_pin_key: bool,
}

impl UnionPay {
    /// Takes a profile; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// [`BadProfile`] names the entry that cannot be used.
    pub fn new(profile: Profile) -> Result<Self, BadProfile> {
        let profile = Checked::try_from(profile)?;
        Ok(Self { profile, host_task: HostTask::None, double_length_pin_key: true })
    }

    /// Returns the profile.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile.profile
    }

    /// Returns what the host asked for in its last answer: parameters to download, keys of
    /// certification authorities to update, another sign-in.
    #[must_use]
    pub fn host_task(&self) -> HostTask {
        self.host_task
    }

    /// Puts a message into a frame with its length in front.
    fn frame(&self, message: &Message) -> Result<Zeroizing<Vec<u8>>, HostError> {
        let Checked { tpdu, header, .. } = self.profile;
        let frame = Frame { tpdu, header, message: Zeroizing::new(message.emit()) };
        frame.emit().map(Zeroizing::new).map_err(bad_request)
    }

    /// Sends a frame and returns the answer and its bytes, if it belongs to the request.
    async fn exchange(
        &mut self,
        frame: &[u8],
        request: &Message,
        action: &'static str,
    ) -> Result<(Message, Frame), Failure> {
        tracing::debug!(host = %self.profile.profile.host, mti = %request.mti(), action, "request");
        let frame = exchange(&self.profile, frame, action).await?;
        let read = frame.read_message().map_err(|error| error.to_string());
        let accepted = read.and_then(|answer| match answer::mismatch(request, &answer) {
            Some(reason) => Err(reason),
            None => Ok(answer),
        });
        let answer = accepted.map_err(|reason| Failure::NoAnswer(self.bad(action, reason)))?;
        self.note_task(&frame);
        tracing::debug!(mti = %answer.mti(), code = answer.text(39), action, "answer");
        Ok((answer, frame))
    }

    /// Sends a message that carries no authentication code and returns an answer of approval.
    async fn manage(
        &mut self,
        request: &Message,
        action: &'static str,
    ) -> Result<Message, HostError> {
        let frame = self.frame(request)?;
        let (answer, _) = self.exchange(&frame, request, action).await?;
        let code = answer::code(&answer).map_err(|reason| self.bad(action, reason))?;
        if code == crate::ResponseCode::APPROVED {
            return Ok(answer);
        }
        Err(HostError::Refused { host: self.profile.profile.host.clone(), action, code })
    }

    fn note_task(&mut self, frame: &Frame) {
        self.host_task = frame.header.task();
        if self.host_task != HostTask::None {
            tracing::info!(task = %self.host_task, "the host asks for a task");
        }
    }

    fn bad(&self, action: &'static str, reason: impl Into<String>) -> HostError {
        let host = self.profile.profile.host.clone();
        HostError::BadAnswer { host, action, reason: reason.into() }
    }

    /// Refuses a PIN pad with test keys when the host is live.
    fn check_pin_pad(&self, pin_pad: &dyn PinPad) -> Result<(), DeviceError> {
        if !self.profile.profile.live || !pin_pad.capabilities().test_keys_only {
            return Ok(());
        }
        let device = pin_pad.info().selector.to_string();
        let error = DeviceError::new(DeviceErrorKind::InvalidInput, device, "use at a live host");
        Err(error
            .with_source("it holds test keys only")
            .with_help("attach a PIN pad with keys of the acquirer, or set live = false"))
    }
}
