use super::*;

const TRACK_1: &[u8] = b"B6200000000000005^LI/MING^30122010000000000";
const TRACK_2: &[u8] = b"6200000000000005=30122010000000000";
const TRACK_3: &[u8] = b"996200000000000005=1561560000000000000=";

#[test]
fn fields_of_track_2() {
    let track = Track2::parse(TRACK_2).unwrap();
    assert_eq!(track.pan().expose(), "6200000000000005");
    assert_eq!(track.masked_pan(), "620000******0005");
    assert_eq!(track.expiry().unwrap().to_yymm(), "3012");
    assert_eq!(track.service_code().unwrap().digits(), "201");
    assert!(track.has_chip());
    assert_eq!(track.discretionary(), b"0000000000");
    assert_eq!(&*track.to_text(), TRACK_2);
    assert_eq!(Track2::parse(b"6200000000000005D30122010000000000"), Ok(track));
}

#[test]
fn fields_of_track_1() {
    let track = Track1::parse(TRACK_1).unwrap();
    assert_eq!(track.name(), b"LI/MING");
    assert_eq!(track.expiry().unwrap().month(), 12);
    assert_eq!(track.masked_pan(), "620000******0005");
    assert_eq!(&*track.to_text(), TRACK_1);
}

#[test]
fn fields_may_be_left_out() {
    let track = Track2::parse(b"4111111111111111===123").unwrap();
    assert_eq!((track.expiry(), track.service_code()), (None, None));
    assert_eq!(track.discretionary(), b"123");
    assert_eq!(&*track.to_text(), b"4111111111111111===123");
    assert!(!track.has_chip());
}

#[test]
fn builds_what_it_parses() {
    let pan = Pan::parse(b"4111111111111111").unwrap();
    let expiry = Expiry::new(30, 12).ok();
    let service = ServiceCode::parse(b"101").ok();
    let track = Track2::build(&pan, expiry, service, b"7").unwrap();
    assert_eq!(&*track.to_text(), b"4111111111111111=30121017");
    let track = Track1::build(&pan, b"LI/MING", expiry, None, b"").unwrap();
    assert_eq!(&*track.to_text(), b"B4111111111111111^LI/MING^3012^");
    assert_eq!(Track2::build(&pan, expiry, service, &[b'0'; 40]), Err(TrackError::Length));
    let refused = Track1::build(&pan, b"li/ming", expiry, None, b"");
    assert_eq!(refused, Err(TrackError::Character { position: 18 }));
}

#[test]
fn refuses_what_is_no_track() {
    for (text, error) in [
        (b"".as_slice(), TrackError::Pan),
        (b"6200000000000005", TrackError::Fields),
        (b"6200000000000005=", TrackError::Fields),
        (b"6200000000000005=3013201", TrackError::Expiry),
        (b"6200000000000005=3012=<", TrackError::Fields),
        (b"6200000000000005=30122=1", TrackError::ServiceCode),
        (b"1234567=3012201", TrackError::Pan),
        (b"12345678901234567890=3012201", TrackError::Pan),
        (b"62000A0000000005=3012201", TrackError::Character { position: 5 }),
        (b"6200000000000005=3012201?", TrackError::Character { position: 24 }),
    ] {
        assert_eq!(Track2::parse(text), Err(error), "{error}");
    }
    assert_eq!(Track1::parse(b"A6200000000000005^LI/MING^3012201"), Err(TrackError::Fields));
    assert_eq!(Track1::parse(b"B6200000000000005^L^3012201"), Err(TrackError::Fields));
}

#[test]
fn every_truncation_is_an_error_or_a_shorter_track() {
    for len in 0..TRACK_2.len() {
        if let Ok(track) = Track2::parse(&TRACK_2[..len]) {
            assert_eq!(&*track.to_text(), &TRACK_2[..len]);
        }
    }
    for len in 0..TRACK_1.len() {
        if let Ok(track) = Track1::parse(&TRACK_1[..len]) {
            assert_eq!(&*track.to_text(), &TRACK_1[..len]);
        }
    }
}

#[test]
fn debug_shows_no_card_data() {
    let shown = format!("{:?}", Track2::parse(TRACK_2).unwrap());
    assert_eq!(shown, "Track2 { pan: Pan(620000******0005), .. }");
    let shown = format!("{:?}", Track1::parse(TRACK_1).unwrap());
    assert!(!shown.contains("MING"));
    let bits = encode_bits(TrackNumber::Two, TRACK_2).unwrap();
    assert_eq!(format!("{bits:?}"), format!("TrackBits({} bits)", bits.len()));
}

#[test]
fn masks_by_length() {
    for (pan, masked) in [
        (b"12345678".as_slice(), "****5678"),
        (b"123456789012", "********9012"),
        (b"1234567890123", "123456***0123"),
        (b"6200000000000000005", "620000*********0005"),
    ] {
        assert_eq!(Pan::parse(pan).unwrap().masked(), masked);
    }
}

#[test]
fn luhn_is_a_check_of_its_own() {
    assert!(Pan::parse(b"6200000000000005").unwrap().luhn_is_good());
    assert!(Pan::parse(b"4111111111111111").unwrap().luhn_is_good());
    assert!(!Pan::parse(b"4111111111111112").unwrap().luhn_is_good());
}

#[test]
fn service_code_tells_chip_and_pin() {
    for (code, chip, pin) in [
        (b"101", false, false),
        (b"201", true, false),
        (b"620", true, true),
        (b"121", false, false),
    ] {
        let code = ServiceCode::parse(code).unwrap();
        assert_eq!((code.has_chip(), code.requires_pin()), (chip, pin));
    }
}

/// ISO/IEC 7811-6: `;` is 1101 0, `1` is 1000 0, `?` is 1111 1, LRC of the three is 1010 1, each
/// least significant bit first with odd parity.
#[test]
fn bits_of_the_standard() {
    let bits = encode_bits(TrackNumber::Two, b"1").unwrap();
    let expected = [0x00, 0x00, 0b1101_0100, 0b0011_1111, 0b0101_0000, 0x00, 0x00];
    assert_eq!(&bits.to_packed()[..4], &expected[..4]);
    assert_eq!(bits.len(), 16 + 20 + 16);
    let bits = encode_bits(TrackNumber::One, b"A").unwrap();
    // `%` 101000 1, `A` 100001 1.
    assert_eq!(&bits.to_packed()[2..4], &[0b1010_0011, 0b0000_1111]);
}

#[test]
fn bits_round_trip_in_both_directions() {
    for (track, text) in
        [(TrackNumber::One, TRACK_1), (TrackNumber::Two, TRACK_2), (TrackNumber::Three, TRACK_3)]
    {
        let bits = encode_bits(track, text).unwrap();
        assert_eq!(&*decode_bits(track, &bits).unwrap(), text);
        assert_eq!(&*decode_bits(track, &bits.reversed()).unwrap(), text);
        assert_eq!(&*decode_bits(track, &bits.without_clocking()).unwrap(), text);
        assert_eq!(bits.without_clocking().len(), bits.len() - 16);
        let packed = TrackBits::from_packed(&bits.to_packed());
        assert_eq!(&*decode_bits(track, &packed).unwrap(), text);
    }
}

#[test]
fn a_flipped_bit_never_reads_well() {
    let good = encode_bits(TrackNumber::Two, TRACK_2).unwrap();
    for position in 16..good.len() - 16 {
        let mut bits = good.clone();
        bits.flip(position);
        let read = decode_bits(TrackNumber::Two, &bits);
        assert!(read.is_err(), "bit {position}");
    }
}

#[test]
fn bit_errors_are_typed() {
    let good = encode_bits(TrackNumber::Two, b"12").unwrap();
    let with = |positions: &[usize]| {
        let mut bits = good.clone();
        positions.iter().for_each(|&position| bits.flip(position));
        decode_bits(TrackNumber::Two, &bits)
    };
    assert_eq!(decode_bits(TrackNumber::Two, &TrackBits::default()), Err(TrackError::Start));
    assert_eq!(with(&[21]), Err(TrackError::Parity { position: 1 }));
    // Two flips in one character keep its parity.
    assert_eq!(with(&[21, 22]), Err(TrackError::Lrc));
    let cut = TrackBits::from_packed(&good.to_packed()[..4]);
    assert_eq!(decode_bits(TrackNumber::Two, &cut), Err(TrackError::End));
}

#[test]
fn sentinels_come_and_go() {
    assert_eq!(strip_sentinels(TrackNumber::Two, b";12=3?"), Ok(b"12=3".as_slice()));
    assert_eq!(strip_sentinels(TrackNumber::Three, b"+12=3?"), Ok(b"12=3".as_slice()));
    assert_eq!(strip_sentinels(TrackNumber::Two, b"+12=3?"), Err(TrackError::Start));
    assert_eq!(strip_sentinels(TrackNumber::Two, b""), Err(TrackError::Start));
    assert_eq!(strip_sentinels(TrackNumber::One, b"%AB"), Err(TrackError::End));
    let wrong = strip_sentinels(TrackNumber::One, b"%a?");
    assert_eq!(wrong, Err(TrackError::Character { position: 0 }));
    assert_eq!(&*add_sentinels(TrackNumber::One, b"AB"), b"%AB?");
}
