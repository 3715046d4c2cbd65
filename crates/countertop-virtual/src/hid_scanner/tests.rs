use countertop_wire::hid_pos::{PosScan, ScanAssembler, ScanLayout};
use countertop_wire::scanner::AimIdentifier;

use super::*;

/// Reads codes until the hand has gone.
async fn read(config: HidScannerConfig, hand: impl AsyncFnOnce(HidScannerControl)) -> Vec<PosScan> {
    let layout = ScanLayout::of(&config.descriptors.report_descriptor).unwrap();
    let (mut device, control) = config.build().unwrap();
    let host = async {
        let (mut assembler, mut codes) = (ScanAssembler::default(), Vec::new());
        while let Some(report) = device.next_input().await {
            let part = layout.parse(&report).unwrap();
            codes.extend(part.and_then(|part| assembler.push(&part)));
        }
        codes
    };
    tokio::join!(host, hand(control)).0
}

#[tokio::test]
async fn codes_of_any_length() {
    for (config, aim) in [
        (HidScannerConfig::with_symbology(), Some(AimIdentifier::QR_CODE)),
        (HidScannerConfig::plain(), None),
    ] {
        let codes = read(config.serial_number("7"), async |control| {
            for length in [1, 56, 250] {
                assert!(control.scan(Some(AimIdentifier::QR_CODE), &vec![b'7'; length]).await);
            }
            assert!(control.scan_parts(aim, &[b'8'; 100], 1).await);
        });
        let codes = codes.await;
        assert_eq!(codes.iter().map(|code| code.data.len()).collect::<Vec<_>>(), [1, 56, 250]);
        assert!(codes.iter().all(|code| code.aim == aim));
    }
}

#[tokio::test]
async fn an_unplugged_scanner_says_so() {
    let (device, control) = HidScannerConfig::plain().build().unwrap();
    drop(device);
    assert!(!control.scan(None, b"1").await);
    assert!(!control.send_garbage(&[0]).await);
}
