use crate::iso7813::{TrackBits, TrackNumber, encode_bits};

use super::line::{encode_line, parse_line};
use super::msr::{
    Command, CommandDecoder, RawResponse, ReadResponse, ResponseError, Status, encode_model,
    parse_model,
};
use super::*;

fn manual_tracks() -> [TrackField; 3] {
    [TrackField::text(b"01"), TrackField::text(b"23"), TrackField::text(b"45")]
}

/// MSR605 manual, section 8, "Read Data".
const MANUAL_READ: &[u8] = b"\x1bs\x1b\x01%01?\x1b\x02;23?\x1b\x03;45??\x1c\x1b0";

#[test]
fn reads_the_manuals_example() {
    let (response, len) = ReadResponse::parse(MANUAL_READ).unwrap().unwrap();
    assert_eq!(len, MANUAL_READ.len());
    assert_eq!(response, ReadResponse { tracks: manual_tracks(), status: Status::Good });
    assert_eq!(response.encode(), MANUAL_READ);
}

#[test]
fn missing_and_bad_tracks() {
    // MSR605 manual, section 7, note 2: no data on track 1, no head for track 3.
    let (response, _) =
        ReadResponse::parse(b"\x1bs\x1b\x01\x1b\x02;23??\x1c\x1b0").unwrap().unwrap();
    assert_eq!(response.tracks, [TrackField::Absent, TrackField::text(b"23"), TrackField::Absent]);
    let marked = b"\x1bs\x1b\x01\x1b*\x1b\x02;23?\x1b\x03\x1b+?\x1c\x1b1";
    let (response, _) = ReadResponse::parse(marked).unwrap().unwrap();
    assert_eq!(response.status, Status::ReadError);
    let expected = [TrackField::Unreadable, TrackField::text(b"23"), TrackField::Absent];
    assert_eq!(response.tracks, expected);
    assert_eq!(response.encode(), marked);
}

#[test]
fn a_track_without_its_sentinel_is_unreadable() {
    let (response, _) =
        ReadResponse::parse(b"\x1bs\x1b\x0123?\x1b\x02;2A3??\x1c\x1b0").unwrap().unwrap();
    assert_eq!(
        response.tracks,
        [TrackField::Unreadable, TrackField::Unreadable, TrackField::Absent]
    );
}

#[test]
fn every_truncation_waits_for_more() {
    for len in 0..MANUAL_READ.len() {
        assert_eq!(ReadResponse::parse(&MANUAL_READ[..len]), Ok(None), "{len}");
    }
}

#[test]
fn skips_noise_before_and_keeps_what_follows() {
    let bytes = [b"\xff\x00\x1b".as_slice(), MANUAL_READ, b"more"].concat();
    let (response, len) = ReadResponse::parse(&bytes).unwrap().unwrap();
    assert_eq!(response.tracks, manual_tracks());
    assert_eq!(&bytes[len..], b"more");
}

#[test]
fn garbage_is_an_error() {
    for bytes in [
        b"\x1c\x1b0".as_slice(),
        b"\x1bs\x1b\x01%01?\x1c00",
        b"\x1bs%01??\x1c\x1b0",
        b"\x1bs\x1b+?\x1c\x1b0",
        b"\x1bs\x1b\x01%01?\x1b?\x1c\x1b0",
        b"\x1bs\x1b\x01%01\x1c\x1b0",
    ] {
        assert_eq!(ReadResponse::parse(bytes), Err(ResponseError::Malformed), "{bytes:?}");
    }
    assert_eq!(ReadResponse::parse(&[b'x'; 600]), Err(ResponseError::TooLong));
}

#[test]
fn commands_round_trip_byte_by_byte() {
    let commands = [
        Command::Reset,
        Command::ReadIso,
        Command::ReadRaw,
        Command::CommTest,
        Command::Model,
        Command::Firmware,
        Command::RamTest,
        Command::SensorTest,
        Command::Light(0x83),
        Command::SetBitsPerCharacter([8, 8, 8]),
        Command::SetDensity(0xd2),
        Command::SetLeadingZeros([0x3d, 0x16]),
        Command::LeadingZeros,
        Command::SetCoercivity { high: true },
        Command::SetCoercivity { high: false },
        Command::Coercivity,
        Command::Erase(7),
        Command::Unknown(b'Q'),
    ];
    let mut decoder = CommandDecoder::new();
    let mut seen = Vec::new();
    decoder.push(b"noise");
    for byte in commands.iter().flat_map(|command| command.encode()) {
        decoder.push(&[byte]);
        seen.extend(decoder.next_command());
    }
    assert_eq!(seen, commands);
    assert_eq!(Command::CommTest.encode(), [0x1b, 0x65]);
}

#[test]
fn a_write_takes_its_data_block_with_it() {
    let mut decoder = CommandDecoder::new();
    decoder.push(b"\x1bw\x1bs\x1b\x0101\x1b\x0223\x1b\x0345?\x1c\x1be");
    assert_eq!(decoder.next_command(), Some(Command::Write));
    assert_eq!(decoder.next_command(), Some(Command::CommTest));
    assert_eq!(decoder.next_command(), None);
}

#[test]
fn model_has_a_digit() {
    assert_eq!(parse_model(&encode_model(b'3')), Some(b'3'));
    assert_eq!(parse_model(b"\x1b3"), None);
}

#[test]
fn raw_bits_round_trip() {
    let bits = |track, text| encode_bits(track, text).unwrap();
    let tracks =
        [TrackBits::default(), bits(TrackNumber::Two, b"23"), bits(TrackNumber::Three, b"45")];
    let bytes = RawResponse { tracks, status: Status::Good }.encode();
    for len in 0..bytes.len() {
        assert_eq!(RawResponse::parse(&bytes[..len]), Ok(None));
    }
    let (response, len) = RawResponse::parse(&bytes).unwrap().unwrap();
    assert_eq!(len, bytes.len());
    let text = crate::iso7813::decode_bits(TrackNumber::Two, &response.tracks[1]).unwrap();
    assert_eq!(&*text, b"23");
    assert_eq!(RawResponse::parse(b"\x1bx"), Err(ResponseError::Malformed));
}

#[test]
fn lines_of_text() {
    assert_eq!(parse_line(b"%01?;23?+45?"), Some(manual_tracks()));
    assert_eq!(parse_line(b"%01?;23?;45?"), Some(manual_tracks()));
    assert_eq!(&*encode_line(&manual_tracks()), b"%01?;23?+45?\r");
    let only_2 = [TrackField::Absent, TrackField::text(b"23"), TrackField::Absent];
    assert_eq!(parse_line(b"noise;23?"), Some(only_2));
    let bad = [TrackField::Unreadable, TrackField::Unreadable, TrackField::Unreadable];
    assert_eq!(parse_line(b"%E?;E?+45"), Some(bad));
    assert_eq!(
        &*encode_line(&[TrackField::Unreadable, TrackField::Absent, TrackField::Absent]),
        b"%E?\r"
    );
    assert_eq!(parse_line(b"hello"), None);
}

#[test]
fn debug_shows_no_card_data() {
    assert_eq!(format!("{:?}", TrackField::text(b"1234")), "Text(4 characters)");
}
