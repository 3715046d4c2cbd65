//! UnionPay taps with the default parameters: all of them go to the host.

use crate::common::{Altered, MemorySession, issuer_answer, parameters, purchase, soon};
use countertop_emv::contactless::{ContactlessCvm, Outcome, OutcomeStatus, Reason, Start, tap};
use countertop_emv::{CryptogramKind, PinSupport, TransactionData};
use countertop_virtual::card::{CardProfile, Fault, Interface, PaymentCard};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::{Tag, TlvWriter, find, tags};

async fn present(profile: CardProfile, data: TransactionData) -> Outcome {
    let card = PaymentCard::new(profile).on(Interface::Contactless);
    let (session, _) = MemorySession::open(card);
    soon(tap(session, &parameters(), &data)).await.unwrap()
}

async fn online(minor: u64) -> Outcome {
    let outcome = present(CardProfile::unionpay_debit(), purchase(minor)).await;
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    outcome
}

#[tokio::test]
async fn a_small_amount_goes_online_without_pin() {
    let outcome = online(1234).await;
    assert_eq!(outcome.cvm, Some(ContactlessCvm::None));
    let request = outcome.record.unwrap();
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

/// A card, or somebody in between, gives what belongs to the terminal: with an old number and amount an old
/// cryptogram would look like this transaction's.
#[tokio::test]
async fn what_the_terminal_has_said_no_card_says_for_it() {
    const FORGED: [(Tag, &[u8]); 6] = [
        (tags::UNPREDICTABLE_NUMBER, &[0xDE, 0xAD, 0xBE, 0xEF]),
        (tags::AMOUNT_AUTHORISED, &[0, 0, 0, 0, 0x01, 0x00]),
        (tags::TRANSACTION_DATE, &[0x20, 0x01, 0x01]),
        (tags::TERMINAL_CAPABILITIES, &[0, 0, 0]),
        (tags::CVM_RESULTS, &[0x1E, 0x03, 0x00]),
        (tags::TRANSACTION_TYPE, &[0x20]),
    ];
    let honest = online(1234).await.record.unwrap();
    let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
    let card = Altered::new(card, |_, command, answer| {
        // Of GET PROCESSING OPTIONS.
        if let ([_, 0xA8, ..], [0x77, ..]) = (command, &answer[..]) {
            let (template, status) = answer.split_last_chunk::<2>().unwrap();
            let objects = find(template, &[tags::RESPONSE_TEMPLATE_FORMAT_2]).unwrap().unwrap();
            let forged =
                FORGED.into_iter().fold(TlvWriter::new(), |it, (tag, value)| it.put(tag, value));
            let inside = [objects, &forged.finish()[..]].concat();
            let whole = TlvWriter::new().put(tags::RESPONSE_TEMPLATE_FORMAT_2, inside).finish();
            *answer = [&whole[..], status].concat();
        }
    });
    let (session, _) = MemorySession::open(card);
    let outcome = soon(tap(session, &parameters(), &purchase(1234))).await.unwrap();
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    let field55 = outcome.record.unwrap().field55;
    for (tag, value) in FORGED {
        let told = find(field55.expose(), &[tag]).unwrap();
        assert_ne!(told, Some(value), "{tag}");
        assert_eq!(told, find(honest.field55.expose(), &[tag]).unwrap(), "{tag}");
    }
    issuer_answer("6200000000000005", field55.expose(), *b"00");
}

#[tokio::test]
async fn the_limit_without_pin_is_inclusive() {
    assert_eq!(online(100_000).await.cvm, Some(ContactlessCvm::None));
    assert_eq!(online(100_001).await.cvm, Some(ContactlessCvm::OnlinePin));
}

#[tokio::test]
async fn without_a_pin_pad_the_card_is_asked_for_another_method() {
    let mut data = purchase(100_001);
    data.pin = PinSupport::None;
    let outcome = present(CardProfile::unionpay_debit(), data).await;
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    assert_eq!(outcome.cvm, Some(ContactlessCvm::Signature));
}

#[tokio::test]
async fn over_the_limit_the_card_goes_into_the_slot() {
    let outcome = present(CardProfile::unionpay_debit(), purchase(99_999_999)).await;
    assert_eq!(outcome.status, OutcomeStatus::TryAnotherInterface);
    assert_eq!(outcome.reason, Some(Reason::OverLimit));
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
            assert_eq!(outcome.reason, Some(Reason::CardLost), "{fault:?} {outcome:?}");
            assert_eq!(outcome.start, Some(Start::B), "{fault:?} {outcome:?}");
        }
    }
}

#[tokio::test]
async fn what_the_card_says_to_get_processing_options() {
    // Commands: directory, application, GET PROCESSING OPTIONS.
    for (status, expected, start) in [
        (0x6984, OutcomeStatus::TryAnotherInterface, None),
        (0x6986, OutcomeStatus::EndApplication, Some(Start::B)),
        (0x6985, OutcomeStatus::EndApplication, None),
        (0x6F00, OutcomeStatus::EndApplication, None),
    ] {
        let fault = Fault::StatusAt(3, StatusWord(status));
        let outcome =
            present(CardProfile::unionpay_debit().with_fault(fault), purchase(1234)).await;
        assert_eq!((outcome.status, outcome.start), (expected, start), "{status:04X}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_card_without_directory_ends() {
    let fault = Fault::StatusAt(1, StatusWord::FILE_NOT_FOUND);
    let outcome = present(CardProfile::unionpay_debit().with_fault(fault), purchase(1234)).await;
    assert_eq!(outcome.status, OutcomeStatus::EndApplication, "{outcome:?}");
}

#[tokio::test]
async fn an_offline_approval_is_not_taken() {
    let profile = CardProfile::unionpay_debit().with_offline_limits(0, 5_000);
    // The reader asks for a cryptogram for the host, so that a card that obeys gives one.
    let outcome = present(profile, purchase(1234)).await;
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
}
