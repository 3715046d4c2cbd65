//! A virtual serial line on USB: the abstract control model of communications devices.

use std::io;
use std::sync::Arc;

use countertop_wire::usb::cdc::{self, CdcRequest, LineCoding, SerialState};
use countertop_wire::usb::{EndpointDescriptor, Interface, InterfaceAssociation, SetupPacket};
use tokio::sync::watch;

use super::{BulkLink, ControlAnswer, EndpointIn, UsbDevice, UsbEvent, UsbFunction, UsbIdentity};

const NOTIFICATIONS: u8 = 0x83;
const BULK_IN: u8 = 0x81;
const BULK_OUT: u8 = 0x02;

/// Is what the host has set on a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostLines {
    /// Bits a second and how characters stand.
    pub coding: LineCoding,
    /// Data terminal ready: a program has the line open.
    pub dtr: bool,
    /// Request to send.
    pub rts: bool,
    /// Whether the host holds the line in a break.
    pub sends_break: bool,
}

/// Is the far side of a CDC serial line: sees what the host has set and tells it of lines.
#[derive(Debug, Clone)]
pub struct CdcAcmControl {
    host: Arc<watch::Sender<HostLines>>,
    notifications: EndpointIn,
}

/// Puts a serial line on USB, as scanners and many readers have it; the kernel's `cdc_acm` makes it
/// a ttyACM. Returns the device, the link that a virtual device serves, and the line's control.
///
/// # Errors
///
/// [`InvalidInput`](io::ErrorKind::InvalidInput) when a name of the identity is too long.
pub fn cdc_acm(identity: &UsbIdentity) -> io::Result<(UsbDevice, BulkLink, CdcAcmControl)> {
    let (class, subclass) = (cdc::COMMUNICATIONS, cdc::ABSTRACT_CONTROL_MODEL);
    let protocol = cdc::AT_COMMANDS;
    let association =
        InterfaceAssociation { first: 0, count: 2, class, subclass, protocol, string: 0 };
    let control = Interface::new(0, class, subclass, protocol)
        .association(association)
        .class_descriptor(&cdc::functional_descriptors(0, 1))
        .endpoint(EndpointDescriptor::interrupt(NOTIFICATIONS, 16, 10));
    let data = Interface::new(1, cdc::DATA, 0, 0)
        .endpoint(EndpointDescriptor::bulk(BULK_IN, 64))
        .endpoint(EndpointDescriptor::bulk(BULK_OUT, 64));
    // A device with interface associations says so (class 0xEF, 2, 1).
    let descriptors = identity.descriptors().class(0xef, 2, 1).interface(control).interface(data);
    let host = Arc::new(watch::Sender::new(HostLines::default()));
    let mut device = UsbDevice::new(descriptors, AcmFunction(Arc::clone(&host)))?;
    let link = device.bulk_link(BULK_IN, BULK_OUT)?;
    let control = CdcAcmControl { host, notifications: device.endpoint_in(NOTIFICATIONS)? };
    Ok((device, link, control))
}

impl CdcAcmControl {
    /// Returns what the host has set.
    #[must_use]
    pub fn host_lines(&self) -> HostLines {
        *self.host.borrow()
    }

    /// Waits until what the host has set is as `condition` wants it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_until(&self, condition: impl FnMut(&HostLines) -> bool) -> HostLines {
        let mut changes = self.host.subscribe();
        match changes.wait_for(condition).await {
            Ok(lines) => *lines,
            // This control holds the sender: it never closes.
            Err(_closed) => self.host_lines(),
        }
    }

    /// Tells the host of the device's lines and errors (SERIAL_STATE).
    pub fn notify(&self, state: SerialState) {
        self.notifications.queue(&state.notification(0));
    }
}

struct AcmFunction(Arc<watch::Sender<HostLines>>);

impl UsbFunction for AcmFunction {
    fn control(&mut self, setup: &SetupPacket, data: &[u8]) -> ControlAnswer {
        match CdcRequest::parse(setup) {
            Some(CdcRequest::SetLineCoding) => {
                let Ok(coding) = LineCoding::parse(data) else { return ControlAnswer::Stall };
                self.0.send_modify(|lines| lines.coding = coding);
                ControlAnswer::Accepted
            }
            Some(CdcRequest::GetLineCoding) => {
                ControlAnswer::Data(self.0.borrow().coding.to_bytes().to_vec())
            }
            Some(CdcRequest::SetControlLineState { dtr, rts }) => {
                self.0.send_modify(|lines| (lines.dtr, lines.rts) = (dtr, rts));
                ControlAnswer::Accepted
            }
            // A break that ends by itself is not shown: only its end would be seen.
            Some(CdcRequest::SendBreak(duration)) => {
                self.0.send_modify(|lines| lines.sends_break = duration == u16::MAX);
                ControlAnswer::Accepted
            }
            _ => ControlAnswer::Stall,
        }
    }

    fn event(&mut self, event: UsbEvent) {
        if matches!(event, UsbEvent::Plugged | UsbEvent::Unplugged) {
            self.0.send_replace(HostLines::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_wire::usb::cdc::{Parity, StopBits};

    use super::super::host::UsbHost;
    use super::*;
    use crate::scanner::VirtualScanner;

    #[tokio::test]
    async fn a_scanner_on_cdc() {
        let (device, link, line) = cdc_acm(&UsbIdentity::new(0x0c2e, 0x0b6a, "Scanner")).unwrap();
        let (scanner, hand) = VirtualScanner::new(Default::default());
        tokio::spawn(scanner.serve(link));
        let mut host = UsbHost::attach(device);
        let found = host.enumerate().await.unwrap();
        assert_eq!(found.serial_number, None);
        assert_eq!(found.configuration.interfaces.len(), 2);
        let coding = LineCoding {
            baud: 19_200,
            stop_bits: StopBits::Two,
            parity: Parity::Odd,
            data_bits: 7,
        };
        host.control(CdcRequest::SetLineCoding.setup(0), &coding.to_bytes()).await.unwrap();
        let asked = host.control(CdcRequest::GetLineCoding.setup(0), &[]).await.unwrap();
        assert_eq!(LineCoding::parse(&asked), Ok(coding));
        let open = CdcRequest::SetControlLineState { dtr: true, rts: true };
        host.control(open.setup(0), &[]).await.unwrap();
        let lines = line.wait_until(|lines| lines.dtr).await;
        assert_eq!(lines, HostLines { coding, dtr: true, rts: true, sends_break: false });
        hand.scan("6200000");
        assert_eq!(host.receive(BULK_IN, 64).await.unwrap(), b"6200000\r");
        let garbage = host.control(CdcRequest::SetLineCoding.setup(0), &[9; 7]).await;
        assert!(garbage.is_err());
        host.unplug().await;
        assert_eq!(line.host_lines(), HostLines::default());
    }

    #[tokio::test]
    async fn lines_and_breaks() {
        let (device, _link, line) = cdc_acm(&UsbIdentity::new(1, 2, "Line")).unwrap();
        let mut host = UsbHost::attach(device);
        host.enumerate().await.unwrap();
        let state = SerialState { carrier: true, ..SerialState::default() };
        line.notify(state);
        let notification = host.receive(NOTIFICATIONS, 16).await.unwrap();
        assert_eq!(SerialState::parse(&notification), Some(state));
        for (duration, sends_break) in [(u16::MAX, true), (0, false), (100, false)] {
            host.control(CdcRequest::SendBreak(duration).setup(0), &[]).await.unwrap();
            assert_eq!(line.host_lines().sends_break, sends_break);
        }
    }
}
