//! Authentication codes, computed in the PIN pad.

use countertop_device::{DeviceError, PinPad};
use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{fold, mac_text, split_mac};
use zeroize::Zeroizing;

use super::financial::bad_request;
use super::profile::MacKind;
use crate::HostError;

/// Adds field 64.
pub(super) async fn sign(
    pin_pad: &mut dyn PinPad,
    kind: MacKind,
    message: &mut Message,
) -> Result<(), HostError> {
    message.set(64, [0; 8]).map_err(bad_request)?;
    let bytes = Zeroizing::new(message.emit());
    let (block, _) = split_mac(&bytes).ok_or_else(|| bad_request("field 64 is not the last"))?;
    let code = compute(pin_pad, kind, block).await?;
    message.set(64, code).map_err(bad_request)
}

/// Tells whether field 64 of a message is right; `None` when it has none.
pub(super) async fn verify(
    pin_pad: &mut dyn PinPad,
    kind: MacKind,
    message: &[u8],
) -> Result<Option<bool>, DeviceError> {
    let Some((block, received)) = split_mac(message) else { return Ok(None) };
    let computed = compute(pin_pad, kind, block).await?;
    Ok(Some(computed == received))
}

async fn compute(
    pin_pad: &mut dyn PinPad,
    kind: MacKind,
    block: &[u8],
) -> Result<[u8; 8], DeviceError> {
    match kind {
        MacKind::Ecb => Ok(mac_text(pin_pad.compute_mac(&fold(block)).await?)),
        MacKind::X99 => pin_pad.compute_mac(block).await,
    }
}
