//! The fields that UnionPay's terminals use.

use super::{FieldSpec, Format, Length, Pad};

use Format::{Binary, National, Numeric, Text, Track};
use Length::{Fixed, Ll, Lll};

const fn spec(number: u8, name: &'static str, format: Format, length: Length) -> FieldSpec {
    FieldSpec { number, name, format, length, pad: Pad::Right }
}

const fn left(number: u8, name: &'static str, length: Length) -> FieldSpec {
    FieldSpec { number, name, format: Numeric, length, pad: Pad::Left }
}

/// All fields in order. Private fields (46 to 48, 56 to 63) may be as long as their length allows:
/// acquirers differ.
pub const FIELDS: &[FieldSpec] = &[
    spec(2, "primary account number", Numeric, Ll(19)),
    spec(3, "processing code", Numeric, Fixed(6)),
    spec(4, "amount", Numeric, Fixed(12)),
    spec(11, "system trace audit number", Numeric, Fixed(6)),
    spec(12, "local time", Numeric, Fixed(6)),
    spec(13, "local date", Numeric, Fixed(4)),
    spec(14, "expiration date", Numeric, Fixed(4)),
    spec(15, "settlement date", Numeric, Fixed(4)),
    spec(22, "POS entry mode", Numeric, Fixed(3)),
    left(23, "card sequence number", Fixed(3)),
    left(24, "network international identifier", Fixed(3)),
    spec(25, "POS condition code", Numeric, Fixed(2)),
    spec(26, "PIN capture code", Numeric, Fixed(2)),
    spec(32, "acquiring institution", Numeric, Ll(11)),
    spec(33, "forwarding institution", Numeric, Ll(11)),
    spec(35, "track 2", Track, Ll(37)),
    spec(36, "track 3", Track, Lll(104)),
    spec(37, "retrieval reference number", Text, Fixed(12)),
    spec(38, "authorization code", Text, Fixed(6)),
    spec(39, "response code", Text, Fixed(2)),
    spec(41, "terminal identification", Text, Fixed(8)),
    spec(42, "merchant identification", Text, Fixed(15)),
    spec(43, "merchant name and location", National, Fixed(40)),
    spec(44, "additional response data", National, Ll(25)),
    spec(45, "track 1", Text, Ll(76)),
    spec(46, "additional data, private", Binary, Lll(999)),
    spec(47, "additional data, private", Binary, Lll(999)),
    spec(48, "additional data, settlement", Numeric, Lll(999)),
    spec(49, "currency code", Text, Fixed(3)),
    spec(52, "PIN block", Binary, Fixed(8)),
    spec(53, "security control information", Numeric, Fixed(16)),
    spec(54, "additional amounts", Text, Lll(120)),
    spec(55, "ICC data", Binary, Lll(999)),
    spec(56, "additional data, private", Binary, Lll(999)),
    spec(57, "additional data, private", Binary, Lll(999)),
    spec(58, "e-cash data, private", Binary, Lll(999)),
    spec(59, "additional data, private", Binary, Lll(999)),
    spec(60, "transaction type and batch", Numeric, Lll(999)),
    spec(61, "original transaction", Numeric, Lll(999)),
    spec(62, "private data by transaction", Binary, Lll(999)),
    spec(63, "operator or institution texts", National, Lll(999)),
    spec(64, "message authentication code", Binary, Fixed(8)),
];

/// Returns the description of a field; `None` when terminals of UnionPay do not use it.
#[must_use]
pub fn field(number: u8) -> Option<&'static FieldSpec> {
    let index = FIELDS.binary_search_by_key(&number, |spec| spec.number).ok()?;
    FIELDS.get(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(FIELDS.is_sorted_by(|one, next| one.number < next.number));
        assert_eq!(field(64).unwrap().name, "message authentication code");
        assert!(field(1).is_none() && field(128).is_none());
    }
}
