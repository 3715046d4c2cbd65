//! Verifying the cardholder: the PIN, where the rules demand one.

use countertop_acquirer::{CardEntry, Stan};
use countertop_device::{
    DeviceError, EncryptedPinBlock, Money, PinBlockFormat, PinEntry, PinRequest, Sensitive,
};
use countertop_hub::Role;
use countertop_wire::iso7813::Track2;

use super::card::Presented;
use super::chip::{ChipState, Stop};
use super::core::Core;
use super::{Attendant, CardPresented, Ending, FlowError, Prompt, Ready, Step};
use crate::journal::SignatureState;
use crate::vault::MaskedPan;

/// Is a sale whose card is read and whose cardholder is verified as far as the terminal can.
#[derive(Debug)]
pub struct Verified {
    pub(super) ready: Ready,
    pub(super) stan: Stan,
    pub(super) amount: Money,
    pub(super) entry: CardEntry,
    pub(super) masked: String,
    pub(super) label: Option<String>,
    pub(super) pin_block: Option<EncryptedPinBlock>,
    pub(super) foreign: bool,
    pub(super) chip: ChipState,
    pub(super) signature: SignatureState,
}

/// Is what the card and the cardholder gave.
pub(super) struct Read {
    pub(super) entry: CardEntry,
    pub(super) label: Option<String>,
    pub(super) pin_block: Option<EncryptedPinBlock>,
    pub(super) foreign: bool,
    pub(super) chip: ChipState,
    pub(super) signature: SignatureState,
}

impl CardPresented {
    /// Reads the card and asks for the PIN where card, amount and limits demand one.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed. The attendant's cancel ends the transaction.
    pub async fn verify(self, attendant: &mut dyn Attendant) -> Step<Verified> {
        let Self { mut ready, amount, card } = self;
        let core = &mut ready.duty.core;
        let stan = match core.parts.journal.next_stan() {
            Ok(stan) => stan,
            Err(error) => return ready.failed(error, attendant).await,
        };
        let read = match card {
            Presented::Stripe { track2, fallback } => {
                core.read_stripe(&track2, fallback, amount, attendant).await
            }
            Presented::Chip(session) => core.read_chip(session, stan, amount, attendant).await,
            Presented::Contactless(session) => {
                core.read_contactless(session, stan, amount, attendant).await
            }
            Presented::Code(code) => Ok(read_code(code)),
        };
        match read {
            Ok(read) => Step::Next(Verified::new(ready, stan, amount, read)),
            Err(stop) => ready.stopped(stop, attendant).await,
        }
    }
}

impl Verified {
    fn new(ready: Ready, stan: Stan, amount: Money, read: Read) -> Self {
        let Read { entry, label, pin_block, foreign, chip, signature } = read;
        let masked = match &entry {
            CardEntry::Code { code } => Some(MaskedPan::of_code(code)),
            card => card.pan().map(MaskedPan::of_pan),
        };
        let masked = masked.map(|masked| masked.as_str().to_owned()).unwrap_or_default();
        Self { ready, stan, amount, entry, masked, label, pin_block, foreign, chip, signature }
    }
}

impl Ready {
    async fn stopped(mut self, stop: Stop, attendant: &mut dyn Attendant) -> Step<Verified> {
        match &stop {
            Stop::Device(Role::PinPad, error) => self.duty.core.note_pin_pad(error),
            Stop::Device(role, error) => self.duty.core.parts.devices.note(*role, error),
            _ => {}
        }
        match stop {
            Stop::Cancelled => self.ended(Ending::Cancelled, attendant).await,
            Stop::CardLeft => self.failed(FlowError::CardLeft, attendant).await,
            Stop::Declined => self.ended(Ending::Declined(None), attendant).await,
            Stop::Device(_, error) => self.failed(error, attendant).await,
            Stop::Card(error) => self.failed(error, attendant).await,
        }
    }
}

/// A code needs neither PIN nor signature: the customer's telephone asked for what it wanted.
fn read_code(code: Sensitive) -> Read {
    Read {
        entry: CardEntry::Code { code },
        label: None,
        pin_block: None,
        foreign: false,
        chip: ChipState::None,
        signature: SignatureState::NotRequired,
    }
}

impl Core {
    async fn read_stripe(
        &mut self,
        track2: &Track2,
        fallback: bool,
        amount: Money,
        attendant: &mut dyn Attendant,
    ) -> Result<Read, Stop> {
        let pan = Sensitive::from(track2.pan().expose().as_bytes());
        let pin_block = self.ask_pin(&pan, amount, attendant).await?;
        let signed = self.parts.settings.sign_stripe || pin_block.is_none();
        self.chip_failed = false;
        Ok(Read {
            entry: CardEntry::Stripe {
                pan,
                expiry: track2.expiry().map(|expiry| expiry.to_yymm()).unwrap_or_default(),
                track2: Sensitive::new(track2.to_text().to_vec()),
                fallback,
            },
            label: None,
            pin_block,
            foreign: false,
            chip: ChipState::None,
            signature: if signed { SignatureState::Required } else { SignatureState::NotRequired },
        })
    }

    /// Asks for the PIN at the PIN pad; `None` when the cardholder pressed enter without one.
    pub(super) async fn ask_pin(
        &mut self,
        pan: &Sensitive,
        amount: Money,
        attendant: &mut dyn Attendant,
    ) -> Result<Option<EncryptedPinBlock>, Stop> {
        attendant.show(&Prompt::EnterPin { amount });
        let request = PinRequest {
            pan: pan.clone(),
            amount,
            format: PinBlockFormat::Iso0,
            min_length: 4,
            max_length: 6,
            timeout: self.parts.settings.prompt_timeout(),
        };
        let entry = tokio::select! {
            biased;
            () = attendant.cancelled() => None,
            entry = self.encrypt_pin(&request) => Some(entry.map_err(Stop::pin_pad)?),
        };
        match entry {
            Some(PinEntry::Entered(block)) => Ok(Some(block)),
            Some(PinEntry::Bypassed) => Ok(None),
            Some(PinEntry::Cancelled | PinEntry::TimedOut) => Err(Stop::Cancelled),
            None => {
                self.clear_pin_pad().await;
                Err(Stop::Cancelled)
            }
        }
    }

    async fn encrypt_pin(&mut self, request: &PinRequest) -> Result<PinEntry, DeviceError> {
        self.parts.devices.pin_pad.open().await?.encrypt_pin(request).await
    }

    /// Ends a prompt that still stands at the PIN pad.
    pub(super) async fn clear_pin_pad(&mut self) {
        let cleared = match self.parts.devices.pin_pad.open().await {
            Ok(pin_pad) => pin_pad.display(&[]).await,
            Err(error) => Err(error),
        };
        if let Err(error) = cleared {
            tracing::warn!(%error, "prompt at the PIN pad not ended");
            self.parts.devices.pin_pad.note(&error);
        }
    }
}
