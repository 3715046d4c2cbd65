//! Errors of host messaging.

use countertop_device::DeviceError;

/// Says why a dialogue with the host came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// The connection could not be made; nothing was sent.
    #[error("host {host}: connect: {source}; check the network and the host's address")]
    Connect {
        /// The host's address.
        host: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The connection broke or the deadline passed after bytes had left.
    #[error("host {host}: {action}: no answer in time")]
    NoAnswer {
        /// The host's address.
        host: String,
        /// What was asked.
        action: &'static str,
    },
    /// The answer does not belong to the request, or cannot be read.
    #[error("host {host}: {action}: {reason}")]
    BadAnswer {
        /// The host's address.
        host: String,
        /// What was asked.
        action: &'static str,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The message authentication code does not verify.
    #[error("host {host}: {action}: message authentication code is wrong; sign in again")]
    BadMac {
        /// The host's address.
        host: String,
        /// What was asked.
        action: &'static str,
    },
    /// A working key does not fit its check value; the old keys stay.
    #[error("host {host}: sign in: check value of the {key} key is wrong; call the acquirer")]
    BadKey {
        /// The host's address.
        host: String,
        /// Which key.
        key: &'static str,
    },
    /// The host refuses.
    #[error("host {host}: {action}: refused with {code}")]
    Refused {
        /// The host's address.
        host: String,
        /// What was asked.
        action: &'static str,
        /// The response code.
        code: crate::ResponseCode,
    },
    /// The request cannot be put into a message.
    #[error("request cannot be built: {0}")]
    BadRequest(String),
    /// The PIN pad failed.
    #[error(transparent)]
    PinPad(#[from] DeviceError),
}
