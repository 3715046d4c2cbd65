use countertop_wire::hid::ReportKind;
use countertop_wire::iso7813::TrackNumber;
use countertop_wire::magtek::{
    CardLayout, CardReport, Command, Property, Response, ResultCode, TrackData,
};

use super::*;
use crate::hid::{HidAnswer, HidDevice};
use crate::stripe::{StripeCard, SwipeFault};

const TRACK_2: &str = "6200000000000005=30122010000000000";

fn card() -> StripeCard {
    StripeCard::new([None, Some(TRACK_2), None]).unwrap()
}

fn ask(device: &mut HidDevice, command: &Command) -> Response {
    let layout = CardLayout::of(&device.descriptors().report_descriptor).unwrap();
    let report = command.encode(layout.command_length()).unwrap();
    assert_eq!(device.set_report(ReportKind::Feature, 0, &report), HidAnswer::Accepted);
    match device.get_report(ReportKind::Feature, 0) {
        HidAnswer::Data(report) => {
            assert_eq!(report.len(), layout.command_length());
            Response::parse(&report).unwrap()
        }
        answer => panic!("{answer:?}"),
    }
}

async fn swipe(config: MagtekConfig, fault: Option<SwipeFault>) -> CardReport {
    let (mut device, control) = config.build().unwrap();
    let layout = CardLayout::of(&device.descriptors().report_descriptor).unwrap();
    let card = card();
    let hand = async {
        match fault {
            Some(fault) => control.swipe_with(&card, fault).await,
            None => control.swipe(&card).await,
        }
    };
    let (report, seen) = tokio::join!(device.next_input(), hand);
    assert!(seen);
    layout.parse(&report.unwrap()).unwrap()
}

#[test]
fn answers_as_the_manuals_say() {
    let (mut device, control) = MagtekConfig::swipe_reader().build().unwrap();
    let answer = ask(&mut device, &Command::GetProperty(Property::SOFTWARE_ID));
    assert_eq!(answer, Response::success(*b"21042812D01"));
    let set = Command::SetProperty(Property::POLLING_INTERVAL, vec![4]);
    assert_eq!(ask(&mut device, &set), Response::success([]));
    let answer = ask(&mut device, &Command::GetProperty(Property::POLLING_INTERVAL));
    assert_eq!(answer.data, [4]);
    let refused = ask(&mut device, &Command::SetProperty(Property::SOFTWARE_ID, vec![0]));
    assert_eq!(refused.result, ResultCode::BadParameter);
    assert_eq!(ask(&mut device, &Command::GetSecurityLevel).result, ResultCode::BadParameter);
    assert_eq!(control.commands().len(), 5);
}

#[test]
fn a_magnesafe_tells_its_security_level() {
    let (mut device, control) = MagtekConfig::magnesafe().build().unwrap();
    assert_eq!(ask(&mut device, &Command::GetSecurityLevel).data, [2]);
    control.set_encrypting(true);
    assert_eq!(ask(&mut device, &Command::GetSecurityLevel).data, [3]);
    let set = Command::SetProperty(Property::POLLING_INTERVAL, vec![4]);
    assert_eq!(ask(&mut device, &set).result, ResultCode::InvalidOperation);
    assert_eq!(ask(&mut device, &Command::GetKeySerialNumber).data.len(), 10);
}

#[test]
fn other_reports_are_refused() {
    let (mut device, control) = MagtekConfig::swipe_reader().build().unwrap();
    assert_eq!(device.get_report(ReportKind::Feature, 1), HidAnswer::Refused);
    assert_eq!(device.get_report(ReportKind::Input, 0), HidAnswer::Refused);
    assert_eq!(device.set_report(ReportKind::Output, 0, &[0]), HidAnswer::Refused);
    control.set_refusing(true);
    assert_eq!(device.get_report(ReportKind::Feature, 0), HidAnswer::Refused);
    control.set_silent(true);
    assert_eq!(device.set_report(ReportKind::Feature, 0, &[0, 0]), HidAnswer::Silence);
}

#[tokio::test]
async fn sends_what_is_on_the_card() {
    let printed = format!(";{TRACK_2}?").into_bytes();
    for config in [MagtekConfig::swipe_reader(), MagtekConfig::magnesafe()] {
        for fault in [None, Some(SwipeFault::Backward)] {
            let report = swipe(config.clone(), fault).await;
            assert_eq!(report.tracks[1], TrackData::Clear(printed.clone().into()));
            assert_eq!(report.tracks[0], TrackData::Absent);
        }
        let report = swipe(config, Some(SwipeFault::Scratch(TrackNumber::Two))).await;
        assert_eq!(report.tracks[1], TrackData::Unreadable);
    }
}

#[tokio::test]
async fn a_head_that_encrypts_sends_nothing_clear() {
    let report = swipe(MagtekConfig::magnesafe().encrypting(), None).await;
    assert_eq!(
        report.tracks[1],
        TrackData::Encrypted(match &report.tracks[1] {
            TrackData::Encrypted(data) => data.clone(),
            other => panic!("{other:?}"),
        })
    );
    let magnesafe = report.magnesafe.unwrap();
    assert!(magnesafe.status.encrypts());
    assert_eq!(magnesafe.key_serial_number[9], 1);
    assert_eq!(magnesafe.absolute_lengths, [0, 36, 0]);
    assert_eq!(magnesafe.masked[1][18..23], *b"30120");
}

#[tokio::test(start_paused = true)]
async fn what_nobody_fetches_is_forgotten() {
    let (mut device, control) = MagtekConfig::swipe_reader().build().unwrap();
    assert!(!control.swipe(&card()).await);
    let (report, seen) = tokio::join!(device.next_input(), control.send_garbage(&[1, 2]));
    assert_eq!((report.unwrap(), seen), (vec![1, 2], true));
}
