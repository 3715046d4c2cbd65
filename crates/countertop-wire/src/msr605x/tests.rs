use proptest::prelude::*;

use super::*;
use crate::magtek::swipe_reader_descriptor;

/// What "WIP MSR605X" sends for `ESC v`.
const FIRMWARE: [u8; 3] = [0xc2, 0x1b, 0x76];

fn put_together(reports: &[[u8; PACKET_LEN]]) -> Option<Vec<u8>> {
    let mut decoder = MessageDecoder::new();
    let (last, before) = reports.split_last().unwrap();
    for report in before {
        assert_eq!(decoder.push(report).unwrap(), None);
    }
    decoder.push(last).unwrap().map(|message| message.to_vec())
}

#[test]
fn a_command_is_one_packet() {
    let reports = encode_message(&[0x1b, 0x76]).unwrap();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0][..3], FIRMWARE);
    assert_eq!(reports[0][3..], [0; 61]);
    assert_eq!(put_together(&reports).unwrap(), [0x1b, 0x76]);
}

#[test]
fn long_messages_are_cut_at_63_bytes() {
    for (length, headers) in [
        (0, vec![0xc0]),
        (63, vec![0xff]),
        (64, vec![0xbf, 0x41]),
        (126, vec![0xbf, 0x7f]),
        (127, vec![0xbf, 0x3f, 0x41]),
    ] {
        let message: Vec<u8> = (0..=255).cycle().take(length).collect();
        let reports = encode_message(&message).unwrap();
        assert_eq!(reports.iter().map(|report| report[0]).collect::<Vec<_>>(), headers);
        assert_eq!(put_together(&reports).unwrap(), message);
    }
}

#[test]
fn cut_off_packets_are_refused_at_every_length() {
    let report = encode_message(&[0x55; 40]).unwrap()[0];
    assert_eq!(Packet::parse(&[]), Err(PacketError::Empty));
    for present in 0..40 {
        let error = Packet::parse(&report[..=present]).unwrap_err();
        assert_eq!(error, PacketError::CutOff { announced: 40, present });
    }
    for length in 41..=PACKET_LEN {
        assert_eq!(Packet::parse(&report[..length]).unwrap().payload, [0x55; 40]);
    }
}

#[test]
fn a_packet_takes_63_bytes() {
    let packet = Packet { first: true, last: false, payload: &[0; 64] };
    assert_eq!(packet.encode(), Err(PacketError::TooLong(64)));
    let packet = Packet { payload: &[0; 300], ..packet };
    assert_eq!(packet.encode(), Err(PacketError::TooLong(300)));
}

#[test]
fn messages_without_start_or_end_are_dropped() {
    let reports = encode_message(&[7; 130]).unwrap();
    let mut decoder = MessageDecoder::new();
    assert_eq!(decoder.push(&reports[1]).unwrap(), None);
    assert_eq!(decoder.push(&reports[2]).unwrap(), None, "its start is missing");
    decoder.push(&reports[0]).unwrap();
    let next = encode_message(b"next").unwrap();
    assert_eq!(decoder.push(&next[0]).unwrap().unwrap().as_slice(), b"next");
    decoder.push(&reports[0]).unwrap();
    decoder.push(&[]).unwrap_err();
    assert_eq!(decoder.push(&reports[2]).unwrap(), None, "a report between was none");
    decoder.push(&reports[0]).unwrap();
    for _ in 0..100 {
        decoder.push(&reports[1]).unwrap();
    }
    assert_eq!(decoder.push(&reports[2]).unwrap(), None, "it was longer than any");
}

#[test]
fn nothing_of_a_card_is_shown() {
    let reports = encode_message(&[b'4'; 100]).unwrap();
    let mut decoder = MessageDecoder::new();
    decoder.push(&reports[0]).unwrap();
    let shown = format!("{decoder:?} {:?}", Packet::parse(&reports[0]));
    assert!(!shown.contains("52") && !shown.contains("44"), "{shown}");
}

#[test]
fn told_from_readers_of_magtek() {
    let descriptor = report_descriptor();
    assert!(is_msr605x(&descriptor));
    assert!(!is_msr605x(&swipe_reader_descriptor()));
    for length in 0..descriptor.len() {
        // Whether it is enough of a descriptor is no matter here.
        let _ = is_msr605x(&descriptor[..length]);
    }
}

proptest! {
    #[test]
    fn messages_come_back(message in proptest::collection::vec(any::<u8>(), 0..800)) {
        let reports = encode_message(&message).unwrap();
        prop_assert_eq!(put_together(&reports).unwrap(), message);
    }

    #[test]
    fn noise_does_no_harm(
        reports in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..70), 0..20)
    ) {
        let mut decoder = MessageDecoder::new();
        for report in reports {
            // Whether it is a packet is no matter here.
            let _ = decoder.push(&report);
        }
    }
}
