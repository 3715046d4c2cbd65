//! Statistics of devices, with UnifiedPOS's names.

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

macro_rules! statistics {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Names what is counted (UnifiedPOS 1.14, statistics of the device categories).
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[non_exhaustive]
        pub enum Statistic {
            $($(#[$doc])* $name),+
        }

        impl Statistic {
            /// All statistics, in the order of the standard's device categories.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns UnifiedPOS's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name)),+
                }
            }
        }
    };
}

statistics! {
    /// Whole hours for which this program has held the device.
    HoursPoweredCount,
    /// Exchanges that failed: the device was gone, silent, or against its protocol.
    CommunicationErrorCount,
    /// Cash drawer: opened.
    DrawerGoodOpenCount,
    /// Cash drawer: not opened.
    DrawerFailedOpenCount,
    /// Stripe reader: swipes with at least one good track.
    GoodReadCount,
    /// Stripe reader: swipes with a track that cannot be read.
    FailedReadCount,
    /// Stripe reader: swipes without a good track.
    UnreadableCardCount,
    /// PIN pad: PINs that were entered.
    ValidPINEntryCount,
    /// Receipt printer: symbols printed.
    BarcodePrintedCount,
    /// Receipt printer: cuts.
    PaperCutCount,
    /// Receipt printer: cutter jammed.
    FailedPaperCutCount,
    /// Receipt printer: faults that need service, and documents that broke off.
    PrinterFaultCount,
    /// Receipt printer: print head too hot.
    MaximumTempReachedCount,
    /// Receipt printer: cover found open.
    ReceiptCoverOpenCount,
    /// Receipt printer: empty lines fed.
    ReceiptLineFeedCount,
    /// Receipt printer: lines printed, as the document has them.
    ReceiptLinePrintedCount,
    /// Scanner: codes read.
    GoodScanCount,
    /// Signature pad: signatures captured.
    GoodSignatureReadCount,
    /// Signature pad: captures that failed.
    FailedSignatureReadCount,
    /// Contactless reader: cards and tags found (RFID scanner).
    TagReadCount,
}

/// Is a moment's picture of one device's statistics.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Statistics {
    /// What was counted; what never happened is left out.
    pub counts: BTreeMap<Statistic, u64>,
    /// The seconds behind [`Statistic::HoursPoweredCount`], so that none is lost when they are kept.
    pub powered_seconds: u64,
}

impl Statistics {
    /// Returns a count.
    #[must_use]
    pub fn get(&self, statistic: Statistic) -> u64 {
        self.counts.get(&statistic).copied().unwrap_or(0)
    }
}

/// Counts what one device does.
#[derive(Debug)]
pub(crate) struct Counters {
    counts: [AtomicU64; Statistic::ALL.len()],
    powered: Mutex<Powered>,
}

#[derive(Debug, Default)]
struct Powered {
    users: u32,
    since: Option<Instant>,
    before: Duration,
}

impl Default for Counters {
    fn default() -> Self {
        Self { counts: [const { AtomicU64::new(0) }; _], powered: Mutex::default() }
    }
}

impl Counters {
    pub(crate) fn count(&self, statistic: Statistic) {
        self.add(statistic, 1);
    }

    pub(crate) fn add(&self, statistic: Statistic, number: u64) {
        if let Some(count) = self.counts.get(statistic as usize) {
            count.fetch_add(number, Ordering::Relaxed);
        }
    }

    /// Starts to count the time; several roles may use one device.
    pub(crate) fn power_on(&self) {
        let mut powered = lock(&self.powered);
        powered.users += 1;
        powered.since.get_or_insert_with(Instant::now);
    }

    pub(crate) fn power_off(&self) {
        let mut powered = lock(&self.powered);
        powered.users = powered.users.saturating_sub(1);
        if powered.users == 0
            && let Some(since) = powered.since.take()
        {
            powered.before += since.elapsed();
        }
    }

    fn snapshot(&self) -> Statistics {
        let powered = lock(&self.powered);
        let time = powered.before + powered.since.map_or(Duration::ZERO, |since| since.elapsed());
        let all = Statistic::ALL.iter().zip(&self.counts);
        let mut counts: BTreeMap<_, _> =
            all.map(|(name, count)| (*name, count.load(Ordering::Relaxed))).collect();
        counts.insert(Statistic::HoursPoweredCount, time.as_secs() / 3600);
        counts.retain(|_, count| *count > 0);
        Statistics { counts, powered_seconds: time.as_secs() }
    }

    fn reset(&self, statistic: Statistic) {
        if statistic == Statistic::HoursPoweredCount {
            let mut powered = lock(&self.powered);
            powered.before = Duration::ZERO;
            powered.since = powered.since.map(|_| Instant::now());
        } else if let Some(count) = self.counts.get(statistic as usize) {
            count.store(0, Ordering::Relaxed);
        }
    }

    fn restore(&self, kept: &Statistics) {
        for (name, count) in &kept.counts {
            if *name != Statistic::HoursPoweredCount {
                self.add(*name, *count);
            }
        }
        lock(&self.powered).before += Duration::from_secs(kept.powered_seconds);
    }
}

/// Keeps the statistics of all devices, each under its identity, else under its selector.
///
/// They follow the device: through replug, and to another role. Clones share one book.
#[derive(Debug, Clone, Default)]
pub struct StatisticsBook(Arc<Mutex<BTreeMap<String, Arc<Counters>>>>);

impl StatisticsBook {
    pub(crate) fn of(&self, device: &str) -> Arc<Counters> {
        lock(&self.0).entry(device.to_owned()).or_default().clone()
    }

    /// Returns a picture of all statistics (UnifiedPOS: `retrieveStatistics`), to be shown or kept.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, Statistics> {
        lock(&self.0)
            .iter()
            .map(|(device, counters)| (device.clone(), counters.snapshot()))
            .collect()
    }

    /// Sets `statistics` of a device to nought, all of them where none is named (UnifiedPOS:
    /// `resetStatistics`).
    pub fn reset(&self, device: &str, statistics: &[Statistic]) {
        let statistics = if statistics.is_empty() { Statistic::ALL } else { statistics };
        if let Some(counters) = lock(&self.0).get(device) {
            statistics.iter().for_each(|statistic| counters.reset(*statistic));
        }
    }

    /// Adds what was kept by an earlier run to what was counted since.
    pub fn restore(&self, kept: &BTreeMap<String, Statistics>) {
        for (device, statistics) in kept {
            self.of(device).restore(statistics);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_standards() {
        for statistic in Statistic::ALL {
            assert!(statistic.name().ends_with("Count"), "{statistic:?}");
            let json = serde_json::to_value(statistic).unwrap();
            assert_eq!(json, statistic.name());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn counts_and_hours_are_kept_and_reset() {
        let book = StatisticsBook::default();
        let counters = book.of("reader");
        counters.count(Statistic::GoodReadCount);
        counters.power_on();
        counters.power_on();
        tokio::time::advance(Duration::from_secs(3600 + 1800)).await;
        counters.power_off();
        tokio::time::advance(Duration::from_secs(1800)).await;
        let kept = serde_json::to_string(&book.snapshot()).unwrap();
        assert!(kept.contains(r#""HoursPoweredCount":2"#), "{kept}");
        counters.power_off();
        tokio::time::advance(Duration::from_secs(9999)).await;

        let later = StatisticsBook::default();
        later.of("reader").count(Statistic::GoodReadCount);
        later.restore(&serde_json::from_str(&kept).unwrap());
        let snapshot = later.snapshot();
        assert_eq!(snapshot["reader"].get(Statistic::GoodReadCount), 2);
        assert_eq!(snapshot["reader"].get(Statistic::HoursPoweredCount), 2);
        assert_eq!(snapshot["reader"].powered_seconds, 7200);

        later.reset("reader", &[Statistic::GoodReadCount]);
        assert_eq!(later.snapshot()["reader"].get(Statistic::GoodReadCount), 0);
        assert_eq!(later.snapshot()["reader"].get(Statistic::HoursPoweredCount), 2);
        later.reset("reader", &[]);
        assert_eq!(later.snapshot()["reader"], Statistics::default());
    }
}
