use std::time::Duration;

use countertop_wire::usb::SetupPacket;
use countertop_wire::usb::cdc::{LineCoding, Parity};
use countertop_wire::usb::ftdi::{
    FtdiFlow, FtdiRequest, LineStatus, line_requests, split_transfer,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, timeout};

use super::super::host::{AttachedHost, UsbHost};
use super::*;

const READY: LineStatus = LineStatus {
    cts: true,
    dsr: true,
    ring: false,
    carrier: false,
    overrun: false,
    parity_error: false,
    framing_error: false,
    break_received: false,
};

async fn attached() -> (AttachedHost, Ft232rLine, Ft232rControl) {
    let identity = UsbIdentity::new(0x0403, 0x6001, "FT232R USB UART");
    let (device, line, control) = ft232r(&identity).unwrap();
    let mut host = UsbHost::attach(device);
    let found = host.enumerate().await.unwrap();
    assert_eq!(found.device.device_release, 0x0600);
    (host, line, control)
}

async fn ask(host: &mut AttachedHost, request: FtdiRequest) -> Vec<u8> {
    host.control(request.setup(), &[]).await.unwrap()
}

async fn receive(host: &mut AttachedHost) -> (LineStatus, Vec<u8>) {
    split_transfer(&host.receive(BULK_IN, 512).await.unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn status_comes_with_data_and_without() {
    let (mut host, mut line, control) = attached().await;
    let begun = Instant::now();
    assert_eq!(receive(&mut host).await, (READY, vec![]));
    assert_eq!(begun.elapsed().as_millis(), 16);
    line.write_all(b"data").await.unwrap();
    assert_eq!(receive(&mut host).await, (READY, b"data".to_vec()));
    let id = host.begin_receive(BULK_IN, 512).await.unwrap();
    control.set_ring(true);
    let (status, data) = split_transfer(&host.wait(id).await.unwrap()).unwrap();
    assert_eq!((status, data), (LineStatus { ring: true, ..READY }, vec![]));
    let status = ask(&mut host, FtdiRequest::ModemStatus).await;
    assert!(LineStatus::from_bytes([status[0], status[1]]).ring);
}

#[tokio::test(start_paused = true)]
async fn full_packets_go_on_in_one_transfer() {
    let (mut host, mut line, _) = attached().await;
    let bytes: Vec<u8> = (0..200).collect();
    line.write_all(&bytes).await.unwrap();
    let transfer = host.receive(BULK_IN, 512).await.unwrap();
    assert_eq!(transfer.len(), 3 * 64 + 2 + 200 - 3 * 62);
    assert_eq!(split_transfer(&transfer).unwrap().1, bytes);
}

#[tokio::test(start_paused = true)]
async fn the_latency_timer_is_set_and_read() {
    let (mut host, _line, _) = attached().await;
    assert_eq!(ask(&mut host, FtdiRequest::GetLatency).await, [16]);
    ask(&mut host, FtdiRequest::SetLatency(1)).await;
    assert_eq!(ask(&mut host, FtdiRequest::GetLatency).await, [1]);
    let begun = Instant::now();
    receive(&mut host).await;
    assert_eq!(begun.elapsed().as_millis(), 1);
    ask(&mut host, FtdiRequest::Reset).await;
    assert_eq!(ask(&mut host, FtdiRequest::GetLatency).await, [1]);
}

/// As `ftdi_sio` opens a line on which something was left.
#[tokio::test(start_paused = true)]
async fn a_reset_forgets_data_lines_and_flow_control() {
    let (mut host, mut line, control) = attached().await;
    ask(&mut host, FtdiRequest::ModemControl { dtr: Some(true), rts: Some(true) }).await;
    ask(&mut host, FtdiRequest::FlowControl(FtdiFlow::RtsCts)).await;
    line.write_all(b"left by another").await.unwrap();
    ask(&mut host, FtdiRequest::Reset).await;
    line.write_all(b"new").await.unwrap();
    assert_eq!(receive(&mut host).await.1, b"new");
    assert_eq!(control.flow(), FtdiFlow::None);
    assert!(!control.host_lines().dtr && !control.host_lines().rts);
}

#[tokio::test(start_paused = true)]
async fn an_event_character_sends_at_once() {
    let (mut host, mut line, _) = attached().await;
    ask(&mut host, FtdiRequest::SetLatency(255)).await;
    ask(&mut host, FtdiRequest::EventCharacter(Some(b'\r'))).await;
    let begun = Instant::now();
    line.write_all(b"code\r").await.unwrap();
    assert_eq!(receive(&mut host).await.1, b"code\r");
    assert_eq!(begun.elapsed().as_millis(), 0);
}

#[tokio::test]
async fn the_far_end_sees_what_the_host_sets() {
    let (mut host, _line, control) = attached().await;
    let coding = LineCoding { baud: 38_400, parity: Parity::Even, ..LineCoding::default() };
    for request in line_requests(coding) {
        ask(&mut host, request).await;
    }
    let modem = FtdiRequest::ModemControl { dtr: Some(true), rts: None };
    ask(&mut host, modem).await;
    let lines = control.wait_until(|lines| lines.dtr).await;
    assert_eq!(lines.coding.parity, Parity::Even);
    assert!(lines.coding.baud.abs_diff(38_400) < 384, "{}", lines.coding.baud);
    assert!(!lines.rts);
    assert!(host.control(SetupPacket::new(0x40, 0x42, 0, 0, 0), &[]).await.is_err());
}

#[tokio::test]
async fn xoff_stops_the_host_until_xon() {
    let (mut host, mut line, _control) = attached().await;
    ask(&mut host, FtdiRequest::FlowControl(FtdiFlow::XonXoff { xon: 0x11, xoff: 0x13 })).await;
    line.write_all(b"a\x13b").await.unwrap();
    let mut heard = Vec::new();
    while heard.len() < 2 {
        let packet = host.receive(BULK_IN, 64).await.unwrap();
        heard.extend_from_slice(&packet[2..]);
    }
    assert_eq!(heard, b"ab");
    // A packet may be on its way already.
    let first = host.begin_send(BULK_OUT, b"first").await.unwrap();
    let second = host.begin_send(BULK_OUT, b"second").await.unwrap();
    assert!(timeout(Duration::from_millis(50), host.wait(second)).await.is_err());
    line.write_all(b"\x11").await.unwrap();
    // A packet that was ready before XON came has not seen it.
    for _ in 0..3 {
        host.receive(BULK_IN, 64).await.unwrap();
    }
    host.wait(first).await.unwrap();
    host.wait(second).await.unwrap();
    let mut bytes = [0; 11];
    line.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"firstsecond");
}

#[tokio::test]
async fn cts_stops_the_host() {
    let (mut host, mut line, control) = attached().await;
    ask(&mut host, FtdiRequest::FlowControl(FtdiFlow::RtsCts)).await;
    assert_eq!(control.flow(), FtdiFlow::RtsCts);
    control.set_cts(false);
    // A packet may be on its way already.
    let first = host.begin_send(BULK_OUT, b"first").await.unwrap();
    let second = host.begin_send(BULK_OUT, b"second").await.unwrap();
    assert!(timeout(Duration::from_millis(50), host.wait(second)).await.is_err());
    control.set_cts(true);
    host.wait(first).await.unwrap();
    host.wait(second).await.unwrap();
    let mut bytes = [0; 11];
    line.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"firstsecond");
}

#[tokio::test(start_paused = true)]
async fn ends_that_are_set_otherwise_exchange_garbage() {
    let (mut host, mut line, control) = attached().await;
    control.set_coding(LineCoding { baud: 19_200, ..LineCoding::default() });
    host.send(BULK_OUT, b"hello").await.unwrap();
    let mut bytes = [0; 5];
    line.read_exact(&mut bytes).await.unwrap();
    assert_ne!(&bytes, b"hello");
    line.write_all(b"hello").await.unwrap();
    assert_ne!(receive(&mut host).await.1, b"hello");
    let [baud, _] = line_requests(LineCoding { baud: 19_200, ..LineCoding::default() });
    ask(&mut host, baud).await;
    host.send(BULK_OUT, b"hello").await.unwrap();
    line.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"hello");
}

#[tokio::test(start_paused = true)]
async fn purging_forgets_what_was_received() {
    let (mut host, mut line, _) = attached().await;
    line.write_all(b"old").await.unwrap();
    ask(&mut host, FtdiRequest::PurgeReceive).await;
    assert_eq!(receive(&mut host).await.1, b"");
    line.write_all(b"new").await.unwrap();
    assert_eq!(receive(&mut host).await.1, b"new");
    // What comes behind the purge stays, however late the chip is.
    line.write_all(b"old").await.unwrap();
    ask(&mut host, FtdiRequest::PurgeReceive).await;
    line.write_all(b"answer").await.unwrap();
    assert_eq!(receive(&mut host).await.1, b"answer");
}

#[tokio::test]
async fn the_eeprom_names_the_device() {
    let (mut host, _line, _) = attached().await;
    assert_eq!(ask(&mut host, FtdiRequest::ReadEeprom(1)).await, [0x03, 0x04]);
    assert_eq!(ask(&mut host, FtdiRequest::ReadEeprom(2)).await, [0x01, 0x60]);
    assert_eq!(ask(&mut host, FtdiRequest::ReadEeprom(999)).await, [0, 0]);
}

#[tokio::test]
async fn goes_on_after_a_replug() {
    let (mut host, mut line, control) = attached().await;
    for _ in 0..3 {
        ask(&mut host, FtdiRequest::ModemControl { dtr: Some(true), rts: Some(true) }).await;
        host.begin_receive(BULK_IN, 512).await.unwrap();
        let device = host.unplug().await;
        assert!(!control.host_lines().dtr);
        host = UsbHost::attach(device);
        host.enumerate().await.unwrap();
        host.send(BULK_OUT, b"again").await.unwrap();
        let mut bytes = [0; 5];
        line.read_exact(&mut bytes).await.unwrap();
        assert_eq!(&bytes, b"again");
    }
}
