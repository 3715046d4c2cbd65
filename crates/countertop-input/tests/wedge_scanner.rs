//! Driver `wedge-scanner` against the virtual scanner that poses as a keyboard.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    CodeScanner, Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, Scan, Selector,
    Settings, Symbology,
};
use countertop_input::wedge::{WedgeScanner, WedgeScannerDriver};
use countertop_transport::input::{InputKind, Key, KeyAction, MemoryInput, pair};
use countertop_virtual::hid::HidDevice;
use countertop_virtual::wedge::{WedgeConfig, WedgeControl};
use countertop_wire::keyboard::{BootReport, Layout, Mode};
use countertop_wire::scanner::{AimIdentifier, ScanFormat, Suffix};
use tokio::time::{sleep, timeout};

const CODE: &[u8] = b"6200000000000000005";

/// Time between two reports.
const INTERVAL: Duration = Duration::from_millis(4);

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
        sleep(INTERVAL).await;
    }
}

fn open(config: WedgeConfig, settings: &Settings) -> (WedgeScanner, WedgeControl, MemoryInput) {
    let (keyboard, control) = config.build().unwrap();
    let (link, host) = pair(&[]);
    tokio::spawn(serve(keyboard, host.clone()));
    let selector = Selector::Virtual("scanner".into());
    (WedgeScanner::new(link, selector, settings).unwrap(), control, host)
}

/// Waits for a scan while `hand` acts a moment later.
async fn scan(scanner: &mut WedgeScanner, hand: impl Future<Output = ()>) -> Scan {
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        hand.await;
    };
    let both = async { tokio::join!(scanner.next_scan(), hand) };
    timeout(Duration::from_secs(60), both).await.unwrap().0.unwrap()
}

async fn hold_up(control: &WedgeControl, data: &[u8]) {
    control.scan(Some(AimIdentifier::QR_CODE), data).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn reads_codes_on_every_layout() {
    let long = format!("https://qr.95516.com/00010000/{}", "aB3=&?~^`".repeat(24));
    for layout in Layout::ALL {
        for mode in [Mode::Layout, Mode::Numbers] {
            let settings = Settings::new().with("layout", layout);
            let config = WedgeConfig::scanner().layout(layout).mode(mode);
            let (mut scanner, control, _host) = open(config, &settings);
            for data in [CODE, long.as_bytes(), "Grüße".as_bytes()] {
                let scan = scan(&mut scanner, hold_up(&control, data)).await;
                assert_eq!(scan.data.expose(), data, "{layout} {mode:?}");
                assert_eq!(scan.symbology, Some(Symbology::QrCode));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_layout_never_makes_a_wrong_code_of_digits() {
    // A French device sends digits with Shift: on an American keyboard they are signs.
    let config = WedgeConfig::scanner().layout(Layout::French).format(ScanFormat::default());
    let (mut scanner, control, _host) = open(config, &Settings::new());
    let scan = scan(&mut scanner, hold_up(&control, b"6200")).await;
    assert!(!scan.data.expose().iter().any(u8::is_ascii_digit));
}

#[tokio::test(start_paused = true)]
async fn prefixes_and_suffixes() {
    let format =
        ScanFormat { prefix: b"~".to_vec(), suffix: Suffix::Bytes(b"\t".to_vec()), aim: false };
    let settings = Settings::new().with("prefix", "~").with("suffix", "hex:09").with("aim", false);
    let (mut scanner, control, _host) = open(WedgeConfig::scanner().format(format), &settings);
    let scan = scan(&mut scanner, async {
        control.type_text("noprefix\t").await.unwrap();
        hold_up(&control, CODE).await;
    });
    assert_eq!(scan.await.data.expose(), CODE);
}

#[tokio::test(start_paused = true)]
async fn silence_ends_a_code_without_suffix() {
    let format = ScanFormat { suffix: Suffix::Silence, ..ScanFormat::default() };
    let settings = Settings::new().with("suffix", "none");
    let (mut scanner, control, _host) = open(WedgeConfig::scanner().format(format), &settings);
    let scan = scan(&mut scanner, hold_up(&control, CODE)).await;
    assert_eq!(scan.data.expose(), CODE);
}

#[tokio::test(start_paused = true)]
async fn a_person_types_no_code() {
    for suffix in [Suffix::LineEnd, Suffix::Silence] {
        let name = if suffix == Suffix::LineEnd { "line" } else { "none" };
        let format = ScanFormat { suffix, ..ScanFormat::default() };
        let settings = Settings::new().with("suffix", name);
        let (mut scanner, control, _host) = open(WedgeConfig::scanner().format(format), &settings);
        let scan = scan(&mut scanner, async {
            let pause = Duration::from_millis(50);
            control.type_slowly("6299999999999999999\r", pause).await.unwrap();
            sleep(pause * 2).await;
            hold_up(&control, CODE).await;
        });
        assert_eq!(scan.await.data.expose(), CODE);
    }
}

#[tokio::test(start_paused = true)]
async fn codes_with_holes_are_dropped() {
    let (mut scanner, control, host) = open(WedgeConfig::scanner(), &Settings::new());
    let scan = scan(&mut scanner, async {
        let hand = async {
            sleep(Duration::from_millis(40)).await;
            host.send(InputKind::Dropped);
        };
        tokio::join!(hold_up(&control, CODE), hand);
        hold_up(&control, b"6200000000000000013").await;
    });
    assert_eq!(scan.await.data.expose(), b"6200000000000000013");
}

#[tokio::test(start_paused = true)]
async fn codes_before_the_call_are_dropped() {
    let (mut scanner, control, _host) = open(WedgeConfig::scanner(), &Settings::new());
    hold_up(&control, b"6299999999999999999").await;
    let half = timeout(Duration::from_millis(60), hold_up(&control, b"6288888888888888888"));
    half.await.unwrap_err();
    let scan = scan(&mut scanner, async {
        control.type_text("88888\r").await.unwrap();
        hold_up(&control, CODE).await;
    });
    assert_eq!(scan.await.data.expose(), CODE);
}

#[tokio::test(start_paused = true)]
async fn unplugged_in_the_middle_of_a_code() {
    let (link, host) = pair(&[]);
    let selector = Selector::Virtual("scanner".into());
    let mut scanner = WedgeScanner::new(link, selector, &Settings::new()).unwrap();
    let press = |code| InputKind::Key(Key { code, action: KeyAction::Pressed });
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        for code in [2, 3, 4] {
            host.send(press(code));
        }
        drop(host);
    };
    let (error, ()) = tokio::join!(scanner.next_scan(), hand);
    assert_eq!(error.unwrap_err().kind(), DeviceErrorKind::Disconnected);
    let error = scanner.next_scan().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
    let error = scanner.check_health(HealthLevel::Internal).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test(start_paused = true)]
async fn health_is_that_of_the_device() {
    let (mut scanner, control, _host) = open(WedgeConfig::scanner(), &Settings::new());
    let report = scanner.check_health(HealthLevel::External).await.unwrap();
    assert_eq!(report.health, Health::Good);
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        hold_up(&control, CODE).await;
    };
    let (report, ()) = tokio::join!(scanner.check_health(HealthLevel::Interactive), hand);
    assert_eq!(report.unwrap().health, Health::Good);
}

#[tokio::test]
async fn the_driver_names_what_is_wrong() {
    let driver = WedgeScannerDriver;
    let kind = async |selector: &str, settings: Settings| {
        driver.open(&selector.parse().unwrap(), &settings).await.unwrap_err().kind()
    };
    let none = "evdev:/dev/input/none";
    assert_eq!(kind(none, Settings::new()).await, DeviceErrorKind::NotFound);
    assert_eq!(kind("tcp:h:1", Settings::new()).await, DeviceErrorKind::InvalidInput);
    assert!(driver.models().iter().any(|model| model.vendor == 0x05e0));
    driver.list().unwrap();
    let (link, _host) = pair(&[]);
    let settings = Settings::new().with("layout", "klingon");
    let error = WedgeScanner::new(link, none.parse().unwrap(), &settings).unwrap_err();
    assert!(error.to_string().contains("layout"), "{error}");
}
