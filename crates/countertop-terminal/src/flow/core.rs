//! What every state of the flow carries along.

use std::sync::Arc;

use countertop_acquirer::{Acquirer, HostError, PreparedRequest, Submission, Verdict};
use countertop_device::{Attention, DeviceError, DeviceErrorKind, PinPad};
use countertop_emv::contactless::EntryPoint;
use countertop_emv::parameters::EmvParameters;
use countertop_hub::Devices;

use super::TerminalSettings;
use crate::journal::Journal;
use crate::operators::{OperatorBook, SignedInOperator};
use crate::vault::Randomness;
use crate::{Clock, OperatorNumber};

/// Holds the parts that a terminal is made of; all of them are passed in, so that training, tests
/// and the real thing are one program.
#[derive(Debug)]
pub struct TerminalParts {
    /// The devices by role.
    pub devices: Devices,
    /// The host.
    pub acquirer: Box<dyn Acquirer>,
    /// The books.
    pub journal: Journal,
    /// The operators.
    pub operators: OperatorBook,
    /// EMV data of the terminal.
    pub emv: Arc<EmvParameters>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of random bytes.
    pub randomness: Arc<dyn Randomness>,
    /// Everything else.
    pub settings: TerminalSettings,
}

/// Is what the states hand from one to the next.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) parts: TerminalParts,
    /// The host asked to sign in again.
    pub(super) sign_in_due: bool,
    /// The books did not take the end of a transaction: they have to be recovered before the next.
    pub(super) recovery_due: bool,
    /// The last chip could not be read, so that the stripe of a chip card may be used.
    pub(super) chip_failed: bool,
    /// A card was inserted and has not been taken yet, as far as is known.
    pub(super) card_in: bool,
    /// Takes the taps, and remembers those that were torn.
    pub(super) entry_point: EntryPoint,
}

/// Is an operator at a terminal.
#[derive(Debug)]
pub(super) struct Duty {
    pub(super) core: Box<Core>,
    pub(super) signed_in: SignedInOperator,
}

impl Duty {
    pub(super) fn operator(&self) -> OperatorNumber {
        self.signed_in.number()
    }

    /// Signs the operator out. That the audit log does not take it keeps nobody signed in.
    pub(super) fn leave(mut self) -> Box<Core> {
        let parts = &mut self.core.parts;
        if let Err(error) = parts.operators.sign_out(&mut parts.journal, self.signed_in) {
            tracing::error!(%error, "sign-out not in the audit log");
        }
        self.core
    }
}

impl Core {
    /// Borrows host and PIN pad together, which every authenticated message needs.
    pub(super) async fn host_and_pin_pad(
        &mut self,
    ) -> Result<(&mut dyn Acquirer, &mut dyn PinPad), HostError> {
        let pin_pad = self.parts.devices.pin_pad.open().await?.as_mut();
        Ok((self.parts.acquirer.as_mut(), pin_pad))
    }

    /// Takes note of what makes a new sign-in necessary: the host asked for it, the keys of both
    /// sides differ, or the PIN pad failed in a dialogue with the host.
    pub(super) fn note_host_error(&mut self, error: &HostError) {
        match error {
            HostError::PinPad(error) => self.note_pin_pad(error),
            HostError::BadMac { .. } => self.sign_in_due = true,
            HostError::Refused { code, .. } => {
                self.sign_in_due |= code.verdict() == Verdict::SignInAgain;
            }
            _ => {}
        }
    }

    /// Notes an error as [`note_host_error`](Self::note_host_error) does, when the PIN pad was asked for
    /// a PIN. One that was lost comes back without working keys.
    pub(super) fn note_pin_pad(&mut self, error: &DeviceError) {
        const KEYS_MISSING: DeviceErrorKind =
            DeviceErrorKind::NeedsAttention(Attention::KeysMissing);
        self.parts.devices.pin_pad.note(error);
        self.sign_in_due |= matches!(error.kind(), DeviceErrorKind::Disconnected | KEYS_MISSING);
    }

    /// Sends a request whose reversal is in the journal.
    pub(super) async fn submit(&mut self, prepared: &PreparedRequest) -> Submission {
        match self.host_and_pin_pad().await {
            Ok((host, pin_pad)) => host.submit(pin_pad, prepared).await,
            Err(error) => Submission::NotSent(error),
        }
    }
}
