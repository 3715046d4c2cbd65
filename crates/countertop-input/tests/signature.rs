//! The driver against the virtual pad, over memory, TCP and a pseudo-terminal.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, Selector, Settings,
    SignatureImage, SignaturePad, SignatureRequest,
};
use countertop_input::signature::{UnionpaySignpad, UnionpaySignpadDriver};
use countertop_transport::{FaultInjector, FaultPlan, memory};
use countertop_virtual::pty::Pty;
use countertop_virtual::signature::{
    HandOutcome, Handwriting, SignatureConfig, SignatureControl, VirtualSignature,
};
use countertop_wire::sign_pad::{Command, Decoder, PictureFormat, Response, encode_frame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);

fn selector() -> Selector {
    Selector::Virtual("signpad".into())
}

fn settings() -> Settings {
    Settings::new().with("quiet_ms", 5).with("pen_width", 2)
}

fn request() -> SignatureRequest {
    SignatureRequest { feature_code: "1A2B3C4D".into(), timeout: Duration::from_secs(10) }
}

async fn open(config: SignatureConfig, chop: bool) -> (UnionpaySignpad, SignatureControl) {
    let (pad, control) = VirtualSignature::new(config);
    let (host, device) = memory::pair();
    tokio::spawn(pad.serve(device));
    let link = Box::new(FaultInjector::new(host, FaultPlan { chop, ..FaultPlan::none(1) }));
    (UnionpaySignpad::new(link, selector(), &settings()).await.unwrap(), control)
}

/// Captures while a person signs.
async fn capture(
    pad: &mut dyn SignaturePad,
    control: &mut SignatureControl,
) -> Option<SignatureImage> {
    let hand = async {
        assert_eq!(control.asked().await.as_deref(), Some("1A2B3C4D"));
        control.sign(&Handwriting::sample(480, 160)).await
    };
    let request = request();
    let both = async { tokio::join!(pad.capture(&request), hand) };
    let (image, outcome) = timeout(SOON, both).await.unwrap();
    assert_eq!(outcome, HandOutcome::Done);
    image.unwrap()
}

fn assert_signature(image: Option<SignatureImage>) {
    let image = image.unwrap();
    assert_eq!((image.width(), image.height()), (240, 80));
    assert!(image.black_dots() > 500);
}

#[tokio::test]
async fn reads_signatures_in_both_formats() {
    for format in [PictureFormat::Bmp, PictureFormat::Jbig] {
        for chop in [false, true] {
            let config = SignatureConfig::default().with_format(format);
            let (mut pad, mut control) = open(config, chop).await;
            for _ in 0..2 {
                assert_signature(capture(&mut pad, &mut control).await);
                assert!(control.idle().await);
            }
        }
    }
}

#[tokio::test]
async fn a_pad_on_a_serial_line_signs() {
    let pty = Pty::open(None).unwrap();
    let selector: Selector = format!("serial:{}", pty.path().display()).parse().unwrap();
    let (pad, mut control) = VirtualSignature::new(SignatureConfig::default());
    tokio::spawn(pad.serve(pty));
    let functions = UnionpaySignpadDriver.open(&selector, &settings()).await.unwrap();
    let mut pad = functions.signature.unwrap();
    assert_eq!(pad.info().selector, selector);
    assert_signature(capture(&mut *pad, &mut control).await);
}

#[tokio::test]
async fn a_pad_behind_a_converter_signs() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let selector: Selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    let (pad, mut control) = VirtualSignature::new(SignatureConfig::default());
    tokio::spawn(async move { pad.serve(listener.accept().await.unwrap().0).await });
    let mut pad = UnionpaySignpad::open(&selector, &settings()).await.unwrap();
    assert_signature(capture(&mut pad, &mut control).await);
}

#[tokio::test]
async fn cancelled_is_none() {
    let (mut pad, mut control) = open(SignatureConfig::default(), false).await;
    let hand = async {
        control.asked().await.unwrap();
        // The driver does not allow blanks.
        assert_eq!(control.sign_blank().await, HandOutcome::BlankRefused);
        control.cancel().await
    };
    let request = request();
    let (image, outcome) = tokio::join!(pad.capture(&request), hand);
    assert_eq!((image.unwrap(), outcome), (None, HandOutcome::Done));
    assert_signature(capture(&mut pad, &mut control).await);
}

#[tokio::test(start_paused = true)]
async fn nothing_written_in_time_is_none() {
    let (mut pad, mut control) = open(SignatureConfig::default(), false).await;
    let image = timeout(SOON, pad.capture(&request())).await.unwrap();
    assert_eq!(image.unwrap(), None);
    assert!(control.idle().await);
    assert_signature(capture(&mut pad, &mut control).await);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_capture_is_ended_by_the_next_call() {
    let (mut pad, mut control) = open(SignatureConfig::default(), false).await;
    let dropped = timeout(Duration::from_secs(2), pad.capture(&request())).await;
    assert!(dropped.is_err() && control.asked().await.is_some());
    let report = pad.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(report.health, Health::Good, "{}", report.text);
    assert!(control.idle().await);
    assert_signature(capture(&mut pad, &mut control).await);
}

#[tokio::test]
async fn a_wrong_feature_code_is_refused_without_a_byte() {
    let (mut pad, _control) = open(SignatureConfig::default(), false).await;
    for code in ["", "1234567", "123456789", "1234567G", "１２３"] {
        let request = SignatureRequest { feature_code: code.into(), timeout: SOON };
        let error = pad.capture(&request).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn a_size_that_the_pad_cannot_do_says_so() {
    let (device, _control) = VirtualSignature::new(SignatureConfig::default());
    let (host, link) = memory::pair();
    tokio::spawn(device.serve(link));
    let settings = settings().with("picture_width", 4000).with("picture_height", 4000);
    let mut pad = UnionpaySignpad::new(host, selector(), &settings).await.unwrap();
    let error = pad.capture(&request()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.help().unwrap().contains("picture_width"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn silence_and_hang_up_are_told_apart() {
    let (host, device) = memory::pair();
    let error = UnionpaySignpad::new(host, selector(), &settings()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
    drop(device);
    let (host, device) = memory::pair();
    drop(device);
    let error = UnionpaySignpad::new(host, selector(), &settings()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test(start_paused = true)]
async fn an_unwell_pad_is_a_value() {
    let (device, _control) = VirtualSignature::new(SignatureConfig::default());
    let (host, link) = memory::pair();
    let server = tokio::spawn(device.serve(link));
    let mut pad = UnionpaySignpad::new(host, selector(), &settings()).await.unwrap();
    let report = pad.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!((report.health, report.text.as_str()), (Health::Good, "handshake answered"));
    server.abort();
    let report = pad.check_health(HealthLevel::External).await.unwrap();
    assert_eq!(report.health, Health::Bad);
}

/// A pad of few words: it answers what terminals in the field need, and no other setting.
#[tokio::test(start_paused = true)]
async fn a_pad_that_knows_few_settings_will_do() {
    let (host, mut device) = memory::pair();
    let picture = {
        let mut bitmap = countertop_wire::jbig::Bitmap::new(240, 80).unwrap();
        (0..200).for_each(|x| bitmap.set(x, 70, true));
        countertop_wire::sign_pad::encode_picture(&bitmap, PictureFormat::Bmp)
    };
    tokio::spawn(async move {
        let (mut decoder, mut chunk) = (Decoder::new(), [0; 64]);
        loop {
            let count = device.read(&mut chunk).await.unwrap();
            decoder.push(&chunk[..count]);
            while let Some(data) = decoder.next_frame() {
                let response = match Command::parse(&data).unwrap() {
                    Command::Handshake => Response::Handshake { state: 0 },
                    Command::Set(setting) if matches!(setting.code(), 0xf8 | 0xe3) => {
                        Response::Set { code: setting.code(), status: 0 }
                    }
                    Command::BeginSignature { .. } => {
                        Response::Signature { sequence: [0, 0, 1].into(), picture: picture.clone() }
                    }
                    Command::EndSignature => Response::Ended,
                    _ => continue,
                };
                let noise = [0x55, 0x02, 0x02];
                let frame = encode_frame(&response.to_data()).unwrap();
                device.write_all(&[&noise[..], &frame].concat()).await.unwrap();
            }
        }
    });
    let mut pad = UnionpaySignpad::new(host, selector(), &settings()).await.unwrap();
    for _ in 0..2 {
        let image = pad.capture(&request()).await.unwrap();
        assert_eq!(image.unwrap().black_dots(), 200);
    }
}
