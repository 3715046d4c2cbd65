//! What the printer says: answers to questions, and its status by itself.

use countertop_wire::escpos::{Command, Enquiry, Image, OfflineResponse, Reply, StatusKind};

use super::Engine;
use crate::printer::config::FlowControl;

/// Answers that wait for a host that does not read; further ones are lost, as on a serial line.
const KEPT_ANSWERS: usize = 4096;

/// Room at which a printer with a buffer of 4 KB sends XOFF, and at which it sends XON again.
const HOLD_AT: usize = 128;
const RELEASE_AT: usize = 256;

/// Header and identifier of the notice that the buffers are empty (DLE DC4, function 8), and that the
/// power may go (function 2).
pub(super) const BUFFER_CLEARED: [u8; 2] = [0x37, 0x25];
pub(super) const POWER_OFF: [u8; 2] = [0x3B, 0x30];

/// Bytes of a memory for graphics.
const GRAPHICS_MEMORY: usize = 256 * 1024;

impl Engine {
    /// Answers questions about graphics in memory (GS ( L).
    pub(super) fn memory_enquiry(&mut self, image: &Image) {
        /// The flag of the last group of key codes.
        const LAST: u8 = 0x40;
        let block = match image {
            Image::NvCapacity => [b"\x37\x30", GRAPHICS_MEMORY.to_string().as_bytes()].concat(),
            Image::NvRemaining => [b"\x37\x31", GRAPHICS_MEMORY.to_string().as_bytes()].concat(),
            Image::DownloadRemaining => {
                [b"\x37\x32", GRAPHICS_MEMORY.to_string().as_bytes()].concat()
            }
            Image::NvKeyCodes | Image::DownloadKeyCodes => {
                let codes = self.drawing.key_codes(*image == Image::NvKeyCodes).concat();
                [&[0x37, 0x72, LAST], codes.as_slice()].concat()
            }
            _ => return,
        };
        self.answer(&Reply::Block(block));
    }

    /// Answers a question for a code's size (GS ( k, functions 082 to 482).
    pub(super) fn measure_code(&mut self, command: &Command) {
        let Some(it) = self.drawing.code_size(command) else { return };
        let mut block = vec![0x37, it.identifier];
        let fits = if it.fits { '0' } else { '1' };
        block.extend(format!("{}\x1F{}\x1F1\x1F{fits}", it.width, it.height).bytes());
        self.answer(&Reply::Block(block));
    }

    pub(super) fn enquiry(&mut self, enquiry: &Enquiry) {
        match enquiry {
            Enquiry::Status(kind) => self.answer(&Reply::Status(self.status(*kind))),
            Enquiry::PeripheralStatus(_) => {
                self.answer(&Reply::Status(self.status(StatusKind::Drawer)));
            }
            Enquiry::PaperStatus => self.answer(&Reply::Status(self.status(StatusKind::Paper))),
            Enquiry::ProcessId(id) if self.config.process_ids => self.unprinted.push(*id),
            Enquiry::OfflineResponse(response) if self.config.process_ids => {
                self.offline_response = *response;
            }
            Enquiry::MaintenanceCounter(number) => self.tell_counter(*number),
            Enquiry::ResetMaintenanceCounter(number) => self.reset_counter(*number),
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

    pub(super) fn answer(&mut self, reply: &Reply) {
        if !self.config.answers || self.ailments.mute() || !self.is_reachable() {
            return;
        }
        let bytes = self.ailments.garbled(reply.to_bytes());
        if self.answers.len() < KEPT_ANSWERS {
            self.answers.extend(bytes);
        }
    }

    /// Forgets answers that were sent.
    pub(in crate::printer) fn answered(&mut self, count: usize) {
        // Switching the printer off may have cleared them in between.
        self.answers.drain(..count.min(self.answers.len()));
    }

    fn report(&mut self) {
        let status = self.mechanics.automatic();
        self.reported = status.to_bytes();
        self.answer(&Reply::AutomaticStatus(status));
    }

    /// Tells that the printer went offline, where the host asked for that (GS ( H, function 49).
    fn report_offline(&mut self) {
        let hindered = self.mechanics.hindered();
        if !core::mem::replace(&mut self.was_hindered, hindered) && hindered {
            match self.offline_response {
                OfflineResponse::Off => {}
                response => self.tell_offline_causes(response),
            }
        }
    }

    /// Answers as it does when it goes offline (DLE DC4, function 7, with 4: whether it is or not).
    pub(super) fn tell_offline_causes(&mut self, response: OfflineResponse) {
        let causes = match response {
            OfflineResponse::WithCause => self.mechanics.offline_causes().to_vec(),
            _ => Vec::new(),
        };
        self.answer(&Reply::WentOffline(causes));
    }

    /// Sends automatic status back when one of its triggers has changed, and tells of going offline.
    pub(in crate::printer) fn report_changes(&mut self) {
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
        self.report_offline();
    }

    /// Sends XOFF when the buffer is nearly full and XON when it has room again, where the line has
    /// them.
    pub(super) fn hold_or_release(&mut self) {
        if self.config.flow != FlowControl::XonXoff {
            return;
        }
        let taken = self.queued_bytes + self.parser.pending();
        let room = self.config.receive_buffer.saturating_sub(taken);
        let release_at = RELEASE_AT.min(self.config.receive_buffer);
        if !self.held && room <= HOLD_AT.min(self.config.receive_buffer / 2) {
            self.held = true;
            self.xoffs += 1;
            Reply::FlowOff.emit(&mut self.answers);
        } else if self.held && room >= release_at {
            self.held = false;
            Reply::FlowOn.emit(&mut self.answers);
        }
    }
}
