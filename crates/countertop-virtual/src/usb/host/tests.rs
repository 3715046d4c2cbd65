use std::sync::{Arc, Mutex};
use std::time::Duration;

use countertop_wire::usb::request::{
    CLEAR_FEATURE, GET_CONFIGURATION, GET_INTERFACE, GET_STATUS, SET_CONFIGURATION, SET_FEATURE,
    SET_INTERFACE,
};
use countertop_wire::usb::{Direction, EndpointDescriptor, Interface, SetupPacket};
use countertop_wire::usbip::{Command, Submit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::super::{ControlAnswer, Speed, UsbDescriptors, UsbEvent, UsbFunction};
use super::*;

/// Remembers what it was told and given.
#[derive(Clone, Default)]
struct Witness {
    events: Arc<Mutex<Vec<UsbEvent>>>,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl UsbFunction for Witness {
    fn control(&mut self, setup: &SetupPacket, data: &[u8]) -> ControlAnswer {
        match setup.request {
            0x10 => ControlAnswer::Data(vec![0xaa; 100]),
            0x11 if data == b"lamps" => ControlAnswer::Accepted,
            0x12 => ControlAnswer::Silence,
            _ => ControlAnswer::Stall,
        }
    }

    fn out(&mut self, endpoint: u8, data: &[u8]) {
        self.sent.lock().unwrap().push(endpoint);
        self.sent.lock().unwrap().extend(data);
    }

    fn event(&mut self, event: UsbEvent) {
        self.events.lock().unwrap().push(event);
    }
}

fn device(witness: &Witness) -> UsbDevice {
    let endpoints = |interface: Interface| {
        interface
            .endpoint(EndpointDescriptor::bulk(0x81, 64))
            .endpoint(EndpointDescriptor::bulk(0x02, 64))
    };
    let descriptors = UsbDescriptors::new(0x1209, 0x0001)
        .manufacturer("Countertop")
        .product("Test 设备")
        .power(0xe0, 100)
        .interface(endpoints(Interface::new(0, 0xff, 0, 0)))
        .interface(Interface::new(1, 0xff, 1, 0))
        .interface(Interface::new(1, 0xff, 1, 0).alternate(2));
    UsbDevice::new(descriptors, witness.clone()).unwrap()
}

async fn enumerated() -> (AttachedHost, Witness) {
    let witness = Witness::default();
    let mut host = UsbHost::attach(device(&witness));
    host.enumerate().await.unwrap();
    (host, witness)
}

fn out(request_type: u8, request: u8, value: u16, index: u16) -> SetupPacket {
    SetupPacket::new(request_type, request, value, index, 0)
}

#[tokio::test]
async fn enumerates() {
    let witness = Witness::default();
    let device = device(&witness);
    let descriptors = device.descriptors().clone();
    let mut host = UsbHost::attach(device);
    let found = host.enumerate().await.unwrap();
    assert_eq!(&found.device, descriptors.device());
    assert_eq!(&found.configuration, descriptors.configuration());
    assert_eq!(found.manufacturer.as_deref(), Some("Countertop"));
    assert_eq!(found.product.as_deref(), Some("Test 设备"));
    assert_eq!(found.serial_number, None);
    assert_eq!(*witness.events.lock().unwrap(), [UsbEvent::Plugged, UsbEvent::Configured(1)]);
    // A full-speed device has no qualifier, and there is no third string.
    for (kind, index) in [(6, 0), (3, 3), (2, 1), (0x0f, 0)] {
        let error = host.descriptor(kind, index, 0, 10).await.unwrap_err();
        assert!(matches!(error, TransferError::Stall));
    }
}

#[tokio::test]
async fn standard_requests() {
    let (mut host, witness) = enumerated().await;
    let mut ask = async |setup: SetupPacket| host.control(setup, &[]).await.ok();
    let status = |index| SetupPacket::new(0x82, GET_STATUS, 0, index, 2);
    let device_status = SetupPacket::new(0x80, GET_STATUS, 0, 0, 2);
    assert_eq!(ask(device_status).await, Some(vec![1, 0]));
    assert_eq!(ask(out(0x00, SET_FEATURE, 1, 0)).await, Some(vec![]));
    assert_eq!(ask(device_status).await, Some(vec![3, 0]));
    assert_eq!(ask(out(0x00, SET_FEATURE, 2, 0)).await, None);
    assert_eq!(ask(out(0x02, SET_FEATURE, 0, 0x81)).await, Some(vec![]));
    assert_eq!(ask(status(0x81)).await, Some(vec![1, 0]));
    assert_eq!(ask(out(0x02, CLEAR_FEATURE, 0, 0x81)).await, Some(vec![]));
    assert_eq!(ask(status(0x81)).await, Some(vec![0, 0]));
    assert_eq!(ask(status(0x00)).await, Some(vec![0, 0]));
    assert_eq!(ask(status(0x85)).await, None);
    assert_eq!(ask(out(0x02, CLEAR_FEATURE, 0, 0x85)).await, None);
    let interface = SetupPacket::new(0x81, GET_INTERFACE, 0, 1, 1);
    assert_eq!(ask(interface).await, Some(vec![0]));
    assert_eq!(ask(out(0x01, SET_INTERFACE, 2, 1)).await, Some(vec![]));
    assert_eq!(ask(interface).await, Some(vec![2]));
    assert_eq!(ask(out(0x01, SET_INTERFACE, 1, 1)).await, None);
    assert_eq!(ask(out(0x01, SET_INTERFACE, 0, 7)).await, None);
    let configuration = SetupPacket::new(0x80, GET_CONFIGURATION, 0, 0, 1);
    assert_eq!(ask(configuration).await, Some(vec![1]));
    assert_eq!(ask(out(0x00, SET_CONFIGURATION, 2, 0)).await, None);
    assert_eq!(ask(out(0x00, SET_CONFIGURATION, 0, 0)).await, Some(vec![]));
    assert_eq!(ask(configuration).await, Some(vec![0]));
    let events = witness.events.lock().unwrap().clone();
    assert_eq!(
        events[2..],
        [
            UsbEvent::HaltCleared(0x81),
            UsbEvent::InterfaceSet { interface: 1, setting: 2 },
            UsbEvent::Configured(0),
        ]
    );
}

#[tokio::test]
async fn the_function_answers_the_rest() {
    let (mut host, witness) = enumerated().await;
    let read = SetupPacket::new(0xc0, 0x10, 0, 0, 30);
    assert_eq!(host.control(read, &[]).await.unwrap(), [0xaa; 30]);
    let write = SetupPacket::new(0x40, 0x11, 0, 0, 5);
    assert_eq!(host.control(write, b"lamps").await.unwrap(), b"");
    let error = host.control(write, b"other").await.unwrap_err();
    assert!(matches!(error, TransferError::Stall));
    host.send(0x02, b"data").await.unwrap();
    assert_eq!(*witness.sent.lock().unwrap(), b"\x02data");
}

#[tokio::test]
async fn silence_lasts_until_it_is_taken_back() {
    let (mut host, _) = enumerated().await;
    let silent = Submit::control(0, SetupPacket::new(0xc0, 0x12, 0, 0, 1));
    let id = host.begin(silent, &[]).await.unwrap();
    let waited = tokio::time::timeout(Duration::from_millis(20), host.wait(id)).await;
    assert!(waited.is_err());
    assert!(host.take_back(id).await.unwrap());
}

#[tokio::test]
async fn a_link_carries_both_ways_and_outlives_the_plug() {
    let mut device = device(&Witness::default());
    let mut link = device.bulk_link(0x81, 0x02).unwrap();
    for round in 0..3 {
        // While nobody uses the device, what it says is lost.
        link.write_all(b"lost").await.unwrap();
        let mut host = UsbHost::attach(device);
        host.enumerate().await.unwrap();
        let text = format!("to the device, {round}");
        let id = host.begin_send(0x02, text.as_bytes()).await.unwrap();
        let mut half = vec![0; 6];
        link.read_exact(&mut half).await.unwrap();
        assert_eq!(half, b"to the");
        let waited = tokio::time::timeout(Duration::from_millis(10), host.wait(id)).await;
        assert!(waited.is_err(), "answered before the device took it");
        let mut rest = vec![0; text.len() - 6];
        link.read_exact(&mut rest).await.unwrap();
        host.wait(id).await.unwrap();
        link.write_all(b"back").await.unwrap();
        assert_eq!(host.receive(0x81, 512).await.unwrap(), b"back");
        let unread = host.begin_send(0x02, b"unread").await.unwrap();
        assert!(host.take_back(unread).await.unwrap());
        device = host.unplug().await;
    }
}

#[tokio::test]
async fn a_full_link_makes_the_device_wait() {
    let mut device = device(&Witness::default());
    let mut link = device.bulk_link(0x81, 0x02).unwrap();
    let mut host = UsbHost::attach(device);
    host.enumerate().await.unwrap();
    let bytes: Vec<u8> = (0..20_000u32).map(|i| i.to_le_bytes()[0]).collect();
    let expected = bytes.clone();
    let writing = tokio::spawn(async move {
        link.write_all(&bytes).await.unwrap();
        link
    });
    let mut received = Vec::new();
    while received.len() < expected.len() {
        received.extend(host.receive(0x81, 512).await.unwrap());
    }
    assert_eq!(received, expected);
    writing.await.unwrap();
}

#[tokio::test]
async fn sending_waits_for_delivery_and_fails_when_the_plug_is_pulled() {
    let mut device = device(&Witness::default());
    let reports = device.endpoint_in(0x81).unwrap();
    let kind = reports.send(b"early").await.unwrap_err().kind();
    assert_eq!(kind, std::io::ErrorKind::NotConnected);
    let mut host = UsbHost::attach(device);
    host.enumerate().await.unwrap();
    let sending = tokio::spawn({
        let reports = reports.clone();
        async move { reports.send(b"report").await }
    });
    assert_eq!(host.receive(0x81, 64).await.unwrap(), b"report");
    sending.await.unwrap().unwrap();
    let sending = tokio::spawn(async move { reports.send(b"never fetched").await });
    tokio::task::yield_now().await;
    host.unplug().await;
    let kind = sending.await.unwrap().unwrap_err().kind();
    assert_eq!(kind, std::io::ErrorKind::NotConnected);
}

#[tokio::test]
async fn garbage_ends_the_session_and_nothing_else() {
    let mut device = device(&Witness::default());
    let (mut near, far) = tokio::io::duplex(4096);
    near.write_all(&[0xff; 48]).await.unwrap();
    let error = device.serve(far).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    let mut host = UsbHost::attach(device);
    host.enumerate().await.unwrap();
}

#[tokio::test]
async fn every_beginning_of_a_command_may_be_the_last() {
    let submit = Submit::new(1, Direction::Out, 2, 4);
    let bytes = [Command::Submit(submit).to_bytes().as_slice(), b"data"].concat();
    for length in 0..bytes.len() {
        let mut device = device(&Witness::default());
        let (mut near, far) = tokio::io::duplex(4096);
        near.write_all(&bytes[..length]).await.unwrap();
        drop(near);
        let served = tokio::time::timeout(Duration::from_secs(5), device.serve(far)).await;
        served.unwrap().unwrap();
    }
}

#[test]
fn a_high_speed_device_has_a_qualifier() {
    let descriptors = UsbDescriptors::new(1, 2).speed(Speed::High);
    assert_eq!(descriptors.get(6, 0).unwrap().len(), 10);
    let low = UsbDescriptors::new(1, 2).speed(Speed::Low);
    assert_eq!(low.device().max_packet_size, 8);
}

#[test]
fn impossible_devices_are_refused() {
    let too_long = UsbDescriptors::new(1, 2).product(&"x".repeat(127));
    let error = UsbDevice::new(too_long, Witness::default()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    let mut device = device(&Witness::default());
    assert_eq!(device.endpoint_in(0x83).unwrap_err().kind(), std::io::ErrorKind::NotFound);
}
