//! The card's cryptogram among its data objects.

use countertop_wire::tlv::tags;

use super::Objects;
use crate::{ApplicationCryptogram, CryptogramKind, EmvError};

/// Reads a cryptogram with what belongs to it.
///
/// `information` is Cryptogram Information Data (`9F27`), `value` the cryptogram (`9F26`), which a
/// combined signature hides.
pub(in crate::contactless) fn read_cryptogram(
    objects: &Objects,
    information: u8,
    value: [u8; 8],
) -> Result<ApplicationCryptogram, EmvError> {
    let kind = CryptogramKind::from_information(information)
        .ok_or_else(|| EmvError::malformed("a command", "a cryptogram of a reserved kind"))?;
    let counter = objects.fixed(tags::APPLICATION_TRANSACTION_COUNTER)?;
    Ok(ApplicationCryptogram {
        kind,
        information,
        value,
        counter: u16::from_be_bytes(counter),
        issuer_application_data: objects
            .get(tags::ISSUER_APPLICATION_DATA)
            .unwrap_or_default()
            .to_vec(),
    })
}
