//! The purchase that every card is paid with, by contact and by radio, and its issuer.

use countertop_device::{Currency, Money};
use countertop_emv::parameters::{
    ApplicationParameters, CaPublicKey, ContactlessParameters, EmvParameters,
};
use countertop_emv::{PinSupport, TransactionData, TransactionType};
use countertop_virtual::card::{CardProfile, TestCa, TestIssuer};
use countertop_wire::tlv::{TlvWriter, tags};

use crate::lab_test::TestResult;

/// The host's "approved".
pub(crate) const APPROVED: [u8; 2] = *b"00";

const VISA: [u8; 7] = [0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10];
const MASTERCARD: [u8; 7] = [0xA0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10];
/// Asks for the card's authentication online too (`9F66`, byte 1, bit 1).
const AUTHENTICATE_ONLINE: u8 = 0x01;

/// 12.34 yuan on 22 November 2026.
pub(crate) fn purchase() -> TransactionData {
    let mut data = TransactionData::new(
        Money::from_minor(1_234, Currency::CNY),
        TransactionType::PURCHASE,
        [0x26, 0x11, 0x22],
        [0x20, 0x15, 0x00],
        [0x12, 0x34, 0x56, 0x78],
    );
    data.pin = PinSupport::OnlineAndOfflineEnciphered;
    data
}

/// Takes UnionPay, Visa and Mastercard, and wants to know whether the card is genuine.
pub(crate) fn parameters() -> EmvParameters {
    let keys = TestCa::capks().into_iter();
    let keys = keys.map(|key| CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
    let mut parameters = keys.fold(EmvParameters::default(), EmvParameters::with_key);
    for aid in [VISA, MASTERCARD] {
        let mut application = ApplicationParameters::new(aid, [0x00, 0x20]);
        application.contactless =
            Some(ContactlessParameters::new(99_999_999, 100_000, [0x36, 0x00, 0x40, 0x80]));
        parameters = parameters.with_application(application);
    }
    for application in &mut parameters.applications {
        if let Some(contactless) = &mut application.contactless {
            contactless.ttq[0] |= AUTHENTICATE_ONLINE;
        }
    }
    parameters
}

/// Checks the cryptogram that a card of this profile made, and returns the issuer's answer to it.
pub(crate) fn issuer_approves(card: &CardProfile, field55: &[u8]) -> TestResult<Vec<u8>> {
    let pan = std::str::from_utf8(card.pan().expose())?;
    let verified = TestIssuer.verify(pan, card.sequence(), field55)?;
    Ok(TlvWriter::new()
        .put(tags::ISSUER_AUTHENTICATION_DATA, verified.authentication_data(APPROVED))
        .put(tags::AUTHORISATION_RESPONSE_CODE, APPROVED)
        .finish())
}
