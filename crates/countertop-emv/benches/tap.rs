//! Measures our part of a tap: from the card in the field to the online request or the approval, with
//! a card that answers at once. The target is under 20 ms.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, Currency, DeviceError, DeviceErrorKind, Money, Sensitive,
};
use countertop_emv::contactless::{Outcome, OutcomeStatus, tap};
use countertop_emv::parameters::{
    ApplicationParameters, CaPublicKey, ContactlessParameters, EmvParameters,
};
use countertop_emv::{PinSupport, TransactionData, TransactionType};
use countertop_virtual::card::{
    CardKeys, CardProfile, Interface, PaymentCard, TestCa, VirtualCard,
};
use criterion::{Criterion, criterion_group, criterion_main};

/// What a card answers to a command.
type Answers = Arc<HashMap<Vec<u8>, Vec<u8>>>;

/// Is a card's conversation, replayed: it takes no time.
#[derive(Debug)]
struct Replayed(Answers);

/// Is a card whose conversation is written down.
#[derive(Debug)]
struct Recorded(PaymentCard, tokio::sync::mpsc::UnboundedSender<(Vec<u8>, Vec<u8>)>);

#[async_trait]
impl CardSession for Replayed {
    fn protocol(&self) -> CardProtocol {
        CardProtocol::IsoDep
    }

    fn answer_to_reset(&self) -> &[u8] {
        &[]
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let unknown = || DeviceError::new(DeviceErrorKind::Other, "bench", "replay a command");
        self.0.get(command).map(|answer| answer.clone().into()).ok_or_else(unknown)
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}

#[async_trait]
impl CardSession for Recorded {
    fn protocol(&self) -> CardProtocol {
        CardProtocol::IsoDep
    }

    fn answer_to_reset(&self) -> &[u8] {
        &[]
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let answer = self.0.transmit(command);
        self.1.send((command.to_vec(), answer.clone())).ok();
        Ok(answer.into())
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// Is a card, a reader and a transaction, ready to be measured.
struct Bench {
    parameters: EmvParameters,
    data: TransactionData,
    answers: Answers,
}

impl Bench {
    fn new(profile: CardProfile, keys: CardKeys, minor: u64) -> Self {
        let profile = profile.with_keys(keys).with_offline_limits(0, 20_000);
        let aid = profile.applications()[0].aid.clone();
        let rid = aid[..5].try_into().unwrap();
        let key = TestCa::capk(rid, keys);
        // Online transactions are authenticated too.
        let mut limits = ContactlessParameters::new(1_000_000, 100_000, [0x37, 0, 0x40, 0x80]);
        (limits.floor_limit, limits.offline_approval) = (5_000, true);
        let mut application = ApplicationParameters::new(aid, [0x00, 0x20]);
        application.tac_online = [0; 5];
        application.contactless = Some(limits);
        let parameters = EmvParameters::new(Default::default())
            .with_application(application)
            .with_key(CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
        let amount = Money::from_minor(minor, Currency::CNY);
        let (date, time) = ([0x26, 0x11, 0x30], [0x12, 0x00, 0x00]);
        let kind = TransactionType::PURCHASE;
        let mut data = TransactionData::new(amount, kind, date, time, [1, 2, 3, 4]);
        data.pin = PinSupport::Online;
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let card = PaymentCard::new(profile).on(Interface::Contactless);
        run(tap(Box::new(Recorded(card, sender)), &parameters, &data));
        let mut answers = HashMap::new();
        while let Ok((command, answer)) = receiver.try_recv() {
            answers.insert(command, answer);
        }
        Self { parameters, data, answers: Arc::new(answers) }
    }

    fn tap(&self) -> Outcome {
        let session = Box::new(Replayed(Arc::clone(&self.answers)));
        run(tap(session, &self.parameters, &self.data))
    }
}

fn run(tap: impl Future<Output = Result<Outcome, countertop_emv::EmvError>>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(tap).unwrap()
}

fn benches(criterion: &mut Criterion) {
    use OutcomeStatus::{Approved, OnlineRequest};
    let usual = CardKeys::default();
    // A longer key of the card would not fit into an answer to GET PROCESSING OPTIONS.
    let long = CardKeys::new(1984, 1984, 1152);
    for (name, profile, keys, minor, status) in [
        ("unionpay online, fDDA", CardProfile::unionpay_debit(), usual, 5_001, OnlineRequest),
        ("unionpay offline, fDDA", CardProfile::unionpay_debit(), usual, 1_234, Approved),
        ("unionpay offline, fDDA, 1984 bits", CardProfile::unionpay_debit(), long, 1_234, Approved),
        ("visa online, fDDA", CardProfile::visa(), usual, 5_001, OnlineRequest),
        ("mastercard online, CDA", CardProfile::mastercard(), usual, 5_001, OnlineRequest),
        ("mastercard offline, CDA, 1984 bits", CardProfile::mastercard(), long, 1_234, Approved),
    ] {
        let bench = Bench::new(profile, keys, minor);
        assert_eq!(bench.tap().status, status, "{name}");
        criterion.bench_function(name, |bencher| bencher.iter(|| bench.tap()));
    }
}

criterion_group!(group, benches);
criterion_main!(group);
