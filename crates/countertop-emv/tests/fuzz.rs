//! Whole transactions with a card whose answers are changed at random, from a seed.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use common::{Altered, MemorySession, issuer_answer, parameters_with_curves, purchase, soon};
use countertop_emv::contact::{ContactTransaction, Decision, Step};
use countertop_emv::parameters::EmvParameters;
use countertop_emv::{CryptogramKind, EmvError};
use countertop_virtual::card::{
    CardProfile, CvmMethod, CvmRule, DataAuthentication, PaymentCard, VirtualCard,
};

/// How many transactions are run, and from which seed on; both can be set from outside.
fn plan() -> (u64, u64) {
    let number =
        |name, usual| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    (number("COUNTERTOP_EMV_FUZZ_SEED", 1), number("COUNTERTOP_EMV_FUZZ_RUNS", 800))
}

/// Is a source of numbers (splitmix64).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// Changes answers.
#[derive(Debug)]
struct Mutation {
    random: Random,
    /// One answer in so many is changed.
    rarity: usize,
    before: Vec<u8>,
}

impl Mutation {
    fn mutate(&mut self, mut answer: Vec<u8>) -> Vec<u8> {
        let random = &mut self.random;
        let at = random.below(answer.len());
        match random.below(11) {
            0 => answer[at] ^= 1 << random.below(8),
            1 => answer[at] = random.byte(),
            2 => answer.insert(at, random.byte()),
            3 => drop(answer.remove(at)),
            4 => drop(answer.drain(at..answer.len().saturating_sub(2).max(at))),
            // A part of the answer once more: data objects appear twice.
            5 => {
                let part = answer[at..answer.len().saturating_sub(2).max(at)].to_vec();
                answer.splice(at..at, part);
            }
            6 => {
                let end = answer.len();
                answer[end - 2..].copy_from_slice(&[[0x62, 0x83], [0x6A, 0x82]][at % 2]);
            }
            // The answer to another command.
            7 => answer.clone_from(&self.before),
            8 => answer = (0..random.below(256)).map(|_| random.byte()).collect(),
            9 => answer.splice(0..0, (0..random.below(300)).map(|_| 0x00)).for_each(drop),
            _ => {
                // The length byte of what is outermost.
                let place = 1.min(answer.len() - 1);
                answer[place] = [0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF][at % 7];
            }
        }
        answer
    }
}

/// Makes a card with answers that are not its own.
fn mutant(card: PaymentCard, mut mutation: Mutation) -> impl VirtualCard + 'static {
    Altered::new(card, move |_, _, answer| {
        let own = answer.clone();
        if mutation.random.below(mutation.rarity) == 0 {
            *answer = mutation.mutate(own.clone());
        }
        mutation.before = own;
    })
}

/// The cards; personalising one takes a while.
static CARDS: LazyLock<Vec<PaymentCard>> = LazyLock::new(|| {
    let offline = |profile: CardProfile| {
        profile.with_offline_limits(1_000_000, 0).with_risk(|risk| {
            risk.lower_limit = Some(3);
            risk.upper_limit = Some(6);
        })
    };
    let pin = [CvmRule::or_next(CvmMethod::EncipheredPin), CvmRule::or_fail(CvmMethod::OnlinePin)];
    [
        CardProfile::unionpay_debit(),
        CardProfile::unionpay_debit().with_data_authentication(DataAuthentication::None),
        offline(CardProfile::unionpay_debit())
            .with_data_authentication(DataAuthentication::Static)
            .with_static_data(|data| data.directory = false),
        offline(CardProfile::visa()).with_cvm_rules(pin),
        offline(CardProfile::unionpay_debit())
            .with_data_authentication(DataAuthentication::Extended),
    ]
    .map(PaymentCard::new)
    .into()
});

static PARAMETERS: LazyLock<Arc<EmvParameters>> =
    LazyLock::new(|| Arc::new(parameters_with_curves()));

async fn transact(
    mutant: impl VirtualCard + 'static,
) -> Result<(Decision, Option<CryptogramKind>), EmvError> {
    let (session, _) = MemorySession::open(mutant);
    let mut data = purchase(1234);
    data.random_selection = Some(50);
    let parameters = Arc::clone(&PARAMETERS);
    let mut step = ContactTransaction::start(session, parameters, data).await?;
    let outcome = loop {
        step = match step {
            Step::ChooseApplication(choice) => choice.choose(0).await?,
            Step::EnterOnlinePin(entry) => entry.captured().await?,
            Step::EnterOfflinePin(entry) => {
                let data = vec![0x11; entry.key().modulus.len()];
                entry.enciphered(data.into()).await?
            }
            Step::GoOnline(request) => {
                let field = request.field55().expose().to_vec();
                let pan = request.card().pan.expose_str().unwrap_or_default().to_owned();
                let believed = std::panic::catch_unwind(|| issuer_answer(&pan, &field, *b"00"));
                break match believed {
                    Ok(answer) => request.host_answered(true, *b"00", &answer).await?,
                    Err(_) => request.unable_to_go_online().await?,
                };
            }
            Step::Finished(outcome) => break outcome,
            step => panic!("{step:?}"),
        };
    };
    Ok((outcome.decision, outcome.cryptogram.map(|cryptogram| cryptogram.kind)))
}

#[tokio::test]
async fn no_answer_of_a_card_makes_us_panic_or_hang() {
    // The issuer's disbelief is a panic of the test's own helper.
    std::panic::set_hook(Box::new(|_| {}));
    let (seed, runs) = plan();
    let [mut outcomes, mut errors] = [0, 0];
    let mut slowest = Duration::ZERO;
    for seed in seed..seed + runs {
        let mut random = Random(seed);
        let card = CARDS[random.below(CARDS.len())].clone();
        let rarity = 2 + random.below(14);
        let begin = Instant::now();
        let end =
            soon(transact(mutant(card, Mutation { random, rarity, before: vec![0x90, 0x00] })))
                .await;
        slowest = slowest.max(begin.elapsed());
        match end {
            Ok((decision, kind)) => {
                outcomes += 1;
                let approved = decision == Decision::Approved;
                assert!(!approved || kind == Some(CryptogramKind::Tc), "seed {seed}: {kind:?}");
            }
            Err(EmvError::KernelLost) => panic!("seed {seed}: the kernel panicked"),
            Err(_) => errors += 1,
        }
    }
    println!("{runs} transactions: {outcomes} outcomes, {errors} errors; the slowest {slowest:?}");
    assert!(outcomes > 0 && errors > 0);
}
