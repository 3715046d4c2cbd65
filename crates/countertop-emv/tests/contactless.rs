//! Contactless transactions with virtual cards.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{MemorySession, issuer_answer, parameters, purchase, soon};
use countertop_emv::contactless::{
    ContactlessCvm, Interface as Other, OnlineRequest, Outcome, Retry, tap,
};
use countertop_emv::{CryptogramKind, PinSupport, TransactionData};
use countertop_virtual::card::{CardProfile, Fault, Interface, PaymentCard};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::{find, tags};

async fn present(profile: CardProfile, data: TransactionData) -> Outcome {
    let card = PaymentCard::new(profile).on(Interface::Contactless);
    let (session, _) = MemorySession::open(card);
    soon(tap(session, &parameters(), &data)).await.unwrap()
}

async fn online(minor: u64) -> OnlineRequest {
    match present(CardProfile::unionpay_debit(), purchase(minor)).await {
        Outcome::OnlineRequest(request) => *request,
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_small_amount_goes_online_without_pin() {
    let request = online(1234).await;
    assert_eq!(request.cvm, ContactlessCvm::None);
    assert_eq!(request.cryptogram.kind, CryptogramKind::Arqc);
    assert_eq!(request.card.masked_pan(), "620000******0005");
    assert!(request.card.track_2.is_some());
    assert_eq!(request.card.application.name(), "UnionPay Debit");
    // The issuer believes the cryptogram over exactly this field 55.
    issuer_answer("6200000000000005", request.field55.expose(), *b"00");
    let qualifier = find(request.field55.expose(), &[tags::CRYPTOGRAM_INFORMATION_DATA]);
    assert_eq!(qualifier.unwrap(), Some(&[0x80][..]));
    assert!(!format!("{request:?}").contains("6200000000000005"));
}

#[tokio::test]
async fn the_limit_without_pin_is_inclusive() {
    assert_eq!(online(100_000).await.cvm, ContactlessCvm::None);
    assert_eq!(online(100_001).await.cvm, ContactlessCvm::OnlinePin);
}

#[tokio::test]
async fn without_a_pin_pad_the_card_is_asked_for_another_method() {
    let mut data = purchase(100_001);
    data.pin = PinSupport::None;
    match present(CardProfile::unionpay_debit(), data).await {
        Outcome::OnlineRequest(request) => assert_eq!(request.cvm, ContactlessCvm::Signature),
        Outcome::Declined(_) => {}
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn over_the_limit_the_card_goes_into_the_slot() {
    let outcome = present(CardProfile::unionpay_debit(), purchase(99_999_999)).await;
    assert!(matches!(outcome, Outcome::TryAnotherInterface(Other::OverLimit)), "{outcome:?}");
}

#[tokio::test]
async fn another_kernels_card_goes_into_the_slot() {
    let outcome = present(CardProfile::visa(), purchase(1234)).await;
    assert!(matches!(outcome, Outcome::TryAnotherInterface(Other::NoKernel)), "{outcome:?}");
}

#[tokio::test]
async fn a_card_gone_or_mute_at_any_command_is_presented_again() {
    let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
    let (session, seen) = MemorySession::open(card);
    soon(tap(session, &parameters(), &purchase(1234))).await.unwrap();
    let commands = u32::try_from(seen.lock().unwrap().len()).unwrap();
    assert!(commands >= 3);
    for at in 1..=commands {
        for fault in [Fault::RemovedAt(at), Fault::MuteAt(at)] {
            let profile = CardProfile::unionpay_debit().with_fault(fault);
            let outcome = present(profile, purchase(1234)).await;
            assert!(matches!(outcome, Outcome::TryAgain(Retry::CardLost)), "{fault:?} {outcome:?}");
        }
    }
}

#[tokio::test]
async fn what_the_card_says_to_get_processing_options() {
    // Commands: directory, application, GET PROCESSING OPTIONS.
    for (status, expected) in [
        (0x6984, "TryAnotherInterface(CardAsks)"),
        (0x6986, "TryAgain(SeePhone)"),
        (0x6985, "EndApplication"),
        (0x6F00, "EndApplication"),
    ] {
        let fault = Fault::StatusAt(3, StatusWord(status));
        let outcome =
            present(CardProfile::unionpay_debit().with_fault(fault), purchase(1234)).await;
        assert!(format!("{outcome:?}").starts_with(expected), "{status:04X}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_card_without_directory_ends() {
    let fault = Fault::StatusAt(1, StatusWord::FILE_NOT_FOUND);
    let outcome = present(CardProfile::unionpay_debit().with_fault(fault), purchase(1234)).await;
    assert!(matches!(outcome, Outcome::EndApplication(_)), "{outcome:?}");
}

#[tokio::test]
async fn an_offline_approval_is_not_taken() {
    let profile = CardProfile::unionpay_debit().with_offline_limits(0, 5_000);
    // The reader asks for a cryptogram for the host, so that a card that obeys gives one.
    let outcome = present(profile, purchase(1234)).await;
    assert!(matches!(outcome, Outcome::OnlineRequest(_)), "{outcome:?}");
}
