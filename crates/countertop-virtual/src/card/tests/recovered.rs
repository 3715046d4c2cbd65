//! The card's key as a stranger recovers it: the crate `emv` (EMV Book 2, clause 6).

use countertop_wire::tlv::find_anywhere;
use emv::core::oda::{self, CaPublicKey, IccPublicKey};

use super::*;

const TODAY: [u8; 2] = [0x04, 0x26];

/// Recovers the key of the selected application from its records and its static data, the interchange
/// profile included.
pub(super) fn icc_key(card: &PaymentCard, records: &[Vec<u8>], static_data: &[u8]) -> IccPublicKey {
    let get = |tag| records.iter().find_map(|record| find_anywhere(record, tag).unwrap());
    let aid = &card.profile().applications()[card.session.application].aid;
    let key = TestCa::capk(*aid.first_chunk().unwrap(), card.profile().keys());
    let authority = CaPublicKey {
        rid: key.rid,
        index: key.index,
        modulus: key.modulus,
        exponent: key.exponent,
    };
    assert_eq!(get(tags::CA_PUBLIC_KEY_INDEX), Some(&[key.index][..]));
    let pan = get(tags::APPLICATION_PAN).unwrap();
    let issuer = oda::recover_issuer_public_key(
        &authority,
        get(tags::ISSUER_PUBLIC_KEY_CERTIFICATE).unwrap(),
        get(tags::ISSUER_PUBLIC_KEY_REMAINDER),
        get(tags::ISSUER_PUBLIC_KEY_EXPONENT).unwrap(),
        pan,
        TODAY,
    )
    .unwrap();
    oda::recover_icc_public_key(
        &issuer,
        get(tags::ICC_PUBLIC_KEY_CERTIFICATE).unwrap(),
        get(tags::ICC_PUBLIC_KEY_REMAINDER),
        get(tags::ICC_PUBLIC_KEY_EXPONENT).unwrap(),
        static_data,
        pan,
        TODAY,
    )
    .unwrap()
}
