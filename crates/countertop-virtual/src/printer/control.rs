//! The hand of a person or a test.

use core::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_wire::usb::printer::PortStatus;
use tokio::sync::Notify;

use super::engine::{Engine, PrinterSnapshot};
use super::{Fault, FaultKind, Page};

/// Is what the printer and its controls share.
#[derive(Debug)]
pub(super) struct Shared {
    engine: Mutex<Engine>,
    /// Rings when a hand has changed something.
    pub(super) touched: Notify,
    /// Rings when the printer has done something.
    pub(super) worked: Notify,
}

impl Shared {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine: Mutex::new(engine), touched: Notify::new(), worked: Notify::new() }
    }

    pub(super) fn engine(&self) -> MutexGuard<'_, Engine> {
        // A panic elsewhere leaves a printer that can still be looked at.
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Acts on a virtual printer and looks at what it has printed.
#[derive(Debug, Clone)]
pub struct PrinterControl {
    pub(super) shared: Arc<Shared>,
}

impl PrinterControl {
    fn touch(&self, act: impl FnOnce(&mut Engine)) {
        let mut engine = self.shared.engine();
        act(&mut engine);
        engine.report_changes();
        drop(engine);
        self.shared.touched.notify_one();
        self.shared.worked.notify_waiters();
    }

    /// Lets something go wrong, now or when its trigger comes.
    pub fn inject(&self, fault: Fault) {
        self.touch(|engine| engine.expect_fault(fault));
    }

    /// Takes one kind of fault away: loads paper, closes the cover, clears the cutter, plugs the
    /// cable in, switches the power on.
    pub fn mend(&self, kind: FaultKind) {
        self.touch(|engine| engine.mend(kind));
    }

    /// Takes all faults away, also those that are still to come.
    pub fn mend_all(&self) {
        self.touch(Engine::mend_all);
    }

    /// Returns what can be seen of the printer.
    #[must_use]
    pub fn snapshot(&self) -> PrinterSnapshot {
        self.shared.engine().snapshot()
    }

    /// Takes the paper out, or lets it end.
    pub fn end_paper(&self) {
        self.touch(|engine| engine.mechanics.paper_out = true);
    }

    /// Lets the paper end after so many rows of dots; 8 rows are a millimetre.
    pub fn end_paper_after(&self, rows: usize) {
        self.touch(|engine| engine.mechanics.rows_left = Some(rows));
    }

    /// Makes the sensor report that the roll will end soon.
    pub fn near_end(&self) {
        self.touch(|engine| engine.mechanics.near_end = true);
    }

    /// Loads a new roll.
    pub fn load_paper(&self) {
        self.mend(FaultKind::PaperOut);
    }

    /// Opens the cover.
    pub fn open_cover(&self) {
        self.touch(|engine| engine.mechanics.cover_open = true);
    }

    /// Closes the cover.
    pub fn close_cover(&self) {
        self.touch(|engine| engine.mechanics.cover_open = false);
    }

    /// Puts something into the cutter; the next cut fails.
    pub fn jam_cutter(&self) {
        self.touch(|engine| engine.mechanics.jam = true);
    }

    /// Clears the cutter; the error stays until the host recovers (DLE ENQ) or the printer is
    /// switched off and on.
    pub fn clear_cutter(&self) {
        self.touch(|engine| engine.mechanics.jam = false);
    }

    /// Makes the head too hot, or lets it cool down.
    pub fn set_overheated(&self, overheated: bool) {
        self.touch(|engine| engine.mechanics.overheated = overheated);
    }

    /// Breaks something that only service repairs.
    pub fn break_down(&self) {
        self.touch(|engine| engine.mechanics.fault = true);
    }

    /// Puts the printer offline or online at its panel.
    pub fn set_offline(&self, offline: bool) {
        self.touch(|engine| engine.mechanics.panel_offline = offline);
    }

    /// Sets the rows of dots printed in a second; `None` prints at once.
    pub fn set_speed(&self, rows_per_second: Option<u32>) {
        self.touch(|engine| engine.config.speed = rows_per_second);
    }

    /// Sets whether the printer answers.
    pub fn set_answers(&self, answers: bool) {
        self.touch(|engine| engine.config.answers = answers);
    }

    /// Sets the bytes that the receive buffer takes.
    pub fn set_receive_buffer(&self, bytes: usize) {
        self.touch(|engine| engine.config.receive_buffer = bytes);
    }

    /// Empties the printer's buffers, as the USB printer class asks of SOFT_RESET.
    pub fn soft_reset(&self) {
        self.touch(Engine::flush);
    }

    /// Returns what the printer says on a port that asks for paper, selection and error: USB's or
    /// a parallel cable's.
    #[must_use]
    pub fn port_status(&self) -> PortStatus {
        self.shared.engine().mechanics.port_status()
    }

    /// Switches the printer off and on.
    pub fn power_cycle(&self) {
        self.touch(Engine::power_cycle);
    }

    /// Closes the drawer.
    pub fn close_drawer(&self) {
        self.touch(|engine| engine.mechanics.drawer_open = false);
    }

    /// Tells whether the drawer is open.
    #[must_use]
    pub fn drawer_open(&self) -> bool {
        self.shared.engine().mechanics.drawer_open
    }

    /// Returns how many pulses the drawer got.
    #[must_use]
    pub fn drawer_pulses(&self) -> u32 {
        self.shared.engine().mechanics.pulses
    }

    /// Returns the last pages that were cut, at most 64, oldest first.
    #[must_use]
    pub fn pages(&self) -> Vec<Page> {
        self.shared.engine().pages.iter().cloned().collect()
    }

    /// Returns a page by its number, from 1 for the first that was cut since the printer was made.
    ///
    /// # Errors
    ///
    /// The numbers of the pages that are kept, when it is none of them.
    pub fn page(&self, number: usize) -> Result<Page, RangeInclusive<usize>> {
        let engine = self.shared.engine();
        let first = engine.page_count - engine.pages.len() + 1;
        let page = number.checked_sub(first).and_then(|index| engine.pages.get(index));
        page.cloned().ok_or(first..=engine.page_count)
    }

    /// Returns how many pages were cut.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.shared.engine().page_count
    }

    /// Returns the paper since the last cut, if there is anything on it.
    #[must_use]
    pub fn current(&self) -> Option<Page> {
        self.shared.engine().current()
    }

    /// Returns [`pages`](Self::pages) and behind them [`current`](Self::current), both at one instant: a page
    /// that is cut meanwhile is there once.
    #[must_use]
    pub fn paper(&self) -> Vec<Page> {
        let engine = self.shared.engine();
        engine.pages.iter().cloned().chain(engine.current()).collect()
    }

    /// Returns the unknown commands that came, as Epson's manual writes them.
    #[must_use]
    pub fn unknown_commands(&self) -> Vec<String> {
        self.shared.engine().unknown.clone()
    }

    /// Waits until `count` pages were cut since the printer was made.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_for_pages(&self, count: usize) {
        self.wait_until(|control| control.page_count() >= count).await;
    }

    /// Waits until what `condition` looks at is so; it is asked after everything that happens.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_until(&self, condition: impl Fn(&Self) -> bool) {
        loop {
            let worked = self.shared.worked.notified();
            tokio::pin!(worked);
            worked.as_mut().enable();
            if condition(self) {
                return;
            }
            worked.await;
        }
    }
}
