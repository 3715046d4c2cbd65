//! The line to a printer: exchanges, status, reconnection.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Arc;

use countertop_device::{
    Attention, DeviceError, DeviceErrorKind, PrinterStatus, Selector, Settings,
};
use countertop_transport::{BoxLink, Line, PrinterPort, memory};
use countertop_wire::escpos::{
    ErrorCause, OfflineCause, PaperSensors, PrinterState, RealTimeStatus, Reply, ReplyParser,
};
use tokio::time::Instant;

use super::layout::MAX_COMMAND;
use super::silence::Silence;
use super::{EscPosSettings, commands};

/// Is how to call a printer again that hung up.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) selector: Selector,
    pub(super) settings: Settings,
}

/// Is the line to a printer and what is known of it.
#[derive(Debug)]
pub(super) struct Session {
    line: Line,
    device: String,
    connector: Option<Connector>,
    /// How to ask a printer on USB past its data.
    pub(super) port: Option<PrinterPort>,
    replies: ReplyParser,
    /// Replies that came while another was awaited.
    waiting: VecDeque<Reply>,
    silence: Silence,
    pub(super) settings: Arc<EscPosSettings>,
    /// Whether a command may have been cut off, so that the printer waits for its rest.
    broken: bool,
    /// Whether the link is gone.
    lost: bool,
    /// Whether the printer has taken bytes since it was last asked for its state.
    took: bool,
    /// Whether the printer has ever answered; one that has, and falls silent, is in trouble.
    answers: bool,
    /// Replies to GS r that are still to come.
    pub(super) owed: u32,
    /// Number of the last job.
    pub(super) jobs: u32,
    /// Whether the printer knows process IDs, as far as seen.
    pub(super) process_ids: Option<bool>,
}

impl Session {
    pub(super) fn new(link: BoxLink, device: String, settings: Arc<EscPosSettings>) -> Self {
        Self {
            line: Line::new(link, device.clone()),
            device,
            connector: None,
            port: None,
            replies: ReplyParser::new(),
            waiting: VecDeque::new(),
            silence: Silence::default(),
            settings,
            broken: false,
            lost: false,
            took: false,
            answers: false,
            owed: 0,
            jobs: 0,
            process_ids: None,
        }
    }

    pub(super) fn with_connector(
        mut self,
        connector: Connector,
        port: Option<PrinterPort>,
    ) -> Self {
        self.connector = Some(connector);
        self.port = port;
        self
    }

    pub(super) fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        self.line.error(kind, action)
    }

    /// Writes commands; a failure leaves the mark that one of them may be cut off.
    pub(super) async fn write(
        &mut self,
        bytes: &[u8],
        action: &'static str,
    ) -> Result<(), DeviceError> {
        self.broken = true;
        for chunk in bytes.chunks(MAX_COMMAND) {
            let written = self.line.write(chunk, self.settings.write_timeout, action).await;
            self.silence.broken();
            self.note_loss(written)?;
            self.took = true;
        }
        self.broken = false;
        Ok(())
    }

    fn note_loss<T>(&mut self, result: Result<T, DeviceError>) -> Result<T, DeviceError> {
        if let Err(error) = &result {
            self.lost |= error.kind() == DeviceErrorKind::Disconnected;
        }
        result
    }

    /// Waits for the next reply other than flow control.
    pub(super) async fn next_reply(
        &mut self,
        deadline: Duration,
        action: &'static str,
    ) -> Result<Reply, DeviceError> {
        match self.waiting.pop_front() {
            Some(reply) => Ok(reply),
            None => self.read_reply(deadline, action).await,
        }
    }

    async fn read_reply(
        &mut self,
        deadline: Duration,
        action: &'static str,
    ) -> Result<Reply, DeviceError> {
        let end = Instant::now() + deadline;
        loop {
            match self.replies.next_reply() {
                Some(Reply::FlowOff | Reply::FlowOn) => {}
                Some(reply) => {
                    self.answers = true;
                    return Ok(reply);
                }
                None => {
                    let mut bytes = Vec::new();
                    let left = end.saturating_duration_since(Instant::now());
                    let read = self.line.read_some(&mut bytes, left, action).await;
                    self.note_loss(read)?;
                    self.silence.broken();
                    self.replies.feed(&bytes);
                }
            }
        }
    }

    /// Takes what comes late until the line is silent, so that it is not taken for the answer to what
    /// follows. Gives up on a printer that talks on.
    async fn synchronise(&mut self, action: &'static str) -> Result<(), DeviceError> {
        let quiet = self.settings.quiet;
        let end = Instant::now() + self.settings.status_timeout + quiet;
        while Instant::now() < end {
            let patience = if self.owed > 0 { quiet } else { self.silence.missing(quiet) };
            match self.next_reply(patience, action).await {
                Ok(Reply::Status(_)) => self.owed = self.owed.saturating_sub(1),
                Ok(_) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => break,
                Err(error) => return Err(error),
            }
        }
        self.silence.reached();
        self.replies.reset();
        Ok(())
    }

    /// Asks one real-time status; `None` when no answer comes.
    async fn ask(
        &mut self,
        status: RealTimeStatus,
        action: &'static str,
    ) -> Result<Option<u8>, DeviceError> {
        let before = self.silence.asked();
        self.write(&commands::real_time_status(status), action).await?;
        let end = Instant::now() + self.settings.status_timeout;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.read_reply(left, action).await {
                Ok(Reply::RealTimeStatus(byte)) => {
                    self.silence.answered(before);
                    return Ok(Some(byte));
                }
                Ok(other) => self.waiting.push_back(other),
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                    self.line.drain(self.settings.status_timeout / 4).await;
                    self.replies.reset();
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks for the printer's state without calling it again; `None` when it does not answer.
    pub(super) async fn state_once(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        let Some(printer) = self.ask(RealTimeStatus::Printer, action).await? else {
            return Ok(None);
        };
        let printer = PrinterState::from_byte(printer);
        let offline = self.ask(RealTimeStatus::OfflineCause, action).await?;
        let error = self.ask(RealTimeStatus::ErrorCause, action).await?;
        let paper = self.ask(RealTimeStatus::Paper, action).await?;
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
        Ok(Some(state))
    }

    /// Asks for the printer's state, calling it again if it hung up; `None` for one that has never
    /// answered.
    pub(super) async fn state(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        self.took = false;
        match self.fresh_state(action).await {
            // A printer on USB that was there a moment ago was pulled just now: no use in calling it.
            Err(error) if self.lost && self.took && self.port.is_some() => Err(error),
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

    async fn fresh_state(
        &mut self,
        action: &'static str,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        if self.lost {
            return Err(self.error(DeviceErrorKind::Disconnected, action));
        }
        if self.broken && self.out_of_paper().await {
            // What is left of the job is still in the way, and so would be any question.
            let mut state = PrinterStatus::default();
            state.attention = Some(Attention::PaperOut);
            return Ok(Some(state));
        }
        self.synchronise(action).await?;
        self.complete_broken_command(action).await?;
        self.state_once(action).await
    }

    /// Ends a command that was cut off: NUL is white in a picture and ignored elsewhere.
    async fn complete_broken_command(&mut self, action: &'static str) -> Result<(), DeviceError> {
        if self.broken { self.write(&[0x00; MAX_COMMAND], action).await } else { Ok(()) }
    }

    async fn reconnect(&mut self, cause: DeviceError) -> Result<(), DeviceError> {
        let Some(connector) = &self.connector else { return Err(cause) };
        // Most devices can be open once only, so the old link goes first.
        let (ended, _) = memory::pair();
        self.line = Line::new(ended, self.device.clone());
        self.port = None;
        self.lost = true;
        let opened =
            countertop_transport::open_printer(&connector.selector, &connector.settings).await;
        let (link, port) = match opened {
            // It was there before: it is not a matter of the selector.
            Err(error) if error.kind() == DeviceErrorKind::NotFound => return Err(cause),
            opened => opened?,
        };
        self.line = Line::new(link, self.device.clone());
        self.port = port;
        self.replies.reset();
        self.waiting.clear();
        self.silence = Silence::default();
        self.lost = false;
        self.owed = 0;
        Ok(())
    }

    /// As [`state`](Self::state), and asks a printer that does not answer for its port status.
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
}
