//! A virtual receipt printer on USB: the printer class.

use std::io;

use countertop_wire::usb::printer::{self, PrinterRequest};
use countertop_wire::usb::{EndpointDescriptor, Interface, SetupPacket};

use super::{BulkLink, ControlAnswer, UsbDevice, UsbFunction, UsbIdentity};
use crate::printer::PrinterControl;

/// Is the bulk endpoint to the printer.
pub const BULK_OUT: u8 = 0x01;
/// Is the bulk endpoint from the printer.
pub const BULK_IN: u8 = 0x82;

/// Puts a virtual printer on USB. Returns the device, and the link that the printer serves.
///
/// GET_PORT_STATUS tells of the printer's paper, cover and errors; SOFT_RESET empties its buffers.
///
/// ```no_run
/// use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
/// use countertop_virtual::usb::{UsbIdentity, usb_printer};
///
/// # async fn plug() -> std::io::Result<()> {
/// let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
/// let identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II").with_serial_number("J3XX001");
/// let (device, link) = usb_printer(&identity, &control)?;
/// tokio::spawn(printer.serve(link));
/// let plugged = device.plug().await?;
/// # drop(plugged);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`InvalidInput`](io::ErrorKind::InvalidInput) when a name of the identity is too long.
pub fn usb_printer(
    identity: &UsbIdentity,
    control: &PrinterControl,
) -> io::Result<(UsbDevice, BulkLink)> {
    let interface = Interface::new(0, printer::CLASS, printer::SUBCLASS, printer::BIDIRECTIONAL)
        .endpoint(EndpointDescriptor::bulk(BULK_OUT, 64))
        .endpoint(EndpointDescriptor::bulk(BULK_IN, 64));
    // A printer has a power supply of its own.
    let descriptors = identity.descriptors().power(0xc0, 2).interface(interface);
    let device_id = printer::device_id(&ieee_1284(identity)).map_err(io::Error::other)?;
    let function = PrinterFunction { device_id, control: control.clone() };
    let mut device = UsbDevice::new(descriptors, function)?;
    let link = device.bulk_link(BULK_IN, BULK_OUT)?;
    Ok((device, link))
}

/// Returns the identification that printers have on a parallel cable (IEEE 1284, clause 7.6).
fn ieee_1284(identity: &UsbIdentity) -> String {
    let UsbIdentity { manufacturer, name, serial_number, .. } = identity;
    let serial = serial_number.as_ref().map(|text| format!("SN:{text};")).unwrap_or_default();
    format!("MFG:{manufacturer};CMD:ESC/POS;MDL:{name};CLS:PRINTER;DES:{name};{serial}")
}

struct PrinterFunction {
    device_id: Vec<u8>,
    control: PrinterControl,
}

impl UsbFunction for PrinterFunction {
    fn control(&mut self, setup: &SetupPacket, _: &[u8]) -> ControlAnswer {
        match PrinterRequest::parse(setup) {
            Some(PrinterRequest::GetDeviceId) => ControlAnswer::Data(self.device_id.clone()),
            Some(PrinterRequest::GetPortStatus) => {
                ControlAnswer::Data(vec![self.control.port_status().to_byte()])
            }
            Some(PrinterRequest::SoftReset) => {
                self.control.soft_reset();
                ControlAnswer::Accepted
            }
            _ => ControlAnswer::Stall,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use countertop_wire::usb::printer::{PortStatus, parse_device_id};
    use tokio::time::timeout;

    use super::super::host::{AttachedHost, UsbHost};
    use super::*;
    use crate::printer::{PrinterConfig, VirtualPrinter};

    async fn attached() -> (AttachedHost, PrinterControl) {
        let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
        let identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II").with_serial_number("J1");
        let (device, link) = usb_printer(&identity, &control).unwrap();
        tokio::spawn(printer.serve(link));
        let mut host = UsbHost::attach(device);
        let found = host.enumerate().await.unwrap();
        assert_eq!(found.serial_number.as_deref(), Some("J1"));
        let interface = found.configuration.interfaces[0].descriptor;
        assert_eq!((interface.class, interface.subclass, interface.protocol), (7, 1, 2));
        (host, control)
    }

    async fn status(host: &mut AttachedHost) -> PortStatus {
        let answer = host.control(PrinterRequest::GetPortStatus.setup(0, 0), &[]).await.unwrap();
        PortStatus::from_byte(answer[0])
    }

    #[tokio::test]
    async fn prints_and_answers() {
        let (mut host, control) = attached().await;
        host.send(BULK_OUT, b"Receipt\n\x1dV\0\x10\x04\x01").await.unwrap();
        timeout(Duration::from_secs(5), control.wait_for_pages(1)).await.unwrap();
        assert_eq!(control.pages()[0].text(), "Receipt\n");
        assert_eq!(host.receive(BULK_IN, 64).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn says_what_it_is() {
        let (mut host, _) = attached().await;
        let setup = PrinterRequest::GetDeviceId.setup(0, 1023);
        let answer = host.control(setup, &[]).await.unwrap();
        let text = parse_device_id(&answer).unwrap();
        assert!(text.starts_with("MFG:Countertop;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;"), "{text}");
        assert!(text.ends_with("SN:J1;"), "{text}");
        let unknown = SetupPacket::new(0xa1, 7, 0, 0, 1);
        assert!(host.control(unknown, &[]).await.is_err());
    }

    #[tokio::test]
    async fn the_port_tells_of_the_mechanism() {
        let (mut host, control) = attached().await;
        assert_eq!(status(&mut host).await, PortStatus::READY);
        control.end_paper();
        let empty = PortStatus { paper_empty: true, selected: true, error: true };
        assert_eq!(status(&mut host).await, empty);
        control.load_paper();
        control.open_cover();
        assert_eq!(status(&mut host).await, PortStatus { paper_empty: false, ..empty });
        control.close_cover();
        control.set_offline(true);
        assert_eq!(status(&mut host).await, PortStatus { selected: false, ..PortStatus::READY });
    }

    #[tokio::test]
    async fn without_paper_the_host_waits_until_a_soft_reset() {
        let (mut host, control) = attached().await;
        control.set_receive_buffer(16);
        control.end_paper();
        let mut transfers = Vec::new();
        for _ in 0..4 {
            transfers.push(host.begin_send(BULK_OUT, b"a line of text\n").await.unwrap());
        }
        let last = transfers[3];
        let waited = timeout(Duration::from_millis(50), host.wait(last)).await;
        assert!(waited.is_err(), "the printer took more than it has room for");
        host.control(PrinterRequest::SoftReset.setup(0, 0), &[]).await.unwrap();
        control.load_paper();
        host.wait(last).await.unwrap();
    }
}
