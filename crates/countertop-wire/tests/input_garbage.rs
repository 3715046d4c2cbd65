//! Codecs of stripe readers, scanners and PIN pads against arbitrary bytes: no panic, and what is
//! read well is written the same again.

use countertop_wire::iso7813::{
    Pan, Track1, Track2, TrackBits, TrackNumber, decode_bits, encode_bits, strip_sentinels,
};
use countertop_wire::payment_code::PaymentCode;
use countertop_wire::pinpad::{FrameDecoder, Request, Response, Token};
use countertop_wire::scanner::{ScanDecoder, ScanFormat, Suffix};
use countertop_wire::stripe::line::parse_line;
use countertop_wire::stripe::msr::{CommandDecoder, RawResponse, ReadResponse};
use proptest::collection::vec;
use proptest::prelude::{any, prop_assert_eq, proptest};

proptest! {
    #[test]
    fn stripes(bytes in vec(any::<u8>(), 0..200)) {
        let bits = TrackBits::from_packed(&bytes);
        for track in TrackNumber::ALL {
            if let Ok(text) = decode_bits(track, &bits) {
                let again = decode_bits(track, &encode_bits(track, &text).unwrap()).unwrap();
                prop_assert_eq!(&*again, &*text);
            }
            let _ = strip_sentinels(track, &bytes);
        }
        let _ = (Track1::parse(&bytes), Track2::parse(&bytes), parse_line(&bytes));
        let _ = (ReadResponse::parse(&bytes), RawResponse::parse(&bytes));
        let _ = Pan::parse(&bytes).map(|pan| (pan.masked(), pan.luhn_is_good()));
        let mut decoder = CommandDecoder::new();
        decoder.push(&bytes);
        while decoder.next_command().is_some() {}
    }

    #[test]
    fn tracks_2(text in "[0-9]{8,19}[=D][0-9=]{0,20}") {
        if let Ok(track) = Track2::parse(text.as_bytes()) {
            let expected = text.replace('D', "=").into_bytes();
            prop_assert_eq!(&*track.to_text(), &expected);
        }
    }

    #[test]
    fn pin_pads(bytes in vec(any::<u8>(), 0..300), text in "(04|06|08|1C|70\\.|71|Z62\\.|Z66|Z67|X36|X37|Z2|Z3)[0-9A-F.\\x1c\\x1aYN]{0,120}") {
        let mut decoder = FrameDecoder::new();
        decoder.push(&bytes);
        for (start, end) in [(0x02, 0x03), (0x0f, 0x0e)] {
            let mut framed = vec![start];
            framed.extend(text.bytes());
            framed.push(end);
            framed.push(framed[1..].iter().fold(0, |lrc, byte| lrc ^ byte));
            decoder.push(&framed);
        }
        while let Some(token) = decoder.next_token() {
            let Token::Frame(frame) = token else { continue };
            if let Ok(request) = Request::parse(&frame) {
                // A packet is written in one way, and may be read in several.
                if let Ok(written) = request.encode() {
                    prop_assert_eq!(Request::parse(&written), Ok(request));
                }
            }
            if let Ok(response) = Response::parse(&frame) {
                prop_assert_eq!(Response::parse(&response.encode()), Ok(response));
            }
        }
    }

    #[test]
    fn scanners(parts in vec(vec(any::<u8>(), 0..40), 0..10), suffix in vec(any::<u8>(), 0..3)) {
        for suffix in [Suffix::LineEnd, Suffix::Silence, Suffix::Bytes(suffix)] {
            let prefix = if parts.len() % 2 == 0 { vec![] } else { vec![2] };
            let format = ScanFormat { aim: true, suffix: suffix.clone(), prefix };
            let mut decoder = ScanDecoder::new(suffix);
            for (place, part) in parts.iter().enumerate() {
                decoder.push(part);
                if place == 3 {
                    decoder.discard();
                }
                while let Some(code) = decoder.next_code() {
                    if let Some((_, data)) = format.strip(&code) {
                        let _ = PaymentCode::parse(data);
                    }
                }
            }
            decoder.silence();
        }
    }
}
