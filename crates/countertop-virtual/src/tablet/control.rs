//! The hand that writes.

use core::fmt;

use countertop_wire::pen::{PenEvent, Place, write_strokes};
use tokio::sync::{mpsc, oneshot};

use super::TabletConfig;
use crate::signature::Handwriting;

/// Is a report: events that happen at once, without their SYN_REPORT.
pub type PenReport = Vec<PenEvent>;

/// Is a pen tablet made in software, not plugged in.
pub struct VirtualTablet {
    pub(crate) config: TabletConfig,
    reports: mpsc::UnboundedReceiver<(PenReport, oneshot::Sender<()>)>,
}

/// Writes on a virtual tablet.
#[derive(Debug, Clone)]
pub struct TabletControl {
    config: TabletConfig,
    reports: mpsc::UnboundedSender<(PenReport, oneshot::Sender<()>)>,
}

impl VirtualTablet {
    pub(super) fn new(config: TabletConfig) -> (Self, TabletControl) {
        let (sender, reports) = mpsc::unbounded_channel();
        let control = TabletControl { config: config.clone(), reports: sender };
        (Self { config, reports }, control)
    }

    /// Waits for the next report that the tablet sends; `None` when it never will again.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn next_report(&mut self) -> Option<PenReport> {
        loop {
            let (report, fetched) = self.reports.recv().await?;
            // Reports that nobody offers any more are passed over.
            if fetched.send(()).is_ok() {
                return Some(report);
            }
        }
    }

    /// Returns what kind of tablet it is.
    #[must_use]
    pub fn config(&self) -> &TabletConfig {
        &self.config
    }
}

impl TabletControl {
    /// Writes, and takes the pen away; returns `false` when the tablet was unplugged meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the pen where it is.
    pub async fn draw(&self, strokes: &[Vec<Place>]) -> bool {
        let pressure = i32::from(self.config.pressure) / 2;
        self.send(write_strokes(strokes, pressure)).await
    }

    /// Writes [`Handwriting::sample`] in the size of the tablet, and takes the pen away.
    ///
    /// # Cancel safety
    ///
    /// As [`draw`](Self::draw).
    pub async fn draw_sample(&self) -> bool {
        let (along, down) = self.config.size;
        self.draw_handwriting(&Handwriting::sample(along, down)).await
    }

    /// Writes what is given in units of the tablet, and takes the pen away.
    ///
    /// # Cancel safety
    ///
    /// As [`draw`](Self::draw).
    pub async fn draw_handwriting(&self, handwriting: &Handwriting) -> bool {
        let place = |&(x, y): &(u16, u16)| (i32::from(x), i32::from(y));
        let strokes = handwriting.strokes().iter();
        let strokes: Vec<_> = strokes.map(|stroke| stroke.iter().map(place).collect()).collect();
        self.draw(&strokes).await
    }

    /// Presses and lets go a button: its code in `linux/input-event-codes.h`.
    ///
    /// # Cancel safety
    ///
    /// As [`draw`](Self::draw).
    pub async fn press(&self, code: u16) -> bool {
        let report = |pressed| vec![PenEvent::Button { code, pressed }];
        self.send(vec![report(true), report(false)]).await
    }

    /// Sends reports one after the other; returns `false` when the tablet was unplugged meanwhile.
    ///
    /// # Cancel safety
    ///
    /// As [`draw`](Self::draw).
    pub async fn send(&self, reports: Vec<PenReport>) -> bool {
        for report in reports {
            let (fetched, waiting) = oneshot::channel();
            if self.reports.send((report, fetched)).is_err() || waiting.await.is_err() {
                return false;
            }
        }
        true
    }
}

impl fmt::Debug for VirtualTablet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualTablet").field("config", &self.config).finish_non_exhaustive()
    }
}
