//! Reversals: the saved request with another type, without what must not be kept.

use countertop_device::Sensitive;
use countertop_wire::iso8583::{Message, Mti};
use countertop_wire::unionpay::{Original, TransactionInformation, reversal_icc_data};

use super::financial::bad_request;
use crate::{HostError, ReversalReason};

/// What a reversal leaves out: PIN (26, 52, 53), tracks (35, 36), the original's reference number
/// (37), a payment code (59), and the authentication code, which is computed when it is sent (64).
const LEFT_OUT: [u8; 8] = [26, 35, 36, 37, 52, 53, 59, 64];

/// Returns what a journal keeps in order to reverse a request: the message of type 0400 without
/// reason and authentication code.
pub(super) fn save(request: &Message) -> Result<Sensitive, HostError> {
    let mut reversal = request.clone();
    reversal.set_mti(Mti::REVERSAL);
    for field in LEFT_OUT {
        reversal.remove(field);
    }
    if let Some(data) = request.get(55) {
        let data = reversal_icc_data(data).map_err(bad_request)?;
        reversal.set(55, data).map_err(bad_request)?;
    }
    if request.get(61).is_some() {
        let itself = itself(request).ok_or_else(|| bad_request("void without trace number"))?;
        reversal.set(61, itself.to_string()).map_err(bad_request)?;
    }
    Ok(Sensitive::new(reversal.emit()))
}

/// In the reversal of a void, the original is the void itself, without a date.
fn itself(request: &Message) -> Option<Original> {
    let information: TransactionInformation = request.text(60)?.parse().ok()?;
    let stan = request.text(11)?.parse().ok()?;
    let date = Some("0000".into());
    Some(Original { batch: information.batch, stan, date, rest: String::new() })
}

/// Completes a saved reversal with its reason and, of a sale, the authorisation code.
pub(super) fn complete(
    saved: &Sensitive,
    reason: ReversalReason,
    authorization_code: Option<&str>,
) -> Result<Message, HostError> {
    let mut reversal = Message::parse(saved.expose()).map_err(bad_request)?;
    if reversal.mti() != Mti::REVERSAL {
        return Err(bad_request("saved reversal is none"));
    }
    reversal.set(39, reason_code(reason)).map_err(bad_request)?;
    if let Some(code) = authorization_code
        && reversal.get(38).is_none()
    {
        reversal.set(38, format!("{code:<6}")).map_err(bad_request)?;
    }
    Ok(reversal)
}

fn reason_code(reason: ReversalReason) -> &'static str {
    match reason {
        ReversalReason::NoAnswer => "98",
        ReversalReason::CannotComplete => "96",
        ReversalReason::BadMac => "A0",
        ReversalReason::Other => "06",
    }
}
