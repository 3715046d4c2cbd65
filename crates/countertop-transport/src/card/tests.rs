use std::io;
use std::sync::{Arc, Mutex};

use countertop_device::{CardProtocol, CardSession, DeviceErrorKind};

use super::*;

/// A buffer that can be read while the recorder has it.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A card with a well-known test number.
const CONVERSATION: &str = "\
reset T=1 3B 81 81 01 00 00
> 00 B2 01 0C 00
< 70 0A 5A 08 62 00 00 00 00 00 00 05 90 00 ; 0 ms
> 00 20 00 80 08 24 12 34 FF FF FF FF FF
< 63 C2 ; 0 ms
> 00 B2 02 0C 00
! card removed ; 0 ms
";

const COMMANDS: &[&[u8]] = &[
    &[0x00, 0xb2, 0x01, 0x0c, 0x00],
    &[0x00, 0x20, 0x00, 0x80, 0x08, 0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x00, 0xb2, 0x02, 0x0c, 0x00],
];

fn card() -> ReplaySession {
    ReplaySession::new(CONVERSATION.parse().unwrap())
}

async fn record(redaction: Redaction) -> String {
    let paper = Paper::default();
    let recorder = Recorder::new(paper.clone(), redaction);
    recorder.comment("a test");
    let mut session = recorder.record(Box::new(card()));
    assert_eq!((session.protocol(), session.answer_to_reset().len()), (CardProtocol::T1, 6));
    for command in COMMANDS {
        let result = session.transmit(command).await;
        assert_eq!(result.is_err(), command == &COMMANDS[2]);
    }
    Box::new(session).close().await.unwrap();
    paper.text()
}

#[tokio::test(start_paused = true)]
async fn a_recording_hides_and_can_be_played() {
    let text = record(Redaction::Cardholder).await;
    assert_eq!(
        text,
        "# a test\n\
         reset T=1 3B 81 81 01 00 00\n\
         > 00 B2 01 0C 00\n\
         < 70 0A 5A 08 ** ** ** ** ** ** ** ** 90 00 ; 0 ms\n\
         > 00 20 00 80 08 ** ** ** ** ** ** ** **\n\
         < 63 C2 ; 0 ms\n\
         > 00 B2 02 0C 00\n\
         ! card removed ; 0 ms\n"
    );
    let mut again = ReplaySession::new(text.parse().unwrap());
    assert!(again.transmit(COMMANDS[0]).await.unwrap().expose().ends_with(&[0, 0x90, 0x00]));
    assert_eq!(again.transmit(COMMANDS[1]).await.unwrap().expose(), [0x63, 0xc2]);
    let error = again.transmit(COMMANDS[2]).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::CardRemoved);
    again.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn test_data_is_shown_on_demand_but_no_pin() {
    let text = record(Redaction::UnlessTestCard).await;
    assert!(text.contains("5A 08 62 00 00 00 00 00 00 05"));
    assert!(text.contains("00 20 00 80 08 ** ** ** ** ** ** ** **"));
}

#[tokio::test]
async fn another_way_is_named() {
    let mut card = card();
    let error = card.transmit(COMMANDS[2]).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.to_string().contains("command 1 is not the one that was recorded"));
    assert_eq!(card.finish(), Err(ReplayError::Left(2)));

    let mut ended = ReplaySession::new("> 00 B0 00 00\n".parse().unwrap());
    let error = ended.transmit(&[0x00, 0xb0, 0, 0]).await.unwrap_err();
    assert!(error.to_string().contains("no answer to command 1"));
    let error = ended.transmit(&[0x00, 0xb0, 0, 0]).await.unwrap_err();
    assert!(error.to_string().contains("ends before command 2"));
}

#[tokio::test(start_paused = true)]
async fn time_is_played_when_asked_for() {
    let log = "> 00 B0 00 00\n< 90 00 ; 700 ms\n";
    for (timed, expected) in [(false, 0), (true, 700)] {
        let mut card = ReplaySession::new(log.parse().unwrap());
        if timed {
            card = card.with_timing();
        }
        let begin = tokio::time::Instant::now();
        card.transmit(&[0x00, 0xb0, 0, 0]).await.unwrap();
        assert_eq!(begin.elapsed().as_millis(), expected);
    }
}

#[tokio::test]
async fn a_full_disk_does_not_end_the_conversation() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let recorder = Recorder::new(Full, Redaction::Cardholder);
    let mut session = recorder.record(Box::new(card()));
    assert!(session.transmit(COMMANDS[0]).await.is_ok());
}
