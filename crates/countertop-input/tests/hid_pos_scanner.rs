//! Driver `hid-pos-scanner` against the virtual scanner.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    CodeScanner as _, Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, Scan,
    Selector, Settings, Symbology,
};
use countertop_input::hid_pos::{HidPosScanner, HidPosScannerDriver};
use countertop_transport::hid::{MemoryHid, pair};
use countertop_virtual::hid::HidDevice;
use countertop_virtual::hid_scanner::{HidScannerConfig, HidScannerControl};
use countertop_wire::scanner::AimIdentifier;
use tokio::time::{sleep, timeout};

const CODE: &[u8] = b"6200000000000000005";
const AIM: Option<AimIdentifier> = Some(AimIdentifier::QR_CODE);

async fn serve(mut scanner: HidDevice, host: MemoryHid) {
    while let Some(report) = scanner.next_input().await {
        host.send(report);
    }
}

fn open(config: HidScannerConfig) -> (HidPosScanner, HidScannerControl) {
    let (link, host) = pair(config.descriptors.report_descriptor.clone());
    let (scanner, control) = config.build().unwrap();
    tokio::spawn(serve(scanner, host));
    let selector = Selector::Virtual("scanner".into());
    (HidPosScanner::new(link, selector, &Settings::new()).unwrap(), control)
}

/// Waits for a scan while `hand` acts a moment later.
async fn scan(scanner: &mut HidPosScanner, hand: impl Future<Output = ()>) -> Scan {
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        hand.await;
    };
    let both = async { tokio::join!(scanner.next_scan(), hand) };
    timeout(Duration::from_secs(60), both).await.unwrap().0.unwrap()
}

async fn hold_up(control: &HidScannerControl, data: &[u8]) {
    assert!(control.scan(AIM, data).await);
}

#[tokio::test(start_paused = true)]
async fn reads_codes_of_both_kinds_of_scanner() {
    for (config, symbology) in [
        (HidScannerConfig::with_symbology(), Some(Symbology::QrCode)),
        (HidScannerConfig::plain(), None),
    ] {
        let (mut scanner, control) = open(config);
        for data in [CODE, &[0x00, 0x1d, 0xff], &[b'7'; 250]] {
            let scan = scan(&mut scanner, hold_up(&control, data)).await;
            assert_eq!((scan.data.expose(), scan.symbology), (data, symbology));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn half_codes_are_given_up() {
    let (mut scanner, control) = open(HidScannerConfig::plain());
    let scan = scan(&mut scanner, async {
        assert!(control.scan_parts(AIM, &[b'6'; 100], 1).await);
        sleep(Duration::from_millis(600)).await;
        hold_up(&control, CODE).await;
    });
    assert_eq!(scan.await.data.expose(), CODE);
}

#[tokio::test(start_paused = true)]
async fn codes_before_the_call_are_dropped_whole() {
    let (mut scanner, control) = open(HidScannerConfig::plain());
    hold_up(&control, b"6299999999999999999").await;
    assert!(control.scan_parts(AIM, &[b'8'; 100], 1).await);
    let scan = scan(&mut scanner, async {
        // The rest of the code whose first part came before the call.
        let rest = [&[0x02, 44], [b'8'; 44].as_slice(), &[0; 18]].concat();
        assert!(control.send_garbage(&rest).await);
        hold_up(&control, CODE).await;
    });
    assert_eq!(scan.await.data.expose(), CODE);
}

#[tokio::test(start_paused = true)]
async fn damaged_reports_spoil_their_code() {
    let (mut scanner, control) = open(HidScannerConfig::with_symbology());
    let scan = scan(&mut scanner, async {
        assert!(control.scan_parts(AIM, &[b'6'; 100], 1).await);
        assert!(control.send_garbage(&[0x02, 44, b']']).await);
        assert!(control.send_garbage(&[0x09, 1, 2, 3]).await);
        sleep(Duration::from_millis(600)).await;
        hold_up(&control, CODE).await;
    });
    assert_eq!(scan.await.data.expose(), CODE);
}

#[tokio::test(start_paused = true)]
async fn unplugged_in_the_middle_of_a_code() {
    let config = HidScannerConfig::plain();
    let (link, host) = pair(config.descriptors.report_descriptor.clone());
    let selector = Selector::Virtual("scanner".into());
    let mut scanner = HidPosScanner::new(link, selector, &Settings::new()).unwrap();
    let report = scanner.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(report.health, Health::Good);
    let hand = async {
        let mut part = vec![0x02, 56];
        part.resize(63, b'6');
        part.push(0x01);
        host.send(part);
        sleep(Duration::from_millis(10)).await;
        drop(host);
    };
    let (error, ()) = tokio::join!(scanner.next_scan(), hand);
    assert_eq!(error.unwrap_err().kind(), DeviceErrorKind::Disconnected);
    let error = scanner.check_health(HealthLevel::Interactive).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test]
async fn the_driver_names_what_is_wrong() {
    let driver = HidPosScannerDriver;
    let kind = async |selector: &str| {
        let opened = driver.open(&selector.parse().unwrap(), &Settings::new()).await;
        opened.unwrap_err().kind()
    };
    assert_eq!(kind("hidraw:/dev/hidraw-none").await, DeviceErrorKind::NotFound);
    assert_eq!(kind("usb:0000:0000").await, DeviceErrorKind::NotFound);
    assert_eq!(kind("serial:/dev/null").await, DeviceErrorKind::InvalidInput);
    driver.list().unwrap();
    let (link, _host) = pair(vec![0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0xc0]);
    let selector = Selector::Virtual("keyboard".into());
    let error = HidPosScanner::new(link, selector, &Settings::new()).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.help().unwrap().contains("HID POS"));
}
