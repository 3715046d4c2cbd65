use countertop_wire::hid::{DescriptorBuilder, ReportKind, VENDOR};
use countertop_wire::usb::SetupPacket;

use super::usb::UsbHid;
use super::*;
use crate::usb::{ControlAnswer, UsbFunction as _};

/// Answers with what it got last.
struct Echo(Vec<u8>);

impl HidFunction for Echo {
    fn get_report(&mut self, kind: ReportKind, number: u8) -> HidAnswer {
        match (kind, number) {
            (ReportKind::Feature, 0 | 3) => HidAnswer::Data(self.0.clone()),
            _ => HidAnswer::Silence,
        }
    }

    fn set_report(&mut self, _kind: ReportKind, _number: u8, data: &[u8]) -> HidAnswer {
        self.0 = data.to_vec();
        HidAnswer::Accepted
    }
}

fn descriptor(number: Option<u8>) -> Vec<u8> {
    let start = DescriptorBuilder::new().usage_page(VENDOR).usage(1).application();
    let start = match number {
        Some(number) => start.report_id(number),
        None => start,
    };
    let fields = start.bytes().usage(2).report_count(2).feature(DescriptorBuilder::BUFFERED);
    fields.usage(3).input(DescriptorBuilder::BUFFERED).end_collection().build()
}

fn device(number: Option<u8>) -> (HidDevice, HidInput) {
    let descriptors = HidDescriptors::new(0x1209, 1, descriptor(number)).names("C", "Echo");
    HidDevice::new(descriptors, Echo(vec![0; 2])).unwrap()
}

fn control(usb: &mut UsbHid, kind: u8, request: u8, value: u16, data: &[u8]) -> ControlAnswer {
    usb.control(&SetupPacket::new(kind, request, value, 0, 64), data)
}

#[test]
fn usb_requests_reach_the_function() {
    let mut usb = UsbHid::new(device(None).0);
    assert_eq!(control(&mut usb, 0x21, 0x09, 0x0300, &[7, 8]), ControlAnswer::Accepted);
    assert_eq!(control(&mut usb, 0xA1, 0x01, 0x0300, &[]), ControlAnswer::Data(vec![7, 8]));
    assert_eq!(control(&mut usb, 0xA1, 0x01, 0x0305, &[]), ControlAnswer::Stall);
    assert_eq!(control(&mut usb, 0xA1, 0x01, 0x0100, &[]), ControlAnswer::Silence);
    assert_eq!(control(&mut usb, 0x21, 0x0A, 0x0500, &[]), ControlAnswer::Accepted);
    assert_eq!(control(&mut usb, 0xA1, 0x02, 0, &[]), ControlAnswer::Data(vec![5]));
    assert_eq!(control(&mut usb, 0xA1, 0x03, 0, &[]), ControlAnswer::Data(vec![1]));
    let report = control(&mut usb, 0x81, 0x06, 0x2200, &[]);
    assert_eq!(report, ControlAnswer::Data(descriptor(None)));
    let length = u8::try_from(descriptor(None).len()).unwrap();
    let hid = control(&mut usb, 0x81, 0x06, 0x2100, &[]);
    assert_eq!(hid, ControlAnswer::Data(vec![9, 0x21, 0x11, 0x01, 0, 1, 0x22, length, 0]));
    assert_eq!(control(&mut usb, 0xC0, 0x01, 0, &[]), ControlAnswer::Stall);
}

#[test]
fn numbered_reports_carry_their_number_on_usb() {
    let mut usb = UsbHid::new(device(Some(3)).0);
    assert_eq!(control(&mut usb, 0x21, 0x09, 0x0303, &[3, 7, 8]), ControlAnswer::Accepted);
    assert_eq!(control(&mut usb, 0xA1, 0x01, 0x0303, &[]), ControlAnswer::Data(vec![3, 7, 8]));
    assert_eq!(control(&mut usb, 0xA1, 0x01, 0x0300, &[]), ControlAnswer::Stall);
}

#[tokio::test]
async fn reports_are_sent_in_order_and_withdrawn_when_dropped() {
    let (mut device, input) = device(None);
    let withdrawn = tokio::time::timeout(core::time::Duration::ZERO, input.send(&[1, 1])).await;
    assert!(withdrawn.is_err());
    let (sent, report) = tokio::join!(input.send(&[2, 2]), device.next_input());
    assert_eq!((sent, report), (true, Some(vec![2, 2])));
    drop(device);
    assert!(!input.send(&[3, 3]).await);
}

#[tokio::test]
async fn becomes_a_usb_device() {
    let (device, _input) = device(None);
    let usb = device.into_usb().unwrap();
    assert_eq!(usb.descriptors().device().vendor, 0x1209);
    assert!(HidDevice::new(HidDescriptors::new(1, 1, vec![0x06]), Echo(Vec::new())).is_err());
}
