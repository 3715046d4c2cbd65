//! A PIN that is asked for.

use core::fmt;
use core::time::Duration;

use countertop_wire::pin_block::{DesKey, Pin, encode_format0};
use countertop_wire::pinpad::{
    AmountPinRequest, OfflinePinRequest, OfflinePinResponse, PinEntryRequest, PinError,
    PinResponse, Response,
};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::keypad::Entry;
use super::offline::encipher;

/// Time for an entry when the host names none (PP791 p. 202: nine times 30 seconds).
const DEFAULT_HALF_MINUTES: u8 = 9;

/// Is what becomes of the PIN.
enum Use {
    Online { key: DesKey, account: Zeroizing<Vec<u8>> },
    Offline(OfflinePinRequest),
}

pub(super) struct Prompt {
    pub(super) lines: Vec<String>,
    pub(super) processing: String,
    pub(super) entry: Entry,
    pub(super) deadline: Instant,
    purpose: Use,
}

impl Prompt {
    pub(super) fn of_pin_entry(request: PinEntryRequest, key: DesKey) -> Self {
        Self {
            lines: vec![request.prompt, request.second_prompt],
            processing: request.processing_prompt,
            entry: Entry::new(request.min_length, request.max_length, request.null_allowed),
            deadline: deadline(request.half_minutes),
            purpose: Use::Online { key, account: request.account },
        }
    }

    pub(super) fn of_amount(request: AmountPinRequest, key: DesKey) -> Self {
        Self {
            lines: vec!["TOTAL AMOUNT".into(), format!("${}", request.amount), "ENTER PIN".into()],
            processing: "PROCESSING".into(),
            entry: Entry::new(4, 12, false),
            deadline: deadline(request.half_minutes),
            purpose: Use::Online { key, account: request.account },
        }
    }

    pub(super) fn of_offline(request: OfflinePinRequest) -> Self {
        Self {
            lines: vec![request.prompt.clone(), "ENTER PIN".into()],
            processing: "PROCESSING".into(),
            entry: Entry::new(4, 12, true),
            deadline: deadline(request.half_minutes),
            purpose: Use::Offline(request),
        }
    }

    /// Returns the answer to enter without a digit.
    pub(super) fn bypassed(&self) -> Response {
        match self.purpose {
            Use::Online { .. } => Response::Pin(PinResponse::Null),
            Use::Offline(_) => Response::OfflinePin(OfflinePinResponse::Null),
        }
    }

    /// Encrypts the PIN, which is wiped on return.
    pub(super) fn entered(&self, pin: Pin) -> Response {
        match &self.purpose {
            Use::Online { key, account } => Response::Pin(online(&pin, key, account)),
            Use::Offline(request) => Response::OfflinePin(encipher(&pin, request)),
        }
    }
}

fn online(pin: &Pin, key: &DesKey, account: &[u8]) -> PinResponse {
    let Ok(block) = encode_format0(pin, account) else {
        return PinResponse::Refused(PinError::Account);
    };
    let length = u8::try_from(pin.expose().len()).unwrap_or_default();
    PinResponse::Entered { length, block: Zeroizing::new(key.encrypt_block(*block)) }
}

fn deadline(half_minutes: Option<u8>) -> Instant {
    let units = half_minutes.unwrap_or(DEFAULT_HALF_MINUTES);
    Instant::now() + Duration::from_secs(30 * u64::from(units))
}

impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prompt").field("lines", &self.lines).finish_non_exhaustive()
    }
}
