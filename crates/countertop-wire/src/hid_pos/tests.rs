use proptest::collection::vec;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::hid::{BAR_CODE_SCANNER, DescriptorBuilder};
use crate::scanner::{AimIdentifier, MAX_CODE};

const CODE: &[u8] = b"6200000000000000005";

fn layouts() -> [ScanLayout; 3] {
    // A scanner of the specification's bare minimum: no numbers, no count, no identifier, no flag.
    let minimal = DescriptorBuilder::new()
        .usage_page(BAR_CODE_SCANNER)
        .usage(0x02)
        .application()
        .bytes()
        .usage(0xfe)
        .report_count(32)
        .input(DescriptorBuilder::BUFFERED)
        .end_collection()
        .build();
    [scanner_descriptor(), plain_descriptor(), minimal]
        .map(|descriptor| ScanLayout::of(&descriptor).unwrap())
}

fn assemble(layout: &ScanLayout, reports: &[impl AsRef<[u8]>]) -> Vec<PosScan> {
    let mut assembler = ScanAssembler::default();
    let parts = reports.iter().map(|report| layout.parse(report.as_ref()).unwrap().unwrap());
    parts.filter_map(|part| assembler.push(&part)).collect()
}

#[test]
fn bytes_of_a_report() {
    let [scanner, plain, _] = layouts();
    let report = scanner.encode(Some(AimIdentifier::QR_CODE), CODE).remove(0);
    assert_eq!(report.len(), 64);
    assert_eq!(report[..5], [0x02, 19, b']', b'Q', b'1']);
    assert_eq!((&report[5..24], report[63]), (CODE, 0x00));
    let report = plain.encode(Some(AimIdentifier::QR_CODE), CODE).remove(0);
    assert_eq!(report.len(), 64);
    assert_eq!((report[..2].to_vec(), &report[2..21]), (vec![0x02, 19], CODE));
    let reports = scanner.encode(None, &[b'x'; 57]);
    assert_eq!(reports.iter().map(|it| (it[1], it[63])).collect::<Vec<_>>(), [(56, 1), (1, 0)]);
}

#[test]
fn codes_of_any_length_round_trip() {
    for layout in &layouts()[..2] {
        for length in [1, 55, 56, 57, 112, 250, MAX_CODE] {
            let data: Vec<u8> = (0..=255).cycle().take(length).collect();
            let reports = layout.encode(Some(AimIdentifier::CODE_128), &data);
            assert_eq!(reports.len(), length.div_ceil(56));
            let scans = assemble(layout, &reports);
            let aim = layout.has_symbology().then_some(AimIdentifier::CODE_128);
            assert_eq!(scans.len(), 1);
            assert_eq!((scans[0].aim, scans[0].data.as_slice()), (aim, data.as_slice()));
        }
        assert!(assemble(layout, &layout.encode(None, b"")).is_empty());
        assert!(assemble(layout, &layout.encode(None, &[1; MAX_CODE + 1])).is_empty());
    }
}

#[test]
fn a_scanner_of_the_bare_minimum() {
    let [_, _, minimal] = layouts();
    let scans = assemble(&minimal, &minimal.encode(None, CODE));
    assert_eq!((scans[0].aim, scans[0].data.as_slice()), (None, CODE));
}

#[test]
fn identifiers_may_lack_their_bracket() {
    let [scanner, ..] = layouts();
    let mut report = scanner.encode(None, CODE).remove(0);
    assert_eq!(scanner.parse(&report).unwrap().unwrap().aim, None);
    report[2..5].copy_from_slice(b"Q1\0");
    assert_eq!(scanner.parse(&report).unwrap().unwrap().aim, Some(AimIdentifier::QR_CODE));
    report[2..5].copy_from_slice(b"]??");
    assert_eq!(scanner.parse(&report).unwrap().unwrap().aim, None);
}

#[test]
fn reports_that_are_cut_off_are_refused() {
    for layout in layouts() {
        let report = layout.encode(Some(AimIdentifier::QR_CODE), CODE).remove(0);
        for length in 1..report.len() {
            match layout.parse(&report[..length]) {
                Err(PartError::Length(found, _)) => assert_eq!(found, length),
                other => panic!("{length}: {other:?}"),
            }
        }
    }
}

#[test]
fn other_reports_are_passed_over() {
    let [scanner, ..] = layouts();
    assert_eq!(scanner.parse(&[0x05, 0x00]), Ok(None));
    assert_eq!(scanner.parse(&[]), Ok(None));
    let mut report = scanner.encode(None, CODE).remove(0);
    report[1] = 57;
    assert_eq!(scanner.parse(&report), Err(PartError::Count(57)));
}

#[test]
fn a_code_without_end_is_given_up() {
    let [scanner, ..] = layouts();
    let parts = |aim, data: &[u8]| -> Vec<ScanPart> {
        let reports = scanner.encode(Some(aim), data);
        reports.iter().map(|report| scanner.parse(report).unwrap().unwrap()).collect()
    };
    let long = parts(AimIdentifier::QR_CODE, &[b'x'; 100]);
    let mut assembler = ScanAssembler::default();
    assert_eq!(assembler.push(&long[0]), None);
    assert!(assembler.is_pending());
    let other = assembler.push(&parts(AimIdentifier::CODE_128, CODE)[0]).unwrap();
    assert_eq!(other.data.as_slice(), CODE);
    assembler.push(&long[0]);
    assembler.give_up();
    assert_eq!(assembler.push(&parts(AimIdentifier::QR_CODE, CODE)[0]).unwrap().data.len(), 19);
    assembler.push(&long[0]);
    assembler.discard();
    assert_eq!(assembler.push(&long[1]), None);
    assert!(assembler.push(&parts(AimIdentifier::QR_CODE, CODE)[0]).is_some());
    assembler.discard();
    assert!(assembler.push(&parts(AimIdentifier::QR_CODE, CODE)[0]).is_some());
}

#[test]
fn descriptors_of_other_devices_are_refused() {
    assert_eq!(ScanLayout::of(&[]), Err(LayoutError::NoData));
    let mouse = [0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0xc0];
    assert_eq!(ScanLayout::of(&mouse), Err(LayoutError::NoData));
    let descriptor = scanner_descriptor();
    for length in 0..descriptor.len() {
        let _ = ScanLayout::of(&descriptor[..length]);
    }
}

#[test]
fn debug_shows_no_data() {
    let [scanner, ..] = layouts();
    let part = scanner.parse(&scanner.encode(None, CODE)[0]).unwrap().unwrap();
    let scan = ScanAssembler::default().push(&part);
    let shown = format!("{part:?} {scan:?} {:?}", ScanAssembler::default());
    assert!(!shown.contains("62") && shown.contains("19 bytes"), "{shown}");
}

proptest! {
    #[test]
    fn any_report_can_come(reports in vec(vec(any::<u8>(), 0..70), 0..20)) {
        for layout in layouts() {
            let mut assembler = ScanAssembler::default();
            for report in &reports {
                let mut report = report.clone();
                if let Some(first) = report.first_mut() {
                    *first &= 0x03;
                }
                if let Ok(Some(part)) = layout.parse(&report) {
                    prop_assert!(part.data.len() <= layout.capacity());
                    let _ = assembler.push(&part);
                }
            }
        }
    }

    #[test]
    fn parts_round_trip(data in vec(any::<u8>(), 0..57), continued: bool) {
        for layout in &layouts()[..2] {
            let data = zeroize::Zeroizing::new(data.clone());
            let part = ScanPart { aim: None, data, continued };
            prop_assert_eq!(layout.parse(&layout.encode_part(&part)), Ok(Some(part)));
        }
    }

    #[test]
    fn any_descriptor_can_come(descriptor in vec(any::<u8>(), 0..120)) {
        let _ = ScanLayout::of(&descriptor);
    }
}
