//! Two sides by turns: whatever disturbs a machine for longer than a turn disturbs both.

use std::time::{Duration, Instant};

/// Runs the two sides by turns and prints the median of each.
pub(crate) fn race(what: &str, rounds: usize, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    let [mut our_times, mut their_times] = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        our_times.push(timed(&mut ours));
        their_times.push(timed(&mut theirs));
    }
    let [ours, theirs] = [median(our_times), median(their_times)];
    println!("{what}, median: countertop {ours:?}, emv {theirs:?}: {} %", percent(ours, theirs));
}

fn timed(mut work: impl FnMut()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn percent(part: Duration, whole: Duration) -> u128 {
    (100 * part.as_nanos()).checked_div(whole.as_nanos()).unwrap_or_default()
}
