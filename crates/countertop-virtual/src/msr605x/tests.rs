use core::time::Duration;

use countertop_wire::hid::ReportKind;
use countertop_wire::msr605x::{MessageDecoder, encode_message, is_msr605x};
use tokio::time::timeout;

use super::*;
use crate::hid::HidAnswer;
use crate::stripe::StripeCard;

const SOON: Duration = Duration::from_secs(5);
const TRACK_1: &str = "B6200000000000005^LI/MING^30122010000000000";
const TRACK_2: &str = "6200000000000005=30122010000000000";

fn send(device: &mut HidDevice, kind: ReportKind, message: &[u8]) {
    for packet in encode_message(message).unwrap() {
        assert_eq!(device.set_report(kind, 0, &packet), HidAnswer::Accepted);
    }
}

async fn receive(device: &mut HidDevice) -> (Vec<u8>, usize) {
    let mut decoder = MessageDecoder::new();
    for count in 1.. {
        let report = timeout(SOON, device.next_input()).await.unwrap().unwrap();
        assert_eq!(report.len(), 64);
        if let Some(message) = decoder.push(&report).unwrap() {
            return (message.to_vec(), count);
        }
    }
    unreachable!()
}

#[tokio::test]
async fn answers_feature_and_output_reports() {
    let (mut device, _hand) = build(StripeConfig::default()).unwrap();
    assert!(is_msr605x(&device.descriptors().report_descriptor));
    for kind in [ReportKind::Feature, ReportKind::Output] {
        send(&mut device, kind, &[0x1b, b'e']);
        assert_eq!(receive(&mut device).await, (vec![0x1b, b'y'], 1));
    }
    assert_eq!(device.get_report(ReportKind::Feature, 0), HidAnswer::Refused);
    assert_eq!(device.set_report(ReportKind::Input, 0, &[0; 64]), HidAnswer::Refused);
}

#[tokio::test]
async fn a_swipe_takes_several_packets() {
    let (mut device, mut hand) = build(StripeConfig::default()).unwrap();
    send(&mut device, ReportKind::Feature, &[0x1b, b'r']);
    assert!(timeout(SOON, hand.armed()).await.unwrap());
    assert!(hand.swipe(&StripeCard::new([Some(TRACK_1), Some(TRACK_2), None]).unwrap()).await);
    let (message, packets) = receive(&mut device).await;
    assert_eq!(packets, 2);
    assert!(message.starts_with(&[0x1b, b's']) && message.ends_with(&[0x1c, 0x1b, b'0']));
}

#[tokio::test]
async fn a_command_may_be_cut_and_garbage_is_forgotten() {
    let (mut device, _hand) = build(StripeConfig::default()).unwrap();
    for report in [&[][..], &[0x85], &[0xff; 64], &[0x00; 64], &[0x81, 0x1b], &[0x41, b'e']] {
        assert_eq!(device.set_report(ReportKind::Feature, 0, report), HidAnswer::Accepted);
    }
    // 63 bytes of 0xFF are no command of the reader.
    assert_eq!(receive(&mut device).await.0, [0x1b, b'y']);
}

#[tokio::test]
async fn is_switched_off_with_its_device() {
    let (device, mut hand) = build(StripeConfig::default()).unwrap();
    drop(device);
    assert!(!timeout(SOON, hand.armed()).await.unwrap());
}
