//! Cards torn, cards that hang and the service killed, at every command.
//!
//! `COUNTERTOP_PULLS=5000` makes so many runs, `COUNTERTOP_LANES=16` on so many readers at once;
//! `COUNTERTOP_SEED` repeats the choices.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_chip::{PcscDriver, PcscReader};
use countertop_device::{
    CardSession as _, ChipReader as _, DeviceError, DeviceErrorKind, Settings,
};
use tokio::sync::Barrier;
use tokio::time::timeout;

use crate::chance::Chance;
use crate::common::{ATR_T0, ATR_T1, Service};
use crate::lanes::{self, LaneCard, Reaction, configuration, selector};
use crate::{hasty, no_thread_named};

/// Commands of a conversation.
const COMMANDS: usize = 8;
/// READ RECORD, which needs nothing of T=0.
const COMMAND: &[u8] = &[0x00, 0xb2, 0x01, 0x0c, 0x00];
/// Runs where nobody asks for more.
const RUNS: usize = 24;
/// How long an error may take behind its cause: pcscd looks at a slot every 400 ms, we ask it for a
/// second, and the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(5);

/// How long pcscd may take to see a card.
const SEEN: Duration = Duration::from_secs(4);
/// How often a card may be overlooked in a row.
const MOST_OVERLOOKED: usize = 4;

/// Is what came of a run.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    torn: usize,
    hung: usize,
    killed: usize,
    /// Cards that vpcd did not tell of.
    overlooked: usize,
    /// Cards whose first command failed because pcscd still had the one before in mind.
    again: usize,
    /// The longest time from a command to its error.
    slowest: Duration,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.torn += other.torn;
        self.hung += other.hung;
        self.killed += other.killed;
        self.overlooked += other.overlooked;
        self.again += other.again;
        self.slowest = self.slowest.max(other.slowest);
    }

    fn runs(&self) -> usize {
        self.torn + self.hung + self.killed
    }
}

/// Is a reader with one card after the other.
struct Lane {
    number: u16,
    reader: PcscReader,
    chance: Chance,
    tally: Tally,
}

fn wanted() -> usize {
    std::env::var("COUNTERTOP_PULLS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS)
}

impl Lane {
    async fn open(number: u16, seed: u64, settings: &Settings) -> Self {
        let selector = selector(number).parse().unwrap();
        let reader = PcscDriver::new().open_reader(&selector, settings).await.unwrap();
        let chance = Chance::new(seed ^ u64::from(number) << 32);
        Self { number, reader, chance, tally: Tally::default() }
    }

    /// Inserts a card and waits until it is seen. vpcd takes a card now and then and does not tell of it:
    /// such a one is put in again, as a person would.
    async fn insert(&mut self, place: usize, reaction: Reaction) -> LaneCard {
        // One protocol to a lane: pcscd 1.9.9 now and then speaks the last card's with one that comes
        // within its 400 ms.
        let answer_to_reset = if self.number.is_multiple_of(2) { ATR_T0 } else { ATR_T1 };
        for _ in 0..MOST_OVERLOOKED {
            let card = LaneCard::insert(self.number, answer_to_reset, place, reaction);
            if timeout(SEEN, self.reader.await_card()).await.is_ok() {
                return card;
            }
            self.tally.overlooked += 1;
        }
        panic!("lane {}: no card is seen", self.number);
    }

    /// Talks to the card that is in until the first error; returns which command it was and how long
    /// it took.
    async fn converse(&mut self) -> Result<(), (usize, DeviceErrorKind, Duration)> {
        let failed = |error: DeviceError| {
            println!("before the first command: {error}");
            (0, error.kind(), Duration::ZERO)
        };
        self.reader.await_card().await.map_err(failed)?;
        let mut session = self.reader.connect_card().await.map_err(failed)?;
        for number in 0..COMMANDS {
            let begin = Instant::now();
            let answer = session.transmit(COMMAND).await;
            let answer = answer.map_err(|error| (number, error.kind(), begin.elapsed()))?;
            assert_eq!(answer.expose(), [u8::try_from(number).unwrap() + 1, 0x90, 0x00]);
        }
        Ok(())
    }

    /// One card that leaves at some command, and the next one, which has to work.
    async fn pull(&mut self) {
        let reaction = match self.chance.below(2) {
            0 => Reaction::AnswerAndLeave,
            _ => Reaction::Leave,
        };
        self.run(reaction).await;
        self.tally.torn += 1;
    }

    /// One card that hangs at some command, and the next one, which has to work.
    async fn hang(&mut self) {
        self.run(Reaction::Hang).await;
        self.tally.hung += 1;
    }

    async fn run(&mut self, reaction: Reaction) {
        let place = self.chance.below(COMMANDS);
        let card = self.insert(place, reaction).await;
        let result = self.converse().await;
        let (expected, kind) = match reaction {
            Reaction::Hang => (place, DeviceErrorKind::TimedOut),
            // The answer counts, if vpcd has read it before the card was gone.
            Reaction::AnswerAndLeave => (place + 1, DeviceErrorKind::CardRemoved),
            _ => (place, DeviceErrorKind::CardRemoved),
        };
        match result {
            Ok(()) => assert_eq!(expected, COMMANDS, "{reaction:?} at {place} was not noticed"),
            Err((at, found, took)) => {
                let context = format!("lane {}: {reaction:?} at {place}", self.number);
                assert_eq!(found, kind, "{context}, failed at {at}");
                assert!(at == expected || at == place, "{context}, failed at {at}");
                assert!(took < DEADLINE, "{context} took {took:?}");
                self.tally.slowest = self.tally.slowest.max(took);
            }
        }
        drop(card);
        self.next_card_works().await;
    }

    async fn next_card_works(&mut self) {
        for try_again in [true, false] {
            self.reader.await_removal().await.unwrap();
            let card = self.insert(usize::MAX, Reaction::Answer).await;
            let result = self.converse().await;
            drop(card);
            self.reader.await_removal().await.unwrap();
            match result {
                Ok(()) => return,
                // pcscd looks at vpcd every 400 ms and may miss that there was another card: a person
                // puts it in once more.
                Err((1, DeviceErrorKind::Protocol, _)) if try_again => self.tally.again += 1,
                Err(error) => {
                    panic!("lane {}: the next card does not work: {error:?}", self.number)
                }
            }
        }
    }

    /// Talks until the service dies.
    async fn be_killed(&mut self) {
        let _card = self.insert(usize::MAX, Reaction::Answer).await;
        let (kind, took) = loop {
            match self.converse().await {
                Ok(()) => {}
                Err((_, kind, took)) => break (kind, took),
            }
        };
        assert_eq!(kind, DeviceErrorKind::ServiceGone, "lane {}", self.number);
        assert!(took < DEADLINE, "lane {}: {took:?}", self.number);
        self.tally.killed += 1;
        self.tally.slowest = self.tally.slowest.max(took);
    }

    /// Waits until the service is back.
    async fn is_back(&mut self) {
        let end = Instant::now() + 2 * DEADLINE;
        while self.reader.await_removal().await.is_err() {
            assert!(Instant::now() < end, "lane {} does not come back", self.number);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.next_card_works().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_every_command_the_error_is_right_and_the_next_card_works() {
    let mut chance = Chance::seeded();
    let number_of_lanes = lanes::number();
    let mut service = Service::start_configured(&configuration(number_of_lanes));
    let runs = wanted();
    let begin = Instant::now();
    // pcscd lets one command at a time into a driver: a card that hangs holds the other slot up.
    let mut alone = Lane::open(0, chance.next(), &hasty()).await;
    for _ in 0..runs.div_ceil(20) {
        alone.hang().await;
    }
    let mut tally = alone.tally;
    drop(alone);
    let mut lanes = Vec::new();
    for number in 0..number_of_lanes {
        lanes.push(Lane::open(number, chance.next(), &Settings::new()).await);
    }
    // A quarter of the runs is for the service.
    let each = |runs: usize| runs.div_ceil(usize::from(number_of_lanes));
    let (kills, pulls) = (each(runs / 4), each(runs * 7 / 10));
    lanes = all(lanes, move |mut lane| async move {
        for _ in 0..pulls {
            lane.pull().await;
        }
        lane
    })
    .await;
    for _ in 0..kills {
        lanes = kill(&mut service, lanes, &mut chance).await;
    }
    lanes.iter().for_each(|lane| tally.add(lane.tally));
    println!(
        "{} runs: {} cards torn, {} hung, {} killed services; {} cards overlooked by vpcd, {} put in again; slowest error \
         {} ms; {} s in all",
        tally.runs(),
        tally.torn,
        tally.hung,
        tally.killed,
        tally.overlooked,
        tally.again,
        tally.slowest.as_millis(),
        begin.elapsed().as_secs(),
    );
    assert!(tally.runs() >= runs);
    drop(lanes);
    no_thread_named("pcsc-talk").await;
    no_thread_named("pcsc-watch").await;
}

/// Kills the service while all talk, and lets it come back, sometimes without its readers at first.
async fn kill(service: &mut Service, lanes: Vec<Lane>, chance: &mut Chance) -> Vec<Lane> {
    let talking = Arc::new(Barrier::new(lanes.len() + 1));
    let begun = Arc::clone(&talking);
    let killed = tokio::spawn(all(lanes, move |mut lane| {
        let begun = Arc::clone(&begun);
        async move {
            begun.wait().await;
            lane.be_killed().await;
            lane
        }
    }));
    talking.wait().await;
    tokio::time::sleep(Duration::from_micros(chance.next() % 1_500_000)).await;
    service.kill();
    let mut lanes = killed.await.unwrap();
    if chance.below(3) == 0 {
        service.restart_without_readers();
        for lane in &mut lanes {
            let kind = lane.reader.connect_card().await.unwrap_err().kind();
            assert_eq!(kind, DeviceErrorKind::NotFound, "lane {}", lane.number);
        }
    }
    service.restart();
    all(lanes, |mut lane| async move {
        lane.is_back().await;
        lane
    })
    .await
}

/// Does something with all lanes at once.
async fn all<F>(lanes: Vec<Lane>, work: impl Fn(Lane) -> F) -> Vec<Lane>
where
    F: Future<Output = Lane> + Send + 'static,
{
    let tasks: Vec<_> = lanes.into_iter().map(|lane| tokio::spawn(work(lane))).collect();
    let mut lanes = Vec::new();
    for task in tasks {
        lanes.push(task.await.unwrap());
    }
    lanes
}
