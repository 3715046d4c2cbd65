//! Cards that leave at each command: the right outcome, and the next tap works (Book C-2, S9 to S11).

use std::time::Duration;

use countertop_emv::CryptogramKind;
use countertop_emv::contactless::{MessageIdentifier, Outcome, OutcomeStatus, Reason, Start};
use countertop_virtual::card::{CardProfile, Fault};

use crate::common::{MemorySession, issuer_answer, purchase};
use crate::reader::{Reader, SharedCard};

const SMALL: u64 = 1_234;
/// Commands of a Mastercard: directory, application, options, four records, GENERATE AC.
const GENERATE_AC: u32 = 8;

async fn commands(profile: CardProfile) -> u32 {
    let card = SharedCard::new(profile);
    let (session, seen) = MemorySession::open(card);
    Reader::new().tap(session, &purchase(SMALL)).await;
    let seen = seen.lock().unwrap();
    u32::try_from(seen.len()).unwrap()
}

fn is_presented_again(outcome: &Outcome) {
    assert_eq!(outcome.reason, Some(Reason::CardLost), "{outcome:?}");
    assert_eq!(outcome.start, Some(Start::B), "{outcome:?}");
    let again = outcome.ui_on_restart.as_ref().unwrap();
    assert_eq!(again.message, Some(MessageIdentifier::PresentCardAgain));
    assert!(outcome.record.is_none());
}

#[tokio::test]
async fn a_card_torn_at_any_command_is_presented_again_and_works() {
    for profile in [CardProfile::unionpay_debit(), CardProfile::visa(), CardProfile::mastercard()] {
        let count = commands(profile.clone()).await;
        assert!(count >= 3);
        for at in 1..=count {
            let card = SharedCard::new(profile.clone().with_fault(Fault::TornAt(at)));
            let mut reader = Reader::new();
            let first = reader.tap(card.session(), &purchase(SMALL)).await;
            is_presented_again(&first);
            let status =
                if at <= 2 { OutcomeStatus::TryAgain } else { OutcomeStatus::EndApplication };
            assert_eq!(first.status, status, "{at}");
            let second = reader.tap(card.session(), &purchase(SMALL)).await;
            assert_eq!(second.status, OutcomeStatus::OnlineRequest, "{at} {second:?}");
            assert_eq!(reader.entry_point.torn_transactions(), 0, "{at}");
        }
    }
}

#[tokio::test]
async fn a_card_mute_at_any_command_is_presented_again() {
    for profile in [CardProfile::unionpay_debit(), CardProfile::visa(), CardProfile::mastercard()] {
        for at in 1..=commands(profile.clone()).await {
            for fault in [Fault::MuteAt(at), Fault::RemovedAt(at)] {
                let profile = profile.clone().with_fault(fault);
                is_presented_again(&Reader::new().present(profile, &purchase(SMALL)).await);
            }
        }
    }
}

/// Tears a Mastercard while it makes its cryptogram; returns reader and card for the next tap.
async fn torn_at_cryptogram() -> (Reader, SharedCard) {
    let profile = CardProfile::mastercard().with_fault(Fault::TornAt(GENERATE_AC));
    let card = SharedCard::new(profile);
    let mut reader = Reader::new();
    is_presented_again(&reader.tap(card.session(), &purchase(SMALL)).await);
    assert_eq!(reader.entry_point.torn_transactions(), 1);
    (reader, card)
}

#[tokio::test]
async fn a_torn_transaction_is_recovered_with_its_own_number() {
    let (mut reader, card) = torn_at_cryptogram().await;
    let mut data = purchase(SMALL);
    data.unpredictable_number = [9, 9, 9, 9];
    let (session, seen) = MemorySession::open(card);
    let outcome = reader.tap(session, &data).await;
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    let record = outcome.record.unwrap();
    // The cryptogram is of the first tap, and so is everything that it was made over.
    assert_eq!(record.cryptogram.counter, 1);
    assert_eq!(record.cryptogram.kind, CryptogramKind::Arqc);
    issuer_answer("5555555555554444", record.field55.expose(), *b"00");
    let instructions: Vec<_> = seen.lock().unwrap().iter().map(|command| command[1]).collect();
    assert_eq!(instructions.last(), Some(&0xD0));
    assert!(!instructions.contains(&0xAE));
}

#[tokio::test]
async fn another_amount_is_another_transaction() {
    let (mut reader, card) = torn_at_cryptogram().await;
    let (session, seen) = MemorySession::open(card);
    let outcome = reader.tap(session, &purchase(SMALL + 1)).await;
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest);
    assert_eq!(outcome.record.unwrap().cryptogram.counter, 2);
    assert!(seen.lock().unwrap().iter().all(|command| command[1] != 0xD0));
    // It is still there for its own amount, until it is too old.
    assert_eq!(reader.entry_point.torn_transactions(), 1);
}

#[tokio::test]
async fn what_is_too_old_is_forgotten() {
    let (mut reader, card) = torn_at_cryptogram().await;
    reader.clock.advance(Duration::from_secs(301));
    let outcome = reader.tap(card.session(), &purchase(SMALL)).await;
    assert_eq!(outcome.record.unwrap().cryptogram.counter, 2);
    assert_eq!(reader.entry_point.torn_transactions(), 0);
}

#[tokio::test]
async fn a_card_that_has_nothing_to_recover_starts_anew() {
    // It leaves before GENERATE AC reaches it: there is no cryptogram to recover.
    let profile = CardProfile::mastercard().with_fault(Fault::MuteAt(GENERATE_AC));
    let mut reader = Reader::new();
    is_presented_again(&reader.present(profile, &purchase(SMALL)).await);
    assert_eq!(reader.entry_point.torn_transactions(), 1);
    let outcome = reader.present(CardProfile::mastercard(), &purchase(SMALL)).await;
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    assert_eq!(reader.entry_point.torn_transactions(), 0);
}

#[tokio::test]
async fn nothing_is_remembered_where_nothing_can_be_recovered() {
    for (profile, records) in [
        (CardProfile::mastercard(), 0),
        (CardProfile::mastercard().with_radio(|radio| radio.recovers = false), 1),
    ] {
        let card = SharedCard::new(profile.with_fault(Fault::TornAt(GENERATE_AC)));
        let mut reader = Reader::new().with(|limits| limits.kernel_2.torn_records = records);
        is_presented_again(&reader.tap(card.session(), &purchase(SMALL)).await);
        assert_eq!(reader.entry_point.torn_transactions(), 0);
        let outcome = reader.tap(card.session(), &purchase(SMALL)).await;
        assert_eq!(outcome.record.unwrap().cryptogram.counter, 2);
        assert_eq!(card.transactions(), 2);
    }
}
