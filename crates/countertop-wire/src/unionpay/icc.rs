//! Data of chip cards in field 55.

use crate::tlv::{Tag, Tlv, TlvError, TlvWriter, tags, tlvs};

/// The data objects of a financial request, in the order in which terminals send them.
pub const REQUEST_TAGS: &[Tag] = &[
    tags::APPLICATION_CRYPTOGRAM,
    tags::CRYPTOGRAM_INFORMATION_DATA,
    tags::ISSUER_APPLICATION_DATA,
    tags::UNPREDICTABLE_NUMBER,
    tags::APPLICATION_TRANSACTION_COUNTER,
    tags::TERMINAL_VERIFICATION_RESULTS,
    tags::TRANSACTION_DATE,
    tags::TRANSACTION_TYPE,
    tags::AMOUNT_AUTHORISED,
    tags::TRANSACTION_CURRENCY_CODE,
    tags::APPLICATION_INTERCHANGE_PROFILE,
    tags::TERMINAL_COUNTRY_CODE,
    tags::AMOUNT_OTHER,
    tags::TERMINAL_CAPABILITIES,
    tags::CVM_RESULTS,
    tags::TERMINAL_TYPE,
    tags::INTERFACE_DEVICE_SERIAL_NUMBER,
    tags::DEDICATED_FILE_NAME,
    tags::APPLICATION_VERSION_NUMBER_TERMINAL,
    tags::TRANSACTION_SEQUENCE_COUNTER,
    tags::PRODUCT_IDENTIFICATION,
    tags::ECASH_ISSUER_AUTHORISATION_CODE,
];

/// The data objects of a reversal.
pub const REVERSAL_TAGS: &[Tag] = &[
    tags::APPLICATION_TRANSACTION_COUNTER,
    tags::TERMINAL_VERIFICATION_RESULTS,
    tags::ISSUER_APPLICATION_DATA,
    tags::INTERFACE_DEVICE_SERIAL_NUMBER,
    tags::ISSUER_SCRIPT_RESULTS,
];

/// Returns the data objects of [`REQUEST_TAGS`] that `data` has, in that order. Whatever else is
/// there (a track, a card number) does not go to the host.
///
/// # Errors
///
/// [`TlvError`] when `data` is no BER-TLV.
pub fn request_icc_data(data: &[u8]) -> Result<Vec<u8>, TlvError> {
    select(data, REQUEST_TAGS)
}

/// Returns the data objects of [`REVERSAL_TAGS`] that `data` has.
///
/// # Errors
///
/// [`TlvError`] when `data` is no BER-TLV.
pub fn reversal_icc_data(data: &[u8]) -> Result<Vec<u8>, TlvError> {
    select(data, REVERSAL_TAGS)
}

fn select(data: &[u8], wanted: &[Tag]) -> Result<Vec<u8>, TlvError> {
    let objects = tlvs(data).collect::<Result<Vec<Tlv<'_>>, _>>()?;
    let find = |tag: &Tag| objects.iter().find(|object| object.tag == *tag);
    let chosen = wanted.iter().filter_map(find);
    Ok(chosen.fold(TlvWriter::new(), |out, object| out.put(object.tag, object.value)).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_put_in_order_and_cards_left_out() {
        let data = TlvWriter::new()
            .put(tags::APPLICATION_PAN, [0x62, 0, 0, 0, 0, 0, 0, 5])
            .put(tags::TRANSACTION_TYPE, [0])
            .put(tags::APPLICATION_CRYPTOGRAM, [1; 8])
            .finish();
        let request = request_icc_data(&data).unwrap();
        assert_eq!(request, [0x9F, 0x26, 8, 1, 1, 1, 1, 1, 1, 1, 1, 0x9C, 1, 0]);
        assert_eq!(reversal_icc_data(&data).unwrap(), []);
    }

    #[test]
    fn broken_data_is_an_error() {
        assert!(request_icc_data(&[0x9F, 0x26, 8, 1]).is_err());
    }
}
