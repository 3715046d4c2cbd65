//! Cards whose answers are changed by chance, through whole taps: an outcome, never a panic or a hang,
//! and never an approval of what was not signed.

use countertop_emv::contactless::{AuthenticationResult, KernelId, OutcomeStatus};
use countertop_virtual::card::{CardProfile, PaymentCard, VirtualCard};

use crate::common::{Altered, MemorySession, purchase};
use crate::reader::{Reader, SharedCard};

/// Taps for each scheme; more with COUNTERTOP_TAPS.
const TAPS: u64 = 1_000;

/// Is a generator that a seed repeats (xorshift64*).
#[derive(Debug, Clone)]
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// Changes answers.
#[derive(Debug)]
struct Mutation {
    chance: Chance,
    /// One answer of so many is changed.
    rarity: usize,
}

impl Mutation {
    fn mutate(&mut self, answer: &mut Vec<u8>) {
        let length = answer.len().saturating_sub(2);
        let place = self.chance.below(length.max(1));
        match self.chance.below(8) {
            0 => answer.truncate(place),
            1 if place < answer.len() => answer[place] ^= 1 << self.chance.below(8),
            2 if place < answer.len() => answer[place] = self.chance.byte(),
            3 => answer.insert(place, self.chance.byte()),
            4 if place < length => drop(answer.remove(place)),
            5 => {
                let copied = answer[..place].to_vec();
                answer.splice(place..place, copied);
            }
            6 => *answer = vec![self.chance.byte(), self.chance.byte()],
            _ => {
                let count = self.chance.below(300);
                *answer = (0..count).map(|_| self.chance.byte()).collect();
                answer.extend([0x90, 0x00]);
            }
        }
    }
}

/// Makes a card that changes its answers on the way.
fn mutated(card: SharedCard, mut mutation: Mutation) -> impl VirtualCard + 'static {
    Altered::new(card, move |_, _, answer| {
        if mutation.chance.below(mutation.rarity) == 0 {
            mutation.mutate(answer);
        }
    })
}

/// Prints the seed of a tap that panics or hangs.
struct NamedSeed(u64);

impl Drop for NamedSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("failing seed {}", self.0);
        }
    }
}

fn taps() -> u64 {
    let wanted = std::env::var("COUNTERTOP_TAPS").ok().and_then(|taps| taps.parse().ok());
    wanted.unwrap_or(TAPS)
}

async fn tap(card: &PaymentCard, reader: &mut Reader, seed: u64) -> OutcomeStatus {
    let mut chance = Chance::new(seed);
    let minor = [1_234, 5_001, 100_001][chance.below(3)];
    let rarity = [2, 4, 8][chance.below(3)];
    let card = SharedCard::copy_of(card);
    let (session, _) = MemorySession::open(mutated(card, Mutation { chance, rarity }));
    let outcome = reader.tap(session, &purchase(minor)).await;
    let approved = outcome.status == OutcomeStatus::Approved;
    if let Some(record) = outcome.record.filter(|_| approved) {
        // Everything that a signature covers is what the card said.
        assert_eq!(record.authentication, AuthenticationResult::Passed, "seed {seed}");
    }
    outcome.status
}

async fn storm(profile: CardProfile, kernel: KernelId) {
    let card = PaymentCard::new(profile.with_offline_limits(0, 20_000));
    let mut reader = Reader::new();
    let (mut approved, mut taps_done) = (0, 0);
    for seed in 0..taps() {
        let named = NamedSeed(seed);
        let status = tap(&card, &mut reader, seed).await;
        approved += u32::from(status == OutcomeStatus::Approved);
        drop(named);
        taps_done += 1;
    }
    println!("{kernel}: {taps_done} mutated taps, {approved} approved");
    assert!(approved > 0, "some taps are not changed at all");
}

#[tokio::test]
async fn unionpay() {
    storm(CardProfile::unionpay_debit(), KernelId::UNIONPAY).await;
}

#[tokio::test]
async fn visa() {
    storm(CardProfile::visa(), KernelId::VISA).await;
}

#[tokio::test]
async fn mastercard() {
    storm(CardProfile::mastercard(), KernelId::MASTERCARD).await;
}
