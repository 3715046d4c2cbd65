//! ISO 8583 field 55: what the host learns of the card.

use countertop_device::Sensitive;
use countertop_wire::tlv::{Tag, TlvWriter, tags};

/// The data objects of an authorisation request, in UnionPay's order.
const REQUEST: [Tag; 21] = [
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
];

/// Writes field 55; a data object that nobody has is left out.
pub(crate) fn build(value: impl Fn(Tag) -> Option<Vec<u8>>) -> Sensitive {
    let writer =
        REQUEST.into_iter().fold(TlvWriter::new(), |field, tag| field.put_some(tag, value(tag)));
    writer.finish().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_and_leaves_gaps_out() {
        let field = build(|tag| match tag {
            tags::TRANSACTION_TYPE => Some(vec![0x00]),
            tags::CRYPTOGRAM_INFORMATION_DATA => Some(vec![0x80]),
            tags::APPLICATION_PAN => Some(vec![0x62]),
            _ => None,
        });
        assert_eq!(field.expose(), [0x9F, 0x27, 0x01, 0x80, 0x9C, 0x01, 0x00]);
    }
}
