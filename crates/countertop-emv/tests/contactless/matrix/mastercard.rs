//! Kernel 2, row by row (EMV Book C-2).

use countertop_emv::{CryptogramKind, PinSupport, TransactionType};
use countertop_virtual::card::{
    CardProfile, CvmCondition, CvmMethod, CvmRule, DataAuthentication, Fault,
};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::tags;

use super::case::{Aac, Arqc, Case, Expected, Failed, NotPerformed, Passed, Tc, run};
use crate::reader::{CVM, FLOOR};

const SMALL: u64 = 1_234;
const MIDDLE: u64 = FLOOR + 1;
const LARGE: u64 = CVM + 1;

/// CVM Results: no CVM by the card's third rule, online PIN by its first.
const NO_CVM: [u8; 3] = [0x1F, 0x03, 0x02];
const ONLINE_PIN: [u8; 3] = [0x42, 0x03, 0x00];
/// Relay resistance was not performed.
const CLEAR: [u8; 5] = [0, 0, 0, 0, 0x01];
const OVER_FLOOR: [u8; 5] = [0, 0, 0, 0x80, 0x01];
const OVER_CVM: [u8; 5] = [0, 0, 0x04, 0x80, 0x01];

fn card() -> CardProfile {
    CardProfile::mastercard().with_offline_limits(0, 20_000)
}

/// Is an outcome with a record: status, CVM, receipt, message.
fn outcome(
    status: u8,
    cvm: u8,
    receipt: bool,
    message: u8,
    record: (CryptogramKind, [u8; 5], [u8; 3], countertop_emv::contactless::AuthenticationResult),
) -> Expected {
    let present = if receipt { 0xA8 } else { 0xA0 };
    let (kind, tvr, results, authentication) = record;
    Expected {
        parameters: [status, 0xF0, 0xF0, cvm, present, 0xF0, 0xFF, 0x00],
        message: Some(message),
        error: [0; 4],
        record: Some((kind, tvr, Some(results), authentication)),
    }
}

fn approved(tvr: [u8; 5]) -> Expected {
    outcome(0x10, 0x00, false, 0x03, (Tc, tvr, NO_CVM, Passed))
}

fn online(tvr: [u8; 5]) -> Expected {
    outcome(0x30, 0x00, false, 0x1B, (Arqc, tvr, NO_CVM, Passed))
}

/// Is an online request of a card that was not authenticated.
fn online_unproved(
    tvr: [u8; 5],
    authentication: countertop_emv::contactless::AuthenticationResult,
) -> Expected {
    outcome(0x30, 0x00, false, 0x1B, (Arqc, tvr, NO_CVM, authentication))
}

/// Is a refusal of a card that may do better in the slot: "please insert card" (1D).
fn insert(tvr: [u8; 5]) -> Expected {
    outcome(0x60, 0x00, false, 0x1D, (Aac, tvr, NO_CVM, NotPerformed))
}

/// Is a refusal where there is no slot: "not authorised" (07).
fn declined(tvr: [u8; 5]) -> Expected {
    outcome(0x20, 0x00, false, 0x07, (Aac, tvr, NO_CVM, NotPerformed))
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

fn case(name: &'static str, clause: &'static str, minor: u64, expected: Expected) -> Case {
    Case::new(name, clause, card(), minor, expected)
}

fn of(
    name: &'static str,
    clause: &'static str,
    change: impl FnOnce(CardProfile) -> CardProfile,
    minor: u64,
    expected: Expected,
) -> Case {
    Case::new(name, clause, change(card()), minor, expected)
}

#[tokio::test]
async fn limits_and_action_analysis() {
    let wary = |card: CardProfile| card.with_offline_limits(0, 0);
    let pin = |kind, status, message| {
        outcome(status, 0x20, true, message, (kind, OVER_CVM, ONLINE_PIN, Passed))
    };
    let refused = outcome(0x60, 0x20, true, 0x1D, (Aac, OVER_CVM, ONLINE_PIN, NotPerformed));
    let cases = vec![
        case("small, offline", "7.8", SMALL, approved(CLEAR)),
        case("at the floor limit", "S456.37", FLOOR, approved(CLEAR)),
        case("above the floor limit", "S456.38", MIDDLE, online(OVER_FLOOR)),
        case("at the CVM limit", "S456.30", CVM, online(OVER_FLOOR)),
        case("large, PIN", "S456.31, 7.5", LARGE, pin(Arqc, 0x30, 0x1B)),
        of("card wants the host", "S910.74", wary, SMALL, online(CLEAR)),
        case("all for the host", "own rule", SMALL, online(CLEAR))
            .limits(|limits| limits.offline_approval = false),
        case("online only", "7.8", SMALL, online(CLEAR)).terminal_type(0x21),
        case("offline only, small", "7.8", SMALL, approved(CLEAR)).terminal_type(0x23),
        case("offline only, large", "7.8", LARGE, refused).terminal_type(0x23),
        case("denial by the reader", "7.8", SMALL, insert(CLEAR))
            .application(|application| application.tac_denial[4] = 0x01),
        case("online by the reader", "7.8", SMALL, online(CLEAR))
            .application(|application| application.tac_online[4] = 0x01),
        of(
            "online by the card",
            "7.8",
            |card| card.with_static_data(|data| data.action_code_online[4] = 0x01),
            SMALL,
            online(CLEAR),
        ),
        of(
            "denial by the card",
            "7.8",
            |card| card.with_static_data(|data| data.action_code_denial[4] = 0x01),
            SMALL,
            insert(CLEAR),
        ),
        of(
            "no codes of the card",
            "7.8",
            |card| card.with_fault(Fault::Missing(tags::ISSUER_ACTION_CODE_ONLINE)),
            SMALL,
            online(CLEAR),
        ),
    ];
    assert_eq!(run(cases).await, 15);
}

#[tokio::test]
async fn refusals() {
    let refuses = |card: CardProfile| card.with_risk(|risk| risk.decline_above = Some(100));
    let phone = |kind: &'static [u8; 2]| {
        move |card: CardProfile| {
            let data = [&[0x08, 0x40, 0x00, 0x00][..], kind].concat();
            let third_party = (tags::FORM_FACTOR_INDICATOR, data);
            refuses(card).with_radio(|radio| radio.selected.push(third_party))
        }
    };
    let cleared = outcome(0x40, 0x00, false, 0x1E, (Aac, CLEAR, NO_CVM, NotPerformed));
    let cases = vec![
        of("card refuses", "S910.74", refuses, SMALL, insert(CLEAR)),
        of("no slot", "S910.75", refuses, SMALL, declined(CLEAR)).capabilities([0xC0, 0x78, 0xC8]),
        of("a phone", "S910.75", phone(b"01"), SMALL, declined(CLEAR)),
        of("a card with a device type", "S910.75", phone(b"00"), SMALL, insert(CLEAR)),
        of("no payment", "S910.74", refuses, SMALL, cleared).of_type(TransactionType::REFUND),
        of(
            "more than asked for",
            "S9.23",
            |card| card.with_fault(Fault::Overreaching),
            MIDDLE,
            ended(0x06, 0),
        ),
        of(
            "reserved kind",
            "S9.23",
            |card| card.with_fault(Fault::ReservedCryptogram),
            SMALL,
            ended(0x06, 0),
        ),
    ];
    assert_eq!(run(cases).await, 7);
}

#[tokio::test]
async fn a_second_tap() {
    let information = (tags::POS_CARDHOLDER_INTERACTION_INFORMATION, vec![0x00, 0x03, 0x00]);
    let phone = |card: CardProfile| card.with_radio(|radio| radio.answered.push(information));
    let nothing = (tags::POS_CARDHOLDER_INTERACTION_INFORMATION, vec![0x01, 0x00, 0xF0]);
    let done = |card: CardProfile| card.with_radio(|radio| radio.answered.push(nothing));
    let again = Expected {
        parameters: [0x40, 0x10, 0xF0, 0x00, 0x60, 0xF0, 0xFF, 0x00],
        message: Some(0x20),
        ..approved(CLEAR)
    };
    let cases = vec![
        of("see phone", "S910.72", phone, SMALL, again),
        of("nothing to do", "S910.71", done, SMALL, approved(CLEAR)),
    ];
    assert_eq!(run(cases).await, 2);
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
    ] {
        for minor in [SMALL, MIDDLE] {
            let spoilt = |card: CardProfile| card.with_fault(fault);
            cases.push(of("not genuine", "S910.7", spoilt, minor, ended(0x02, 0)));
        }
    }
    for tag in [
        tags::CA_PUBLIC_KEY_INDEX,
        tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
        tags::ISSUER_PUBLIC_KEY_EXPONENT,
        tags::ICC_PUBLIC_KEY_CERTIFICATE,
        tags::ICC_PUBLIC_KEY_EXPONENT,
    ] {
        let bare = |card: CardProfile| card.with_fault(Fault::Missing(tag));
        let missing = online_unproved([0x24, 0, 0, 0, 0x01], Failed);
        cases.push(of("data missing", "S456.25", bare, SMALL, missing));
    }
    let bare = |card: CardProfile| card.with_fault(Fault::Missing(tags::SDA_TAG_LIST));
    cases.push(of("no list of static data", "S456.27", bare, SMALL, ended(0x06, 0)));
    let unknown = online_unproved([0x04, 0, 0, 0, 0x01], Failed);
    cases.push(case("no authority", "S456.25", SMALL, unknown).without_keys());
    let unknown = online_unproved([0x04, 0, 0, 0, 0x01], Failed);
    cases.push(case("authority expired", "S456.25", SMALL, unknown).with_expired_keys());
    cases.push(case("revoked", "S910.7", SMALL, ended(0x02, 0)).with_revocation());
    for method in
        [DataAuthentication::None, DataAuthentication::Static, DataAuthentication::Dynamic]
    {
        let other = |card: CardProfile| card.with_data_authentication(method);
        let unproved = online_unproved([0x80, 0, 0, 0, 0x01], NotPerformed);
        cases.push(of("no CDA of the card", "S3R1.20", other, SMALL, unproved));
    }
    let unproved = online_unproved([0x80, 0, 0, 0, 0x01], NotPerformed);
    cases.push(
        case("no CDA of the reader", "S3R1.20", SMALL, unproved).capabilities([0xE0, 0x78, 0xC0]),
    );
    // Where both action codes let it pass, a card without CDA is approved.
    let lenient = |card: CardProfile| {
        card.with_data_authentication(DataAuthentication::None)
            .with_static_data(|data| data.action_code_online = [0; 5])
    };
    let believed =
        outcome(0x10, 0x00, false, 0x03, (Tc, [0x80, 0, 0, 0, 0x01], NO_CVM, NotPerformed));
    cases.push(
        of("nobody minds", "S910.38", lenient, SMALL, believed)
            .application(|application| application.tac_online = [0; 5]),
    );
    assert_eq!(run(cases).await, 28);
}

#[tokio::test]
async fn verification() {
    let rules = |rules: &'static [(CvmMethod, bool)]| {
        move |card: CardProfile| {
            card.with_cvm_rules(rules.iter().map(|(method, next)| match next {
                true => CvmRule::or_next(*method),
                false => CvmRule::or_fail(*method),
            }))
        }
    };
    let signed =
        |receipt, tvr, results| outcome(0x30, 0x10, receipt, 0x1B, (Arqc, tvr, results, Passed));
    let none =
        |receipt, tvr, results| outcome(0x30, 0x00, receipt, 0x1B, (Arqc, tvr, results, Passed));
    let device = |card: CardProfile| card.with_radio(|radio| radio.consumer_device = true);
    let confirmed = outcome(0x30, 0x30, true, 0x1B, (Arqc, OVER_FLOOR, [0x01, 0x00, 0x02], Passed));
    let confirmed_again =
        outcome(0x30, 0x30, true, 0x1B, (Arqc, OVER_FLOOR, [0x01, 0x00, 0x02], Passed));
    let needless = outcome(0x10, 0x00, false, 0x03, (Tc, CLEAR, [0x3F, 0x00, 0x02], Passed));
    let bare = |card: CardProfile| {
        device(card).with_fault(Fault::Missing(tags::ICC_PUBLIC_KEY_CERTIFICATE))
    };
    let doubted =
        outcome(0x60, 0x00, false, 0x1D, (Aac, [0x24, 0, 0, 0, 0x01], [0x3F, 0x00, 0x02], Failed));
    let failed = [0, 0, 0x80, 0x80, 0x01];
    let cases = vec![
        of(
            "signature",
            "CVM.17",
            rules(&[(CvmMethod::Signature, false)]),
            LARGE,
            signed(true, OVER_FLOOR, [0x1E, 0x03, 0x00]),
        ),
        of(
            "signature without a PIN pad",
            "CVM.9",
            |card| card,
            LARGE,
            signed(true, OVER_FLOOR, [0x5E, 0x03, 0x00]),
        )
        .pin(PinSupport::None),
        of(
            "nothing in common",
            "CVM.24",
            rules(&[(CvmMethod::OnlinePin, false)]),
            LARGE,
            none(true, failed, [0x3F, 0x00, 0x01]),
        )
        .pin(PinSupport::None),
        of(
            "no CVM is not enough above the limit",
            "S456.32",
            rules(&[(CvmMethod::NoCvm, false)]),
            LARGE,
            none(true, failed, [0x3F, 0x00, 0x01]),
        ),
        of(
            "offline PINs are not for the field",
            "CVM.15",
            rules(&[(CvmMethod::PlaintextPin, true), (CvmMethod::EncipheredPin, true)]),
            LARGE,
            none(true, failed, [0x3F, 0x00, 0x01]),
        ),
        of(
            "no list",
            "CVM.5",
            |card| card.with_cvm_rules([]),
            LARGE,
            none(true, OVER_FLOOR, [0x3F, 0x00, 0x00]),
        ),
        of(
            "list missing",
            "CVM.8",
            |card| card.with_fault(Fault::Missing(tags::CVM_LIST)),
            LARGE,
            none(true, [0x20, 0, 0, 0x80, 0x01], [0x3F, 0x00, 0x00]),
        ),
        of("device confirmed", "CVM.4", device, LARGE, confirmed),
        of("device, nothing to confirm", "CVM.3", device, SMALL, needless),
        of("device not proved", "GAC.23", bare, SMALL, doubted),
        of("reader without device CVM", "CVM.1", device, SMALL, approved(CLEAR))
            .limits(|limits| limits.kernel_2.on_device_cvm = false),
        of("over the device's limit", "S456.14", device, SMALL, ended(0x05, 0))
            .limits(|limits| limits.kernel_2.transaction_limit_on_device = Some(1_000)),
        of("a device may pay more", "S456.14", device, LARGE, confirmed_again).limits(|limits| {
            limits.transaction_limit = 1_000;
            limits.kernel_2.transaction_limit_on_device = Some(10_000_000);
        }),
        of("a card may not", "S456.14", |card| card, LARGE, ended(0x05, 0)).limits(|limits| {
            limits.transaction_limit = 1_000;
            limits.kernel_2.transaction_limit_on_device = Some(10_000_000);
        }),
    ];
    assert_eq!(run(cases).await, 14);
}

#[tokio::test]
async fn rules_and_conditions() {
    use CvmCondition::{Always, Cashback, ManualCash, NoCash, Other, OverX, OverY, Supported};
    use CvmMethod::{Fail, NoCvm, OnlinePin, Signature};
    type Rule = (CvmMethod, bool, CvmCondition);
    let rules = |rules: &'static [Rule]| {
        move |card: CardProfile| {
            card.with_cvm_rules(rules.iter().map(|(method, next, condition)| {
                let rule =
                    if *next { CvmRule::or_next(*method) } else { CvmRule::or_fail(*method) };
                rule.when(*condition)
            }))
        }
    };
    let cvm = |cvm, byte_1, byte_3, results| {
        outcome(0x30, cvm, true, 0x1B, (Arqc, [byte_1, 0, byte_3, 0x80, 0x01], results, Passed))
    };
    let row = |clause, list: &'static [Rule], expected| {
        of("list of CVMs", clause, rules(list), LARGE, expected)
    };
    let pin = |results| cvm(0x20, 0, 0x04, results);
    let signature = |results| cvm(0x10, 0, 0, results);
    let failed = |results| cvm(0x00, 0, 0x80, results);
    // The card's currency is the euro, so that amounts X and Y say nothing of yuan.
    const FOREIGN: &[Rule] = &[(OnlinePin, true, OverX), (Signature, false, Always)];
    let yuan: fn(CardProfile) -> CardProfile = |card| {
        card.with_currency(156).with_static_data(|data| data.cvm_amounts = [LARGE as u32 - 1, 0])
    };
    const LIMITS: &[Rule] = &[(OnlinePin, true, OverX), (Signature, false, OverY)];
    let cases = vec![
        row("CVM.15", &[(OnlinePin, false, Always)], pin([0x02, 0x00, 0x00])),
        row(
            "CVM.23",
            &[(OnlinePin, false, Always), (Signature, false, Always)],
            failed([0x3F, 0x00, 0x01]),
        )
        .pin(PinSupport::None),
        row(
            "CVM.22",
            &[(OnlinePin, true, Always), (Signature, false, Always)],
            signature([0x1E, 0x00, 0x00]),
        )
        .pin(PinSupport::None),
        row("CVM.23", &[(Fail, false, Always)], failed([0x00, 0x00, 0x01])),
        row("CVM.23", &[(NoCvm, false, Always)], failed([0x3F, 0x00, 0x01])),
        row(
            "CVM.11",
            &[(OnlinePin, true, Other(0x80)), (Signature, false, Always)],
            signature([0x1E, 0x00, 0x00]),
        ),
        row(
            "CVM.13",
            &[(CvmMethod::Other(0x20), true, Always), (Signature, false, Supported)],
            cvm(0x10, 0, 0x40, [0x1E, 0x03, 0x00]),
        ),
        row("table 44", &[(OnlinePin, false, NoCash)], pin([0x02, 0x02, 0x00])),
        row("table 44", &[(OnlinePin, false, ManualCash)], failed([0x3F, 0x00, 0x01])),
        row("table 44", &[(OnlinePin, false, ManualCash)], pin([0x02, 0x04, 0x00]))
            .of_type(TransactionType::CASH),
        row("table 44", &[(OnlinePin, false, Cashback)], pin([0x02, 0x05, 0x00])).cashback(100),
        row("table 44", FOREIGN, signature([0x1E, 0x00, 0x00])),
        of("over X", "table 44", |card| rules(LIMITS)(yuan(card)), LARGE, pin([0x42, 0x07, 0x00])),
        of(
            "not over X, over Y",
            "table 44",
            |card| rules(LIMITS)(yuan(card)),
            LARGE - 1,
            signature([0x1E, 0x09, 0x00]),
        )
        .limits(|limits| limits.cvm_limit = 1_000),
    ];
    assert_eq!(run(cases).await, 14);
}

#[tokio::test]
async fn restrictions() {
    let usage = |control: [u8; 2]| {
        move |card: CardProfile| card.with_static_data(|data| data.usage_control = control)
    };
    let expired = [0, 0x40, 0, 0, 0x01];
    let early = [0, 0x20, 0, 0, 0x01];
    let other = [0, 0x80, 0, 0, 0x01];
    let service = [0, 0x10, 0, 0, 0x01];
    let domestic = |card: CardProfile| usage([0x29, 0x00])(card);
    let cases = vec![
        of("expired", "7.7", |card| card.with_expiry(26, 10), SMALL, online(expired)),
        of("last month", "7.7", |card| card.with_expiry(26, 11), SMALL, approved(CLEAR)),
        of(
            "not yet valid",
            "7.7",
            |card| card.with_static_data(|data| data.effective = [0x26, 0x12, 0x01]),
            SMALL,
            online(early),
        ),
        of(
            "another version",
            "7.7",
            |card| card.with_static_data(|data| data.version = [0x00, 0x21]),
            SMALL,
            approved(other),
        ),
        of("no goods abroad", "7.7", domestic, SMALL, insert(service)),
        of("goods abroad", "7.7", usage([0x11, 0x00]), SMALL, approved(CLEAR)),
        of("services abroad", "7.7", usage([0x05, 0x00]), SMALL, approved(CLEAR)),
        of("not at this terminal", "7.7", usage([0xFE, 0xC0]), SMALL, insert(service)),
        of("no cash abroad", "7.7", usage([0xBF, 0xC0]), SMALL, insert(service))
            .of_type(TransactionType::CASH),
        of("cash abroad", "7.7", usage([0x41, 0x00]), SMALL, approved(CLEAR))
            .of_type(TransactionType::CASH),
        of("no cashback abroad", "7.7", usage([0xFF, 0x80]), SMALL, insert(service)).cashback(100),
        of("cashback abroad", "7.7", usage([0x11, 0x40]), SMALL, approved(CLEAR)).cashback(100),
        of(
            "no usage control",
            "7.7",
            |card| card.with_fault(Fault::Missing(tags::APPLICATION_USAGE_CONTROL)),
            SMALL,
            approved(CLEAR),
        ),
    ];
    assert_eq!(run(cases).await, 13);
}

#[tokio::test]
async fn cards_that_break_the_rules() {
    let mut cases = Vec::new();
    for (fault, clause, expected) in [
        (Fault::StatusAt(3, StatusWord(0x6984)), "S3.9", ended(0x03, 0x6984)),
        (Fault::StatusAt(4, StatusWord(0x6A83)), "S4.10", ended(0x03, 0x6A83)),
        (Fault::StatusAt(8, StatusWord(0x6985)), "S9.17", ended(0x03, 0x6985)),
        (Fault::GarbageAt(3), "S3.13", ended(0x04, 0)),
        (Fault::TruncatedAt(3), "S3.13", ended(0x04, 0)),
        (Fault::GarbageAt(5), "S4.26", ended(0x04, 0)),
        (Fault::TruncatedAt(5), "S4.26", ended(0x04, 0)),
        (Fault::GarbageAt(8), "S9.19", ended(0x04, 0)),
        (Fault::TruncatedAt(8), "S9.19", ended(0x04, 0)),
        (Fault::Missing(tags::CDOL1), "S456.17", ended(0x01, 0)),
        (Fault::Missing(tags::APPLICATION_PAN), "S456.17", ended(0x01, 0)),
        (Fault::Missing(tags::APPLICATION_EXPIRATION_DATE), "S456.17", ended(0x01, 0)),
        (Fault::Duplicated(tags::APPLICATION_PAN), "4.5", ended(0x04, 0)),
        (Fault::DanglingLocator, "S4.10", ended(0x03, 0x6A82)),
        (Fault::WrongLocator, "S3R1.6", ended(0x04, 0)),
        (Fault::RecordTruncated, "S4.26", ended(0x04, 0)),
        (Fault::RecordNotTemplate, "S4.26", ended(0x04, 0)),
        (Fault::TruncatedFci, "S1.8", ended(0x04, 0)),
    ] {
        cases.push(of("broken", clause, |card| card.with_fault(fault), SMALL, expected));
    }
    assert_eq!(run(cases).await, 18);
}
