//! How a card behaves by radio.

use countertop_wire::tlv::Tag;

/// Says how a card behaves by radio, beside its limits for amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RadioBehaviour {
    /// Whether the transaction goes as by contact, with GENERATE AC (Mastercard, EMV Book C-2);
    /// else all of it is in GET PROCESSING OPTIONS (UnionPay and Visa, Books C-7 and C-3).
    pub generates: bool,
    /// Bits of Card Transaction Qualifiers (`9F6C`) beside those of the transaction: what follows
    /// when the card is not genuine or has expired, and for cash.
    pub qualifiers: [u8; 2],
    /// Whether the card has qualifiers at all.
    pub has_qualifiers: bool,
    /// The qualifiers in Card Authentication Related Data (`9F69`), where they are others than in
    /// `9F6C`.
    pub signed_qualifiers: Option<[u8; 2]>,
    /// The version of fDDA.
    pub fdda_version: u8,
    /// Whether the cardholder confirms on the device: a telephone.
    pub consumer_device: bool,
    /// Whether the answer names the kind of cryptogram (`9F27`); else it is in Issuer Application
    /// Data alone.
    pub has_information: bool,
    /// Whether a torn transaction can be recovered: the card has a DRDOL (`9F51`).
    pub recovers: bool,
    /// Data objects that the answer to SELECT has beside the usual ones.
    pub selected: Vec<(Tag, Vec<u8>)>,
    /// Data objects that the answer with the cryptogram has beside the usual ones; not with a
    /// cryptogram in format 1.
    pub answered: Vec<(Tag, Vec<u8>)>,
}

impl Default for RadioBehaviour {
    fn default() -> Self {
        Self {
            generates: false,
            qualifiers: [0, 0],
            has_qualifiers: true,
            signed_qualifiers: None,
            fdda_version: 0x01,
            consumer_device: false,
            has_information: true,
            recovers: false,
            selected: Vec::new(),
            answered: Vec::new(),
        }
    }
}
