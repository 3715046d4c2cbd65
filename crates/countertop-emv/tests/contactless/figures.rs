//! Our part of a tap, with a card that answers at once: under 20 ms, in a debug build too.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_emv::contactless::OutcomeStatus;
use countertop_virtual::card::{CardProfile, PaymentCard, VirtualCard};

use crate::common::{MemorySession, purchase};
use crate::reader::{Reader, SharedCard};

const LIMIT: Duration = Duration::from_millis(20);
const TAPS: usize = 25;

/// Is a card whose answers are known already: it takes no time.
#[derive(Debug)]
struct Replayed(Arc<HashMap<Vec<u8>, Vec<u8>>>);

impl VirtualCard for Replayed {
    fn answer_to_reset(&self) -> Vec<u8> {
        Vec::new()
    }

    fn answer_to_select(&self) -> Vec<u8> {
        Vec::new()
    }

    fn reset(&mut self) {}

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.0.get(command).cloned().unwrap_or_default()
    }
}

/// Returns the median of several taps of a card that authenticates itself, from the session to the
/// online request.
async fn median(profile: CardProfile) -> Duration {
    let data = purchase(5_001);
    let mut reader = Reader::new().with(|limits| limits.ttq[0] |= 0x01);
    let (session, seen) = MemorySession::open(SharedCard::new(profile.clone()));
    reader.tap(session, &data).await;
    let mut card = SharedCard::copy_of(&PaymentCard::new(profile));
    let commands = seen.lock().unwrap().clone();
    let answers = commands.into_iter().map(|command| (command.clone(), card.transmit(&command)));
    let answers = Arc::new(answers.collect::<HashMap<_, _>>());
    let mut times = Vec::new();
    for _ in 0..TAPS {
        let (session, _) = MemorySession::open(Replayed(Arc::clone(&answers)));
        let begin = Instant::now();
        let outcome = reader.tap(session, &data).await;
        times.push(begin.elapsed());
        assert_eq!(outcome.status, OutcomeStatus::OnlineRequest, "{outcome:?}");
    }
    times.sort();
    times[TAPS / 2]
}

#[tokio::test]
async fn a_tap_takes_little_time_of_ours() {
    for (name, profile) in [
        ("unionpay, fDDA", CardProfile::unionpay_debit()),
        ("visa, fDDA", CardProfile::visa()),
        ("mastercard, CDA", CardProfile::mastercard()),
    ] {
        let time = median(profile).await;
        println!("{name}: {time:?} to the online request, card time apart");
        assert!(time < LIMIT, "{name}: {time:?}");
    }
}
