//! Kernels 3 and 7, row by row (EMV Books C-3 and C-7).

use countertop_emv::{PinSupport, TransactionType};
use countertop_virtual::card::{CardProfile, DataAuthentication, Fault};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::tags;

use super::case::{Arqc, Case, Expected, Failed, NotPerformed, Passed, Tc, run};
use crate::reader::{CVM, FLOOR, LIMIT};

/// Under the floor limit; above it; above the limit for verification.
const SMALL: u64 = 1_234;
const MIDDLE: u64 = FLOOR + 1;
const LARGE: u64 = CVM + 1;

/// TVR bits that kernel 3 knows: authentication not performed, SDA and DDA failed.
const CLEAR: [u8; 5] = [0; 5];
const DDA_FAILED: [u8; 5] = [0x08, 0, 0, 0, 0];
const SDA_FAILED: [u8; 5] = [0x40, 0, 0, 0, 0];
const NO_AUTHENTICATION: [u8; 5] = [0x80, 0, 0, 0, 0];

/// CVM of the parameter set.
const NO_CVM: u8 = 0x00;
const SIGNATURE: u8 = 0x10;
const ONLINE_PIN: u8 = 0x20;
const DEVICE: u8 = 0x30;

fn visa() -> CardProfile {
    CardProfile::visa().with_offline_limits(0, 20_000)
}

fn unionpay() -> CardProfile {
    CardProfile::unionpay_debit().with_offline_limits(0, 20_000)
}

/// Is an online request: "authorising" (1B); a signature wants a receipt.
fn online(cvm: u8) -> Expected {
    online_as(cvm, CLEAR, NotPerformed)
}

fn online_as(
    cvm: u8,
    tvr: [u8; 5],
    authentication: countertop_emv::contactless::AuthenticationResult,
) -> Expected {
    let present = if cvm == SIGNATURE { 0xA8 } else { 0xA0 };
    Expected {
        parameters: [0x30, 0xF0, 0xF0, cvm, present, 0xF0, 0xFF, 0x00],
        message: Some(0x1B),
        error: [0; 4],
        record: Some((Arqc, tvr, None, authentication)),
    }
}

/// Is the same with the card's approval, which the host is asked about.
fn online_with_approval(cvm: u8, tvr: [u8; 5]) -> Expected {
    let authentication = if tvr == CLEAR { NotPerformed } else { Failed };
    Expected { record: Some((Tc, tvr, None, authentication)), ..online(cvm) }
}

/// Is an approval: "approved" (03), "approved, please sign" (1A).
fn approved(cvm: u8) -> Expected {
    let (present, message) = if cvm == SIGNATURE { (0xA8, 0x1A) } else { (0xA0, 0x03) };
    Expected {
        parameters: [0x10, 0xF0, 0xF0, cvm, present, 0xF0, 0xFF, 0x00],
        message: Some(message),
        error: [0; 4],
        record: Some((Tc, CLEAR, None, Passed)),
    }
}

/// Is a refusal: "not authorised" (07).
fn declined() -> Expected {
    Expected {
        parameters: [0x20, 0xF0, 0xF0, 0xF0, 0x80, 0xF0, 0xFF, 0x00],
        message: Some(0x07),
        error: [0; 4],
        record: None,
    }
}

fn not_genuine() -> Expected {
    Expected {
        parameters: [0x20, 0xF0, 0xF0, 0xF0, 0x90, 0xF0, 0xFF, 0x00],
        error: [0, 0x02, 0, 0],
        ..declined()
    }
}

/// Is the wish for the slot: "please insert card" (1D).
fn contact() -> Expected {
    Expected {
        parameters: [0x60, 0xF0, 0xF0, 0xF0, 0x80, 0x00, 0xFF, 0x00],
        message: Some(0x1D),
        ..declined()
    }
}

/// Is the wish for slot or stripe: "please insert or swipe card" (18).
fn insert_or_swipe() -> Expected {
    Expected {
        parameters: [0x60, 0xF0, 0xF0, 0xF0, 0x80, 0xF0, 0xFF, 0x00],
        message: Some(0x18),
        ..declined()
    }
}

/// Is the end: "insert, swipe or try another card" (1C).
fn ended(level_2: u8, status: u16) -> Expected {
    let [high, low] = status.to_be_bytes();
    Expected {
        parameters: [0x40, 0xF0, 0xF0, 0xF0, 0x90, 0xF0, 0xFF, 0x00],
        message: Some(0x1C),
        error: [0, level_2, high, low],
        record: None,
    }
}

fn both(
    name: &'static str,
    clause: &'static str,
    change: impl Fn(CardProfile) -> CardProfile,
    minor: u64,
    expected: impl Fn() -> Expected,
) -> [Case; 2] {
    [visa(), unionpay()].map(|card| Case::new(name, clause, change(card), minor, expected()))
}

fn same(card: CardProfile) -> CardProfile {
    card
}

#[tokio::test]
async fn limits_and_verification() {
    let mut cases = Vec::new();
    cases.extend(both("small, offline", "C-3 5.6, 5.9", same, SMALL, || approved(NO_CVM)));
    cases.extend(both("at the floor limit", "B 3.1.1.6", same, FLOOR, || approved(NO_CVM)));
    cases.extend(both("above the floor limit", "B 3.1.1.9", same, MIDDLE, || online(NO_CVM)));
    cases.extend(both("large, PIN", "C-3 5.7.1.2", same, LARGE, || online(ONLINE_PIN)));
    cases.extend(both("at the transaction limit", "B 3.1.1.5", same, LIMIT, insert_or_swipe));
    let no_pad = |case: Case| case.pin(PinSupport::None);
    cases.extend(
        both("large, signed", "C-3 5.7.1.2", same, LARGE, || online(SIGNATURE)).map(no_pad),
    );
    let nothing = |case: Case| no_pad(case).limits(|limits| limits.ttq[0] &= !0x02);
    cases.extend(both("large, no method", "C-3 5.7.1.3", same, LARGE, declined).map(nothing));
    // Visa's limit is met at it (B 3.1.1.8), UnionPay's behind it.
    cases.push(Case::new("at the CVM limit", "B 3.1.1.8", visa(), CVM, online(ONLINE_PIN)));
    cases.push(Case::new("at the CVM limit", "UnionPay DF21", unionpay(), CVM, online(NO_CVM)));
    // A card that approves what is to be verified, within the floor limit.
    let low = |case: Case| case.limits(|limits| limits.cvm_limit = 1_000);
    cases.extend(both("small, PIN", "C-3 5.7.1.2", same, SMALL, || online(ONLINE_PIN)).map(low));
    let signed = |case: Case| low(case).pin(PinSupport::None);
    cases.extend(both("small, signed", "C-3 5.7", same, SMALL, || approved(SIGNATURE)).map(signed));
    assert_eq!(run(cases).await, 20);
}

#[tokio::test]
async fn devices_and_qualifiers() {
    let phone = |card: CardProfile| card.with_radio(|radio| radio.consumer_device = true);
    let mut cases = Vec::new();
    cases.extend(both("phone, large", "C-3 5.7.1.2", phone, LARGE, || online(DEVICE)));
    // Over the CVM limit but within the floor limit the phone's word is signed.
    let low = |case: Case| case.limits(|limits| limits.cvm_limit = 1_000);
    cases.extend(both("phone, offline", "C-3 5.7.1.2", phone, SMALL, || approved(DEVICE)).map(low));
    let lying = |card: CardProfile| {
        card.with_radio(|radio| {
            radio.consumer_device = true;
            radio.signed_qualifiers = Some([0x00, 0x00]);
        })
    };
    cases.extend(both("phone, word not signed", "C-3 5.7.1.2", lying, SMALL, declined).map(low));
    let bare = |card: CardProfile| card.with_radio(|radio| radio.has_qualifiers = false);
    cases.extend(both("no qualifiers, small", "C-3 5.7.1.1", bare, SMALL, || approved(NO_CVM)));
    cases.push(Case::new("no qualifiers", "C-3 5.7.1.1", bare(visa()), LARGE, online(SIGNATURE)));
    cases.push(Case::new("no qualifiers", "C-7", bare(unionpay()), LARGE, online(ONLINE_PIN)));
    let unsigned = |case: Case| case.limits(|limits| limits.ttq[0] &= !0x02);
    cases.extend(
        both("no qualifiers, PIN", "C-3 5.7.1.1", bare, LARGE, || online(ONLINE_PIN)).map(unsigned),
    );
    let neither = |case: Case| unsigned(case).limits(|limits| limits.ttq[2] = 0);
    cases.push(neither(Case::new("no device", "C-3 5.7.1.1", bare(visa()), LARGE, declined())));
    // What the card asks for counts under the reader's limit too.
    let strict = |card: CardProfile| card.with_radio(|radio| radio.qualifiers = [0x80, 0]);
    cases.extend(both("card wants a PIN", "C-3 5.7.1.2", strict, SMALL, || {
        online_with_approval(ONLINE_PIN, CLEAR).after(Passed)
    }));
    // The kind of cryptogram may be in Issuer Application Data alone.
    let terse = |card: CardProfile| card.with_radio(|radio| radio.has_information = false);
    cases.extend(both("kind in 9F10", "C-3 5.4.3.1", terse, SMALL, || approved(NO_CVM)));
    cases.extend(both("kind in 9F10", "C-3 5.4.3.1", terse, MIDDLE, || online(NO_CVM)));
    assert_eq!(run(cases).await, 19);
}

#[tokio::test]
async fn authentication() {
    let mut cases = Vec::new();
    for fault in [
        Fault::WrongSignature,
        Fault::WrongCertificate,
        Fault::WrongIccCertificate,
        Fault::ExpiredCertificate,
        Fault::ExpiredIccCertificate,
        Fault::WrongHash,
        Fault::NoDynamicNumberLength,
        Fault::Missing(tags::ICC_PUBLIC_KEY_CERTIFICATE),
        Fault::Missing(tags::CA_PUBLIC_KEY_INDEX),
    ] {
        let card = |card: CardProfile| card.with_fault(fault);
        cases.extend(both("not genuine", "C-3 5.6.1.2", card, SMALL, not_genuine));
    }
    let old = |card: CardProfile| card.with_radio(|radio| radio.fdda_version = 0);
    cases.extend(both("fDDA 00", "C-3 annex C, C-7", old, SMALL, not_genuine));
    cases.extend(both("no authority", "C-3 5.6", same, SMALL, not_genuine).map(Case::without_keys));
    let expired = both("authority expired", "B2 11.2", same, SMALL, not_genuine);
    cases.extend(expired.map(Case::with_expired_keys));
    let revoked = both("certificate revoked", "B2 5.1.2", same, SMALL, not_genuine);
    cases.extend(revoked.map(Case::with_revocation));
    let bad = |qualifiers: u8| {
        move |card: CardProfile| {
            let card = card.with_fault(Fault::WrongSignature);
            card.with_radio(move |radio| radio.qualifiers = [qualifiers, 0])
        }
    };
    cases.extend(both("go online instead", "CTQ 1.6", bad(0x20), SMALL, || {
        online_with_approval(NO_CVM, DDA_FAILED)
    }));
    cases.extend(both("insert instead", "CTQ 1.5", bad(0x10), SMALL, contact));
    let no_slot = |case: Case| case.limits(|limits| limits.ttq[0] &= !0x10);
    cases.extend(both("no slot", "CTQ 1.5", bad(0x10), SMALL, not_genuine).map(no_slot));
    let offline = |case: Case| case.limits(|limits| limits.ttq[0] |= 0x08);
    cases.extend(both("no host", "CTQ 1.6", bad(0x20), SMALL, not_genuine).map(offline));
    cases.extend(both("no host, insert", "CTQ 1.5", bad(0x30), SMALL, contact).map(offline));
    assert_eq!(run(cases).await, 36);
}

#[tokio::test]
async fn authentication_of_online_transactions() {
    let wanted = |case: Case| case.limits(|limits| limits.ttq[0] |= 0x01);
    let mut cases = Vec::new();
    cases.extend(
        both("genuine", "C-3 5.6.2", same, MIDDLE, || online_as(NO_CVM, CLEAR, Passed)).map(wanted),
    );
    let bad = |card: CardProfile| card.with_fault(Fault::WrongSignature);
    cases.extend(
        both("not genuine", "C-3 5.6.2", bad, MIDDLE, || online_as(NO_CVM, DDA_FAILED, Failed))
            .map(wanted),
    );
    let none = |card: CardProfile| card.with_data_authentication(DataAuthentication::None);
    cases.extend(
        both("no keys", "C-3 5.6.2", none, MIDDLE, || {
            online_as(NO_CVM, NO_AUTHENTICATION, NotPerformed)
        })
        .map(wanted),
    );
    cases.extend(both("not wanted", "TTQ 1.1", bad, MIDDLE, || online(NO_CVM)));
    assert_eq!(run(cases).await, 8);
    assert_eq!(SDA_FAILED[0] | DDA_FAILED[0], 0x48);
}

#[tokio::test]
async fn restrictions() {
    let mut cases = Vec::new();
    let old = |card: CardProfile| card.with_expiry(26, 10);
    cases.extend(both("expired, offline", "C-3 5.5.1.1", old, SMALL, declined));
    cases.extend(both("expired, online", "C-3 5.5.1.1", old, MIDDLE, || online(NO_CVM)));
    let last = |card: CardProfile| card.with_expiry(26, 11);
    cases.extend(both("in its last month", "C-3 5.5.1.1", last, SMALL, || approved(NO_CVM)));
    let lenient = |card: CardProfile| old(card).with_radio(|radio| radio.qualifiers = [0x08, 0]);
    cases.extend(both("expired, go online", "CTQ 1.4", lenient, SMALL, || {
        online_with_approval(NO_CVM, CLEAR)
    }));
    let offline = |case: Case| case.limits(|limits| limits.ttq[0] |= 0x08);
    cases.extend(both("expired, no host", "CTQ 1.4", lenient, SMALL, declined).map(offline));
    // Cash: the records with country and usage are there when the card has approved.
    let cash = |case: Case| case.of_type(TransactionType::CASH);
    cases.extend(both("cash allowed", "C-3 5.5.1.3", same, SMALL, || approved(NO_CVM)).map(cash));
    let goods = |card: CardProfile| card.with_static_data(|data| data.usage_control = [0x3F, 0]);
    cases.extend(both("cash not allowed", "C-3 5.5.1.3", goods, SMALL, declined).map(cash));
    let switch = |card: CardProfile| goods(card).with_radio(|radio| radio.qualifiers = [0x06, 0]);
    cases.extend(both("cash in the slot", "CTQ 1.3", switch, SMALL, insert_or_swipe).map(cash));
    let back = |case: Case| case.cashback(100);
    cases.extend(both("cashback", "C-3 5.5.1.4", same, SMALL, || approved(NO_CVM)).map(back));
    cases.extend(both("no cashback", "C-3 5.5.1.4", goods, SMALL, declined).map(back));
    cases.extend(both("cashback in the slot", "CTQ 1.2", switch, SMALL, insert_or_swipe).map(back));
    assert_eq!(run(cases).await, 22);
}

#[tokio::test]
async fn what_the_card_decides() {
    let mut cases = Vec::new();
    let wary = |card: CardProfile| card.with_offline_limits(0, 0);
    cases.extend(both("card wants the host", "C-3 5.4.3.2", wary, SMALL, || online(NO_CVM)));
    let offline = |case: Case| case.limits(|limits| limits.ttq[0] |= 0x08);
    cases.extend(both("and there is none", "C-3 5.4.3.2", wary, SMALL, declined).map(offline));
    let bold = |card: CardProfile| card.with_fault(Fault::Overreaching);
    // The card approves what the reader wanted to ask the host about.
    cases.extend(both("card approves too much", "C-3 5.4.3.2", bold, MIDDLE, || {
        online_with_approval(NO_CVM, CLEAR)
    }));
    let host = |case: Case| case.limits(|limits| limits.offline_approval = false);
    cases.extend(both("all for the host", "own rule", same, SMALL, || online(NO_CVM)).map(host));
    let status = |case: Case| case.limits(|limits| limits.status_check = true);
    cases.extend(both("status check", "B 3.1.1.10", same, 100, || online(NO_CVM)).map(status));
    cases.extend(both("no status check", "B 3.1.1.3", same, 100, || approved(NO_CVM)));
    cases.extend(both("zero amount", "B 3.1.1.11", same, 0, || online(NO_CVM)));
    let no_zero = |case: Case| case.limits(|limits| limits.zero_amount_allowed = false);
    cases.extend(both("no zero amount", "B 3.1.1.4", same, 0, insert_or_swipe).map(no_zero));
    let reserved = |card: CardProfile| card.with_fault(Fault::ReservedCryptogram);
    cases.extend(both("reserved kind", "C-3 5.4.3", reserved, SMALL, || ended(0x04, 0)));
    assert_eq!(run(cases).await, 18);
}

#[tokio::test]
async fn cards_that_break_the_rules() {
    let mut cases = Vec::new();
    for (fault, expected) in [
        (Fault::StatusAt(3, StatusWord(0x6984)), contact_after(0x6984)),
        (Fault::StatusAt(3, StatusWord(0x6986)), see_phone()),
        (Fault::StatusAt(3, StatusWord(0x6F00)), ended(0x03, 0x6F00)),
        (Fault::StatusAt(4, StatusWord(0x6A83)), ended(0x03, 0x6A83)),
        (Fault::GarbageAt(3), ended(0x04, 0)),
        (Fault::TruncatedAt(3), ended(0x04, 0)),
        (Fault::TruncatedAt(4), ended(0x04, 0)),
        (Fault::TruncatedFci, ended(0x04, 0)),
        (Fault::DanglingLocator, ended(0x03, 0x6A82)),
        (Fault::WrongLocator, ended(0x04, 0)),
        (Fault::Duplicated(tags::APPLICATION_PAN), ended(0x04, 0)),
        (Fault::RecordTruncated, ended(0x04, 0)),
        (Fault::RecordNotTemplate, ended(0x04, 0)),
        (Fault::WrongCryptogram, approved(NO_CVM)),
    ] {
        let card = |card: CardProfile| card.with_fault(fault);
        let again = || Expected { ..expected.copy() };
        if fault != Fault::WrongCryptogram {
            cases.extend(both("broken", "B 3.3, C-3 5.2 to 5.4", card, SMALL, again));
        }
    }
    assert_eq!(run(cases).await, 26);
}

fn contact_after(status: u16) -> Expected {
    let [high, low] = status.to_be_bytes();
    Expected {
        parameters: [0x60, 0xF0, 0xF0, 0xF0, 0x90, 0x00, 0xFF, 0x00],
        error: [0, 0x03, high, low],
        ..contact()
    }
}

/// Is "see phone for instructions" (20), and the card again after 1.3 s without field.
fn see_phone() -> Expected {
    Expected {
        parameters: [0x40, 0x10, 0xF0, 0xF0, 0xD0, 0xF0, 0x0D, 0x00],
        message: Some(0x20),
        error: [0, 0x03, 0x69, 0x86],
        record: None,
    }
}

impl Expected {
    fn copy(&self) -> Self {
        Self { record: self.record, ..*self }
    }

    fn after(self, authentication: countertop_emv::contactless::AuthenticationResult) -> Self {
        let record =
            self.record.map(|(kind, tvr, results, _)| (kind, tvr, results, authentication));
        Self { record, ..self }
    }
}
