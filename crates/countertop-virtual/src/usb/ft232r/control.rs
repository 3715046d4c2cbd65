use std::sync::Arc;

use countertop_wire::usb::cdc::LineCoding;
use countertop_wire::usb::ftdi::{FtdiFlow, LineStatus};

use super::super::cdc_acm::HostLines;
use super::chip::{ChipState, HostSide};

/// Drives the modem lines from the far end, and sees those of the host.
#[derive(Debug, Clone)]
pub struct Ft232rControl {
    state: Arc<ChipState>,
}

impl Ft232rControl {
    pub(super) fn new(state: Arc<ChipState>) -> Self {
        Self { state }
    }

    /// Returns what the host has set.
    #[must_use]
    pub fn host_lines(&self) -> HostLines {
        self.state.host.borrow().lines
    }

    /// Returns the flow control that the host has set.
    #[must_use]
    pub fn flow(&self) -> FtdiFlow {
        self.state.host.borrow().flow
    }

    /// Waits until what the host has set is as `condition` wants it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_until(&self, mut condition: impl FnMut(&HostLines) -> bool) -> HostLines {
        let mut changes = self.state.host.subscribe();
        match changes.wait_for(|host: &HostSide| condition(&host.lines)).await {
            Ok(host) => host.lines,
            // This control holds the sender: it never closes.
            Err(_closed) => self.host_lines(),
        }
    }

    /// Sets or clears CTS: the device may be sent to.
    pub fn set_cts(&self, set: bool) {
        self.change(|status| status.cts = set);
    }

    /// Sets or clears DSR: the device is on.
    pub fn set_dsr(&self, set: bool) {
        self.change(|status| status.dsr = set);
    }

    /// Sets or clears RI.
    pub fn set_ring(&self, set: bool) {
        self.change(|status| status.ring = set);
    }

    /// Sets or clears the carrier (RLSD).
    pub fn set_carrier(&self, set: bool) {
        self.change(|status| status.carrier = set);
    }

    /// Sets how the device at the far end is set; until then it follows the host. While the host is
    /// set otherwise, all that goes over the line is garbage.
    pub fn set_coding(&self, coding: LineCoding) {
        self.state.far.send_modify(|far| far.coding = Some(coding));
    }

    fn change(&self, change: impl FnOnce(&mut LineStatus)) {
        self.state.far.send_modify(|far| change(&mut far.status));
    }
}
