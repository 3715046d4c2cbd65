//! Runs a case: a virtual card, our kernel, scripted people and a scripted host.

use std::sync::Arc;
use std::time::Duration;

use countertop_device::{CardSession, Currency, Money, SecurePinOutcome, Sensitive};
use countertop_emv::contact::{
    CardHistory, ContactTransaction, EnterOfflinePin, GoOnline, Outcome, Step,
};
use countertop_emv::parameters::{
    ApplicationParameters, CaPublicKey, EcCaPublicKey, EmvParameters, RandomSelection,
    RevokedCertificate,
};
use countertop_emv::{CardData, EmvError, PinSupport, TransactionData, TransactionType};
use countertop_virtual::card::{
    CardProfile, CvmCondition, CvmMethod, CvmRule, DataAuthentication, Fault, PaymentCard,
    RecordLayout, TestCa, TestIssuer,
};
use countertop_wire::tlv::{Tag, TlvWriter, tags};
use emv::core::{pin_encipherment, verify};

use crate::case::{
    Authority, Case, Date, Expected, Host, Kind, Pad, Person, Scheme, Scripts, Usage,
};
use crate::common::{
    Commands, MemorySession, SecurePinOutcomeOrPin, VISA, parameters, purchase, soon,
};

const UNIONPAY_RID: [u8; 5] = [0xA0, 0, 0, 0x03, 0x33];
const VISA_RID: [u8; 5] = [0xA0, 0, 0, 0, 0x03];
const MASTERCARD_RID: [u8; 5] = [0xA0, 0, 0, 0, 0x04];
const MASTERCARD: [u8; 7] = [0xA0, 0, 0, 0, 0x04, 0x10, 0x10];

/// Runs `case` and returns what came of it in the oracle's words.
pub(crate) async fn run(case: &Case) -> Result<Expected, EmvError> {
    let (session, commands) = session(case);
    let history = Arc::new(History {
        on_exception_file: case.on_exception_file,
        recent_amount: case.recent_amount,
    });
    let start = ContactTransaction::start_with_history(
        session,
        Arc::new(terminal(case)),
        data(case),
        history,
    );
    let mut step = soon(start).await?;
    let mut tries = 0;
    let outcome = loop {
        step = match step {
            Step::EnterOnlinePin(entry) => match case.person {
                Person::NoPin => soon(entry.bypassed()).await?,
                Person::PadFails => soon(entry.pin_pad_failed()).await?,
                _ => soon(entry.captured()).await?,
            },
            Step::EnterOfflinePin(entry) => {
                tries += 1;
                match case.person {
                    Person::NoPin => soon(entry.bypassed()).await?,
                    Person::PadFails => soon(entry.pin_pad_failed()).await?,
                    person => {
                        let right = person == Person::RightPin
                            || (person == Person::SecondTry && tries == 2);
                        let digits = if right { digits(case) } else { vec![9; 4] };
                        let data = encipher(&entry, &digits);
                        soon(entry.enciphered(data)).await?
                    }
                }
            }
            Step::EnterPinAtReader(entry) => match case.person {
                Person::PadFails => soon(entry.pin_pad_failed()).await?,
                _ => soon(entry.verify(Duration::from_secs(1))).await?,
            },
            Step::GoOnline(request) => break soon(answer(case, request)).await?,
            Step::Finished(outcome) => break outcome,
            step => panic!("{step:?}"),
        };
    };
    Ok(observed(&outcome, &commands))
}

fn observed(outcome: &Outcome, commands: &Commands) -> Expected {
    let commands = commands.lock().unwrap();
    let first = commands.iter().find(|command| command[1] == 0xAE).map_or(0xFF, |it| it[2]);
    Expected {
        tvr: outcome.tvr.0,
        tsi: outcome.tsi,
        cvm: outcome.cvm.0,
        decision: outcome.decision.clone(),
        online: outcome.online,
        first,
    }
}

async fn answer(case: &Case, request: Box<GoOnline>) -> Result<Box<Outcome>, EmvError> {
    let (code, approved) = match case.host {
        Host::Unreachable => return request.unable_to_go_online().await,
        Host::Declines => (*b"51", false),
        _ => (*b"00", true),
    };
    let pan = request.card().pan.expose_str().unwrap().to_owned();
    let verified = TestIssuer.verify(&pan, 1, request.field55().expose()).expect("a good ARQC");
    let mut proof = verified.authentication_data(code);
    if case.host == Host::Impostor {
        proof[0] ^= 1;
    }
    let proof = (case.host != Host::ApprovesBare).then_some(proof);
    let good = &[0x00, 0x84, 0x00, 0x00, 0x00][..];
    let bad = &[0x00, 0x84, 0x01, 0x00, 0x00][..];
    let script = |tag, command| {
        let inner = TlvWriter::new().put(tags::ISSUER_SCRIPT_COMMAND, command);
        TlvWriter::new().template(tag, inner).finish()
    };
    let (before, after) = match case.scripts {
        Scripts::None => (None, None),
        Scripts::Good => (Some(good), Some(good)),
        Scripts::BadBefore => (Some(bad), None),
        Scripts::BadAfter => (None, Some(bad)),
    };
    let before = before.map(|it| script(tags::ISSUER_SCRIPT_TEMPLATE_1, it)).unwrap_or_default();
    let after = after.map(|it| script(tags::ISSUER_SCRIPT_TEMPLATE_2, it)).unwrap_or_default();
    let field = TlvWriter::new()
        .put_some(tags::ISSUER_AUTHENTICATION_DATA, proof)
        .put(tags::AUTHORISATION_RESPONSE_CODE, code)
        .raw(&before)
        .raw(&after);
    request.host_answered(approved, code, &field.finish()).await
}

/// Does what a PIN pad does (EMV Book 2, clause 7.2).
fn encipher(entry: &EnterOfflinePin, digits: &[u8]) -> Sensitive {
    let key = entry.key();
    let padding = vec![0xA5; key.modulus.len() - 17];
    let block = verify::plaintext_pin_block(digits).unwrap();
    let (modulus, exponent) = (&key.modulus, &key.exponent);
    pin_encipherment::enciphered_pin_data(block, key.challenge, &padding, modulus, exponent)
        .unwrap()
        .into()
}

fn pin(case: &Case) -> &'static str {
    match case.scheme {
        Scheme::UnionPay => "123456",
        Scheme::Visa | Scheme::Mastercard => "1234",
    }
}

fn digits(case: &Case) -> Vec<u8> {
    pin(case).bytes().map(|digit| digit & 0x0F).collect()
}

fn session(case: &Case) -> (Box<dyn CardSession>, Commands) {
    let card = PaymentCard::new(profile(case));
    if case.pad != Pad::Reader {
        return MemorySession::open(card);
    }
    use SecurePinOutcomeOrPin::{Outcome, Pin};
    let typed = match case.person {
        Person::RightPin | Person::PadFails => vec![Pin(pin(case))],
        Person::WrongPin => vec![Pin("9999"); 3],
        Person::SecondTry => {
            vec![Outcome(SecurePinOutcome::WrongLength), Pin("9999"), Pin(pin(case))]
        }
        Person::NoPin => vec![Outcome(SecurePinOutcome::Cancelled)],
    };
    MemorySession::with_key_pad(card, typed)
}

fn profile(case: &Case) -> CardProfile {
    let profile = match case.scheme {
        Scheme::UnionPay => CardProfile::unionpay_debit(),
        Scheme::Visa => CardProfile::visa(),
        Scheme::Mastercard => CardProfile::mastercard(),
    };
    let profile = profile
        .with_data_authentication(case.method)
        .with_keys(case.keys)
        .with_issuer_authentication(case.issuer)
        .with_offline_limits(case.offline_limit, 0)
        .with_cvm_rules(case.rules.iter().map(|rule| parse(*rule)))
        .with_pin(Some(pin(case)), if case.pin_blocked { 0 } else { 3 })
        .with_static_data(|data| {
            data.cvm_amounts = case.amounts;
            data.usage_control = match case.usage {
                Usage::Everything => [0xFF, 0xC0],
                Usage::NotAtTerminals => [0xFE, 0xC0],
                Usage::NotForGoods => [0xC3, 0xC0],
                Usage::NotForCashback => [0xFF, 0x00],
            };
            data.version = match (case.scheme, case.version_differs) {
                (Scheme::UnionPay, false) => [0x00, 0x20],
                (Scheme::Visa, false) => [0x00, 0x96],
                (Scheme::Mastercard, false) => [0x00, 0x02],
                (_, true) => [0x00, 0x01],
            };
            if case.date == Date::TooEarly {
                data.effective = [0x27, 0x01, 0x01];
            }
        })
        .with_risk(|risk| {
            if let Some(velocity) = case.velocity {
                risk.lower_limit = Some(velocity.lower);
                risk.upper_limit = Some(velocity.upper);
                risk.transactions = velocity.transactions;
                risk.last_online = velocity.last_online;
                risk.hides_counters = velocity.hidden;
            }
        });
    let profile = match case.date {
        Date::TooLate => profile.with_expiry(24, 12),
        _ => profile,
    };
    let profile = if case.faults.contains(&Fault::RecordNotTemplate) {
        profile.with_records(with_a_record_of_its_own())
    } else {
        profile
    };
    case.faults.iter().fold(profile, |profile, fault| profile.with_fault(*fault))
}

/// Returns a layout whose first signed record holds nothing that a terminal needs.
fn with_a_record_of_its_own() -> Vec<RecordLayout> {
    let numbers: [(u8, bool, &[u32]); 5] = [
        (4, true, &[0x5F30]),
        (1, false, &[0x57, 0x5F20]),
        (
            2,
            true,
            &[
                0x5A, 0x5F34, 0x5F24, 0x5F25, 0x5F28, 0x9F42, 0x9F44, 0x9F07, 0x9F08, 0x9F0D,
                0x9F0E, 0x9F0F, 0x8E, 0x8C, 0x8D, 0x9F4A,
            ],
        ),
        (2, false, &[0x8F, 0x90, 0x9F32, 0x92, 0x93]),
        (2, false, &[0x9F46, 0x9F47, 0x9F48, 0x9F49]),
    ];
    let tag = |number: &u32| Tag::try_from(*number).unwrap();
    numbers
        .into_iter()
        .map(|(file, signed, objects)| RecordLayout {
            file,
            objects: objects.iter().map(tag).collect(),
            signed,
        })
        .collect()
}

fn parse([code, condition]: [u8; 2]) -> CvmRule {
    let method = match code & 0x3F {
        0x1F => CvmMethod::NoCvm,
        code => CvmMethod::Other(code),
    };
    let rule = if code & 0x40 != 0 { CvmRule::or_next(method) } else { CvmRule::or_fail(method) };
    rule.when(CvmCondition::Other(condition))
}

fn terminal(case: &Case) -> EmvParameters {
    let mut parameters = (*parameters()).clone();
    parameters.terminal.capabilities =
        [0xE0, 0xF8, if case.authority == Authority::NotDeclared { 0xC8 } else { 0xCC }];
    let rid = match case.scheme {
        Scheme::UnionPay => UNIONPAY_RID,
        Scheme::Visa => VISA_RID,
        Scheme::Mastercard => MASTERCARD_RID,
    };
    parameters = parameters.with_application(mastercard());
    let key = TestCa::capk(rid, case.keys);
    let mut known = CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent);
    known.expiry = (case.authority == Authority::Expired).then_some([0x26, 0x11, 0x21]);
    let (rid, index) = (known.rid, known.index);
    parameters = parameters.with_key(known);
    match case.authority {
        Authority::Unknown => parameters.keys.retain(|key| (key.rid, key.index) != (rid, index)),
        Authority::Revoked => {
            parameters.revoked = vec![RevokedCertificate { rid, index, serial: [0, 0, 1] }];
        }
        Authority::Known | Authority::Expired | Authority::NoCurves | Authority::NotDeclared => {}
    }
    if case.method == DataAuthentication::Extended && case.authority != Authority::NoCurves {
        parameters = with_curves(parameters, rid, case);
    }
    for application in &mut parameters.applications {
        change(application, case);
    }
    parameters
}

/// Adds the authority's key on the card's curve, and one of another index.
fn with_curves(parameters: EmvParameters, rid: [u8; 5], case: &Case) -> EmvParameters {
    let key = TestCa::ec_capk(rid, case.keys.curve);
    let mut known = EcCaPublicKey::new(key.rid, key.index, key.suite, key.point);
    known.checksum = Some(key.checksum);
    let other = EcCaPublicKey::new(rid, 0x01, known.suite, known.point.clone());
    let index = known.index;
    known.expiry = (case.authority == Authority::Expired).then_some([0x26, 0x11, 0x21]);
    let mut parameters = parameters.with_ec_key(other);
    if case.authority != Authority::Unknown {
        parameters = parameters.with_ec_key(known);
    }
    if case.authority == Authority::Revoked {
        parameters.revoked.push(RevokedCertificate { rid, index, serial: [0, 0, 1] });
    }
    parameters
}

/// Returns Mastercard's application, which denies a card whose signature has failed.
fn mastercard() -> ApplicationParameters {
    let mut application = ApplicationParameters::new(MASTERCARD, [0x00, 0x02]);
    application.tac_denial = [0x04, 0, 0, 0x01, 0x02];
    application.tac_online = [0xF8, 0x50, 0xAC, 0xF8, 0];
    application.tac_default = [0xFC, 0x50, 0xAC, 0xA0, 0];
    application
}

fn change(application: &mut ApplicationParameters, case: &Case) {
    application.floor_limit = case.floor_limit;
    application.random_selection =
        case.random.map(|_| RandomSelection { target: 20, maximum: 60, threshold: 1000 });
    if application.aid == VISA {
        application.tac_online = [0xFF; 5];
    }
}

fn data(case: &Case) -> TransactionData {
    let mut data = purchase(case.amount);
    data.amount = match case.scheme {
        Scheme::UnionPay => data.amount,
        Scheme::Visa => Money::from_minor(case.amount, Currency::USD),
        Scheme::Mastercard => Money::from_minor(case.amount, Currency::EUR),
    };
    data.transaction_type = match case.kind {
        Kind::Purchase => TransactionType::PURCHASE,
        Kind::Cash => TransactionType::CASH,
        Kind::Cashback => TransactionType::CASHBACK,
    };
    data.amount_other = if case.kind == Kind::Cashback { 100 } else { 0 };
    data.random_selection = case.random;
    data.force_online = case.forced;
    data.pin = match case.pad {
        Pad::None => PinSupport::None,
        Pad::Online | Pad::Reader => PinSupport::Online,
        Pad::Both => PinSupport::OnlineAndOfflineEnciphered,
    };
    data
}

#[derive(Debug)]
struct History {
    on_exception_file: bool,
    recent_amount: u64,
}

impl CardHistory for History {
    fn is_on_exception_file(&self, card: &CardData) -> bool {
        assert_eq!(card.pan.len(), 16);
        self.on_exception_file
    }

    fn recent_amount(&self, _: &CardData) -> u64 {
        self.recent_amount
    }
}
