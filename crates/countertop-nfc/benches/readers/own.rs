//! What this process used.

use std::ops::Sub;
use std::time::Duration;

/// Is what all threads of this process used so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// How often a thread that had slept was woken.
    pub(crate) switches: u64,
    pub(crate) processor: Duration,
}

impl Usage {
    pub(crate) fn now() -> Self {
        let read = |name: &str| -> Vec<String> {
            let tasks = std::fs::read_dir("/proc/self/task").unwrap();
            // A thread may end between the list and the look.
            tasks
                .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join(name)).ok())
                .collect()
        };
        let switches = read("status").iter().map(|status| switches(status)).sum();
        let nanoseconds = |times: &String| times.split(' ').next().unwrap().parse::<u64>().unwrap();
        let processor = read("schedstat").iter().map(nanoseconds).sum();
        Self { switches, processor: Duration::from_nanos(processor) }
    }
}

fn switches(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.unwrap().trim().parse().unwrap()
}

impl Sub for Usage {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            switches: self.switches - before.switches,
            processor: self.processor.saturating_sub(before.processor),
        }
    }
}

/// Returns the memory that is resident, in kB.
pub(crate) fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
