//! PINs at the PIN pad, from which they come enciphered.

use core::time::Duration;

use countertop_device::{
    EncryptedPinBlock, Money, PinBlockFormat, PinEntry, PinRequest, Sensitive,
};
use countertop_emv::contact::{EnterOfflinePin, EnterOnlinePin, Step};

use super::failed;
use super::host::Host;
use crate::failure::Failure;

/// How long a cardholder may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Is what came of asking for a PIN.
pub(super) enum Typed {
    Block(EncryptedPinBlock),
    Nothing,
    NoPinPad,
}

/// Asks for a PIN that goes to the host.
pub(super) async fn online(
    host: &mut Host,
    pan: &Sensitive,
    amount: Money,
) -> Result<Typed, Failure> {
    let Some(pin_pad) = host.pin_pad().await? else { return Ok(Typed::NoPinPad) };
    let request = PinRequest {
        pan: pan.clone(),
        amount,
        format: PinBlockFormat::Iso0,
        min_length: 4,
        max_length: 6,
        timeout: PATIENCE,
    };
    match pin_pad.encrypt_pin(&request).await? {
        PinEntry::Entered(block) => Ok(Typed::Block(block)),
        PinEntry::Bypassed => Ok(Typed::Nothing),
        PinEntry::Cancelled | PinEntry::TimedOut => Err(Failure::new("cancelled at the PIN pad")),
    }
}

/// Lets the kernel go on with a PIN for the host; gives the block too.
pub(super) async fn online_step(
    host: &mut Host,
    entry: EnterOnlinePin,
    amount: Money,
) -> Result<(Step, Option<EncryptedPinBlock>), Failure> {
    let pan = entry.card().pan.clone();
    let (step, block) = match online(host, &pan, amount).await? {
        Typed::Block(block) => (entry.captured().await, Some(block)),
        Typed::Nothing => (entry.bypassed().await, None),
        Typed::NoPinPad => (entry.pin_pad_failed().await, None),
    };
    Ok((step.map_err(|error| failed(&error))?, block))
}

/// Lets the kernel go on with a PIN for the card.
pub(super) async fn offline_step(
    host: &mut Host,
    entry: EnterOfflinePin,
    amount: Money,
) -> Result<Step, Failure> {
    let request = entry.request(amount, PATIENCE);
    let step = match host.pin_pad().await? {
        None => entry.pin_pad_failed().await,
        Some(pin_pad) => match pin_pad.encipher_offline_pin(&request).await? {
            PinEntry::Entered(data) => entry.enciphered(data).await,
            PinEntry::Bypassed => entry.bypassed().await,
            PinEntry::Cancelled | PinEntry::TimedOut => {
                return Err(Failure::new("cancelled at the PIN pad"));
            }
        },
    };
    step.map_err(|error| failed(&error))
}
