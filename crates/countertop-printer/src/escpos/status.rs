//! Asking a printer for its state, and what its answers mean.

use core::time::Duration;

use countertop_device::{Attention, DeviceError, DeviceErrorKind, PrinterStatus};
use countertop_wire::escpos::{
    AutomaticStatus, ErrorCause, OfflineCause, PaperSensors, PrinterState, RealTimeStatus, Reply,
};
use tokio::time::Instant;

use super::commands;
use super::layout::MAX_COMMAND;
use super::transport::Session;

impl Session {
    /// Takes what comes late until the line is silent, so that it is not taken for the answer to what
    /// follows. Gives up on a printer that talks on.
    async fn synchronise(&mut self, action: &'static str) -> Result<(), DeviceError> {
        let quiet = self.settings.quiet;
        let end = Instant::now() + self.settings.status_timeout + quiet;
        while Instant::now() < end {
            let heard = self.ear.last();
            let patience = if self.owed > 0 { quiet } else { self.silence.missing(quiet, heard) };
            match self.next_reply(patience, action).await {
                Ok(Reply::Status(_)) => self.owed = self.owed.saturating_sub(1),
                Ok(Reply::RealTimeStatus(_)) => self.silence.answered(),
                Ok(Reply::ProcessId(mark)) => self.came_back.push(mark),
                Ok(_) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => break,
                Err(error) => return Err(error),
            }
        }
        self.ear.reset();
        Ok(())
    }

    /// Asks one real-time status; `None` when no answer comes in time.
    async fn ask(
        &mut self,
        status: RealTimeStatus,
        patience: Duration,
        action: &'static str,
    ) -> Result<Option<u8>, DeviceError> {
        self.take_late_answers_to_status(action).await?;
        // Whoever drops this meanwhile leaves an answer on its way.
        self.silence.asked();
        self.write(&commands::real_time_status(status), action).await?;
        let byte = self.real_time_byte(Instant::now() + patience, action).await?;
        if byte.is_some() {
            self.silence.answered();
            self.backlog.cleared();
        }
        Ok(byte)
    }

    /// Waits for the answer to a real-time status; `None` when none comes until `end`.
    async fn real_time_byte(
        &mut self,
        end: Instant,
        action: &'static str,
    ) -> Result<Option<u8>, DeviceError> {
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.read_reply(left, action).await {
                Ok(Reply::RealTimeStatus(byte)) => return Ok(Some(byte)),
                Ok(other) => self.waiting.push_back(other),
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits for the answers that are late, so that none is taken for that to another question; those
    /// that do not come in the time of an answer come no more.
    async fn take_late_answers_to_status(
        &mut self,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        // One that has never answered is not waited for so long.
        let patience = self.settings.status_timeout / if self.answers { 1 } else { 4 };
        let end = Instant::now() + patience;
        while self.silence.is_owed() {
            match self.real_time_byte(end, action).await? {
                Some(_) => self.silence.answered(),
                None => self.silence.given_up(),
            }
        }
        Ok(())
    }

    /// Asks for the printer's state without calling it again; `None` when it does not answer.
    pub(super) async fn state_once(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        let patience = self.patience_for_status();
        let Some(printer) = self.ask(RealTimeStatus::Printer, patience, action).await? else {
            return Ok(None);
        };
        let printer = PrinterState::from_byte(printer);
        let [offline, error, paper] = self.causes(action).await?;
        let paper = paper.map(PaperSensors::from_real_time_byte).unwrap_or_default();
        let mut state = PrinterStatus::default();
        state.attention = attention(
            printer,
            offline.map(OfflineCause::from_byte).unwrap_or_default(),
            error.map(ErrorCause::from_byte).unwrap_or_default(),
            paper,
        );
        state.paper_near_end = paper.near_end;
        state.drawer_open = Some(printer.drawer_pin_high == self.settings.drawer_open_high);
        self.told.send_if_modified(|told| told.tell(&state));
        Ok(Some(state))
    }

    /// Asks for what is behind the printer's state, until one question is not answered: its answer may
    /// be late, and would be taken for that to the next.
    async fn causes(&mut self, action: &'static str) -> Result<[Option<u8>; 3], DeviceError> {
        use RealTimeStatus::{ErrorCause, OfflineCause, Paper};
        // It has just answered, so that it is worth while to wait.
        let patience = 2 * self.settings.status_timeout;
        let mut causes = [None; 3];
        for (cause, status) in causes.iter_mut().zip([OfflineCause, ErrorCause, Paper]) {
            *cause = self.ask(status, patience, action).await?;
            if cause.is_none() {
                break;
            }
        }
        Ok(causes)
    }

    /// Returns how long an answer may take: a question waits behind what the printer has not received.
    fn patience_for_status(&self) -> Duration {
        let behind = self.backlog.left().min(self.settings.confirm_timeout);
        self.settings.status_timeout + behind
    }

    /// Asks for the printer's state, calling it again if it hung up; `None` for one that has never
    /// answered.
    pub(super) async fn state(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        if self.one_way {
            return Ok(None);
        }
        if let Some(state) = self.state_within_a_block() {
            return Ok(Some(state));
        }
        match self.fresh_state(action).await {
            Err(error) if self.was_pulled_just_now() => Err(error),
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => {
                self.reconnect(error).await?;
                self.fresh_state(action).await
            }
            Ok(None) if self.answers => {
                let error = self.error(DeviceErrorKind::TimedOut, action);
                self.reconnect(error).await?;
                let state = self.fresh_state(action).await?;
                state.map(Some).ok_or_else(|| self.error(DeviceErrorKind::TimedOut, action))
            }
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                // It takes no bytes, not even a question.
                let state = self.port_state().await.filter(|state| state.attention.is_some());
                state.map(Some).ok_or(error)
            }
            other => other,
        }
    }

    /// Tells whether a printer on USB has just left. It is no use to call it: one that is plugged in again
    /// is not ready so soon, and the kernel may have us wait until it has taken the old one away.
    fn was_pulled_just_now(&self) -> bool {
        /// The contacts have to be still for 100 ms, a reset takes 50 ms (USB 2.0, 7.1.7.3 and 7.1.7.5),
        /// and the kernel has to read the descriptors and find a driver.
        const READY: Duration = Duration::from_millis(500);
        self.port.is_some() && self.ear.has_ended_within(READY)
    }

    /// Returns what the printer last said by itself, where a question would end up in the middle of a
    /// block that goes on.
    fn state_within_a_block(&self) -> Option<PrinterStatus> {
        let held = self.held.as_ref().filter(|held| held.waits_within_a_block())?;
        let automatic = self.ear.automatic.borrow();
        (!self.ear.has_ended() && held.told_at(automatic.count)).then(|| automatic.status.clone())
    }

    async fn fresh_state(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        if self.is_lost() {
            return Err(self.ear.end(self.device(), action));
        }
        if self.is_in_the_way() && self.out_of_paper().await {
            // What is left of the job is still in the way, and so would be any question: its answer
            // would come when nobody waits for it any more.
            let mut state = PrinterStatus::default();
            state.attention = Some(Attention::PaperOut);
            return Ok(Some(state));
        }
        self.synchronise(action).await?;
        if self.broken {
            self.complete_broken_header(action).await?;
            // A printer that stands still has only its buffer to take bytes, and behind a full one no
            // question and no recovery would reach it.
            let state = self.state_once(action).await?;
            if state.as_ref().is_some_and(|state| state.attention.is_some()) {
                return Ok(state);
            }
        }
        self.complete_broken_command(action).await?;
        self.state_once(action).await
    }

    /// Tells whether something of a job may still wait before a printer that takes no more.
    fn is_in_the_way(&self) -> bool {
        self.broken || self.held.as_ref().is_some_and(|held| !held.is_quiet())
    }

    /// Ends the parameters of a command that was cut off within them, as sizes of nought: a question would
    /// be taken for sizes, by which a printer may swallow megabytes.
    async fn complete_broken_header(&mut self, action: &'static str) -> Result<(), DeviceError> {
        /// More than the parameters of any command that a job has.
        const HEADER: usize = 24;
        self.write(&[0x00; HEADER], action).await
    }

    /// Ends a command that was cut off: NUL is white in a picture and ignored elsewhere.
    async fn complete_broken_command(&mut self, action: &'static str) -> Result<(), DeviceError> {
        if self.broken {
            self.write(&[0x00; MAX_COMMAND], action).await?;
            self.broken = false;
        }
        Ok(())
    }

    /// Returns what [`state`](Self::state) does, and asks a printer that does not answer for its port status.
    pub(super) async fn any_state(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        match self.state(action).await? {
            Some(state) => Ok(Some(state)),
            None => Ok(self.port_state().await),
        }
    }

    /// Makes sure that the printer takes commands; `false` for one that does not answer.
    pub(super) async fn ready(&mut self, action: &'static str) -> Result<bool, DeviceError> {
        match self.state(action).await? {
            None if self.out_of_paper().await => {
                let kind = DeviceErrorKind::NeedsAttention(Attention::PaperOut);
                Err(self.error(kind, action))
            }
            None => Ok(false),
            Some(PrinterStatus { attention: None, .. }) => Ok(true),
            Some(PrinterStatus { attention: Some(attention), .. }) => {
                Err(self.error(DeviceErrorKind::NeedsAttention(attention), action))
            }
        }
    }
}

/// Reads what a printer said by itself.
pub(super) fn of_automatic(status: AutomaticStatus, drawer_open_high: bool) -> PrinterStatus {
    let offline = OfflineCause { cover_open: status.cover_open, ..OfflineCause::default() };
    let mut state = PrinterStatus::default();
    state.attention = attention(status.printer, offline, status.error, status.paper);
    state.paper_near_end = status.paper.near_end;
    state.drawer_open = Some(status.printer.drawer_pin_high == drawer_open_high);
    state
}

/// Names what a person has to do, the cause before its consequences.
fn attention(
    printer: PrinterState,
    offline: OfflineCause,
    error: ErrorCause,
    paper: PaperSensors,
) -> Option<Attention> {
    let causes = [
        (offline.cover_open, Attention::CoverOpen),
        (paper.end || offline.paper_end, Attention::PaperOut),
        (error.cutter, Attention::CutterJammed),
        (error.unrecoverable || error.recoverable, Attention::Fault),
        (error.auto_recoverable, Attention::Overheated),
        (printer.offline, Attention::Offline),
    ];
    causes.into_iter().find_map(|(found, attention)| found.then_some(attention))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_comes_before_its_consequences() {
        let printer = PrinterState { offline: true, ..PrinterState::default() };
        let offline = OfflineCause { cover_open: true, ..OfflineCause::default() };
        let paper = PaperSensors { near_end: true, end: true };
        let error = ErrorCause { auto_recoverable: true, ..ErrorCause::default() };
        let none = OfflineCause::default();
        let fine = ErrorCause::default();
        let all = PaperSensors::default();
        assert_eq!(attention(printer, offline, error, paper), Some(Attention::CoverOpen));
        assert_eq!(attention(printer, none, error, paper), Some(Attention::PaperOut));
        assert_eq!(attention(printer, none, error, all), Some(Attention::Overheated));
        assert_eq!(attention(printer, none, fine, all), Some(Attention::Offline));
        assert_eq!(attention(PrinterState::default(), none, fine, all), None);
    }

    #[test]
    fn what_comes_by_itself_means_the_same() {
        let mut status = AutomaticStatus { cover_open: true, ..AutomaticStatus::default() };
        status.printer.offline = true;
        assert_eq!(of_automatic(status, false).attention, Some(Attention::CoverOpen));
        status = AutomaticStatus::default();
        status.paper.near_end = true;
        status.printer.drawer_pin_high = true;
        let state = of_automatic(status, true);
        assert_eq!((state.attention, state.paper_near_end), (None, true));
        assert_eq!(state.drawer_open, Some(true));
    }
}
