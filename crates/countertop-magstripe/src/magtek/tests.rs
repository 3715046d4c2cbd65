use countertop_device::TrackRead;
use countertop_transport::hid::{HidRequest, MemoryHid, pair};
use countertop_wire::magtek::{
    CardReport, Command, EncodeType, EncryptionStatus, MagneSafe, Property, Response, ResultCode,
    TrackData, magnesafe_descriptor, swipe_reader_descriptor,
};
use tokio::time::timeout;

use super::*;

const PRINTED: &[u8] = b";6200000000000005=30122010000000000?";
const SOON: Duration = Duration::from_secs(5);

/// Answers commands in the order of `script`; `None` stalls.
async fn answer(device: &mut MemoryHid, script: Vec<(Command, Option<Response>)>) {
    for (expected, response) in script {
        let Some(HidRequest::SetFeature { number: 0, data, answer }) = device.next_request().await
        else {
            panic!("no command")
        };
        assert_eq!(Command::parse(&data).unwrap(), expected);
        let Some(response) = response else { continue };
        answer.send(()).unwrap();
        let Some(HidRequest::GetFeature { answer, .. }) = device.next_request().await else {
            panic!("no answer fetched")
        };
        answer.send(response.encode(data.len()).unwrap()).unwrap();
    }
}

fn firmware() -> (Command, Option<Response>) {
    let response = Response::success(*b"21042812D01");
    (Command::GetProperty(Property::SOFTWARE_ID), Some(response))
}

fn level(level: u8) -> (Command, Option<Response>) {
    (Command::GetSecurityLevel, Some(Response::success([level])))
}

async fn open(
    descriptor: Vec<u8>,
    script: Vec<(Command, Option<Response>)>,
) -> (Result<MagtekHid, DeviceError>, MemoryHid) {
    let (link, mut device) = pair(descriptor);
    let selector = Selector::Virtual("reader".into());
    let settings = Settings::new().with("exchange_ms", 100);
    let opening = MagtekHid::new(link, selector, &settings);
    let both = async { tokio::join!(opening, answer(&mut device, script)) };
    let (reader, ()) = timeout(SOON, both).await.unwrap();
    (reader, device)
}

fn report(card: &CardReport, descriptor: &[u8]) -> Vec<u8> {
    CardLayout::of(descriptor).unwrap().encode(card).to_vec()
}

fn clear(track_2: &[u8]) -> CardReport {
    let track_2 = TrackData::Clear(track_2.to_vec().into());
    CardReport { tracks: [TrackData::Absent, track_2, TrackData::Absent], ..CardReport::default() }
}

async fn next(reader: &mut MagtekHid) -> Result<Swipe, DeviceError> {
    timeout(SOON, reader.next_swipe()).await.unwrap()
}

#[tokio::test]
async fn the_model_names_the_firmware() {
    let (reader, _device) = open(swipe_reader_descriptor(), vec![firmware()]).await;
    assert_eq!(reader.unwrap().info().model, "MagTek HID Swipe Reader, firmware 21042812D01");
}

#[tokio::test]
async fn a_reader_that_knows_no_commands_is_used_nevertheless() {
    let stall = (Command::GetProperty(Property::SOFTWARE_ID), None);
    let unknown = Response::refusal(ResultCode::BadParameter);
    let script = vec![stall, (Command::GetSecurityLevel, Some(unknown))];
    let (reader, _device) = open(magnesafe_descriptor(), script).await;
    assert_eq!(reader.unwrap().info().model, "MagTek MagneSafe");
}

#[tokio::test]
async fn other_results_are_errors() {
    let delayed = Response::refusal(ResultCode::Delayed);
    let script = vec![(Command::GetProperty(Property::SOFTWARE_ID), Some(delayed))];
    let (reader, _device) = open(swipe_reader_descriptor(), script).await;
    assert_eq!(reader.unwrap_err().kind(), DeviceErrorKind::Protocol);
}

#[tokio::test]
async fn a_keyboard_is_no_reader() {
    let keyboard = vec![0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0xC0];
    let (reader, _device) = open(keyboard, Vec::new()).await;
    let error = reader.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.help().unwrap().contains("wedge"));
}

#[tokio::test]
async fn a_mute_reader_times_out() {
    let (link, _device) = pair(swipe_reader_descriptor());
    let settings = Settings::new().with("exchange_ms", 10);
    let reader = MagtekHid::new(link, Selector::Virtual("reader".into()), &settings).await;
    assert_eq!(reader.unwrap_err().kind(), DeviceErrorKind::TimedOut);
    let (link, _device) = pair(swipe_reader_descriptor());
    let settings = Settings::new().with("exchange_ms", "soon");
    let reader = MagtekHid::new(link, Selector::Virtual("reader".into()), &settings).await;
    assert_eq!(reader.unwrap_err().kind(), DeviceErrorKind::InvalidInput);
}

#[tokio::test]
async fn forgets_what_came_while_nobody_waited() {
    let (reader, device) = open(swipe_reader_descriptor(), vec![firmware()]).await;
    let mut reader = reader.unwrap();
    device.send(report(&clear(b";4111111111111111=3012?"), &swipe_reader_descriptor()));
    let swiped = async {
        tokio::task::yield_now().await;
        device.send(report(&clear(PRINTED), &swipe_reader_descriptor()));
    };
    let (swipe, ()) = tokio::join!(next(&mut reader), swiped);
    assert_eq!(swipe.unwrap().track(2).unwrap().expose(), &PRINTED[1..PRINTED.len() - 1]);
    let (shown, bytes) = (format!("{reader:?}"), format!("{:?}", &PRINTED[1..17]));
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
}

#[tokio::test]
async fn broken_reports_and_foreign_tracks_are_unreadable() {
    let descriptor = swipe_reader_descriptor();
    let (reader, device) = open(descriptor.clone(), vec![firmware()]).await;
    let mut reader = reader.unwrap();
    let mut licence = clear(b";636000=");
    licence.encode_type = EncodeType::Aamva;
    for bytes in
        [vec![1, 2, 3], report(&clear(PRINTED), &descriptor)[..300].to_vec(), vec![0xff; 337]]
    {
        let hand = async {
            tokio::task::yield_now().await;
            device.send(bytes);
        };
        let (swipe, ()) = tokio::join!(next(&mut reader), hand);
        assert_eq!(swipe.unwrap().tracks, [const { TrackRead::Unreadable }; 3]);
    }
    let hand = async {
        tokio::task::yield_now().await;
        device.send(report(&licence, &descriptor));
    };
    let (swipe, ()) = tokio::join!(next(&mut reader), hand);
    assert_eq!(swipe.unwrap().tracks[1], TrackRead::Unreadable);
}

#[tokio::test]
async fn a_head_that_encrypts_is_told_apart() {
    let (reader, mut device) = open(magnesafe_descriptor(), vec![firmware(), level(3)]).await;
    let mut reader = reader.unwrap();
    let error = next(&mut reader).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.help().unwrap().contains("without encryption"), "{error}");
    let why = std::error::Error::source(&error).unwrap().downcast_ref::<MagtekError>();
    assert_eq!(why, Some(&MagtekError::EncryptedHead));
    let script = answer(&mut device, vec![firmware(), level(3)]);
    let (health, ()) = tokio::join!(reader.check_health(HealthLevel::Internal), script);
    let health = health.unwrap();
    assert_eq!(health.health, Health::Bad);
    assert!(health.text.contains("encrypts"));
}

#[tokio::test]
async fn nothing_is_made_of_masked_tracks() {
    for (status, expected) in [
        (0x0006, MagtekError::EncryptedHead),
        (0x0007, MagtekError::KeysExhausted),
        (0x0106, MagtekError::KeysExhausted),
    ] {
        let (reader, device) = open(magnesafe_descriptor(), vec![firmware(), level(2)]).await;
        let mut reader = reader.unwrap();
        let magnesafe = MagneSafe {
            status: EncryptionStatus(status),
            masked: [Vec::new().into(), PRINTED.to_vec().into(), Vec::new().into()],
            ..MagneSafe::default()
        };
        let card = CardReport { magnesafe: Some(magnesafe), ..clear(PRINTED) };
        let hand = async {
            tokio::task::yield_now().await;
            device.send(report(&card, &magnesafe_descriptor()));
        };
        let (swipe, ()) = tokio::join!(next(&mut reader), hand);
        let error = swipe.unwrap_err();
        let why = std::error::Error::source(&error).unwrap().downcast_ref::<MagtekError>();
        assert_eq!(why, Some(&expected), "{error}");
    }
}

#[tokio::test]
async fn a_pulled_reader_is_disconnected() {
    let (reader, device) = open(swipe_reader_descriptor(), vec![firmware()]).await;
    let mut reader = reader.unwrap();
    let pull = async {
        tokio::task::yield_now().await;
        drop(device);
    };
    let (swipe, ()) = tokio::join!(next(&mut reader), pull);
    assert_eq!(swipe.unwrap_err().kind(), DeviceErrorKind::Disconnected);
    let health = reader.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(health.health, Health::Bad);
}

#[test]
fn the_driver_knows_its_models() {
    assert_eq!(MagtekHidDriver.models().len(), 3);
    assert!(MagtekHidDriver.list().unwrap().iter().all(|listing| listing.info.driver == NAME));
}
