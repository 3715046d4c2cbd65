//! Driver `wedge-stripe` against the virtual stripe reader that poses as a keyboard.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    DeviceError, DeviceErrorKind, Driver as _, Selector, Settings, StripeReader as _, Swipe,
    TrackRead,
};
use countertop_magstripe::wedge::{WedgeStripe, WedgeStripeDriver};
use countertop_transport::input::{InputKind, Key, KeyAction, MemoryInput, pair};
use countertop_virtual::hid::HidDevice;
use countertop_virtual::stripe::{StripeCard, SwipeFault};
use countertop_virtual::wedge::{WedgeConfig, WedgeControl};
use countertop_wire::iso7813::TrackNumber;
use countertop_wire::keyboard::{BootReport, Layout};
use tokio::time::{sleep, timeout};

const TRACK_1: &str = "B6200000000000005^TEST/CARD^30121010000000000000";
const TRACK_2: &str = "6200000000000005=30121010000000000";
const TRACK_3: &str = "996200000000000005=1561560000000000000000000000000000000";

fn card() -> StripeCard {
    StripeCard::new([Some(TRACK_1), Some(TRACK_2), Some(TRACK_3)]).unwrap()
}

/// Is the kernel: makes key events of a keyboard's reports.
async fn serve(mut keyboard: HidDevice, host: MemoryInput) {
    let mut last = BootReport::default();
    while let Some(report) = keyboard.next_input().await {
        let next = BootReport::parse(&report).unwrap();
        for event in core::mem::replace(&mut last, next).changes(next) {
            let action = if event.pressed { KeyAction::Pressed } else { KeyAction::Released };
            host.send(InputKind::Key(Key { code: event.code, action }));
        }
        host.send(InputKind::Report);
        sleep(Duration::from_millis(4)).await;
    }
}

fn open(layout: Layout) -> (WedgeStripe, WedgeControl, MemoryInput) {
    let (keyboard, control) = WedgeConfig::stripe_reader().layout(layout).build().unwrap();
    let (link, host) = pair(&[]);
    tokio::spawn(serve(keyboard, host.clone()));
    let settings = Settings::new().with("layout", layout);
    let selector = Selector::Virtual("stripe".into());
    (WedgeStripe::new(link, selector, &settings).unwrap(), control, host)
}

/// Waits for a swipe while `hand` acts a moment later.
async fn swipe(
    reader: &mut WedgeStripe,
    hand: impl Future<Output = ()>,
) -> Result<Swipe, DeviceError> {
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        hand.await;
    };
    let both = async { tokio::join!(reader.next_swipe(), hand) };
    timeout(Duration::from_secs(60), both).await.unwrap().0
}

#[tokio::test(start_paused = true)]
async fn reads_three_tracks_on_every_layout() {
    for layout in Layout::ALL {
        let (mut reader, control, _host) = open(layout);
        let swipe = swipe(&mut reader, async { control.swipe(&card()).await.unwrap() });
        let swipe = swipe.await.unwrap();
        for (number, track) in [TRACK_1, TRACK_2, TRACK_3].into_iter().enumerate() {
            assert_eq!(swipe.track(number + 1).unwrap().expose_str(), Some(track), "{layout}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn bad_tracks_are_told() {
    let (mut reader, control, _host) = open(Layout::American);
    let fault = SwipeFault::Scratch(TrackNumber::Two);
    let swipe =
        swipe(&mut reader, async { control.swipe_with(&card(), fault).await.unwrap() }).await;
    let swipe = swipe.unwrap();
    assert!(swipe.track(1).is_some());
    assert_eq!(swipe.tracks[1], TrackRead::Unreadable);
}

#[tokio::test(start_paused = true)]
async fn a_swipe_that_is_cut_off_or_typed_by_a_person_is_none() {
    let (mut reader, control, _host) = open(Layout::American);
    let swipe = swipe(&mut reader, async {
        control.swipe_with(&card(), SwipeFault::CutOff(60)).await.unwrap();
        sleep(Duration::from_millis(100)).await;
        control.type_text("hello there\r").await.unwrap();
        control.type_slowly(";6211111111111111?\r", Duration::from_millis(50)).await.unwrap();
        sleep(Duration::from_millis(100)).await;
        control.swipe(&card()).await.unwrap();
    });
    assert_eq!(swipe.await.unwrap().track(2).unwrap().expose_str(), Some(TRACK_2));
}

#[tokio::test(start_paused = true)]
async fn lost_keys_make_a_swipe_unreadable() {
    let (mut reader, control, host) = open(Layout::American);
    let swipe = swipe(&mut reader, async {
        let lose = async {
            sleep(Duration::from_millis(100)).await;
            host.send(InputKind::Dropped);
        };
        tokio::join!(lose, async { control.swipe(&card()).await.unwrap() });
    });
    assert_eq!(swipe.await.unwrap().tracks, [const { TrackRead::Unreadable }; 3]);
}

#[tokio::test(start_paused = true)]
async fn masked_cards_are_told() {
    let (mut reader, control, _host) = open(Layout::American);
    let masked = "%B6200********0005^TEST/CARD^3012?;6200********0005=3012?\r";
    let error = swipe(&mut reader, async { control.type_text(masked).await.unwrap() }).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.to_string().contains("masks"), "{error}");
    assert!(!error.to_string().contains("0005") && error.help().is_some());
}

#[tokio::test(start_paused = true)]
async fn unplugged_in_the_middle_of_a_swipe() {
    let (link, host) = pair(&[]);
    let selector = Selector::Virtual("stripe".into());
    let mut reader = WedgeStripe::new(link, selector, &Settings::new()).unwrap();
    let hand = async {
        for code in [42, 6, 48] {
            host.send(InputKind::Key(Key { code, action: KeyAction::Pressed }));
        }
        drop(host);
    };
    let error = swipe(&mut reader, hand).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test]
async fn the_driver_names_what_is_wrong() {
    let driver = WedgeStripeDriver;
    let (selector, settings) = ("evdev:/dev/input/none".parse().unwrap(), Settings::new());
    let error = driver.open(&selector, &settings).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert_eq!(driver.models()[0].vendor, 0x0801);
    driver.list().unwrap();
}
