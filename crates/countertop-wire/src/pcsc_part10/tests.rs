use super::*;
use crate::apdu::{CommandApdu, StatusWord};

/// What libccid answers for a GemPC PinPad.
const FEATURES: &[u8] = &[
    0x06, 0x04, 0x42, 0x33, 0x00, 0x06, 0x0a, 0x04, 0x42, 0x33, 0x00, 0x0a, 0x12, 0x04, 0x42, 0x33,
    0x00, 0x12,
];

#[test]
fn features_both_ways() {
    let list = FeatureList::parse(FEATURES).unwrap();
    assert_eq!(list.control_code(Feature::VerifyPinDirect), Some(0x4233_0006));
    assert_eq!(list.control_code(Feature::ModifyPinDirect), None);
    assert_eq!(list.features().count(), 3);
    assert_eq!(list.encode(), FEATURES);
    for length in 0..FEATURES.len() {
        let whole = length % 6 == 0;
        assert_eq!(FeatureList::parse(&FEATURES[..length]).is_ok(), whole, "{length}");
    }
    assert_eq!(
        FeatureList::parse(&[0x06, 0x02, 0x42, 0x33]),
        Err(Part10Error::BadLength { tag: 6, length: 2 })
    );
    for tag in 0..=u8::MAX {
        assert_eq!(Feature::from_tag(tag).tag(), tag);
    }
}

/// The fields that the GemPC PinPad's manual gives for a PIN block of format 2.
#[test]
fn the_offline_pin_of_emv() {
    let entry = VerifyPin::emv(30);
    let bytes = entry.encode();
    let expected = [
        30, 30, 0x89, 0x47, 0x04, 12, 4, 0x02, 0x01, 0x09, 0x04, 0x00, 0, 0, 0, 13, 0, 0, 0, 0x00,
        0x20, 0x00, 0x80, 0x08, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    assert_eq!(bytes, expected);
    assert_eq!(VerifyPin::parse(&bytes), Ok(entry.clone()));
    for length in 0..bytes.len() {
        assert_eq!(VerifyPin::parse(&bytes[..length]), Err(Part10Error::WrongLength(length)));
    }
    let command = CommandApdu::parse(&entry.command).unwrap();
    assert_eq!((command.instruction(), command.p2(), command.data().len()), (0x20, 0x80, 8));
}

#[test]
fn a_change_of_pin_both_ways() {
    let entry = ModifyPin {
        timeout: 20,
        timeout_after_key: 15,
        format: PinFormat { length: None, encoding: PinEncoding::Ascii, ..PinFormat::EMV },
        old_offset: 0,
        new_offset: 8,
        confirm_new: true,
        ask_old: true,
        validation: EntryValidation::KEY,
        messages: 3,
        language: 0x0804,
        message_indices: [0, 1, 2],
        command: vec![0x00, 0x24, 0x00, 0x80, 0x10].into(),
    };
    let bytes = entry.encode();
    assert_eq!(ModifyPin::parse(&bytes), Ok(entry));
    for length in 0..bytes.len() {
        assert_eq!(ModifyPin::parse(&bytes[..length]), Err(Part10Error::WrongLength(length)));
    }
    let mut wrong = bytes.clone();
    wrong[9] = 0x04;
    assert_eq!(ModifyPin::parse(&wrong), Err(Part10Error::BadValue("bConfirmPIN")));
    wrong = bytes;
    wrong[2] = 0x03;
    assert_eq!(ModifyPin::parse(&wrong), Err(Part10Error::BadValue("bmFormatString")));
}

#[test]
fn properties_both_ways() {
    let properties = ReaderProperties {
        lcd_layout: Some(0x0210),
        firmware: Some("GemTwRC2-V2.00-GB06".into()),
        min_pin: Some(4),
        max_apdu_data: Some(0x1_0000),
        vendor: Some(0x08e6),
        ..ReaderProperties::default()
    };
    let bytes = properties.encode();
    assert_eq!(ReaderProperties::parse(&bytes), Ok(properties));
    // An unknown one is left out, one of a wrong length is an error.
    assert_eq!(ReaderProperties::parse(&[0x77, 1, 0]), Ok(ReaderProperties::default()));
    let wrong = ReaderProperties::parse(&[0x0a, 1, 0]);
    assert_eq!(wrong, Err(Part10Error::BadLength { tag: 0x0a, length: 1 }));
    assert!(ReaderProperties::parse(&bytes[..bytes.len() - 1]).is_err());

    let pin = PinProperties {
        lcd_layout: 0x0210,
        validation: EntryValidation(7),
        timeout_after_key: true,
    };
    assert_eq!(PinProperties::parse(&pin.encode()), Ok(pin));
    assert_eq!(PinProperties::parse(&[1]), Err(Part10Error::WrongLength(1)));
}

#[test]
fn outcomes_are_told_apart() {
    for (status, outcome) in [
        (0x6400, PinOutcome::TimedOut),
        (0x6401, PinOutcome::Cancelled),
        (0x6402, PinOutcome::Different),
        (0x6403, PinOutcome::BadLength),
        (0x6b80, PinOutcome::BadStructure),
        (0x63c2, PinOutcome::Card(StatusWord(0x63c2))),
    ] {
        assert_eq!(PinOutcome::from_status(StatusWord(status)), outcome);
        assert_eq!(outcome.status(), StatusWord(status));
    }
}

#[test]
fn debug_shows_no_command() {
    assert!(format!("{:?}", VerifyPin::emv(30)).contains("CardData(13 bytes)"));
}

mod any {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn what_is_parsed_comes_back(bytes in vec(any::<u8>(), 0..60)) {
            if let Ok(entry) = VerifyPin::parse(&bytes) {
                assert_eq!(VerifyPin::parse(&entry.encode()), Ok(entry));
            }
            if let Ok(entry) = ModifyPin::parse(&bytes) {
                assert_eq!(ModifyPin::parse(&entry.encode()), Ok(entry));
            }
            if let Ok(list) = FeatureList::parse(&bytes) {
                assert_eq!(list.encode(), bytes);
            }
            if let Ok(properties) = ReaderProperties::parse(&bytes) {
                assert_eq!(ReaderProperties::parse(&properties.encode()), Ok(properties));
            }
        }

        #[test]
        fn any_structure_around_a_command(fixed in any::<[u8; 15]>(), command in vec(any::<u8>(), 0..300)) {
            let length = u32::try_from(command.len()).unwrap().to_le_bytes();
            let bytes = [&fixed[..], &length, &command].concat();
            if let Ok(entry) = VerifyPin::parse(&bytes) {
                let again = entry.encode();
                assert_eq!((&again[..12], &again[19..]), (&bytes[..12], &bytes[19..]));
            }
        }
    }
}
