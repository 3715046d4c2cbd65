//! Combination selection with whole cards (EMV Book B, clause 3.3).

use countertop_emv::contactless::{
    AlternateInterface, KernelId, Level2Error, MessageIdentifier, OutcomeStatus, Reason, UiStatus,
};
use countertop_emv::parameters::ApplicationParameters;
use countertop_virtual::card::{ApplicationEntry, CardProfile, Fault};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::tags;

use crate::common::{MemorySession, purchase};
use crate::reader::{MASTERCARD, Reader, SharedCard, UNIONPAY, VISA};

const JCB: [u8; 7] = [0xA0, 0, 0, 0, 0x65, 0x10, 0x10];

fn entry(aid: &[u8], kernel: u8, priority: u8) -> ApplicationEntry {
    ApplicationEntry { aid: aid.to_vec(), label: "OTHER".to_owned(), priority, kernel }
}

fn kernel_of(outcome: countertop_emv::contactless::Outcome) -> KernelId {
    assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    outcome.record.unwrap().kernel
}

#[tokio::test]
async fn each_scheme_has_its_kernel() {
    for (profile, kernel) in [
        (CardProfile::unionpay_debit(), KernelId::UNIONPAY),
        (CardProfile::visa(), KernelId::VISA),
        (CardProfile::mastercard(), KernelId::MASTERCARD),
    ] {
        let outcome = Reader::new().present(profile, &purchase(1_234)).await;
        assert_eq!(kernel_of(outcome), kernel);
    }
}

#[tokio::test]
async fn the_cards_priority_decides() {
    // The virtual card's applications share their behaviour, so that only the choice is looked at.
    for (priority, kernel) in [(2, KernelId::UNIONPAY), (1, KernelId::UNIONPAY)] {
        let profile = CardProfile::unionpay_debit().with_application(entry(&VISA, 3, priority));
        let outcome = Reader::new().present(profile, &purchase(1_234)).await;
        assert_eq!(kernel_of(outcome), kernel, "equal priorities keep the card's order");
    }
    let mut profile = CardProfile::unionpay_debit();
    profile = profile.with_application(entry(&VISA, 3, 0));
    let outcome = Reader::new().present(profile, &purchase(1_234)).await;
    assert_eq!(kernel_of(outcome), KernelId::UNIONPAY, "no priority comes last");
}

#[tokio::test]
async fn the_next_candidate_is_tried_when_the_first_cannot() {
    // Commands: directory, first application, second application, …
    let profile = CardProfile::unionpay_debit()
        .with_application(entry(&VISA, 3, 2))
        .with_fault(Fault::StatusAt(2, StatusWord::FILE_NOT_FOUND));
    let outcome = Reader::new().present(profile, &purchase(1_234)).await;
    assert_eq!(kernel_of(outcome), KernelId::VISA);
    // Conditions not satisfied in GET PROCESSING OPTIONS: select next.
    let profile = CardProfile::unionpay_debit()
        .with_application(entry(&VISA, 3, 2))
        .with_fault(Fault::StatusAt(3, StatusWord::CONDITIONS_NOT_SATISFIED));
    let outcome = Reader::new().present(profile, &purchase(1_234)).await;
    assert_eq!(kernel_of(outcome), KernelId::VISA);
}

#[tokio::test]
async fn without_a_candidate_left_the_application_ends() {
    let fault = Fault::StatusAt(3, StatusWord::CONDITIONS_NOT_SATISFIED);
    for profile in [CardProfile::unionpay_debit(), CardProfile::visa(), CardProfile::mastercard()] {
        let outcome = Reader::new().present(profile.with_fault(fault), &purchase(1_234)).await;
        assert_eq!(outcome.status, OutcomeStatus::EndApplication);
        assert_eq!(outcome.error.level_2, Level2Error::StatusBytes);
        let shown = outcome.ui_on_outcome.unwrap();
        assert_eq!(shown.message, Some(MessageIdentifier::InsertSwipeOrTryAnotherCard));
        assert_eq!(shown.status, Some(UiStatus::ProcessingError));
    }
}

#[tokio::test]
async fn a_kernel_that_is_not_there_leads_to_the_slot() {
    let mut reader = Reader::new();
    let mut jcb = ApplicationParameters::new(JCB, [0, 0x20]);
    jcb.contactless = reader.parameters.applications[0].contactless;
    reader.parameters = reader.parameters.with_application(jcb);
    let mut profile = CardProfile::unionpay_debit().with_application(entry(&JCB, 5, 1));
    let outcome = reader.present(profile.clone(), &purchase(1_234)).await;
    assert_eq!(kernel_of(outcome), KernelId::UNIONPAY, "the other one is there");
    // A UnionPay card that wants a domestic kernel, or another's.
    profile = CardProfile::unionpay_debit();
    for kernel in [2, 5, 0x41] {
        let foreign = ApplicationEntry { kernel, ..profile.applications()[0].clone() };
        let card = profile.clone().with_fault(Fault::StatusAt(99, StatusWord::SUCCESS));
        let card = only(card, foreign);
        let outcome = reader.present(card, &purchase(1_234)).await;
        assert_eq!(outcome.status, OutcomeStatus::TryAnotherInterface, "{kernel} {outcome:?}");
        assert_eq!(outcome.reason, Some(Reason::NoKernel));
        let shown = outcome.ui_on_outcome.unwrap();
        assert_eq!(shown.message, Some(MessageIdentifier::InsertOrSwipeCard));
    }
}

/// Returns the card with one application.
fn only(profile: CardProfile, application: ApplicationEntry) -> CardProfile {
    profile.with_only_application(application)
}

#[tokio::test]
async fn nothing_in_common_and_no_directory_end() {
    let mut reader = Reader::new();
    reader.parameters.applications.retain(|known| known.aid == MASTERCARD);
    let outcome = reader.present(CardProfile::visa(), &purchase(1_234)).await;
    assert_eq!(outcome.status, OutcomeStatus::EndApplication);
    assert_eq!(outcome.reason, Some(Reason::NoApplication));
    assert_eq!(outcome.error.to_bytes(), [0, 0x0A, 0, 0, 0, 0x1C]);
    let fault = Fault::StatusAt(1, StatusWord::FILE_NOT_FOUND);
    let outcome = reader.present(CardProfile::visa().with_fault(fault), &purchase(1_234)).await;
    assert_eq!(outcome.error.to_bytes(), [0, 0x08, 0, 0, 0, 0x1C]);
}

#[tokio::test]
async fn a_quick_card_without_qualifiers_in_its_list_is_for_another_kernel() {
    // A Mastercard's list has no 9F66, whatever the directory says.
    let entry = ApplicationEntry { kernel: 3, aid: VISA.to_vec(), ..entry(&VISA, 3, 1) };
    let profile = CardProfile::mastercard().with_only_application(entry);
    let outcome = Reader::new().present(profile, &purchase(1_234)).await;
    assert_eq!(outcome.status, OutcomeStatus::EndApplication, "{outcome:?}");
    assert_eq!(outcome.error.level_2, Level2Error::CardDataMissing);
}

#[tokio::test]
async fn a_card_that_wants_contact_says_so() {
    for profile in [CardProfile::unionpay_debit(), CardProfile::visa()] {
        let fault = Fault::StatusAt(3, StatusWord::REFERENCE_DATA_INVALIDATED);
        let outcome = Reader::new().present(profile.with_fault(fault), &purchase(1_234)).await;
        assert_eq!(outcome.status, OutcomeStatus::TryAnotherInterface);
        assert_eq!(outcome.alternate_interface, Some(AlternateInterface::Contact));
        assert_eq!(outcome.parameter_set(), [0x60, 0xF0, 0xF0, 0xF0, 0x90, 0x00, 0xFF, 0x00]);
    }
}

#[tokio::test]
async fn the_card_is_told_when_it_may_go() {
    for (profile, message) in [
        (CardProfile::unionpay_debit(), MessageIdentifier::CardReadOk),
        (CardProfile::visa(), MessageIdentifier::CardReadOk),
        (CardProfile::mastercard(), MessageIdentifier::ClearDisplay),
    ] {
        let session = SharedCard::new(profile).session();
        let (_, shown) = Reader::new().tap_shown(session, &purchase(1_234)).await;
        let shown: Vec<_> = shown.iter().map(|shown| (shown.message, shown.status)).collect();
        assert_eq!(shown, [(Some(message), Some(UiStatus::CardReadSuccessfully))]);
    }
}

#[tokio::test]
async fn the_card_is_asked_for_nothing_that_the_book_does_not_name() {
    for (profile, instructions) in [
        (CardProfile::unionpay_debit(), &[0xA4, 0xA4, 0xA8][..]),
        (CardProfile::visa(), &[0xA4, 0xA4, 0xA8]),
        (CardProfile::mastercard(), &[0xA4, 0xA4, 0xA8, 0xB2, 0xB2, 0xB2, 0xB2, 0xAE]),
    ] {
        let (session, seen) = MemorySession::open(SharedCard::new(profile));
        Reader::new().tap(session, &purchase(1_234)).await;
        let seen: Vec<_> = seen.lock().unwrap().iter().map(|command| command[1]).collect();
        assert_eq!(seen, instructions);
    }
}

#[tokio::test]
async fn a_label_of_the_answer_is_shown() {
    let name = (tags::APPLICATION_PREFERRED_NAME, b"Familienkarte".to_vec());
    let profile = CardProfile::visa().with_radio(|radio| radio.selected.push(name));
    let outcome = Reader::new().present(profile, &purchase(1_234)).await;
    let card = outcome.record.unwrap().card;
    assert_eq!(card.application.name(), "Familienkarte");
    assert_eq!(card.application.aid, VISA);
    assert_ne!(card.application.aid, UNIONPAY);
}
