use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countertop_wire::usb::SetupPacket;
use countertop_wire::usb::cdc::LineCoding;
use countertop_wire::usb::ftdi::{FtdiFlow, FtdiRequest, LineStatus};
use tokio::sync::watch;

use super::super::cdc_acm::HostLines;
use super::super::{ControlAnswer, UsbEvent, UsbFunction, UsbIdentity};
use super::eeprom::Eeprom;

/// Is the latency timer behind power-on (DS_FT232R, clause 4.1).
const LATENCY: Duration = Duration::from_millis(16);

/// Is what requests, pump and control share.
#[derive(Debug)]
pub(super) struct ChipState {
    pub(super) host: watch::Sender<HostSide>,
    pub(super) far: watch::Sender<FarSide>,
    /// Bytes that the far end has sent, and how many of the first of them the host has purged.
    arrived: AtomicU64,
    purged: AtomicU64,
}

/// Is what the host has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HostSide {
    pub(super) lines: HostLines,
    pub(super) flow: FtdiFlow,
    pub(super) latency: Duration,
    pub(super) event_character: Option<u8>,
}

/// Is what the device at the far end has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FarSide {
    pub(super) status: LineStatus,
    /// How the device at the far end is set; `None` follows the host.
    pub(super) coding: Option<LineCoding>,
    /// Whether it has sent XOFF, and no XON since.
    pub(super) held: bool,
}

impl Default for HostSide {
    fn default() -> Self {
        Self {
            lines: HostLines::default(),
            flow: FtdiFlow::None,
            latency: LATENCY,
            event_character: None,
        }
    }
}

impl Default for ChipState {
    /// Returns a line to a device that is on: CTS and DSR are set.
    fn default() -> Self {
        let status = LineStatus { cts: true, dsr: true, ..LineStatus::default() };
        Self {
            host: watch::Sender::new(HostSide::default()),
            far: watch::Sender::new(FarSide { status, coding: None, held: false }),
            arrived: AtomicU64::new(0),
            purged: AtomicU64::new(0),
        }
    }
}

impl ChipState {
    /// Counts what the far end sends.
    pub(super) fn arrive(&self, count: usize) {
        self.arrived.fetch_add(count as u64, Ordering::SeqCst);
    }

    /// Forgets what has arrived so far.
    fn purge(&self) {
        self.purged.store(self.arrived.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    /// Returns what the host has not purged of `data`, of which the last byte is number `end`.
    pub(super) fn kept<'a>(&self, data: &'a [u8], end: u64) -> &'a [u8] {
        let begin = end.saturating_sub(data.len() as u64);
        let purged = self.purged.load(Ordering::SeqCst).saturating_sub(begin);
        usize::try_from(purged).ok().and_then(|purged| data.get(purged..)).unwrap_or_default()
    }

    /// Tells whether both ends of the line are set alike.
    pub(super) fn ends_agree(&self) -> bool {
        let host = self.host.borrow().lines.coding;
        self.far.borrow().coding.is_none_or(|far| agree(host, far))
    }

    /// Tells whether the chip may send to the far end.
    pub(super) fn may_send(&self) -> bool {
        let status = self.far.borrow().status;
        match self.host.borrow().flow {
            FtdiFlow::RtsCts => status.cts,
            FtdiFlow::DtrDsr => status.dsr,
            FtdiFlow::XonXoff { .. } => !self.far.borrow().held,
            FtdiFlow::None => true,
        }
    }

    /// Takes XOFF and XON out of what the far end sends, where the chip heeds them.
    pub(super) fn without_flow_control(&self, mut data: Vec<u8>) -> Vec<u8> {
        let FtdiFlow::XonXoff { xon, xoff } = self.host.borrow().flow else { return data };
        if let Some(last) = data.iter().rfind(|byte| **byte == xon || **byte == xoff) {
            let held = *last == xoff;
            self.far.send_if_modified(|far| core::mem::replace(&mut far.held, held) != held);
        }
        data.retain(|byte| *byte != xon && *byte != xoff);
        data
    }
}

/// Tells whether characters sent in one way are understood in the other: bits that are 3 % longer or
/// shorter still are, and more stop bits do no harm.
fn agree(one: LineCoding, other: LineCoding) -> bool {
    let apart = u64::from(one.baud.abs_diff(other.baud)) * 100;
    apart <= u64::from(other.baud) * 3
        && one.parity == other.parity
        && one.data_bits == other.data_bits
}

/// Answers the chip's requests.
pub(super) struct ChipFunction {
    state: Arc<ChipState>,
    eeprom: Eeprom,
}

impl ChipFunction {
    pub(super) fn new(state: Arc<ChipState>, identity: &UsbIdentity) -> Self {
        Self { state, eeprom: Eeprom::new(identity) }
    }

    fn set(&self, change: impl FnOnce(&mut HostSide)) -> ControlAnswer {
        self.state.host.send_modify(change);
        ControlAnswer::Accepted
    }

    fn answer(&self, request: FtdiRequest) -> ControlAnswer {
        match request {
            // Baud rate, format and latency stay (Linux, `drivers/usb/serial/ftdi_sio.h`).
            FtdiRequest::Reset => {
                self.state.purge();
                self.set(|host| {
                    host.flow = FtdiFlow::None;
                    host.event_character = None;
                    (host.lines.dtr, host.lines.rts) = (false, false);
                })
            }
            FtdiRequest::PurgeReceive => {
                self.state.purge();
                ControlAnswer::Accepted
            }
            FtdiRequest::ModemControl { dtr, rts } => self.set(|host| {
                host.lines.dtr = dtr.unwrap_or(host.lines.dtr);
                host.lines.rts = rts.unwrap_or(host.lines.rts);
            }),
            FtdiRequest::FlowControl(flow) => self.set(|host| host.flow = flow),
            FtdiRequest::BaudRate(divisor) => self.set(|host| {
                host.lines.coding.baud = divisor.baud();
            }),
            FtdiRequest::Data { data_bits, parity, stop_bits, sends_break } => self.set(|host| {
                let baud = host.lines.coding.baud;
                host.lines.coding = LineCoding { baud, stop_bits, parity, data_bits };
                host.lines.sends_break = sends_break;
            }),
            FtdiRequest::ModemStatus => {
                ControlAnswer::Data(self.state.far.borrow().status.to_bytes().to_vec())
            }
            FtdiRequest::EventCharacter(event) => self.set(|host| host.event_character = event),
            FtdiRequest::SetLatency(milliseconds) => self.set(|host| {
                host.latency = Duration::from_millis(milliseconds.max(1).into());
            }),
            FtdiRequest::GetLatency => {
                let milliseconds = self.state.host.borrow().latency.as_millis();
                ControlAnswer::Data(vec![u8::try_from(milliseconds).unwrap_or(u8::MAX)])
            }
            FtdiRequest::ReadEeprom(word) => ControlAnswer::Data(self.eeprom.word(word).to_vec()),
            FtdiRequest::ReadPins => ControlAnswer::Data(vec![0xff]),
            // What is transmitted is gone already, bytes with errors are not marked, and the pins
            // are those of a serial line.
            _ => ControlAnswer::Accepted,
        }
    }
}

impl UsbFunction for ChipFunction {
    fn control(&mut self, setup: &SetupPacket, _: &[u8]) -> ControlAnswer {
        FtdiRequest::parse(setup).map_or(ControlAnswer::Stall, |request| self.answer(request))
    }

    fn event(&mut self, event: UsbEvent) {
        if matches!(event, UsbEvent::Plugged | UsbEvent::Unplugged) {
            self.state.host.send_replace(HostSide::default());
        }
    }
}
