use core::time::Duration;

use super::*;

const TEXT: &str = "\
# swiped at the counter
reset T=1 3B 81 81 01 00 00
> 00 B2 01 0C 00
< 70 0A 5A 08 ** ** ** ** ** ** ** ** 90 00 ; 31 ms
> 00 B2 02 0C 00
! card removed ; 4 ms
";

/// READ RECORD answers with a PAN and a track 2.
const RECORD: &[u8] = &[
    0x70, 0x1d, 0x5a, 0x08, 0x62, 0x12, 0x99, 0x00, 0x00, 0x00, 0x00, 0x05, 0x57, 0x11, 0x62, 0x12,
    0x99, 0x00, 0x00, 0x00, 0x00, 0x05, 0xd3, 0x01, 0x22, 0x20, 0x00, 0x00, 0x00, 0x00, 0x0f, 0x90,
    0x00,
];
const READ_RECORD: &[u8] = &[0x00, 0xb2, 0x01, 0x0c, 0x00];

fn redactor(redaction: Redaction) -> Redactor {
    Redactor::new(redaction, LogProtocol::T1)
}

/// The same record of the well-known test card 6200000000000005.
fn test_record() -> Vec<u8> {
    let mut record = RECORD.to_vec();
    for start in [4, 14] {
        record[start..start + 8].copy_from_slice(&[0x62, 0, 0, 0, 0, 0, 0, 0x05]);
    }
    record
}

#[test]
fn text_both_ways() {
    let log: Log = TEXT.parse().unwrap();
    assert_eq!(log.to_string(), TEXT);
    assert_eq!(log.0.len(), 6);
    let [.., LogEntry::Answer { answer, took }, _, LogEntry::Failed { failure, .. }] = &log.0[..]
    else {
        panic!("{log:?}");
    };
    assert_eq!(*took, Some(Duration::from_millis(31)));
    assert_eq!(answer.played()[..6], [0x70, 0x0a, 0x5a, 0x08, 0, 0]);
    assert_eq!(*failure, Failure::CardRemoved);
    // Spaces do not matter, and neither do capitals.
    let loose = "  reset   T=1 3b818101 0000\n\n>00b2010c00\n";
    let log: Log = loose.parse().unwrap();
    assert_eq!(log.to_string(), "reset T=1 3B 81 81 01 00 00\n> 00 B2 01 0C 00\n");
}

#[test]
fn a_bad_line_is_named() {
    for (text, reason) in [
        ("\n> 00 B", "half a byte is left over"),
        ("\n> 0G", "a byte is written as two hexadecimal digits, or as `**`"),
        ("\n> *0", "a byte is written as two hexadecimal digits, or as `**`"),
        ("\nhello", "a line starts with `#`, `reset`, `>`, `<` or `!`"),
        ("\n! bored", "this failure is not known"),
        ("\nreset T=2", "this protocol is not known"),
        ("\n< 90 00 ; soon", "a time is written as `; 12 ms`"),
        ("\n< 90 00 ; -1 ms", "a time is written as `; 12 ms`"),
    ] {
        assert_eq!(text.parse::<Log>(), Err(LogError { line: 2, reason }), "{text}");
    }
}

#[test]
fn a_comment_of_two_lines_stays_a_comment() {
    let log = Log(vec![LogEntry::Comment("one\n> 00 A4".into())]);
    assert_eq!(log.to_string(), "# one\n# > 00 A4\n");
}

#[test]
fn an_empty_comment_comes_back() {
    let log: Log = "#\n# \n".parse().unwrap();
    assert_eq!(log.to_string(), "#\n#\n");
}

#[test]
fn what_is_withheld_fits_anything() {
    let log: Log = "> 00 20 00 80 08 ** ** ** ** ** ** ** **".parse().unwrap();
    let [LogEntry::Command(command)] = &log.0[..] else { panic!("{log:?}") };
    let verify = [0x00, 0x20, 0x00, 0x80, 0x08, 0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert!(command.fits(&verify));
    assert!(!command.fits(&verify[..12]));
    assert!(!command.fits(&[0x01; 13]));
    assert_eq!(format!("{command:?}"), "Octets(13 bytes)");
}

#[test]
fn the_cardholder_is_withheld() {
    let mut redactor = redactor(Redaction::Cardholder);
    redactor.command(READ_RECORD);
    let shown = redactor.answer(RECORD).to_string();
    assert_eq!(
        shown,
        "70 1D 5A 08 ** ** ** ** ** ** ** ** 57 11 ** ** ** ** ** ** ** ** ** ** ** ** ** ** ** ** ** \
         90 00"
    );
    // From now on the number is withheld wherever it turns up.
    let elsewhere = [&[0x80, 0xae, 0x80, 0x00, 0x0a, 0x01][..], &RECORD[4..12], &[0x02]].concat();
    let shown = redactor.command(&elsewhere).to_string();
    assert_eq!(shown, "80 AE 80 00 0A 01 ** ** ** ** ** ** ** ** 02");
    assert!(redactor.answer(&elsewhere).to_string().contains("** **"));
}

#[test]
fn only_a_test_card_is_shown_and_only_when_asked_for() {
    let shown = |redaction, record: &[u8]| {
        let mut redactor = redactor(redaction);
        redactor.command(READ_RECORD);
        redactor.answer(record).to_string()
    };
    assert!(!shown(Redaction::UnlessTestCard, &test_record()).contains('*'));
    assert!(shown(Redaction::Cardholder, &test_record()).contains('*'));
    assert!(shown(Redaction::UnlessTestCard, RECORD).contains('*'));
}

#[test]
fn pins_and_keys_are_always_withheld() {
    let pin = [0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut redactor = redactor(Redaction::UnlessTestCard);
    redactor.command(READ_RECORD);
    redactor.answer(&test_record());
    for header in [
        [0x00, 0x20, 0x00, 0x80],
        [0x84, 0x24, 0x00, 0x80],
        [0x00, 0x2c, 0x00, 0x80],
        [0xff, 0x82, 0x00, 0x00],
    ] {
        let command = [&header[..], &[8], &pin].concat();
        let shown = redactor.command(&command).to_string();
        assert!(shown.ends_with(" 08 ** ** ** ** ** ** ** **"), "{shown}");
    }
    let mut tag = Redactor::new(Redaction::Cardholder, LogProtocol::Type2);
    assert_eq!(tag.command(&[0x1b, 1, 2, 3, 4]).to_string(), "1B ** ** ** **");
    assert_eq!(tag.command(&[0x30, 0x04]).to_string(), "30 04");
}

#[test]
fn certificates_and_names_are_withheld() {
    let mut redactor = redactor(Redaction::Cardholder);
    redactor.command(READ_RECORD);
    for record in [
        &[0x70, 0x06, 0x9f, 0x46, 0x03, 0x11, 0x22, 0x33, 0x90, 0x00][..],
        &[0x70, 0x06, 0x5f, 0x20, 0x03, 0x41, 0x2f, 0x42, 0x90, 0x00],
    ] {
        assert!(redactor.answer(record).to_string().ends_with("** ** ** 90 00"));
    }
}

#[test]
fn what_cannot_be_read_is_withheld() {
    let mut redactor = redactor(Redaction::Cardholder);
    redactor.command(READ_RECORD);
    // A record that is cut off in its PAN.
    let cut = [&RECORD[..9], &[0x90, 0x00]].concat();
    assert_eq!(redactor.answer(&cut).to_string(), "** ** ** ** ** ** ** ** ** 90 00");
    // Memory with a number in it, packed and as text; other memory.
    redactor.command(&[0x00, 0xb0, 0, 0, 0]);
    let packed = [&[0x62; 8][..], &[0x90, 0x00]].concat();
    assert!(redactor.answer(&packed).to_string().starts_with("**"));
    let text = [b"6212990000000005".as_slice(), &[0x90, 0x00]].concat();
    assert!(redactor.answer(&text).to_string().starts_with("**"));
    assert_eq!(redactor.answer(&[0xe1, 0x10, 0x12, 0x90, 0x00]).to_string(), "E1 10 12 90 00");
}

mod any {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn octets_come_back(bytes in vec(any::<u8>(), 0..80), cut in 0..80usize) {
            let mut octets = Octets::shown(&bytes);
            octets.withhold(cut..cut + 5);
            assert_eq!(Octets::parse(&octets.to_string()), Ok(octets.clone()));
            assert!(octets.fits(&bytes));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[>< !#0-9A-Fa-f*;ms\\n]{0,80}") {
            if let Ok(log) = text.parse::<Log>() {
                assert_eq!(log.to_string().parse::<Log>(), Ok(log));
            }
        }

        #[test]
        fn a_number_once_seen_is_never_written(
            before in vec(any::<u8>(), 0..30),
            after in vec(any::<u8>(), 0..30),
        ) {
            let mut redactor = redactor(Redaction::Cardholder);
            redactor.command(READ_RECORD);
            redactor.answer(RECORD);
            let bytes = [&before[..], &RECORD[4..12], &after].concat();
            for shown in [redactor.command(&bytes), redactor.answer(&bytes)] {
                assert!(!shown.to_string().contains("62 12 99 00 00 00 00 05"));
            }
        }
    }
}
