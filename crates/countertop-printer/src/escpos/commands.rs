//! The bytes of what is not a document.

use countertop_wire::escpos::{
    AsbTriggers, Command, DrawerPulse, Enquiry, Mechanism, ProcessId, RealTimeStatus, Recovery,
    StatusKind,
};

/// DLE EOT: asks for a status past the receive buffer.
pub(super) fn real_time_status(status: RealTimeStatus) -> Vec<u8> {
    Command::from(Enquiry::RealTimeStatus(status)).to_bytes()
}

/// DLE ENQ 2: recovers from an error whose cause a person has removed, and forgets what was left of
/// the job that met it.
pub(super) fn recover() -> Vec<u8> {
    Command::from(Enquiry::Recover(Recovery::Clear)).to_bytes()
}

/// ESC p: the drawer's pulse.
pub(super) fn drawer_pulse(pulse: DrawerPulse) -> Vec<u8> {
    Command::from(Mechanism::DrawerPulse(pulse)).to_bytes()
}

/// GS ( H, function 48: a process ID.
pub(super) fn process_id(id: ProcessId) -> Vec<u8> {
    Command::from(Enquiry::ProcessId(id)).to_bytes()
}

/// GS r 1: answered when all before it is processed.
pub(super) fn status() -> Vec<u8> {
    Command::from(Enquiry::Status(StatusKind::Paper)).to_bytes()
}

/// ESC @: settings as after switching on.
pub(super) fn initialize() -> Vec<u8> {
    Command::from(Mechanism::Initialize).to_bytes()
}

/// GS a: the printer sends its status by itself from now on.
pub(super) fn automatic_status() -> Vec<u8> {
    Command::from(Enquiry::AutomaticStatusBack(AsbTriggers::ALL)).to_bytes()
}

/// DLE ENQ 1: recovers from an error and goes on where it came.
pub(super) fn restart() -> Vec<u8> {
    Command::from(Enquiry::Recover(Recovery::Restart)).to_bytes()
}
