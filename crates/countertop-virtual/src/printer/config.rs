//! Which printer is played.

use core::time::Duration;
use std::path::PathBuf;

use countertop_wire::escpos::WideSet;

use super::Fault;

/// When Epson's network interfaces give an idle host up.
const IDLE_CLOSE: Duration = Duration::from_secs(90);

/// Says which printer is played; the default is 58 mm wide, has 384 dots a line and all senses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrinterConfig {
    /// Dots in a line.
    pub dots: u16,
    /// Which characters Kanji mode has.
    pub wide: WideSet,
    /// How long a dot and a motion unit are.
    pub resolution: Resolution,
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
    /// How a full receive buffer stops the host.
    pub flow: FlowControl,
    /// Whether the line is a serial cable: one that is pulled, or whose printer has no power, is
    /// silent; any other line ends.
    pub serial: bool,
    /// After what time without a byte a network connection is closed, as Epson's printers do;
    /// `None` never closes it.
    pub idle_close: Option<Duration>,
    /// Rows of dots on a new roll; `None` never ends. 80 m are 640 000.
    pub paper_rows: Option<u32>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Where `receipt-0001.png`, `.txt` and `.json` go; nowhere without it.
    pub output: Option<PathBuf>,
    /// Maker, model, firmware and serial number (GS I).
    pub identity: PrinterIdentity,
}

/// Is how long a dot and a motion unit are, in parts of an inch; by default both are 1/203.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Resolution {
    /// Dots of an inch, across and down.
    pub dpi: u16,
    /// Horizontal motion units of an inch until GS P says otherwise.
    pub horizontal: u16,
    /// Vertical motion units of an inch likewise; a TM-T88 has 360, two to a dot.
    pub vertical: u16,
}

impl Default for Resolution {
    fn default() -> Self {
        Self { dpi: 203, horizontal: 203, vertical: 203 }
    }
}

/// Is how a printer with a full buffer makes its host wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FlowControl {
    /// It does not read: TCP's window, USB's NAK, a cable's DTR/DSR.
    #[default]
    Hold,
    /// It sends XOFF, and XON when there is room again; what comes all the same is lost.
    XonXoff,
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
            wide: WideSet::Gb18030,
            resolution: Resolution::default(),
            receive_buffer: 64 * 1024,
            speed: None,
            answers: true,
            process_ids: true,
            drawer_open_high: false,
            flow: FlowControl::Hold,
            serial: false,
            idle_close: Some(IDLE_CLOSE),
            paper_rows: None,
            faults: Vec::new(),
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
