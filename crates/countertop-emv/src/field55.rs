//! ISO 8583 field 55: what the host learns of the card.

use countertop_device::Sensitive;
use countertop_wire::tlv::{Tag, TlvWriter};
use countertop_wire::unionpay::REQUEST_TAGS;

/// Writes field 55; a data object that nobody has is left out.
pub(crate) fn build(value: impl Fn(Tag) -> Option<Vec<u8>>) -> Sensitive {
    let put = |field: TlvWriter, tag: &Tag| field.put_some(*tag, value(*tag));
    REQUEST_TAGS.iter().fold(TlvWriter::new(), put).finish().into()
}

#[cfg(test)]
mod tests {
    use countertop_wire::tlv::tags;

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
