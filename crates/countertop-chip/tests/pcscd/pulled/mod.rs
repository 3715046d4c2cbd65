//! Cards torn, cards that hang and the service killed, at every command.
//!
//! `COUNTERTOP_PULLS=5000` makes so many runs, `COUNTERTOP_LANES=16` on so many readers at once;
//! `COUNTERTOP_SEED` repeats the choices. Readers that are unplugged at every command are a matter of the
//! device lab: vpcd never says that its reader is gone.

mod lane;
mod tally;

use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_device::{DeviceErrorKind, Settings};
use tokio::sync::Barrier;

use crate::chance::Chance;
use crate::common::Service;
use crate::lanes::{self, configuration};
use crate::{hasty, no_thread_named};
use lane::{Killing, Lane};
use tally::Tally;

/// Commands of a conversation at which something happens.
const COMMANDS: usize = 8;
/// Runs where nobody asks for more.
const RUNS: usize = 24;
/// How long an error may take behind its cause, and pcscd to see a card: it looks at a slot every 400 ms, we
/// ask it for a second, and the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(10);

fn wanted() -> usize {
    std::env::var("COUNTERTOP_PULLS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_every_command_the_error_is_right_and_the_next_card_works() {
    let mut chance = Chance::seeded();
    let number_of_lanes = lanes::number();
    let mut service = Service::start_configured(&configuration(number_of_lanes));
    let runs = wanted();
    let begin = Instant::now();
    let mut tally = hang(runs.div_ceil(20), &mut chance).await;
    let mut lanes = Vec::new();
    for number in 0..number_of_lanes {
        lanes.push(Lane::open(number, chance.below(1_000), &Settings::new()).await);
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
    lanes.iter().for_each(|lane| tally.add(&lane.tally));
    println!("{tally}; {} s in all", begin.elapsed().as_secs());
    assert!(tally.runs() >= runs);
    drop(lanes);
    no_thread_named("pcsc-talk").await;
    no_thread_named("pcsc-watch").await;
}

/// Cards that hang, one after the other: pcscd lets one command at a time into a driver, so that a card that
/// hangs holds the other slot up.
async fn hang(runs: usize, chance: &mut Chance) -> Tally {
    let mut alone = Lane::open(0, chance.below(1_000), &hasty()).await;
    for _ in 0..runs {
        alone.hang().await;
    }
    alone.tally
}

/// Kills the service while all talk, and lets it come back, sometimes without its readers at first.
async fn kill(service: &mut Service, lanes: Vec<Lane>, chance: &mut Chance) -> Vec<Lane> {
    let barrier = || Barrier::new(lanes.len() + 1);
    let killing = Arc::new(Killing { ready: barrier(), under_way: barrier(), dead: barrier() });
    let theirs = Arc::clone(&killing);
    let killed = tokio::spawn(all(lanes, move |mut lane| {
        let killing = Arc::clone(&theirs);
        async move {
            lane.be_killed(killing).await;
            lane
        }
    }));
    killing.ready.wait().await;
    killing.under_way.wait().await;
    service.kill();
    killing.dead.wait().await;
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
        lane.recover().await;
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
