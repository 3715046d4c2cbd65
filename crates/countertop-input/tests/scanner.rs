//! Driver `serial-scanner` against the virtual scanner.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    CodeScanner, Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, Scan, Selector,
    Settings, Symbology,
};
use countertop_input::scanner::{SerialScanner, SerialScannerDriver};
use countertop_transport::{FaultInjector, FaultPlan, memory};
use countertop_virtual::pty::Pty;
use countertop_virtual::scanner::{ScannerControl, VirtualScanner};
use countertop_wire::payment_code::{PaymentCode, PaymentScheme};
use countertop_wire::scanner::{AimIdentifier, ScanFormat, Suffix};
use tokio::time::{sleep, timeout};

const CODE: &str = "6200000000000000005";

fn selector() -> Selector {
    Selector::Virtual("scanner".into())
}

fn open(format: ScanFormat, settings: &Settings, chop: bool) -> (SerialScanner, ScannerControl) {
    let (scanner, control) = VirtualScanner::new(format);
    let (host, device) = memory::pair();
    tokio::spawn(scanner.serve(device));
    let plan = FaultPlan { chop, ..FaultPlan::none(1) };
    let link = Box::new(FaultInjector::new(host, plan));
    (SerialScanner::new(link, selector(), settings).unwrap(), control)
}

/// Waits for a scan while `hand` acts a moment later.
async fn scan(scanner: &mut dyn CodeScanner, hand: impl Future<Output = ()>) -> Scan {
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        hand.await;
    };
    let both = async { tokio::join!(scanner.next_scan(), hand) };
    timeout(Duration::from_secs(10), both).await.unwrap().0.unwrap()
}

#[tokio::test(start_paused = true)]
async fn reads_a_payment_code() {
    let format = ScanFormat { aim: true, ..ScanFormat::default() };
    for chop in [false, true] {
        let (mut scanner, control) = open(format.clone(), &Settings::new(), chop);
        for _ in 0..2 {
            let scan = scan(&mut scanner, async { control.scan(CODE) }).await;
            assert_eq!(scan.symbology, Some(Symbology::QrCode));
            let code = PaymentCode::parse(scan.data.expose()).unwrap();
            assert_eq!((code.scheme(), code.last4()), (PaymentScheme::UnionPay, "0005"));
        }
        let shown = format!("{scanner:?}");
        assert!(!shown.contains(CODE), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn prefix_suffix_and_symbology() {
    let format = ScanFormat { prefix: vec![2], suffix: Suffix::Bytes(vec![3]), aim: true };
    let settings = Settings::new().with("prefix", "hex:02").with("suffix", "hex:03");
    let (mut scanner, control) = open(format, &settings, true);
    let scan =
        scan(&mut scanner, async { control.scan_as(AimIdentifier::CODE_128, b"A\rB") }).await;
    assert_eq!(
        (scan.data.expose(), scan.symbology),
        (b"A\rB".as_slice(), Some(Symbology::Code128))
    );
}

#[tokio::test(start_paused = true)]
async fn noise_before_a_prefix_is_discarded() {
    let format = ScanFormat { prefix: vec![2], suffix: Suffix::LineEnd, aim: false };
    let settings = Settings::new().with("prefix", "hex:02");
    let (mut scanner, control) = open(format, &settings, true);
    for noise in [b"62001\r".as_slice(), &[0x00, 0xff, 0x7e], &[0x02, 0x55, 0x02, 0x0d]] {
        let scan = scan(&mut scanner, async {
            control.send_raw(noise);
            control.scan(CODE);
        });
        assert_eq!(scan.await.data.expose_str(), Some(CODE));
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_suffix_silence_ends_a_code() {
    let format = ScanFormat { suffix: Suffix::Silence, ..ScanFormat::default() };
    let (mut scanner, control) = open(format, &Settings::new().with("suffix", "none"), true);
    let scan = scan(&mut scanner, async {
        control.send_raw(b"62000000");
        sleep(Duration::from_millis(150)).await;
        control.send_raw(b"00000000005");
    });
    let scan = scan.await;
    assert_eq!((scan.data.expose_str(), scan.symbology), (Some(CODE), None));
}

#[tokio::test(start_paused = true)]
async fn codes_that_nobody_waits_for_are_dropped() {
    let (mut scanner, control) = open(ScanFormat::default(), &Settings::new(), false);
    control.scan("130000000000000000");
    sleep(Duration::from_millis(10)).await;
    let scan = scan(&mut scanner, async { control.scan(CODE) }).await;
    assert_eq!(scan.data.expose_str(), Some(CODE));
}

#[tokio::test(start_paused = true)]
async fn a_code_cut_off_by_dropping_is_dropped_whole() {
    for half_while_waiting in [true, false] {
        let (mut scanner, control) = open(ScanFormat::default(), &Settings::new(), false);
        if half_while_waiting {
            let (dropped, ()) =
                tokio::join!(timeout(Duration::from_millis(50), scanner.next_scan()), async {
                    control.send_raw(b"1300000")
                });
            assert!(dropped.is_err());
        } else {
            control.send_raw(b"1300000");
            sleep(Duration::from_millis(10)).await;
        }
        let scan = scan(&mut scanner, async {
            control.send_raw(b"00000000000\r");
            control.scan(CODE);
        });
        assert_eq!(scan.await.data.expose_str(), Some(CODE));
    }
}

#[tokio::test(start_paused = true)]
async fn noise_does_not_swallow_the_next_code() {
    let (mut scanner, control) = open(ScanFormat::default(), &Settings::new(), false);
    let scan = scan(&mut scanner, async {
        control.send_raw(b"noise without an end");
        sleep(Duration::from_millis(300)).await;
        control.send_raw(&[b'x'; 5000]);
        sleep(Duration::from_millis(300)).await;
        control.send_raw(b"\r\r\n]Q1\r");
        control.scan(CODE);
    });
    assert_eq!(scan.await.data.expose_str(), Some(CODE));
}

#[tokio::test]
async fn a_scanner_that_leaves_is_gone() {
    let (host, device) = memory::pair();
    let mut scanner = SerialScanner::new(host, selector(), &Settings::new()).unwrap();
    drop(device);
    let error = scanner.next_scan().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test(start_paused = true)]
async fn health_is_that_of_the_line() {
    let (mut scanner, control) = open(ScanFormat::default(), &Settings::new(), false);
    let report = scanner.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(report.health, Health::Good);
    let hand = async {
        sleep(Duration::from_millis(10)).await;
        control.scan(CODE);
    };
    let (report, ()) = tokio::join!(scanner.check_health(HealthLevel::Interactive), hand);
    assert_eq!(report.unwrap().text, "a code was read");
}

#[tokio::test]
async fn opens_over_a_pty_by_selector() {
    let pty = Pty::open(None).unwrap();
    let selector: Selector = format!("serial:{}", pty.path().display()).parse().unwrap();
    let (virtual_scanner, control) = VirtualScanner::new(ScanFormat::default());
    tokio::spawn(virtual_scanner.serve(pty));
    let functions = SerialScannerDriver.open(&selector, &Settings::new()).await.unwrap();
    let mut scanner = functions.scanner.unwrap();
    // Held up again and again, as a customer does.
    let hand = async {
        loop {
            control.scan(CODE);
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        scan = scanner.next_scan() => assert_eq!(scan.unwrap().data.expose_str(), Some(CODE)),
        () = hand => {}
        () = sleep(Duration::from_secs(10)) => panic!("no code came"),
    }
}
