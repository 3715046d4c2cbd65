//! What UnionPay-style hosts add to ISO 8583: framing, header, keys, codes.
