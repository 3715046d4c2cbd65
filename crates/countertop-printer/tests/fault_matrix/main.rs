//! Every fault at every block boundary on every transport: the outcome is true, no line is lost, and
//! none is on paper twice without a mark.
//!
//! `COUNTERTOP_FAULT_RUNS` sets the number of runs, `COUNTERTOP_FAULT_SEED` repeats one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod faults;
mod oracle;
mod places;
mod relay;
mod transfers;

use std::collections::BTreeMap;
use std::sync::Arc;

use bench::{Bench, Ending};
use faults::{Fault, Random, Transport};
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Runs without the variable: each fault at each of a receipt's boundaries, on each transport.
const RUNS: u64 = 840;
/// Seeds after which the transports come in turn again.
const TURN: u64 = 10;
/// Runs at once that wait for real time.
const AT_ONCE: usize = 16;

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// In most runs the bytes go through memory, where time costs nothing.
fn transport(seed: u64) -> Transport {
    match seed % TURN {
        8 => Transport::Tcp,
        9 => Transport::Pty,
        _ => Transport::Memory,
    }
}

/// Runs one seed; its message tells how to repeat it.
async fn run(seed: u64) -> (Fault, Ending) {
    examine(Bench::new(seed, seed / TURN, transport(seed)).await, seed).await
}

async fn examine(mut bench: Bench, seed: u64) -> (Fault, Ending) {
    let fault = bench.fault();
    match bench.examine().await {
        Ok(ending) => (fault, ending),
        Err(wrong) => panic!(
            "{fault:?} over {:?}: {wrong}; repeat it with COUNTERTOP_FAULT_SEED={seed}\n{}",
            bench.transport(),
            bench.log()
        ),
    }
}

fn in_memory(seed: u64) -> (Fault, Ending) {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(run(seed))
}

async fn in_real_time<R>(seeds: Vec<u64>, run: fn(u64) -> R) -> Vec<(Fault, Ending)>
where
    R: Future<Output = (Fault, Ending)> + Send + 'static,
{
    let limit = Arc::new(Semaphore::new(AT_ONCE));
    let mut runs = JoinSet::new();
    for seed in seeds {
        let permit = Arc::clone(&limit).acquire_owned().await.unwrap();
        runs.spawn(async move {
            let run = run(seed).await;
            drop(permit);
            run
        });
    }
    runs.join_all().await
}

/// Pulls the cable after the byte that the seed tells: the link has taken what the printer never gets, and
/// half a command is left in the printer, which stays on.
async fn pulled(seed: u64) -> (Fault, Ending) {
    let transport = if seed.is_multiple_of(2) { Transport::Tcp } else { Transport::Pty };
    // The same receipt and printer again and again, so that each byte of it has its turn.
    examine(Bench::pulled(PULLED, transport, seed).await, seed).await
}

/// The receipt of `pulled`.
const PULLED: u64 = 1_883_308_583_560_319;

#[test]
fn a_cable_is_pulled_at_every_byte() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let endings = runtime.block_on(in_real_time((0..600).collect(), pulled));
    assert!(endings.iter().any(|(_, ending)| *ending == Ending::AsACopy));
}

#[test]
fn outcomes_are_true() {
    if let Some(seed) = variable("COUNTERTOP_FAULT_SEED") {
        let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
        let run = match transport(seed) {
            Transport::Memory => in_memory(seed),
            _ => runtime.block_on(run(seed)),
        };
        println!("seed {seed}: {run:?}");
        return;
    }
    let first = variable("COUNTERTOP_FAULT_FIRST").unwrap_or_else(|| Random::now() << 20);
    let runs = variable("COUNTERTOP_FAULT_RUNS").unwrap_or(RUNS);
    let is_memory = |seed: &u64| transport(*seed) == Transport::Memory;
    let (memory, real): (Vec<u64>, Vec<u64>) = (first..first + runs).partition(is_memory);
    let others = std::thread::spawn(move || {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(in_real_time(real, run))
    });
    let mut endings: Vec<_> = memory.into_iter().map(in_memory).collect();
    endings.extend(others.join().expect("a run over TCP or a pty failed"));
    let mut table = BTreeMap::<_, usize>::new();
    for (fault, ending) in endings {
        *table.entry((format!("{fault:?}"), format!("{ending:?}"))).or_default() += 1;
    }
    for ((fault, ending), count) in table {
        println!("{fault:>14} {ending:<22} {count}");
    }
    println!("{runs} runs from seed {first}: every outcome was true");
}
