//! Messages of ISO 8583:1987 in the BCD form that UnionPay uses.
