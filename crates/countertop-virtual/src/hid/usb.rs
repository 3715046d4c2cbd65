//! A HID device on USB (HID 1.11, sections 4 to 7).

use std::io;

use countertop_wire::hid::ReportKind;
use countertop_wire::usb::{EndpointDescriptor, Interface, SetupPacket};

use super::{HidAnswer, HidDescriptors, HidDevice, InputReport, InputReports};
use crate::usb::{ControlAnswer, EndpointIn, UsbDescriptors, UsbDevice, UsbEvent, UsbFunction};

/// bInterfaceClass.
const HID_CLASS: u8 = 0x03;
/// bInterfaceSubClass of devices with a boot protocol.
const BOOT: u8 = 0x01;
/// The interrupt endpoint, and its packets at full speed.
const ENDPOINT: u8 = 0x81;
const PACKET: u16 = 64;

/// Types of descriptor (section 7.1).
const HID_DESCRIPTOR: u8 = 0x21;
const REPORT_DESCRIPTOR: u8 = 0x22;

/// Requests with their bmRequestType (section 7.2).
const GET_DESCRIPTOR: (u8, u8) = (0x81, 0x06);
const GET_REPORT: (u8, u8) = (0xA1, 0x01);
const GET_IDLE: (u8, u8) = (0xA1, 0x02);
const GET_PROTOCOL: (u8, u8) = (0xA1, 0x03);
const SET_REPORT: (u8, u8) = (0x21, 0x09);
const SET_IDLE: (u8, u8) = (0x21, 0x0A);
const SET_PROTOCOL: (u8, u8) = (0x21, 0x0B);

/// The protocol after a reset: that of the report descriptor (section 7.2.6).
const REPORT_PROTOCOL: u8 = 1;

impl HidDevice {
    /// Makes a USB device of it, of full speed with one interface, not plugged in. Its input reports
    /// go out as long as a tokio runtime runs.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) when a descriptor cannot be written.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn into_usb(mut self) -> io::Result<UsbDevice> {
        let descriptors = usb_descriptors(&self.descriptors)?;
        let (_none, nothing) = super::HidInput::new();
        let inputs = std::mem::replace(&mut self.inputs, nothing);
        let mut device = UsbDevice::new(descriptors, UsbHid::new(self))?;
        tokio::spawn(pump(inputs, device.endpoint_in(ENDPOINT)?));
        Ok(device)
    }
}

fn usb_descriptors(hid: &HidDescriptors) -> io::Result<UsbDescriptors> {
    let interval = hid.interval.as_millis().clamp(1, 255);
    let interval = u8::try_from(interval).unwrap_or(u8::MAX);
    let protocol = hid.boot as u8;
    let subclass = if protocol == 0 { 0 } else { BOOT };
    let interface = Interface::new(0, HID_CLASS, subclass, protocol)
        .class_descriptor(&hid_descriptor(&hid.report_descriptor)?)
        .endpoint(EndpointDescriptor::interrupt(ENDPOINT, PACKET, interval));
    let mut descriptors = UsbDescriptors::new(hid.vendor, hid.product).release(hid.release);
    if !hid.manufacturer.is_empty() {
        descriptors = descriptors.manufacturer(&hid.manufacturer);
    }
    if !hid.name.is_empty() {
        descriptors = descriptors.product(&hid.name);
    }
    if let Some(serial) = &hid.serial_number {
        descriptors = descriptors.serial_number(serial);
    }
    Ok(descriptors.interface(interface))
}

/// Returns the HID descriptor (section 6.2.1): HID 1.11, no country, one report descriptor.
fn hid_descriptor(report_descriptor: &[u8]) -> io::Result<Vec<u8>> {
    let length = u16::try_from(report_descriptor.len());
    let [low, high] = length.map_err(|_| io::ErrorKind::InvalidInput)?.to_le_bytes();
    Ok(vec![9, HID_DESCRIPTOR, 0x11, 0x01, 0, 1, REPORT_DESCRIPTOR, low, high])
}

/// Hands input reports to the endpoint; what nobody fetches can be withdrawn.
async fn pump(mut inputs: InputReports, endpoint: EndpointIn) {
    while let Some(mut report) = inputs.recv().await {
        if fetched(&mut report, &endpoint).await {
            report.was_fetched();
        }
    }
}

async fn fetched(report: &mut InputReport, endpoint: &EndpointIn) -> bool {
    let bytes = report.bytes.clone();
    tokio::select! {
        biased;
        () = report.withdrawn() => {
            endpoint.clear();
            false
        }
        sent = endpoint.send(&bytes) => sent.is_ok(),
    }
}

/// Answers what comes to endpoint 0.
pub(super) struct UsbHid {
    device: HidDevice,
    idle_rate: u8,
    protocol: u8,
}

impl UsbHid {
    pub(super) fn new(device: HidDevice) -> Self {
        Self { device, idle_rate: 0, protocol: REPORT_PROTOCOL }
    }

    fn descriptor(&self, kind: u8) -> ControlAnswer {
        let report_descriptor = &self.device.descriptors.report_descriptor;
        match kind {
            HID_DESCRIPTOR => match hid_descriptor(report_descriptor) {
                Ok(descriptor) => ControlAnswer::Data(descriptor),
                Err(_too_long) => ControlAnswer::Stall,
            },
            REPORT_DESCRIPTOR => ControlAnswer::Data(report_descriptor.clone()),
            _ => ControlAnswer::Stall,
        }
    }

    fn get_report(&mut self, kind: u8, number: u8) -> ControlAnswer {
        let Some(kind) = report_kind(kind) else { return ControlAnswer::Stall };
        match self.device.get_report(kind, number) {
            HidAnswer::Data(data) if self.device.is_numbered() => {
                ControlAnswer::Data([&[number], data.as_slice()].concat())
            }
            HidAnswer::Data(data) => ControlAnswer::Data(data),
            HidAnswer::Accepted => ControlAnswer::Data(Vec::new()),
            HidAnswer::Refused => ControlAnswer::Stall,
            HidAnswer::Silence => ControlAnswer::Silence,
        }
    }

    fn set_report(&mut self, kind: u8, number: u8, report: &[u8]) -> ControlAnswer {
        let Some(kind) = report_kind(kind) else { return ControlAnswer::Stall };
        let skip = usize::from(self.device.is_numbered());
        match self.device.set_report(kind, number, report.get(skip..).unwrap_or_default()) {
            HidAnswer::Data(_) | HidAnswer::Accepted => ControlAnswer::Accepted,
            HidAnswer::Refused => ControlAnswer::Stall,
            HidAnswer::Silence => ControlAnswer::Silence,
        }
    }
}

fn report_kind(number: u8) -> Option<ReportKind> {
    let kinds = [ReportKind::Input, ReportKind::Output, ReportKind::Feature];
    kinds.into_iter().find(|kind| *kind as u8 == number)
}

impl UsbFunction for UsbHid {
    fn control(&mut self, setup: &SetupPacket, data: &[u8]) -> ControlAnswer {
        let [low, high] = setup.value.to_le_bytes();
        match (setup.request_type, setup.request) {
            GET_DESCRIPTOR => self.descriptor(high),
            GET_REPORT => self.get_report(high, low),
            SET_REPORT => self.set_report(high, low, data),
            GET_IDLE => ControlAnswer::Data(vec![self.idle_rate]),
            SET_IDLE => {
                self.idle_rate = high;
                ControlAnswer::Accepted
            }
            GET_PROTOCOL => ControlAnswer::Data(vec![self.protocol]),
            SET_PROTOCOL => {
                self.protocol = low;
                ControlAnswer::Accepted
            }
            _ => ControlAnswer::Stall,
        }
    }

    fn event(&mut self, event: UsbEvent) {
        if event == UsbEvent::Plugged {
            (self.idle_rate, self.protocol) = (0, REPORT_PROTOCOL);
        }
    }
}
