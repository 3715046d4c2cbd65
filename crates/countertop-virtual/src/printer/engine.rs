//! The printer's own work: takes bytes, executes commands in turn, answers.

use core::time::Duration;
use std::collections::VecDeque;

use countertop_wire::escpos::{
    AsbTriggers, Command, Enquiry, Mechanism, Parser, PrinterState, ProcessId, Reply, StatusKind,
};

use super::draw::Drawing;
use super::state::Mechanics;
use super::{Page, PrinterConfig};

/// Pages that are kept; older ones are forgotten.
const KEPT_PAGES: usize = 64;

/// Answers that wait for a host that does not read; further ones are lost, as on a serial line.
const KEPT_ANSWERS: usize = 4096;

/// Is everything of a printer but its line.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) config: PrinterConfig,
    pub(super) mechanics: Mechanics,
    parser: Parser,
    queue: VecDeque<(Command, usize)>,
    queued_bytes: usize,
    drawing: Drawing,
    pub(super) answers: Vec<u8>,
    triggers: AsbTriggers,
    reported: [u8; 4],
    /// Process IDs of what is not on paper yet.
    unprinted: Vec<ProcessId>,
    pub(super) pages: VecDeque<Page>,
    pub(super) page_count: usize,
    pub(super) unknown: Vec<String>,
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
        let mechanics =
            Mechanics { drawer_open_high: config.drawer_open_high, ..Mechanics::default() };
        Self {
            drawing: Drawing::new(config.dots),
            config,
            mechanics,
            parser: Parser::new(),
            queue: VecDeque::new(),
            queued_bytes: 0,
            answers: Vec::new(),
            triggers: AsbTriggers::NONE,
            reported: [0; 4],
            unprinted: Vec::new(),
            pages: VecDeque::new(),
            page_count: 0,
            unknown: Vec::new(),
        }
    }

    /// Tells how many bytes the receive buffer still takes.
    pub(super) fn room(&self) -> usize {
        self.config.receive_buffer.saturating_sub(self.queued_bytes)
    }

    /// Takes bytes from the line; real-time commands are executed at once.
    pub(super) fn receive(&mut self, bytes: &[u8]) {
        self.parser.feed(bytes);
        while let Some(command) = self.parser.next_command() {
            if command.is_real_time() {
                self.real_time(&command);
            } else {
                let length = command.to_bytes().len();
                self.queued_bytes += length;
                self.queue.push_back((command, length));
            }
        }
    }

    fn real_time(&mut self, command: &Command) {
        match command {
            Command::Enquiry(Enquiry::RealTimeStatus(status)) => {
                self.answer(&Reply::RealTimeStatus(self.mechanics.real_time(*status)));
            }
            Command::Enquiry(Enquiry::Recover(recovery)) => {
                self.mechanics.cutter_error = self.mechanics.jam;
                if *recovery == countertop_wire::escpos::Recovery::Clear {
                    self.queue.clear();
                    self.queued_bytes = 0;
                }
                self.drawing.recover(*recovery);
            }
            Command::Enquiry(_) => {
                // Ink, cheque reader, further devices: there are none.
                self.answer(&Reply::RealTimeStatus(PrinterState::default().to_byte()));
            }
            Command::Mechanism(Mechanism::RealTimePulse(_)) => self.mechanics.kick(),
            _ => {}
        }
    }

    /// Executes the next command, if the printer is able to.
    pub(super) fn step(&mut self) -> Step {
        if self.mechanics.offline() {
            return Step::Idle;
        }
        let Some((command, length)) = self.queue.pop_front() else { return Step::Idle };
        if self.jams(&command) {
            self.queue.push_front((command, length));
            return Step::Idle;
        }
        self.queued_bytes -= length;
        self.execute(&command);
        let rows = self.drawing.take_moved();
        self.mechanics.use_paper(rows);
        self.collect();
        Step::Done(self.duration(rows))
    }

    fn jams(&mut self, command: &Command) -> bool {
        let cuts = matches!(
            command,
            Command::Mechanism(
                Mechanism::Cut(_) | Mechanism::CutOnePoint | Mechanism::CutThreePoints
            )
        );
        self.mechanics.cutter_error |= cuts && self.mechanics.jam;
        self.mechanics.cutter_error
    }

    fn duration(&self, rows: usize) -> Duration {
        let micros =
            (rows as u64 * 1_000_000).checked_div(u64::from(self.config.speed.unwrap_or(0)));
        Duration::from_micros(micros.unwrap_or(0))
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
            other => {
                self.remember_unknown(other);
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

    fn enquiry(&mut self, enquiry: &Enquiry) {
        match enquiry {
            Enquiry::Status(kind) => self.answer(&Reply::Status(self.status(*kind))),
            Enquiry::PeripheralStatus(_) => {
                self.answer(&Reply::Status(self.status(StatusKind::Drawer)));
            }
            Enquiry::PaperStatus => self.answer(&Reply::Status(self.status(StatusKind::Paper))),
            Enquiry::ProcessId(id) if self.config.process_ids => self.unprinted.push(*id),
            Enquiry::PrinterId(number) => self.identify(*number),
            Enquiry::AutomaticStatusBack(triggers) => {
                self.triggers = *triggers;
                if triggers.any() {
                    self.report();
                }
            }
            _ => {}
        }
    }

    fn status(&self, kind: StatusKind) -> u8 {
        match kind {
            StatusKind::Paper => self.mechanics.paper().to_status_byte(),
            StatusKind::Drawer => u8::from(self.mechanics.printer().drawer_pin_high),
            _ => 0,
        }
    }

    fn identify(&mut self, number: u8) {
        /// Two-byte characters (bit 0) and a cutter (bit 1).
        const TYPE: u8 = 0x03;
        let identity = &self.config.identity;
        let reply = match number {
            1 | 49 => Reply::Status(0x20),
            2 | 50 => Reply::Status(TYPE),
            3 | 51 => Reply::Status(0x01),
            65 => Reply::Information(identity.firmware.clone().into()),
            66 => Reply::Information(identity.maker.clone().into()),
            67 => Reply::Information(identity.model.clone().into()),
            68 => Reply::Information(identity.serial.clone().into()),
            69 => Reply::Information(b"CHINA GB18030".to_vec()),
            _ => return,
        };
        self.answer(&reply);
    }

    fn answer(&mut self, reply: &Reply) {
        if self.config.answers && self.answers.len() < KEPT_ANSWERS {
            reply.emit(&mut self.answers);
        }
    }

    /// Forgets answers that were sent.
    pub(super) fn answered(&mut self, count: usize) {
        // Switching the printer off may have cleared them in between.
        self.answers.drain(..count.min(self.answers.len()));
    }

    fn report(&mut self) {
        let status = self.mechanics.automatic();
        self.reported = status.to_bytes();
        self.answer(&Reply::AutomaticStatus(status));
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

    /// Sends automatic status back when one of its triggers has changed.
    pub(super) fn report_changes(&mut self) {
        let now = self.mechanics.automatic().to_bytes();
        let masks = [
            (self.triggers.drawer(), [0x04, 0x00, 0x00]),
            (self.triggers.online(), [0x68, 0x03, 0x00]),
            (self.triggers.error(), [0x00, 0x6C, 0x00]),
            (self.triggers.paper(), [0x00, 0x00, 0x0F]),
        ];
        let changed = |mask: [u8; 3]| {
            let bytes = now.iter().zip(self.reported).zip(mask);
            bytes.into_iter().any(|((new, old), mask)| (new ^ old) & mask != 0)
        };
        if masks.into_iter().any(|(on, mask)| on && changed(mask)) {
            self.report();
        }
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
    }

    /// Empties the buffers.
    pub(super) fn flush(&mut self) {
        self.parser = Parser::new();
        self.queue.clear();
        self.queued_bytes = 0;
        self.answers.clear();
        self.unprinted.clear();
    }

    /// Switches the printer off and on: buffers and settings are gone, the paper stays.
    pub(super) fn power_cycle(&mut self) {
        self.flush();
        self.triggers = AsbTriggers::NONE;
        self.mechanics.cutter_error = false;
        self.mechanics.fault = false;
        self.mechanics.deselected = false;
        self.drawing.execute(&Command::from(Mechanism::Initialize));
    }
}
