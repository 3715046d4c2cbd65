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
