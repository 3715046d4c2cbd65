//! Driver `tablet-signpad` against the virtual pen tablet.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, Selector, Settings,
    SignatureImage, SignaturePad as _, SignatureRequest,
};
use countertop_input::tablet::{TabletSignpad, TabletSignpadDriver};
use countertop_transport::input::{Axis, AxisRange, InputKind, Key, KeyAction, MemoryInput, pair};
use countertop_virtual::tablet::{TabletConfig, TabletControl, VirtualTablet};
use countertop_wire::pen::{PenEvent, code};
use tokio::time::{Instant, sleep, timeout};

/// Is the kernel: hands on what the tablet tells.
async fn serve(mut tablet: VirtualTablet, host: MemoryInput) {
    while let Some(report) = tablet.next_report().await {
        for event in report {
            match event {
                PenEvent::Axis { code, value } => host.send(InputKind::Axis(Axis { code, value })),
                PenEvent::Button { code, pressed } => {
                    let action = if pressed { KeyAction::Pressed } else { KeyAction::Released };
                    host.send(InputKind::Key(Key { code, action }));
                }
                _ => {}
            }
        }
        host.send(InputKind::Report);
        sleep(tablet.config().interval).await;
    }
}

fn open(settings: &Settings) -> (TabletSignpad, TabletControl) {
    let (tablet, control) = TabletConfig::default().build();
    let (along, down) = tablet.config().size;
    let range = |most: u16| AxisRange::new(0, most.into());
    let (link, host) = pair(&[(code::ABS_X, range(along)), (code::ABS_Y, range(down))]);
    tokio::spawn(serve(tablet, host));
    let selector = Selector::Virtual("tablet".into());
    (TabletSignpad::new(link, selector, settings).unwrap(), control)
}

fn request(seconds: u64) -> SignatureRequest {
    let timeout = Duration::from_secs(seconds);
    SignatureRequest { feature_code: "1A2B3C4D".into(), timeout }
}

/// Asks for a signature while `hand` acts a moment later.
async fn capture(
    pad: &mut TabletSignpad,
    hand: impl Future<Output = ()>,
) -> Option<SignatureImage> {
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        hand.await;
    };
    let request = request(30);
    let both = async { tokio::join!(pad.capture(&request), hand) };
    timeout(Duration::from_secs(60), both).await.unwrap().0.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_signature_ends_when_the_pen_stays_up() {
    let (mut pad, control) = open(&Settings::new());
    let start = Instant::now();
    let image = capture(&mut pad, async { assert!(control.draw_sample().await) }).await.unwrap();
    assert_eq!((image.width(), image.height()), (240, 80));
    assert!((300..3000).contains(&image.black_dots()), "{}", image.black_dots());
    assert!(start.elapsed() < Duration::from_secs(3));
    let again = capture(&mut pad, async { assert!(control.draw_sample().await) }).await.unwrap();
    assert_eq!(image, again);
}

#[tokio::test(start_paused = true)]
async fn a_signature_ends_by_button() {
    let settings = Settings::new().with("finish", "pad0").with("picture_width", 384);
    let (mut pad, control) = open(&settings);
    let image = capture(&mut pad, async {
        assert!(control.draw(&[vec![(0, 0), (15_000, 9_000)]]).await);
        sleep(Duration::from_secs(10)).await;
        assert!(control.draw(&[vec![(0, 9_000), (15_000, 0)]]).await);
        assert!(control.press(code::BTN_0).await);
    });
    let image = image.await.unwrap();
    assert_eq!(image.width(), 384);
}

#[tokio::test(start_paused = true)]
async fn cancelled_blank_and_late_signatures_are_none() {
    let (mut pad, control) = open(&Settings::new());
    let cancelled = capture(&mut pad, async {
        assert!(control.draw_sample().await);
        assert!(control.press(code::BTN_STYLUS2).await);
    });
    assert_eq!(cancelled.await, None);
    let dot = capture(&mut pad, async { assert!(control.draw(&[vec![(5, 5)]]).await) }).await;
    assert_eq!(dot, None);
    let start = Instant::now();
    assert_eq!(pad.capture(&request(5)).await.unwrap(), None);
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_was_written_before_does_not_count() {
    let (mut pad, control) = open(&Settings::new());
    assert!(control.draw_sample().await);
    assert_eq!(pad.capture(&request(5)).await.unwrap(), None);
    let asked = request(30);
    let dropped = timeout(Duration::from_millis(300), pad.capture(&asked));
    let (dropped, _) = tokio::join!(dropped, control.draw_sample());
    dropped.unwrap_err();
    let image = capture(&mut pad, async { assert!(control.draw_sample().await) }).await.unwrap();
    let (mut fresh, control) = open(&Settings::new());
    let expected = capture(&mut fresh, async { assert!(control.draw_sample().await) }).await;
    assert_eq!(Some(image), expected);
}

#[tokio::test(start_paused = true)]
async fn unplugged_in_the_middle_of_a_stroke() {
    let range = AxisRange::new(0, 1000);
    let (link, host) = pair(&[(code::ABS_X, range), (code::ABS_Y, range)]);
    let selector = Selector::Virtual("tablet".into());
    let mut pad = TabletSignpad::new(link, selector, &Settings::new()).unwrap();
    assert_eq!(pad.check_health(HealthLevel::Internal).await.unwrap().health, Health::Good);
    let hand = async {
        let touch = Key { code: code::BTN_TOUCH, action: KeyAction::Pressed };
        host.send(InputKind::Key(touch));
        host.send(InputKind::Report);
        sleep(Duration::from_millis(10)).await;
        drop(host);
    };
    let request = request(30);
    let (error, ()) = tokio::join!(pad.capture(&request), hand);
    assert_eq!(error.unwrap_err().kind(), DeviceErrorKind::Disconnected);
    let error = pad.check_health(HealthLevel::Interactive).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test]
async fn the_driver_names_what_is_wrong() {
    let driver = TabletSignpadDriver;
    let (selector, settings) = ("evdev:/dev/input/none".parse().unwrap(), Settings::new());
    let error = driver.open(&selector, &settings).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    driver.list().unwrap();
    let (link, _host) = pair(&[]);
    let error = TabletSignpad::new(link, selector, &settings).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    let (mut pad, _control) = open(&settings);
    let request = SignatureRequest { feature_code: "1".into(), timeout: Duration::ZERO };
    let error = pad.capture(&request).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
}
