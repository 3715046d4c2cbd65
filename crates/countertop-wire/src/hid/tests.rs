use proptest::prelude::*;

use super::*;

/// The keyboard of HID 1.11, appendix B.1 and E.6.
const KEYBOARD_DESCRIPTOR: &[u8] = &[
    0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00, 0x25, 0x01,
    0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x05, 0x75, 0x01,
    0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x01, 0x95, 0x06,
    0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xC0,
];

#[test]
fn finds_the_fields_of_the_boot_keyboard() {
    let keyboard = ReportDescriptor::parse(KEYBOARD_DESCRIPTOR).unwrap();
    assert_eq!(keyboard.applications(), [Usage::new(GENERIC_DESKTOP, 0x06)]);
    assert_eq!(keyboard.length(ReportKind::Input, None), 8);
    assert_eq!(keyboard.length(ReportKind::Output, None), 1);
    assert_eq!(keyboard.length(ReportKind::Feature, None), 0);
    assert!(!keyboard.is_numbered());
    let right_shift = keyboard.find(ReportKind::Input, Usage::new(KEYBOARD, 0xE5)).unwrap();
    let report = [0x20, 0x00, 0x04, 0x1E, 0x00, 0x00, 0x00, 0x00];
    assert_eq!((right_shift.offset, right_shift.value(&report, 0)), (5, Some(1)));
    let keys = keyboard.find(ReportKind::Input, Usage::new(KEYBOARD, 0x1E)).unwrap();
    assert_eq!(keys.bytes(&report), Some([0x04, 0x1E, 0, 0, 0, 0].as_slice()));
    assert_eq!((keys.value(&report, 1), keys.value(&report, 6)), (Some(0x1E), None));
    assert_eq!(keys.bytes(&report[..7]), None);
    let caps_lock = keyboard.find(ReportKind::Output, Usage::new(0x08, 0x02)).unwrap();
    assert_eq!((caps_lock.offset, caps_lock.size, caps_lock.bytes(&[2])), (1, 1, None));
}

#[test]
fn builder_and_parser_agree() {
    let built = DescriptorBuilder::new()
        .usage_page(GENERIC_DESKTOP)
        .usage(0x06)
        .application()
        .usage_page(KEYBOARD)
        .usage_range(0xE0, 0xE7)
        .logical_range(1)
        .report_size(1)
        .report_count(8)
        .input(DescriptorBuilder::VARIABLE)
        .end_collection()
        .build();
    assert_eq!(built[..22], KEYBOARD_DESCRIPTOR[..22]);
    let parsed = ReportDescriptor::parse(&built).unwrap();
    assert_eq!(parsed.fields().len(), 8);
}

#[test]
fn reports_with_numbers_begin_with_them() {
    let built = DescriptorBuilder::new()
        .usage_page(VENDOR)
        .usage(0x01)
        .application()
        .report_id(2)
        .bytes()
        .usages([0x20, 0x21])
        .report_count(5)
        .input(DescriptorBuilder::BUFFERED)
        .report_id(3)
        .usages([0x30, 0x31, 0x32])
        .report_count(2)
        .feature(DescriptorBuilder::VARIABLE)
        .end_collection()
        .build();
    let parsed = ReportDescriptor::parse(&built).unwrap();
    assert!(parsed.is_numbered());
    assert_eq!(parsed.length(ReportKind::Input, Some(2)), 6);
    assert_eq!(parsed.length(ReportKind::Feature, Some(3)), 3);
    let rest = parsed.find(ReportKind::Input, Usage::new(VENDOR, 0x21)).unwrap();
    let mut report = [2, 10, 11, 12, 13, 14];
    assert_eq!(rest.bytes(&report), Some([11, 12, 13, 14].as_slice()));
    rest.bytes_mut(&mut report).unwrap().fill(9);
    assert_eq!(report, [2, 10, 9, 9, 9, 9]);
    // There are two elements for three usages.
    assert!(parsed.find(ReportKind::Feature, Usage::new(VENDOR, 0x31)).is_some());
    assert_eq!(parsed.find(ReportKind::Feature, Usage::new(VENDOR, 0x32)), None);
}

#[test]
fn a_descriptor_cut_off_within_an_item_is_refused() {
    for length in 0..KEYBOARD_DESCRIPTOR.len() {
        match ReportDescriptor::parse(&KEYBOARD_DESCRIPTOR[..length]) {
            Ok(_) => assert!(length.is_multiple_of(2), "{length}"),
            Err(error) => assert_eq!(error, DescriptorError::CutOff),
        }
    }
}

#[test]
fn nonsense_is_named() {
    assert_eq!(ReportDescriptor::parse(&[0xB4]), Err(DescriptorError::Misplaced(0xB4)));
    assert_eq!(ReportDescriptor::parse(&[0x85, 0x00]), Err(DescriptorError::Misplaced(0x84)));
    let endless = [0x75, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x09, 0x01, 0x81, 0x02];
    assert_eq!(ReportDescriptor::parse(&endless), Err(DescriptorError::TooLong));
    let long_item = [0xFE, 0x01, 0x77, 0xAA, 0x05, 0x07];
    assert!(ReportDescriptor::parse(&long_item).is_ok());
    assert_eq!(ReportDescriptor::parse(&long_item[..3]), Err(DescriptorError::CutOff));
}

proptest! {
    #[test]
    fn garbage_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(parsed) = ReportDescriptor::parse(&bytes) {
            for field in parsed.fields() {
                prop_assert!(field.bytes(&[0; 8]).is_none_or(|it| it.len() <= 8));
                let _ = field.value(&[0xFF; 8], 0);
            }
        }
    }
}
