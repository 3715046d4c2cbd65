//! The printer's own work: takes bytes, executes commands in turn, answers.

mod answers;
mod counters;
mod faults;
mod real_time;
mod snapshot;

use core::time::Duration;
use std::collections::VecDeque;

use countertop_wire::escpos::{
    AsbTriggers, Command, Enquiry, Mechanism, OfflineResponse, Parser, PrinterState, ProcessId,
    RealTimeReport, Recovery, Reply,
};

use super::config::FlowControl;
use super::draw::Drawing;
use super::fault::Progress;
use super::state::Mechanics;
use super::{Page, PrinterConfig};
use counters::Counters;
use faults::Ailments;
use real_time::RealTimeScanner;
pub use snapshot::PrinterSnapshot;

/// Pages that are kept; older ones are forgotten.
const KEPT_PAGES: usize = 64;

/// Room that a printer shows for a command that it takes while it works: its data does not wait in
/// the receive buffer.
const STREAM: usize = 4096;

/// Is everything of a printer but its line.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) config: PrinterConfig,
    pub(super) mechanics: Mechanics,
    parser: Parser,
    real_time: RealTimeScanner,
    queue: VecDeque<(Command, usize)>,
    queued_bytes: usize,
    drawing: Drawing,
    pub(super) answers: Vec<u8>,
    triggers: AsbTriggers,
    reported: [u8; 4],
    /// Whether it tells by itself that it went offline, and whether it is.
    offline_response: OfflineResponse,
    was_hindered: bool,
    counters: Counters,
    /// Process IDs of what is not on paper yet.
    unprinted: Vec<ProcessId>,
    pub(super) pages: VecDeque<Page>,
    pub(super) page_count: usize,
    pub(super) unknown: Vec<String>,
    progress: Progress,
    ailments: Ailments,
    /// Whether XOFF was sent and XON not yet.
    held: bool,
    /// Bytes that came when there was no room.
    overrun: u64,
    /// How often XOFF was sent.
    xoffs: u64,
}

/// Is the outcome of one step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A command was executed; the mechanism is busy for so long.
    Done(Duration),
    /// There is nothing to do, or the printer is offline.
    Idle,
}

impl Engine {
    pub(super) fn new(config: PrinterConfig) -> Self {
        let mut mechanics =
            Mechanics { drawer_open_high: config.drawer_open_high, ..Mechanics::default() };
        mechanics.load(config.paper_rows);
        let mut engine = Self {
            drawing: Drawing::new(&config),
            mechanics,
            parser: Parser::new(),
            real_time: RealTimeScanner::default(),
            queue: VecDeque::new(),
            queued_bytes: 0,
            answers: Vec::new(),
            triggers: AsbTriggers::NONE,
            reported: [0; 4],
            offline_response: OfflineResponse::Off,
            was_hindered: false,
            counters: Counters::default(),
            unprinted: Vec::new(),
            pages: VecDeque::new(),
            page_count: 0,
            unknown: Vec::new(),
            progress: Progress::default(),
            ailments: Ailments::default(),
            held: false,
            overrun: 0,
            xoffs: 0,
            config,
        };
        for fault in engine.config.faults.clone() {
            engine.expect_fault(fault);
        }
        engine
    }

    /// Tells how many bytes may be read from the line now.
    pub(super) fn room(&self) -> usize {
        if self.config.flow == FlowControl::XonXoff || !self.is_reachable() {
            return usize::MAX;
        }
        self.ailments.bytes_left(self.progress).min(self.buffer_room())
    }

    fn buffer_room(&self) -> usize {
        let taken = self.queued_bytes + self.parser.pending();
        let room = self.config.receive_buffer.saturating_sub(taken);
        let works = self.queue.is_empty() && !self.mechanics.offline();
        if works { room.max(STREAM) } else { room }
    }

    /// Takes bytes from the line; real-time commands are executed at once.
    pub(super) fn receive(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() && self.is_reachable() {
            let until_fault = self.ailments.bytes_left(self.progress).max(1);
            let (now, later) = rest.split_at(until_fault.min(rest.len()));
            self.accept(now);
            self.progress.bytes += now.len() as u64;
            self.strike_due();
            rest = later;
        }
    }

    fn accept(&mut self, bytes: &[u8]) {
        let taken = match self.config.flow {
            FlowControl::XonXoff => bytes.len().min(self.buffer_room()),
            FlowControl::Hold => bytes.len(),
        };
        self.overrun += (bytes.len() - taken) as u64;
        self.parser.feed(&bytes[..taken]);
        for command in self.real_time.find(&bytes[..taken]) {
            self.real_time(&command);
        }
        while let Some(command) = self.parser.next_command() {
            // It was executed when its last byte came.
            if !command.is_real_time() {
                let length = command.to_bytes().len();
                self.queued_bytes += length;
                self.queue.push_back((command, length));
            }
        }
        self.hold_or_release();
    }

    fn real_time(&mut self, command: &Command) {
        match command {
            Command::Enquiry(Enquiry::RealTimeStatus(status)) => {
                self.answer(&Reply::RealTimeStatus(self.mechanics.real_time(*status)));
            }
            Command::Enquiry(Enquiry::Recover(recovery)) => self.recover(*recovery),
            Command::Enquiry(Enquiry::RealTimeReport(RealTimeReport::Basic)) => {
                self.answer(&Reply::AutomaticStatus(self.mechanics.automatic()));
            }
            Command::Enquiry(Enquiry::RealTimeReport(RealTimeReport::Offline)) => {
                self.tell_offline_causes(self.offline_response);
            }
            // It has neither an extended status nor a battery.
            Command::Enquiry(Enquiry::RealTimeReport(_)) => {}
            Command::Enquiry(_) => {
                // Ink, cheque reader, further devices: there are none.
                self.answer(&Reply::RealTimeStatus(PrinterState::default().to_byte()));
            }
            Command::Mechanism(Mechanism::RealTimePulse(_)) => self.mechanics.kick(),
            Command::Mechanism(Mechanism::ClearBuffers) => self.clear_buffers(),
            Command::Mechanism(Mechanism::PowerOff) => {
                self.answer(&Reply::Block(answers::POWER_OFF.to_vec()));
            }
            _ => {}
        }
    }

    /// DLE DC4 8: forgets what was received and what is not on paper, and says so.
    fn clear_buffers(&mut self) {
        self.queue.clear();
        self.queued_bytes = 0;
        self.unprinted.clear();
        self.drawing.recover(Recovery::Clear);
        self.mechanics.cutter_error = self.mechanics.jam;
        self.answer(&Reply::Block(answers::BUFFER_CLEARED.to_vec()));
    }

    /// DLE ENQ does something only about what a person or the host can put right.
    fn recover(&mut self, recovery: Recovery) {
        let mechanics = &self.mechanics;
        if !mechanics.cutter_error && !mechanics.cover_open && !mechanics.paper_out {
            return;
        }
        self.mechanics.cutter_error = self.mechanics.jam;
        if recovery == Recovery::Clear {
            self.queue.clear();
            self.queued_bytes = 0;
            self.unprinted.clear();
        }
        self.drawing.recover(recovery);
    }

    /// Executes the next command, if the printer is able to.
    pub(super) fn step(&mut self) -> Step {
        if self.mechanics.offline() || !self.ailments.powered() {
            return Step::Idle;
        }
        let Some((command, length)) = self.queue.pop_front() else { return Step::Idle };
        if self.jams(&command) {
            self.queue.push_front((command, length));
            self.report_changes();
            return Step::Idle;
        }
        self.queued_bytes -= length;
        self.execute(&command);
        let work = self.drawing.take_work();
        let rows = work.rows;
        let waited = self.drawing.take_waited();
        self.counters.add(work);
        self.mechanics.use_paper(rows);
        self.progress.rows += rows as u64;
        self.progress.commands += 1;
        self.collect();
        self.strike_due();
        self.hold_or_release();
        Step::Done(self.duration(rows, waited))
    }

    fn jams(&mut self, command: &Command) -> bool {
        let cuts = matches!(
            command,
            Command::Mechanism(
                Mechanism::Cut(_)
                    | Mechanism::CutHere(_)
                    | Mechanism::FeedAndCut(_)
                    | Mechanism::ReserveCut(_)
                    | Mechanism::CutOnePoint
                    | Mechanism::CutThreePoints
            )
        );
        self.mechanics.cutter_error |= cuts && self.mechanics.jam;
        self.mechanics.cutter_error
    }

    fn duration(&self, rows: usize, waited: u64) -> Duration {
        let speed = self.ailments.slowed(self.config.speed);
        let micros = (rows as u64 * 1_000_000).checked_div(u64::from(speed.unwrap_or(0)));
        Duration::from_micros(micros.unwrap_or(0)) + Duration::from_millis(waited * 100)
    }

    fn execute(&mut self, command: &Command) {
        if let Command::Mechanism(Mechanism::SelectPeripheral(on)) = command {
            self.mechanics.deselected = !on;
        }
        if self.mechanics.deselected {
            return;
        }
        match command {
            Command::Enquiry(enquiry) => self.enquiry(enquiry),
            Command::Mechanism(Mechanism::DrawerPulse(_)) => self.mechanics.kick(),
            Command::Image(image) => {
                self.memory_enquiry(image);
                self.drawing.execute(command);
            }
            other => {
                self.remember_unknown(other);
                self.measure_code(other);
                self.drawing.execute(other);
            }
        }
    }

    fn remember_unknown(&mut self, command: &Command) {
        if let Command::Unknown(bytes) = command
            && self.unknown.len() < KEPT_PAGES
        {
            self.unknown.push(bytes.to_string());
        }
    }

    /// Collects what the last command or the last hand brought: pages, process IDs, a new status.
    pub(super) fn collect(&mut self) {
        for page in self.drawing.take_finished() {
            self.page_count += 1;
            self.pages.push_back(page);
        }
        while self.pages.len() > KEPT_PAGES {
            self.pages.pop_front();
        }
        if !self.drawing.has_unprinted() {
            for id in core::mem::take(&mut self.unprinted) {
                self.answer(&Reply::ProcessId(id));
            }
        }
        self.report_changes();
    }

    /// Returns the paper since the last cut.
    pub(super) fn current(&self) -> Option<Page> {
        self.drawing.current()
    }

    /// Forgets a command that the last host did not finish, and answers it did not read.
    pub(super) fn hang_up(&mut self) {
        if let Some(rest) = self.parser.finish() {
            self.remember_unknown(&rest);
        }
        self.answers.clear();
        self.held = false;
    }

    /// Empties the buffers.
    pub(super) fn flush(&mut self) {
        self.parser = Parser::new();
        self.real_time = RealTimeScanner::default();
        self.queue.clear();
        self.queued_bytes = 0;
        self.answers.clear();
        self.unprinted.clear();
        self.held = false;
    }

    /// Switches the printer off and on: buffers and settings are gone, the paper stays.
    pub(super) fn power_cycle(&mut self) {
        self.power_off();
        self.ailments.power_on();
    }

    fn power_off(&mut self) {
        self.flush();
        self.triggers = AsbTriggers::NONE;
        self.offline_response = OfflineResponse::Off;
        self.mechanics.cutter_error = false;
        self.mechanics.fault = false;
        self.mechanics.deselected = false;
        self.ailments.power_off();
        self.drawing.power_off();
    }
}
