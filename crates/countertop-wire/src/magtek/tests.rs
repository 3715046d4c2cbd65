use proptest::prelude::*;

use super::*;
use crate::hid::{ReportDescriptor, ReportKind};

const TRACK_1: &[u8] = b"%B6200000000000005^LI/MING^30122010000000000?";
const TRACK_2: &[u8] = b";6200000000000005=30122010000000000?";

fn swipe_reader() -> CardLayout {
    CardLayout::of(&swipe_reader_descriptor()).unwrap()
}

fn magnesafe() -> CardLayout {
    CardLayout::of(&magnesafe_descriptor()).unwrap()
}

fn clear(text: &[u8]) -> TrackData {
    TrackData::Clear(text.to_vec().into())
}

fn card(magnesafe: Option<MagneSafe>) -> CardReport {
    let tracks = [clear(TRACK_1), clear(TRACK_2), TrackData::Unreadable];
    CardReport { tracks, encode_type: EncodeType::IsoAba, magnesafe }
}

#[test]
fn the_descriptor_is_the_manuals() {
    // D99875191, section 4, "Report descriptor".
    let manual = [
        0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x09,
        0x20, 0x09, 0x21, 0x09, 0x22, 0x09, 0x28, 0x09, 0x29, 0x09, 0x2A, 0x09, 0x38, 0x95, 0x07,
        0x81, 0x02, 0x09, 0x30, 0x95, 0x6E, 0x82, 0x02, 0x01, 0x09, 0x31, 0x95, 0x6E, 0x82, 0x02,
        0x01, 0x09, 0x32, 0x95, 0x6E, 0x82, 0x02, 0x01, 0x09, 0x20, 0x95, 0x18, 0xB2, 0x02, 0x01,
        0xC0,
    ];
    assert_eq!(swipe_reader_descriptor(), manual);
    let reader = swipe_reader();
    assert_eq!((reader.report_length(), reader.command_length()), (337, 24));
    assert_eq!((reader.command_report(), reader.is_magnesafe()), (0, false));
}

#[test]
fn usages_lie_at_the_offsets_of_the_manuals() {
    // 99875475, appendix B, example 3; D998200115, table 6-1.
    let offsets = [
        (0x20, 0),
        (0x22, 2),
        (0x28, 3),
        (0x38, 6),
        (0x30, 7),
        (0x31, 119),
        (0x32, 231),
        (0x39, 343),
        (0x23, 344),
        (0x2B, 348),
        (0x33, 349),
        (0x40, 477),
        (0x42, 493),
        (0x46, 495),
        (0x47, 505),
        (0x4A, 508),
        (0x4C, 732),
        (0x50, 844),
        (0x51, 852),
        (0x54, 855),
        (0x55, 856),
        (0x56, 859),
        (0x57, 867),
    ];
    let descriptor = ReportDescriptor::parse(&magnesafe_descriptor()).unwrap();
    for (id, offset) in offsets {
        let field = descriptor.find(ReportKind::Input, descriptor::usage(id)).unwrap();
        assert_eq!(field.offset, offset * 8, "usage 0x{id:02x}");
    }
    assert_eq!((magnesafe().report_length(), magnesafe().command_length()), (887, 62));
    assert!(magnesafe().is_magnesafe());
}

#[test]
fn a_swipe_goes_both_ways() {
    let report = swipe_reader().encode(&card(None));
    assert_eq!(report[..7], [0, 0, 1, 45, 36, 0, 0]);
    assert_eq!(report[7..52], *TRACK_1);
    assert_eq!(report[117..153], *TRACK_2);
    assert_eq!(swipe_reader().parse(&report).unwrap(), card(None));
}

#[test]
fn a_magnesafe_reader_without_keys_sends_clear_tracks() {
    let plain = MagneSafe { serial_number: "B012345".into(), ..MagneSafe::default() };
    let report = magnesafe().encode(&card(Some(plain.clone())));
    assert_eq!(report[477..485], *b"B012345\0");
    assert_eq!(magnesafe().parse(&report).unwrap(), card(Some(plain)));
}

#[test]
fn encrypted_tracks_are_never_clear() {
    let masked = b";6200000000000005=30120000000000000?".to_vec();
    let secure = MagneSafe {
        status: EncryptionStatus(0x0006),
        serial_number: String::new(),
        key_serial_number: [0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0x00, 0x08],
        masked: [Vec::new().into(), masked.into(), Vec::new().into()],
        absolute_lengths: [45, 36, 0],
        session_id: [7; 8],
        magneprint_status: 0x0000_05A1,
        magneprint: vec![9; 56],
    };
    let tracks = [
        TrackData::Encrypted(vec![0xC2; 48]),
        TrackData::Encrypted(vec![0x5C; 40]),
        TrackData::Absent,
    ];
    let sent = CardReport { tracks, encode_type: EncodeType::IsoAba, magnesafe: Some(secure) };
    let report = magnesafe().encode(&sent);
    assert_eq!(report[493..505], [0, 6, 0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0, 8]);
    assert_eq!(report[344..348], [0xA1, 0x05, 0, 0]);
    assert_eq!(magnesafe().parse(&report).unwrap(), sent);
    assert!(!format!("{sent:?}").contains("6200"));
}

#[test]
fn encryption_needs_a_key_and_to_be_enabled() {
    for (bits, encrypts, exhausted) in
        [(0, false, false), (2, false, false), (4, false, false), (6, true, false), (7, true, true)]
    {
        let status = EncryptionStatus(bits);
        assert_eq!((status.encrypts(), status.is_exhausted()), (encrypts, exhausted), "{bits}");
    }
    assert!(EncryptionStatus(0x0106).is_exhausted());
}

#[test]
fn a_decoding_error_wins_over_data() {
    let mut report = swipe_reader().encode(&card(None));
    report[1] = 0x01;
    assert_eq!(swipe_reader().parse(&report).unwrap().tracks[1], TrackData::Unreadable);
}

#[test]
fn short_reports_and_wrong_lengths_are_refused() {
    let report = swipe_reader().encode(&card(None));
    for length in 0..report.len() {
        let error = swipe_reader().parse(&report[..length]).unwrap_err();
        assert_eq!(error, ReportError::TooShort(length));
    }
    let mut report = report;
    report[3] = 111;
    assert_eq!(swipe_reader().parse(&report), Err(ReportError::Length(0x28)));
}

#[test]
fn other_devices_are_no_readers() {
    let keyboard = [0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0xC0];
    assert_eq!(CardLayout::of(&keyboard), Err(LayoutError::Missing(0x20)));
    assert!(matches!(CardLayout::of(&[0x06, 0x00]), Err(LayoutError::Descriptor(_))));
    let whole = swipe_reader_descriptor();
    for length in 0..whole.len() - 1 {
        assert!(CardLayout::of(&whole[..length]).is_err() || length >= 60, "{length}");
    }
}

#[test]
fn encode_types_go_both_ways() {
    for byte in 0..=u8::MAX {
        assert_eq!(EncodeType::from_byte(byte).byte(), byte);
        assert_eq!(ResultCode::from_byte(byte).byte(), byte);
    }
}

#[test]
fn commands_are_the_manuals() {
    // D99875191, section 4, "Software ID property".
    let command = Command::GetProperty(Property::SOFTWARE_ID);
    let request = command.encode(24).unwrap();
    assert_eq!((request.len(), &request[..4]), (24, [0x00, 0x01, 0x00, 0x00].as_slice()));
    let response = Response::success(*b"21042812D01").encode(24).unwrap();
    assert_eq!(response[..4], [0x00, 0x0B, 0x32, 0x31]);
    assert_eq!(Response::parse(&response).unwrap().data, b"21042812D01");
    // "Interface type property".
    let set = Command::SetProperty(Property::INTERFACE_TYPE, vec![0x01]);
    assert_eq!(set.encode(24).unwrap()[..4], [0x01, 0x02, 0x10, 0x01]);
}

#[test]
fn every_command_goes_both_ways() {
    for command in [
        Command::GetProperty(Property::TRACK_ID_ENABLE),
        Command::SetProperty(Property::POLLING_INTERVAL, vec![10]),
        Command::ResetDevice,
        Command::GetKeySerialNumber,
        Command::GetReaderState,
        Command::GetSecurityLevel,
        Command::Other(0x15, vec![3, 1, 2, 3, 4]),
    ] {
        let report = command.encode(24).unwrap();
        assert_eq!(Command::parse(&report).unwrap(), command);
        let end = 2 + usize::from(report[1]);
        for length in 0..end {
            assert_eq!(Command::parse(&report[..length]), Err(CommandError::TooShort));
        }
    }
    assert_eq!(Command::parse(&[0x00, 0x00]), Err(CommandError::DataLength(0x00)));
    let long = Command::Other(0x30, vec![0; 23]);
    assert_eq!(long.encode(24), Err(CommandError::TooLong(23)));
    assert_eq!(Response::refusal(ResultCode::Delayed).encode(2).unwrap(), [5, 0]);
}

proptest! {
    #[test]
    fn garbage_is_survived(bytes in proptest::collection::vec(any::<u8>(), 887..888)) {
        let _ = magnesafe().parse(&bytes);
        let _ = swipe_reader().parse(&bytes);
        let _ = Command::parse(&bytes);
        let _ = Response::parse(&bytes);
    }
}
