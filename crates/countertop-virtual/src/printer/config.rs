//! Which printer is played.

use std::path::PathBuf;

/// Says which printer is played; the default is 58 mm wide, has 384 dots a line and all senses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrinterConfig {
    /// Dots in a line.
    pub dots: u16,
    /// Bytes that the receive buffer takes; a full one stops the line.
    pub receive_buffer: usize,
    /// Rows of dots printed in a second; `None` prints at once.
    pub speed: Option<u32>,
    /// Whether it answers at all; many cheap ones do not.
    pub answers: bool,
    /// Whether it knows process IDs (GS ( H).
    pub process_ids: bool,
    /// Level of the drawer's switch when the drawer is open.
    pub drawer_open_high: bool,
    /// Where `receipt-0001.png` and `receipt-0001.txt` go; nowhere without it.
    pub output: Option<PathBuf>,
    /// Maker, model, firmware and serial number (GS I).
    pub identity: PrinterIdentity,
}

/// Is what a printer says of itself (GS I).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterIdentity {
    /// Maker (GS I 66).
    pub maker: String,
    /// Model (GS I 67).
    pub model: String,
    /// Firmware (GS I 65).
    pub firmware: String,
    /// Serial number (GS I 68).
    pub serial: String,
}

impl Default for PrinterConfig {
    fn default() -> Self {
        Self {
            dots: 384,
            receive_buffer: 64 * 1024,
            speed: None,
            answers: true,
            process_ids: true,
            drawer_open_high: false,
            output: None,
            identity: PrinterIdentity {
                maker: "Countertop".into(),
                model: "Virtual ESC/POS".into(),
                firmware: env!("CARGO_PKG_VERSION").into(),
                serial: "VIRTUAL0001".into(),
            },
        }
    }
}
