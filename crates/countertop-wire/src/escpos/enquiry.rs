//! What asks the printer for its state.

use super::table::{Parameter, choice, commands};
use super::{DLE, ESC, FS, GS};

commands! {
    /// Asks the printer for an answer; see [`Reply`](super::Reply).
    Enquiry {
        /// ACK: the host has got a block.
        Acknowledge = [0x06];
        /// NAK: the host has not got a block.
        NegativeAcknowledge = [0x15];
        /// DLE EOT: status at once, past the receive buffer.
        RealTimeStatus(RealTimeStatus) = [DLE, 0x04];
        /// DLE EOT 7: ink status, with the colour.
        InkStatus(u8) = [DLE, 0x04, 0x07];
        /// DLE EOT 8: status of the cheque reader, with the device.
        MicrStatus(u8) = [DLE, 0x04, 0x08];
        /// DLE EOT 18: status of further devices.
        DeviceStatus(u8) = [DLE, 0x04, 0x12];
        /// DLE ENQ: recover from an error.
        Recover(Recovery) = [DLE, 0x05];
        /// DLE DC4, function 7: an answer at once that is otherwise sent by itself.
        RealTimeReport(RealTimeReport) = [DLE, 0x14, 0x07];
        /// ESC u: the drawer switch, in older models.
        PeripheralStatus(u8) = [ESC, b'u'];
        /// ESC v: the paper sensors, in older models.
        PaperStatus = [ESC, b'v'];
        /// GS ( H, function 48: a process ID to be sent back when all before it is printed.
        ProcessId(ProcessId) = [GS, b'(', b'H', 0x06, 0x00, 0x30, 0x30];
        /// GS ( H, function 49: whether the printer tells by itself that it went offline.
        OfflineResponse(OfflineResponse) = [GS, b'(', b'H'] counted [0x31, 0x30];
        /// FS ( e: which further status is sent by itself, by bits.
        ExtendedStatusBack(u8) = [FS, b'(', b'e'] counted [0x33];
        /// GS j: whether the ink's status is sent by itself, by bits.
        InkStatusBack(u8) = [GS, b'j'];
        /// GS g 0: sets a maintenance counter back to nought.
        ResetMaintenanceCounter(u16) = [GS, b'g', b'0', 0x00];
        /// GS g 2: asks for a maintenance counter, which comes as [`Reply::Information`](super::Reply).
        MaintenanceCounter(u16) = [GS, b'g', b'2', 0x00];
        /// GS I: maker, model, version; [`printer_id`] has the numbers.
        PrinterId(u8) = [GS, b'I'];
        /// GS a: automatic status back.
        AutomaticStatusBack(AsbTriggers) = [GS, b'a'];
        /// GS r: status when all before it is processed.
        Status(StatusKind) = [GS, b'r'];
    }
}

choice! {
    /// Is what DLE EOT asks for.
    RealTimeStatus {
        /// Printer status.
        Printer = 0x01;
        /// What keeps the printer offline.
        OfflineCause = 0x02;
        /// Which error there is.
        ErrorCause = 0x03;
        /// Roll paper sensors.
        Paper = 0x04;
        /// Slip status.
        Slip = 0x05;
        /// Validation status.
        Validation = 0x06;
    }
}

/// Numbers of GS I.
pub mod printer_id {
    /// Model: one byte.
    pub const MODEL_ID: u8 = 1;
    /// Type: one byte; bit 0 is two-byte characters, bit 1 a cutter.
    pub const TYPE_ID: u8 = 2;
    /// Version: one byte.
    pub const VERSION_ID: u8 = 3;
    /// Information A: maker-specific.
    pub const INFORMATION_A: u8 = 33;
    /// Information A: the printer's own number of the model.
    pub const MODEL_INFORMATION_A: u8 = 35;
    /// Information B: firmware version.
    pub const FIRMWARE: u8 = 65;
    /// Information B: maker.
    pub const MAKER: u8 = 66;
    /// Information B: model.
    pub const MODEL: u8 = 67;
    /// Information B: serial number.
    pub const SERIAL: u8 = 68;
    /// Information B: fonts of further languages.
    pub const LANGUAGE: u8 = 69;
    /// Information B: whether a display or further device is there.
    pub const DEVICES: u8 = 112;
}

choice! {
    /// Is what DLE DC4, function 7, asks for.
    RealTimeReport {
        /// The four bytes of automatic status back.
        Basic = 1;
        /// Extended automatic status back.
        Extended = 2;
        /// The answer that tells of going offline.
        Offline = 4;
        /// The battery.
        Battery = 5;
    }
}

choice! {
    /// Is whether and how the printer tells that it went offline.
    OfflineResponse {
        /// It does not.
        Off = 0x00 | 0x30;
        /// It does, without the cause.
        WithoutCause = 0x01 | 0x31;
        /// It does, with the cause.
        WithCause = 0x02 | 0x32;
    }
}

choice! {
    /// Is what DLE ENQ asks the printer to do about an error.
    Recovery {
        /// Restart from the line where the error came.
        Restart = 0x01;
        /// Clear the buffers.
        Clear = 0x02;
        /// Stop waiting for a slip.
        CancelSlip = 0x03;
    }
}

choice! {
    /// Is what GS r asks for.
    StatusKind {
        /// Paper sensors.
        Paper = 0x01 | 0x31;
        /// Level of the drawer's switch.
        Drawer = 0x02 | 0x32;
        /// Ink.
        Ink = 0x04 | 0x34;
    }
}

/// Is what makes the printer send its status by itself (GS a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AsbTriggers(u8);

impl AsbTriggers {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Drawer, online state, errors and paper.
    pub const ALL: Self = Self(0x0F);

    /// Creates triggers from GS a's bits: 0 drawer, 1 online, 2 errors, 3 paper, 6 panel.
    #[must_use]
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Tells whether any trigger is set.
    #[must_use]
    pub fn any(self) -> bool {
        self.0 & 0x4F != 0
    }

    /// Tells whether the drawer triggers.
    #[must_use]
    pub fn drawer(self) -> bool {
        self.0 & 0x01 != 0
    }

    /// Tells whether going on- or offline triggers.
    #[must_use]
    pub fn online(self) -> bool {
        self.0 & 0x02 != 0
    }

    /// Tells whether errors trigger.
    #[must_use]
    pub fn error(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// Tells whether paper triggers.
    #[must_use]
    pub fn paper(self) -> bool {
        self.0 & 0x08 != 0
    }
}

impl Parameter for AsbTriggers {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        u8::decode(bytes).map(Self)
    }
}

/// Is the four characters that name a job (GS ( H, function 48).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProcessId([u8; 4]);

impl ProcessId {
    /// Creates an ID; `None` unless all characters are from 20 to 7E.
    #[must_use]
    pub fn new(characters: [u8; 4]) -> Option<Self> {
        characters.iter().all(|byte| (0x20..=0x7E).contains(byte)).then_some(Self(characters))
    }

    /// Creates the ID of a job's number; numbers that differ by 10 000 share one.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        let digit = |place: u32| b"0123456789"[(number / place % 10) as usize];
        Self([digit(1000), digit(100), digit(10), digit(1)])
    }

    /// Returns the characters.
    #[must_use]
    pub fn characters(self) -> [u8; 4] {
        self.0
    }
}

impl Parameter for ProcessId {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().and_then(Self::new)
    }
}
