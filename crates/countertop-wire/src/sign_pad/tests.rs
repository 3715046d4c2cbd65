use proptest::prelude::*;

use super::*;
use crate::jbig::{Bitmap, JbigError};

const CODE: [u8; 8] = *b"1A2B3C4D";

fn commands() -> Vec<Command> {
    let sequence = Sequence::from([1, 2, 3]);
    let zone = Zone { width: 480, height: 160, picture_width: 240, picture_height: 80 };
    vec![
        Command::Handshake,
        Command::ReportUpload { sequence, outcome: 1 },
        Command::BeginSignature { feature_code: CODE },
        Command::EndSignature,
        Command::BeginBatch,
        Command::EndBatch,
        Command::BatchReceived { sequence },
        Command::BatchRefused { sequence },
        Command::Set(Setting::Timeout(60)),
        Command::Set(Setting::Zone(zone)),
        Command::Set(Setting::AllowBlank(false)),
        Command::Set(Setting::Resigns(3)),
        Command::Set(Setting::PenWidth(2)),
    ]
}

fn responses() -> Vec<Response> {
    let sequence = Sequence::from([0, 0, 9]);
    vec![
        Response::Handshake { state: 0 },
        Response::UploadReported(StorageStatus::Deleted),
        Response::UploadReported(StorageStatus::Stored),
        Response::UploadReported(StorageStatus::StoredNearlyFull),
        Response::UploadReported(StorageStatus::Failed),
        Response::Signature { sequence, picture: vec![0xff; 40] },
        Response::NoSignature { reason: 1 },
        Response::Ended,
        Response::Batch { left: 2, sequence, data: vec![1, 2] },
        Response::BatchEnded,
        Response::Heartbeat,
        Response::Set { code: 0xe3, status: 0 },
    ]
}

/// As the libraries of the field send them.
#[test]
fn known_frames() {
    let frame = |command: Command| encode_frame(&command.to_data()).unwrap();
    assert_eq!(frame(Command::Handshake), [0x02, 0x00, 0x02, 0xa0, 0x03, 0xa1]);
    assert_eq!(
        frame(Command::BeginSignature { feature_code: CODE }),
        [0x02, 0x00, 0x0a, 0xa2, 0x31, 0x41, 0x32, 0x42, 0x33, 0x43, 0x34, 0x44, 0x03, 0xab]
    );
    let zone = Zone { width: 480, height: 160, picture_width: 240, picture_height: 80 };
    assert_eq!(
        frame(Command::Set(Setting::Zone(zone)))[3..12],
        [0xe3, 0x01, 0xe0, 0x00, 0xa0, 0x00, 0xf0, 0x00, 0x50]
    );
}

#[test]
fn commands_round_trip() {
    for command in commands() {
        assert_eq!(Command::parse(&command.to_data()), Ok(command));
    }
}

#[test]
fn responses_round_trip() {
    for response in responses() {
        assert_eq!(Response::parse(&response.to_data()), Ok(response));
    }
}

#[test]
fn every_other_length_of_a_command_is_refused() {
    for command in commands() {
        let mut data = command.to_data();
        for length in 1..data.len() {
            let error = SignPadError::Length { code: data[0], length: length - 1 };
            assert_eq!(Command::parse(&data[..length]), Err(error));
        }
        data.push(0);
        assert!(matches!(Command::parse(&data), Err(SignPadError::Length { .. })));
    }
    assert_eq!(Command::parse(&[]), Err(SignPadError::Empty));
    assert_eq!(Command::parse(&[0x55]), Err(SignPadError::Code(0x55)));
}

#[test]
fn responses_that_are_cut_off_are_refused_or_shorter() {
    for data in responses().iter().map(Response::to_data) {
        for length in 1..data.len() {
            if let Err(error) = Response::parse(&data[..length]) {
                assert_eq!(error, SignPadError::Length { code: data[0], length: length - 1 });
            }
        }
    }
    assert_eq!(Response::parse(&[]), Err(SignPadError::Empty));
    assert_eq!(Response::parse(&[0x55, 1]), Err(SignPadError::Code(0x55)));
    assert_eq!(Response::parse(&[0xb1, 9]), Err(SignPadError::Value { code: 0xb1, value: 9 }));
}

#[test]
fn debug_withholds_signatures() {
    let shown = format!("{:?}", responses());
    assert!(shown.contains("Signature(9, 40 bytes)") && !shown.contains("255"), "{shown}");
    let mut decoder = Decoder::new();
    decoder.push(&[0x02, 0x01, 0x00, 0xb2, 0xff]);
    assert_eq!(format!("{decoder:?}"), "Decoder { received: 5 bytes }");
}

#[test]
fn frames_have_bounds() {
    assert_eq!(encode_frame(&[]), Err(0));
    assert_eq!(encode_frame(&[0; MAX_DATA + 1]), Err(MAX_DATA + 1));
    let mut decoder = Decoder::new();
    decoder.push(&encode_frame(&[7; MAX_DATA]).unwrap());
    assert_eq!(decoder.next_frame().unwrap().len(), MAX_DATA);
}

#[test]
fn frames_come_in_pieces() {
    let mut decoder = Decoder::new();
    let mut seen = Vec::new();
    for command in commands() {
        for byte in encode_frame(&command.to_data()).unwrap() {
            decoder.push(&[byte]);
            seen.extend(decoder.next_frame());
        }
    }
    assert_eq!(seen, commands().iter().map(|command| command.to_data()).collect::<Vec<_>>());
    assert!(!decoder.is_within_frame());
}

#[test]
fn a_frame_after_noise_is_found() {
    let good = encode_frame(&[0xa3]).unwrap();
    let bad_sum = [0x02, 0x00, 0x02, 0xa0, 0x03, 0x00];
    let bad_end = [0x02, 0x00, 0x02, 0xa0, 0x04, 0xa6];
    for noise in [&b"garbage"[..], &[0x02], &[0x02, 0x02], &[2, 0, 0], &bad_sum, &bad_end] {
        let mut decoder = Decoder::new();
        decoder.push(noise);
        decoder.push(&good);
        let found = decoder.next_frame().or_else(|| decoder.resynchronise());
        assert_eq!(found, Some(vec![0xa3]), "{noise:02x?}");
    }
}

#[test]
fn a_frame_behind_a_false_start_is_found_after_silence() {
    let mut decoder = Decoder::new();
    decoder.push(&[0x02, 0x20, 0x00, 0xb2]);
    decoder.push(&encode_frame(&[0xb3]).unwrap());
    assert_eq!(decoder.next_frame(), None);
    assert!(decoder.is_within_frame());
    assert_eq!(decoder.resynchronise(), Some(vec![0xb3]));
    assert_eq!(decoder.resynchronise(), None);
    assert!(!decoder.is_within_frame());
}

fn drawing() -> Bitmap {
    let mut bitmap = Bitmap::new(241, 81).unwrap();
    for at in 0..80 {
        bitmap.set(at * 3, at, true);
        bitmap.set(240, at, true);
    }
    bitmap
}

#[test]
fn pictures_round_trip_in_both_formats() {
    for format in [PictureFormat::Bmp, PictureFormat::Jbig] {
        let bytes = encode_picture(&drawing(), format);
        assert_eq!(decode_picture(&bytes), Ok(drawing()));
        for length in 0..bytes.len() {
            assert!(decode_picture(&bytes[..length]).is_err(), "{format:?} cut at {length}");
        }
    }
}

#[test]
fn a_bitmap_is_laid_out_as_windows_has_it() {
    let mut bitmap = Bitmap::new(9, 2).unwrap();
    bitmap.set(0, 0, true);
    bitmap.set(8, 1, true);
    let bytes = encode_picture(&bitmap, PictureFormat::Bmp);
    assert_eq!(bytes.len(), 62 + 8);
    assert_eq!(bytes[..6], [b'B', b'M', 70, 0, 0, 0]);
    assert_eq!(bytes[10..14], [62, 0, 0, 0]);
    assert_eq!(bytes[62..], [0x00, 0x80, 0, 0, 0x80, 0x00, 0, 0]);
}

#[test]
fn palettes_and_row_order_are_honoured() {
    let mut bytes = encode_picture(&drawing(), PictureFormat::Bmp);
    bytes[54..62].rotate_left(4);
    let inverse = decode_picture(&bytes).unwrap();
    assert_eq!(inverse.black_dots(), 241 * 81 - drawing().black_dots());
    bytes[54..62].rotate_left(4);
    bytes[22..26].copy_from_slice(&(-81i32).to_le_bytes());
    let flipped = decode_picture(&bytes).unwrap();
    assert!(flipped.get(0, 80) && !flipped.get(0, 0));
}

#[test]
fn other_bitmaps_are_refused() {
    let with = |at: usize, value: &[u8]| {
        let mut bytes = encode_picture(&drawing(), PictureFormat::Bmp);
        bytes[at..at + value.len()].copy_from_slice(value);
        decode_picture(&bytes).unwrap_err()
    };
    assert_eq!(with(28, &[24]), PictureError::Bmp("depth"));
    assert_eq!(with(30, &[1]), PictureError::Bmp("compression"));
    let huge = PictureError::Jbig(JbigError::Size { width: u32::MAX, height: 81 });
    assert_eq!(with(18, &[0xff; 4]), huge);
    assert_eq!(with(0, b"P4"), PictureError::Format);
    assert_eq!(with(10, &[0xff; 4]), PictureError::Bmp("length"));
    assert_eq!(with(22, &[0; 4]), PictureError::Jbig(JbigError::Size { width: 241, height: 0 }));
}

proptest! {
    #[test]
    fn noise_never_panics_and_never_hides_a_frame(
        noise in proptest::collection::vec(any::<u8>(), 0..80),
        data in proptest::collection::vec(any::<u8>(), 1..60),
    ) {
        let mut decoder = Decoder::new();
        decoder.push(&noise);
        decoder.push(&encode_frame(&data).unwrap());
        let mut frames = Vec::new();
        while let Some(frame) = decoder.next_frame().or_else(|| decoder.resynchronise()) {
            let _ = (Command::parse(&frame), Response::parse(&frame));
            frames.push(frame);
        }
        // Noise that happens to be a frame may swallow it; anything else may not.
        prop_assert!(frames.len() > 1 || frames.contains(&data));
    }

    #[test]
    fn damaged_pictures_never_panic(at in 0usize..200, value: u8) {
        let mut bytes = encode_picture(&drawing(), PictureFormat::Bmp);
        bytes[at] = value;
        let _ = decode_picture(&bytes);
    }
}
