//! Extended data authentication, from the first command to the last (EMV Book 2, clause 12).
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{
    Altered, Commands, MemorySession, issuer_answer, parameters_with_curves, purchase, soon,
};
use countertop_emv::contact::{ContactTransaction, Decision, GoOnline, Outcome, Step};
use countertop_emv::parameters::{ApplicationParameters, EmvParameters};
use countertop_virtual::card::{
    CardKeys, CardProfile, Curve, CvmMethod, CvmRule, DataAuthentication, Fault, PaymentCard,
    VirtualCard,
};
use countertop_wire::tlv::{Tag, find, tags};

const PAN: &str = "6200000000000005";

/// Bits of the TVR: byte 1, byte 4, byte 5.
const XDA_SELECTED: u8 = 0x01;
const ABOVE_FLOOR_LIMIT: u8 = 0x80;
const SIGNATURE_VERIFICATION_FAILED: u8 = 0x01;

/// Spoils the last byte of an answer to GENERATE AC, which is the signature's: of the first, or the second.
fn forged(card: PaymentCard, cryptogram: usize) -> impl VirtualCard + 'static {
    let mut generated = 0;
    Altered::new(card, move |_, command, answer| {
        generated += usize::from(command[1] == 0xAE);
        if command[1] == 0xAE && generated == cryptogram {
            let last = answer.len() - 3;
            answer[last] ^= 0x01;
        }
    })
}

fn profile() -> CardProfile {
    CardProfile::unionpay_debit()
        .with_data_authentication(DataAuthentication::Extended)
        .with_cvm_rules([CvmRule::or_fail(CvmMethod::NoCvm)])
}

/// Returns parameters by which nothing stands against an approval without the host.
fn offline() -> EmvParameters {
    let mut parameters = parameters_with_curves();
    parameters.applications.iter_mut().for_each(|application| application.floor_limit = 5000);
    parameters
}

async fn begin(card: impl VirtualCard + 'static, parameters: EmvParameters) -> (Step, Commands) {
    let (session, commands) = MemorySession::open(card);
    let start = ContactTransaction::start(session, Arc::new(parameters), purchase(1234));
    (soon(start).await.unwrap(), commands)
}

fn online(step: Step) -> Box<GoOnline> {
    let Step::GoOnline(request) = step else { panic!("the host is not asked: {step:?}") };
    request
}

async fn approved(request: Box<GoOnline>) -> Outcome {
    let answer = issuer_answer(PAN, request.field55().expose(), *b"00");
    *soon(request.host_answered(true, *b"00", &answer)).await.unwrap()
}

fn finished(step: Step) -> Outcome {
    let Step::Finished(outcome) = step else { panic!("it goes on: {step:?}") };
    *outcome
}

/// Returns P1 of each GENERATE AC.
fn generated(commands: &Commands) -> Vec<u8> {
    let commands = commands.lock().unwrap();
    commands.iter().filter(|command| command[1] == 0xAE).map(|command| command[2]).collect()
}

fn told(field55: &[u8], tag: Tag) -> Vec<u8> {
    find(field55, &[tag]).unwrap().unwrap().to_vec()
}

#[tokio::test]
async fn both_cryptograms_are_believed() {
    for curve in [Curve::P256, Curve::P521] {
        let profile = profile().with_keys(CardKeys::default().with_curve(curve));
        let key = countertop_virtual::card::TestCa::ec_capk([0xA0, 0, 0, 3, 0x33], curve);
        let parameters =
            parameters_with_curves().with_ec_key(countertop_emv::parameters::EcCaPublicKey::new(
                key.rid, key.index, key.suite, key.point,
            ));
        let (step, commands) = begin(PaymentCard::new(profile), parameters).await;
        let request = online(step);
        let capabilities = told(request.field55().expose(), tags::TERMINAL_CAPABILITIES);
        assert_eq!(capabilities, [0xE0, 0x78, 0xCC]);
        let outcome = approved(request).await;
        assert!(outcome.is_approved(), "{outcome:?}");
        assert_eq!(outcome.tvr.0, [XDA_SELECTED, 0, 0, ABOVE_FLOOR_LIMIT, 0]);
        assert_eq!(outcome.tsi[0] & 0x80, 0x80);
        assert_eq!(generated(&commands), [0x88, 0x48]);
    }
}

#[tokio::test]
async fn approved_without_the_host() {
    let card = PaymentCard::new(profile().with_offline_limits(10_000, 0));
    let (step, commands) = begin(card, offline()).await;
    let outcome = finished(step);
    assert!(outcome.is_approved() && !outcome.online, "{outcome:?}");
    assert_eq!(outcome.tvr.0, [XDA_SELECTED, 0, 0, 0, 0]);
    assert_eq!(generated(&commands), [0x48]);
}

#[tokio::test]
async fn what_no_host_has_seen_is_not_approved_with_a_bad_signature() {
    let profile = profile().with_offline_limits(10_000, 0);
    for host in [true, false] {
        let card = forged(PaymentCard::new(profile.clone()), 1);
        let (step, commands) = begin(card, offline()).await;
        let request = online(step);
        let tvr = told(request.field55().expose(), tags::TERMINAL_VERIFICATION_RESULTS);
        assert_eq!(tvr, [XDA_SELECTED, 0, 0, SIGNATURE_VERIFICATION_FAILED, 0]);
        let outcome = if host {
            approved(request).await
        } else {
            *soon(request.unable_to_go_online()).await.unwrap()
        };
        assert_eq!((outcome.is_approved(), outcome.online), (host, host), "{outcome:?}");
        assert_eq!(generated(&commands), [0x48], "the TC is the last cryptogram");
    }
}

#[tokio::test]
async fn a_bad_second_signature_is_declined() {
    let card = forged(PaymentCard::new(profile()), 2);
    let (step, commands) = begin(card, parameters_with_curves()).await;
    let outcome = approved(online(step)).await;
    assert_eq!(outcome.decision, Decision::Declined);
    let failed = ABOVE_FLOOR_LIMIT | SIGNATURE_VERIFICATION_FAILED;
    assert_eq!(outcome.tvr.0, [XDA_SELECTED, 0, 0, failed, 0]);
    assert_eq!(generated(&commands), [0x88, 0x48]);
}

#[tokio::test]
async fn after_a_bad_first_signature_nobody_looks_at_the_second() {
    let card = forged(PaymentCard::new(profile()), 1);
    let (step, commands) = begin(card, parameters_with_curves()).await;
    let outcome = approved(online(step)).await;
    assert!(outcome.is_approved(), "{outcome:?}");
    assert_eq!(generated(&commands), [0x88, 0x48], "it is asked for all the same");
}

#[tokio::test]
async fn a_decline_by_the_action_codes_needs_no_host() {
    for (limit, sent) in [(10_000, &[0x48][..]), (0, &[0x48, 0x08])] {
        let mut parameters = offline();
        parameters.applications[0].tac_denial[4] |= 0x02;
        let profile = profile().with_offline_limits(limit, 0);
        let card = PaymentCard::new(profile.with_fault(Fault::WrongIccCertificate));
        let (step, commands) = begin(card, parameters).await;
        let outcome = finished(step);
        assert_eq!(outcome.decision, Decision::Declined);
        assert_eq!(outcome.tvr.0[4], 0x02, "ECC key recovery failed");
        assert_eq!(generated(&commands), sent);
    }
}

#[tokio::test]
async fn a_key_that_is_not_there_counts_before_the_first_cryptogram() {
    let mut parameters = offline();
    for application in &mut parameters.applications {
        application.tac_online[4] |= 0x04;
    }
    parameters.ec_keys.iter_mut().for_each(|key| key.index = 0x01);
    let card = PaymentCard::new(profile().with_offline_limits(10_000, 0));
    let (step, commands) = begin(card, parameters).await;
    assert_eq!(approved(online(step)).await.tvr.0[4], 0x04, "CA ECC key missing");
    assert_eq!(generated(&commands), [0x88, 0x48]);
}

#[tokio::test]
async fn without_keys_on_curves_it_is_not_declared() {
    let mut parameters = parameters_with_curves();
    parameters.ec_keys.retain(|key| key.rid != [0xA0, 0, 0, 3, 0x33]);
    let (step, commands) = begin(PaymentCard::new(profile()), parameters).await;
    let request = online(step);
    let capabilities = told(request.field55().expose(), tags::TERMINAL_CAPABILITIES);
    assert_eq!(capabilities, [0xE0, 0x78, 0xC8]);
    let outcome = approved(request).await;
    assert_eq!(outcome.tvr.0[0], 0, "combined data authentication");
    assert_eq!(generated(&commands), [0x90, 0x50]);
}

#[tokio::test]
async fn the_certificate_names_the_cards_application_not_the_terminals_part_of_it() {
    let mut parameters = parameters_with_curves();
    parameters.applications =
        vec![ApplicationParameters::new([0xA0, 0, 0, 3, 0x33, 1, 1], [0x00, 0x20])];
    let (step, _) = begin(PaymentCard::new(profile()), parameters).await;
    assert_eq!(approved(online(step)).await.tvr.0[4], 0);
}
