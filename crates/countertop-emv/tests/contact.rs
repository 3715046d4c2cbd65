//! Contact transactions with virtual cards.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{Commands, MemorySession, issuer_answer, parameters, purchase, soon};
use countertop_device::{DeviceErrorKind, Sensitive};
use countertop_emv::contact::{
    ContactTransaction, Decision, EnterOfflinePin, GoOnline, Outcome, Step,
};
use countertop_emv::{CryptogramKind, EmvError, PinSupport, TransactionData};
use countertop_virtual::card::{
    ApplicationEntry, CardProfile, CvmMethod, CvmRule, DataAuthentication, Fault,
    IssuerAuthentication, PaymentCard, Transmission,
};
use countertop_wire::tlv::{Tag, find, tags, tlvs};
use emv::core::{pin_encipherment, verify};

const UNIONPAY: &str = "6200000000000005";

fn debit() -> CardProfile {
    CardProfile::unionpay_debit()
}

async fn begin(profile: CardProfile, data: TransactionData) -> (Result<Step, EmvError>, Commands) {
    let (session, commands) = MemorySession::open(PaymentCard::new(profile));
    (soon(ContactTransaction::start(session, parameters(), data)).await, commands)
}

/// Goes on until the host is asked; the PIN pad takes every online PIN.
async fn until_online(mut step: Step) -> Box<GoOnline> {
    loop {
        step = match step {
            Step::EnterOnlinePin(entry) => soon(entry.captured()).await.unwrap(),
            Step::GoOnline(request) => return request,
            step => panic!("the host is not asked: {step:?}"),
        }
    }
}

async fn approved(request: Box<GoOnline>, pan: &str) -> Outcome {
    let answer = issuer_answer(pan, request.field55().expose(), *b"00");
    *soon(request.host_answered(true, *b"00", &answer)).await.unwrap()
}

fn sent(commands: &Commands, instruction: u8) -> Vec<Vec<u8>> {
    let all = commands.lock().unwrap();
    all.iter().filter(|command| command[1] == instruction).cloned().collect()
}

#[tokio::test]
async fn approved_online_with_pin() {
    let (step, commands) = begin(debit(), purchase(1234)).await;
    let Step::EnterOnlinePin(entry) = step.unwrap() else { panic!("a PIN is asked for") };
    assert_eq!(entry.card().masked_pan(), "620000******0005");
    let request = until_online(soon(entry.captured()).await.unwrap()).await;
    assert!(request.cvm().online_pin());
    let outcome = approved(request, UNIONPAY).await;
    assert!(outcome.is_approved() && outcome.online, "{outcome:?}");
    let cryptogram = outcome.cryptogram.as_ref().unwrap();
    assert_eq!(cryptogram.kind, CryptogramKind::Tc);
    assert_eq!(cryptogram.counter, 1);
    // DDA succeeded: neither "not performed" nor "failed"; issuer authentication succeeded.
    assert_eq!(outcome.tvr.0[0], 0);
    assert_eq!(outcome.tvr.0[4] & 0x40, 0);
    assert_eq!(outcome.application().name(), "UnionPay Debit");
    assert!(!outcome.signature_required());
    assert_eq!(sent(&commands, 0xAE).len(), 2);
    // No PIN went to the card.
    assert!(sent(&commands, 0x20).is_empty());
}

#[tokio::test]
async fn field_55_is_in_order() {
    let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
    let field = request.field55().expose();
    let order: Vec<Tag> = tlvs(field).map(|object| object.unwrap().tag).collect();
    let numbers: Vec<u32> = order.iter().map(|tag| tag.number()).collect();
    assert_eq!(
        numbers[..20],
        [
            0x9F26, 0x9F27, 0x9F10, 0x9F37, 0x9F36, 0x95, 0x9A, 0x9C, 0x9F02, 0x5F2A, 0x82, 0x9F1A,
            0x9F03, 0x9F33, 0x9F34, 0x9F35, 0x9F1E, 0x84, 0x9F09, 0x9F41
        ]
    );
    let value = |tag| find(field, &[tag]).unwrap().unwrap();
    assert_eq!(value(tags::AMOUNT_AUTHORISED), [0, 0, 0, 0, 0x12, 0x34]);
    assert_eq!(value(tags::CRYPTOGRAM_INFORMATION_DATA), [0x80]);
    assert_eq!(value(tags::CVM_RESULTS), [0x42, 0x03, 0x00]);
    assert_eq!(value(tags::TERMINAL_CAPABILITIES), [0xE0, 0x78, 0xC8]);
}

#[tokio::test]
async fn the_second_cryptogram_covers_the_hosts_answer() {
    for (code, approve) in [(*b"00", true), (*b"51", false)] {
        let profile = debit().with_issuer_authentication(IssuerAuthentication::SecondCryptogram);
        let (step, commands) = begin(profile, purchase(1234)).await;
        let request = until_online(step.unwrap()).await;
        let answer = issuer_answer(UNIONPAY, request.field55().expose(), code);
        let outcome = soon(request.host_answered(approve, code, &answer)).await.unwrap();
        assert_eq!(outcome.is_approved(), approve, "{outcome:?}");
        let second = &sent(&commands, 0xAE)[1];
        assert!(second.windows(2).any(|bytes| bytes == code), "{second:02x?}");
    }
}

#[tokio::test]
async fn the_host_declines_and_the_card_agrees() {
    let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
    let outcome = soon(request.host_answered(false, *b"51", &[])).await.unwrap();
    assert_eq!(outcome.decision, Decision::Declined);
    assert_eq!(outcome.cryptogram.unwrap().kind, CryptogramKind::Aac);
    assert!(outcome.online);
}

#[tokio::test]
async fn a_false_host_is_found_out() {
    let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
    let answer = [&[0x91, 0x0A][..], &[0; 8], b"00", &[0x8A, 0x02], b"00"].concat();
    let outcome = soon(request.host_answered(true, *b"00", &answer)).await.unwrap();
    assert_ne!(outcome.tvr.0[4] & 0x40, 0, "{outcome:?}");
    assert!(outcome.tvr.reasons().any(|reason| reason.contains("issuer")));
}

#[tokio::test]
async fn no_host_no_approval() {
    let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
    let outcome = soon(request.unable_to_go_online()).await.unwrap();
    assert_eq!(outcome.decision, Decision::Declined);
    assert!(!outcome.online);
}

#[tokio::test]
async fn combined_data_authentication_of_both_cryptograms() {
    let profile = debit().with_data_authentication(DataAuthentication::Combined);
    let request = until_online(begin(profile, purchase(1234)).await.0.unwrap()).await;
    let outcome = approved(request, UNIONPAY).await;
    assert!(outcome.is_approved(), "{outcome:?}");
    assert_eq!(outcome.tvr.0[0], 0);
    assert_ne!(outcome.cryptogram.unwrap().value, [0; 8]);
}

#[tokio::test]
async fn a_card_without_genuine_keys_still_goes_online_and_says_so() {
    let profile = debit().with_fault(Fault::WrongCertificate);
    let request = until_online(begin(profile, purchase(1234)).await.0.unwrap()).await;
    let tvr = find(request.field55().expose(), &[tags::TERMINAL_VERIFICATION_RESULTS]);
    assert_ne!(tvr.unwrap().unwrap()[0] & 0x08, 0);
}

#[tokio::test]
async fn an_expired_card() {
    let (step, _) = begin(debit().with_expiry(24, 12), purchase(1234)).await;
    let request = until_online(step.unwrap()).await;
    let outcome = soon(request.unable_to_go_online()).await.unwrap();
    assert!(outcome.tvr.reasons().any(|reason| reason == "the card has expired"));
}

#[tokio::test]
async fn signature_where_there_is_no_pin_pad() {
    let mut data = purchase(1234);
    data.pin = PinSupport::None;
    let request = until_online(begin(debit(), data).await.0.unwrap()).await;
    assert!(request.cvm().signature_required());
    assert!(approved(request, UNIONPAY).await.signature_required());
}

#[tokio::test]
async fn a_bypassed_pin_falls_through_to_the_next_method() {
    let (step, _) = begin(debit(), purchase(1234)).await;
    let Step::EnterOnlinePin(entry) = step.unwrap() else { panic!("a PIN is asked for") };
    let request = until_online(soon(entry.bypassed()).await.unwrap()).await;
    assert!(!request.cvm().online_pin());
    let tvr = find(request.field55().expose(), &[tags::TERMINAL_VERIFICATION_RESULTS]);
    assert_ne!(tvr.unwrap().unwrap()[2] & 0x08, 0);
}

#[tokio::test]
async fn two_applications_are_offered_in_their_order() {
    let credit = ApplicationEntry {
        aid: vec![0xA0, 0, 0, 0x03, 0x33, 1, 1, 2],
        label: "UnionPay Credit".into(),
        priority: 2,
        kernel: 7,
    };
    let (step, _) = begin(debit().with_application(credit), purchase(1234)).await;
    let Step::ChooseApplication(choice) = step.unwrap() else { panic!("nothing is offered") };
    let names: Vec<_> = choice.candidates().iter().map(|known| known.name().to_owned()).collect();
    assert_eq!(names, ["UnionPay Debit", "UnionPay Credit"]);
    let request = until_online(soon(choice.choose(1)).await.unwrap()).await;
    assert_eq!(request.card().application.name(), "UnionPay Credit");
}

#[tokio::test]
async fn nothing_in_common() {
    let other = ApplicationEntry {
        aid: vec![0xA0, 0, 0, 0x99, 0x99],
        label: "OTHER".into(),
        priority: 1,
        kernel: 0,
    };
    let (session, _) = MemorySession::open(PaymentCard::new(CardProfile::visa()));
    let mut parameters = (*parameters()).clone();
    parameters.applications.retain(|known| known.aid != common::VISA);
    let parameters = std::sync::Arc::new(parameters);
    let step = soon(ContactTransaction::start(session, parameters, purchase(1))).await;
    assert!(matches!(step, Err(EmvError::NoApplication)), "{step:?} {other:?}");
}

fn offline_pin() -> CardProfile {
    debit().with_cvm_rules([CvmRule::or_fail(CvmMethod::EncipheredPin)])
}

/// Does what a PIN pad does: enciphers digits for the card (EMV Book 2, clause 7.2).
fn encipher(entry: &EnterOfflinePin, digits: &[u8]) -> Sensitive {
    let key = entry.key();
    let padding = vec![0xA5; key.modulus.len() - 17];
    let block = verify::plaintext_pin_block(digits).unwrap();
    pin_encipherment::enciphered_pin_data(
        block,
        key.challenge,
        &padding,
        &key.modulus,
        &key.exponent,
    )
    .unwrap()
    .into()
}

#[tokio::test]
async fn an_enciphered_pin_is_verified_by_the_card() {
    let (step, commands) = begin(offline_pin(), purchase(1234)).await;
    let Step::EnterOfflinePin(entry) = step.unwrap() else { panic!("a PIN is asked for") };
    assert_eq!(entry.tries_left(), Some(3));
    let wrong = encipher(&entry, &[9, 9, 9, 9]);
    let Step::EnterOfflinePin(entry) = soon(entry.enciphered(wrong)).await.unwrap() else {
        panic!("a wrong PIN is asked for again")
    };
    assert_eq!(entry.tries_left(), Some(2));
    let right = encipher(&entry, &[1, 2, 3, 4, 5, 6]);
    let request = until_online(soon(entry.enciphered(right)).await.unwrap()).await;
    let results = find(request.field55().expose(), &[tags::CVM_RESULTS]).unwrap().unwrap();
    assert_eq!(results, [0x04, 0x03, 0x02]);
    // Only enciphered PINs were sent (P2 = 88).
    assert!(sent(&commands, 0x20).iter().all(|command| command[3] == 0x88));
}

#[tokio::test]
async fn a_pin_gets_blocked() {
    let profile = offline_pin().with_pin(Some("123456"), 1);
    let (step, _) = begin(profile, purchase(1234)).await;
    let Step::EnterOfflinePin(entry) = step.unwrap() else { panic!("a PIN is asked for") };
    let wrong = encipher(&entry, &[9, 9, 9, 9]);
    let request = until_online(soon(entry.enciphered(wrong)).await.unwrap()).await;
    let outcome = soon(request.unable_to_go_online()).await.unwrap();
    assert!(outcome.tvr.reasons().any(|reason| reason == "the PIN is blocked"));
}

#[tokio::test]
async fn an_offline_pin_is_not_asked_for_when_the_pad_cannot_encipher_it() {
    let mut data = purchase(1234);
    data.pin = PinSupport::Online;
    let (step, commands) = begin(offline_pin(), data).await;
    let step = step.unwrap();
    assert!(!matches!(step, Step::EnterOfflinePin(_)), "{step:?}");
    assert!(sent(&commands, 0x20).is_empty());
}

/// Runs a whole transaction with the card gone or mute at one command.
async fn with_fault(fault: Fault) -> Result<(), EmvError> {
    let (step, _) = begin(debit().with_fault(fault), purchase(1234)).await;
    let mut step = step?;
    loop {
        step = match step {
            Step::EnterOnlinePin(entry) => soon(entry.captured()).await?,
            Step::GoOnline(request) => {
                let answer = issuer_answer(UNIONPAY, request.field55().expose(), *b"00");
                soon(request.host_answered(true, *b"00", &answer)).await?;
                return Ok(());
            }
            Step::Finished(_) => return Ok(()),
            step => panic!("{step:?}"),
        }
    }
}

#[tokio::test]
async fn a_card_gone_at_any_command_is_told_so() {
    let commands = {
        let (step, commands) = begin(debit(), purchase(1234)).await;
        approved(until_online(step.unwrap()).await, UNIONPAY).await;
        let seen = commands.lock().unwrap().len();
        u32::try_from(seen).unwrap()
    };
    assert!(commands > 10);
    for at in 1..=commands {
        for (fault, expected) in [
            (Fault::RemovedAt(at), DeviceErrorKind::CardRemoved),
            (Fault::MuteAt(at), DeviceErrorKind::TimedOut),
        ] {
            match with_fault(fault).await {
                Err(EmvError::Device(error)) => assert_eq!(error.kind(), expected, "{fault:?}"),
                other => panic!("{fault:?}: {other:?}"),
            }
        }
    }
    with_fault(Fault::RemovedAt(commands + 1)).await.unwrap();
}

#[tokio::test]
async fn the_voucher_shows_what_may_be_shown() {
    let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
    let outcome = approved(request, UNIONPAY).await;
    let voucher = outcome.voucher();
    assert_eq!(voucher.masked_pan, "620000******0005");
    assert_eq!((voucher.label.as_str(), voucher.sequence_number), ("UnionPay Debit", Some(1)));
    assert_eq!(voucher.interchange_profile, Some([0x3C, 0x00]));
    assert_eq!(voucher.unpredictable_number, Some([0x12, 0x34, 0x56, 0x78]));
    assert_eq!(voucher.terminal_capabilities, Some([0xE0, 0x78, 0xC8]));
    assert_eq!((voucher.tvr, voucher.cvm, voucher.tsi), (outcome.tvr, outcome.cvm, [0xF8, 0x00]));
    assert_eq!(voucher.cryptogram.unwrap().kind, CryptogramKind::Tc);
    assert!(!voucher.signature_required);
}

#[tokio::test]
async fn a_card_that_talks_t0() {
    for method in [DataAuthentication::Dynamic, DataAuthentication::Combined] {
        let profile = debit().with_transmission(Transmission::T0).with_data_authentication(method);
        let request = until_online(begin(profile, purchase(1234)).await.0.unwrap()).await;
        let outcome = approved(request, UNIONPAY).await;
        assert!(outcome.is_approved() && outcome.tvr.0[0] == 0, "{outcome:?}");
    }
}

#[tokio::test]
async fn without_a_directory_our_list_finds_every_application_that_begins_so() {
    let credit = ApplicationEntry {
        aid: vec![0xA0, 0, 0, 0x03, 0x33, 1, 1, 1, 0x99],
        label: "SECOND".into(),
        priority: 2,
        kernel: 7,
    };
    let whole = debit().with_application(credit).with_static_data(|data| data.directory = false);
    // An identifier that is exactly ours ends the search, a part of it does not.
    let (step, _) = begin(whole.clone(), purchase(1234)).await;
    assert!(!matches!(step.unwrap(), Step::ChooseApplication(_)));
    let mut parameters = (*parameters()).clone();
    parameters.applications.retain(|known| known.aid.last() == Some(&1));
    parameters.applications[0].aid = vec![0xA0, 0, 0, 0x03, 0x33];
    let (session, commands) = MemorySession::open(PaymentCard::new(whole));
    let start = ContactTransaction::start(session, std::sync::Arc::new(parameters), purchase(1234));
    let Step::ChooseApplication(choice) = soon(start).await.unwrap() else {
        panic!("two are there")
    };
    let names: Vec<_> = choice.candidates().iter().map(|known| known.name().to_owned()).collect();
    assert_eq!(names, ["UnionPay Debit", "SECOND"]);
    let next: Vec<_> = sent(&commands, 0xA4).iter().map(|command| command[3]).collect();
    assert_eq!(next, [0x00, 0x00, 0x02, 0x02], "the directory, the first, the next, no more");
}

#[tokio::test]
async fn an_application_that_wants_the_cardholders_word() {
    let mut wanted = debit();
    wanted = CardProfile::from_toml(
        "scheme = \"unionpay-debit\"\n[[application]]\naid = \"A000000333010101\"\n\
         label = \"UnionPay Debit\"\npriority = 1\nconfirm = true",
    )
    .unwrap_or(wanted);
    let (step, _) = begin(wanted.clone(), purchase(1234)).await;
    let Step::ChooseApplication(choice) = step.unwrap() else { panic!("nobody is asked") };
    assert_eq!(choice.candidates().len(), 1);
    let mut parameters = (*parameters()).clone();
    parameters.terminal.cardholder_selection = false;
    let (session, _) = MemorySession::open(PaymentCard::new(wanted));
    let start = ContactTransaction::start(session, std::sync::Arc::new(parameters), purchase(1234));
    assert!(matches!(soon(start).await, Err(EmvError::NoApplication)));
}

#[tokio::test]
async fn a_referral_is_decided_on_the_telephone() {
    for approve in [true, false] {
        let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
        let referral = request.host_referred(*b"01", &[]);
        assert_eq!(referral.request().card().masked_pan(), "620000******0005");
        let outcome =
            if approve { soon(referral.approved()).await } else { soon(referral.declined()).await };
        assert_eq!(outcome.unwrap().is_approved(), approve);
    }
}

#[tokio::test]
async fn the_parameters_of_the_beginning_stay() {
    let store = countertop_emv::parameters::ParameterStore::new((*parameters()).clone());
    let (session, _) = MemorySession::open(PaymentCard::new(debit()));
    let step = soon(ContactTransaction::start(session, store.current(), purchase(1234))).await;
    // Nothing would be taken any more.
    let nothing = countertop_emv::parameters::EmvParameters::new(store.current().terminal.clone());
    store.replace(nothing).unwrap();
    let outcome = approved(until_online(step.unwrap()).await, UNIONPAY).await;
    assert!(outcome.is_approved());
    let (session, _) = MemorySession::open(PaymentCard::new(debit()));
    let next = soon(ContactTransaction::start(session, store.current(), purchase(1234))).await;
    assert!(matches!(next, Err(EmvError::NoApplication)));
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let request = until_online(begin(debit(), purchase(1234)).await.0.unwrap()).await;
    let shown = format!("{request:?}");
    assert!(!shown.contains(UNIONPAY) && !shown.contains("3012"), "{shown}");
    let outcome = approved(request, UNIONPAY).await;
    assert!(!format!("{outcome:?}").contains(UNIONPAY));
}
