//! Communications devices: serial lines of the abstract control model (USB Class Definitions for
//! Communications Devices 1.2, and its PSTN subclass 1.2).

mod line_coding;
mod request;
mod serial_state;
#[cfg(test)]
mod tests;

pub use line_coding::{LineCoding, Parity, StopBits};
pub use request::CdcRequest;
pub use serial_state::SerialState;

/// Is the class of the interface that controls the line.
pub const COMMUNICATIONS: u8 = 0x02;
/// Is the subclass of a serial line (PSTN, table 2).
pub const ABSTRACT_CONTROL_MODEL: u8 = 0x02;
/// Is the protocol of a line that understands AT commands, as most devices claim.
pub const AT_COMMANDS: u8 = 0x01;
/// Is the class of the interface that carries the data.
pub const DATA: u8 = 0x0a;

/// Returns the class descriptors of a serial line's controlling interface: header, call management,
/// abstract control model and union (CDC, clause 5.2.3; PSTN, clause 5.3).
#[must_use]
pub fn functional_descriptors(control: u8, data: u8) -> [u8; 19] {
    const HEADER: u8 = 0x00;
    const CALL_MANAGEMENT: u8 = 0x01;
    const ACM: u8 = 0x02;
    const UNION: u8 = 0x06;
    const CS_INTERFACE: u8 = 0x24;
    /// The device knows the line coding and control line state requests.
    const LINE_REQUESTS: u8 = 0x02;
    [
        5,
        CS_INTERFACE,
        HEADER,
        0x20,
        0x01,
        5,
        CS_INTERFACE,
        CALL_MANAGEMENT,
        0,
        data,
        4,
        CS_INTERFACE,
        ACM,
        LINE_REQUESTS,
        5,
        CS_INTERFACE,
        UNION,
        control,
        data,
    ]
}
