//! What a session can do beyond single commands.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countertop_chip::Reset;
use countertop_device::{
    CardSession as _, ChipReader as _, DeviceErrorKind, Dialogue, Sensitive, Settings,
};

use crate::common::{ATR_T0, ATR_T1, RawCard, Service};
use crate::{kind, soon};

/// T=1 with card capabilities: command chaining, no extended lengths.
const ATR_CHAINS: &[u8] = &[0x3b, 0x85, 0x81, 0x01, 0x80, 0x73, 0x00, 0x00, 0x80, 0x76];

/// PUT DATA with 300 bytes.
fn long() -> Vec<u8> {
    [&[0x00, 0xdb, 0x3f, 0xff, 0x00, 0x01, 0x2c][..], &[0x55; 300]].concat()
}

/// Remembers what a card hears and answers success.
fn listening(answer_to_reset: &'static [u8]) -> (RawCard, Arc<Mutex<Vec<Vec<u8>>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let card = RawCard::insert(answer_to_reset, move |command| {
        hears.lock().unwrap().push(command.to_vec());
        Some(vec![0x90, 0x00])
    });
    (card, heard)
}

#[tokio::test]
async fn a_card_is_reset_warm_and_cold() {
    let service = Service::start();
    let mut reader = service.open().await;
    let (_card, heard) = listening(ATR_T1);
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    for reset in [Reset::Warm, Reset::Cold] {
        soon(session.transmit(&[0x00, 0xb0, 0, 0])).await.unwrap();
        soon(session.reset(reset)).await.unwrap();
        assert_eq!(session.answer_to_reset(), ATR_T1);
    }
    soon(session.transmit(&[0x00, 0xb0, 0, 1])).await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn long_commands_go_as_the_card_takes_them() {
    let service = Service::start();
    let mut reader = service.open().await;
    for (answer_to_reset, lengths) in [
        // Extended as it is; in a chain; in envelopes.
        (ATR_T1, vec![307]),
        (ATR_CHAINS, vec![260, 50]),
        (ATR_T0, vec![260, 57]),
    ] {
        let (card, heard) = listening(answer_to_reset);
        soon(reader.await_card()).await.unwrap();
        let mut session = soon(reader.connect_card()).await.unwrap();
        let answer = soon(session.transmit(&long())).await.unwrap();
        assert_eq!(answer.expose(), [0x90, 0x00]);
        let heard: Vec<_> = heard.lock().unwrap().iter().map(Vec::len).collect();
        assert_eq!(heard, lengths);
        // vpcd overlooks the next card when this one leaves while it is being powered down.
        soon(Box::new(session).close()).await.unwrap();
        drop(card);
        soon(reader.await_removal()).await.unwrap();
    }
}

#[tokio::test]
async fn a_reader_without_features_says_so() {
    let service = Service::start();
    let mut reader = service.open().await;
    let error = soon(reader.control(0x4200_0001, &[1])).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.help().unwrap().contains("ifdDriverOptions"));
    let (_card, _heard) = listening(ATR_T1);
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    assert_eq!(soon(session.features()).await.unwrap().features().count(), 0);
    assert!(soon(session.secure_pin_entry()).await.unwrap().is_none());
    assert_eq!(kind(soon(session.control(0x4200_0001, &[1])).await), DeviceErrorKind::InvalidInput);
    assert_eq!(kind(soon(reader.connect()).await), DeviceErrorKind::Busy);
    soon(session.transmit(&[0x00, 0xb0, 0, 0])).await.unwrap();
}

#[tokio::test]
async fn a_session_that_hangs_is_left_alone() {
    let service = Service::start();
    let mut reader = service.open_with(&crate::hasty()).await;
    let (card, _commands) = RawCard::silent();
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    assert_eq!(kind(soon(session.transmit(&[0, 0xb0, 0, 0])).await), DeviceErrorKind::TimedOut);
    // Now it costs no time any more, and the reader says who has the card.
    let begin = std::time::Instant::now();
    assert_eq!(kind(session.transmit(&[0, 0xb0, 0, 0]).await), DeviceErrorKind::TimedOut);
    assert!(begin.elapsed() < Duration::from_millis(50));
    drop(session);
    let error = soon(reader.connect()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    assert!(error.help().unwrap().starts_with("take the card out"));
    drop(card);
    soon(reader.await_removal()).await.unwrap();
    let (_card, _heard) = listening(ATR_T1);
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    soon(session.transmit(&[0, 0xb0, 0, 0])).await.unwrap();
}

/// Says READ BINARY with numbers from 1 to its end, and keeps the answers.
#[derive(Debug)]
struct Numbers {
    said: u8,
    end: u8,
    answers: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Numbers {
    fn to(end: u8) -> (Self, Arc<Mutex<Vec<Vec<u8>>>>) {
        let answers = Arc::new(Mutex::new(Vec::new()));
        (Self { said: 0, end, answers: Arc::clone(&answers) }, answers)
    }
}

impl Dialogue for Numbers {
    fn next_command(&mut self, answer: Option<Sensitive>) -> Option<Sensitive> {
        self.answers.lock().unwrap().extend(answer.map(|answer| answer.expose().to_vec()));
        if self.said == self.end {
            return None;
        }
        self.said += 1;
        Some(Sensitive::from(&[0x00, 0xb0, 0, self.said][..]))
    }
}

#[tokio::test]
async fn a_dialogue_comes_to_its_end_and_goes_on() {
    let service = Service::start();
    let mut reader = service.open().await;
    let _card = RawCard::insert(ATR_T1, |command| Some(vec![command[3], 0x90, 0x00]));
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    let (dialogue, answers) = Numbers::to(5);
    let dialogue = soon(session.converse(Box::new(dialogue))).await.unwrap();
    let expected: Vec<_> = (1..=5).map(|number| vec![number, 0x90, 0x00]).collect();
    assert_eq!(*answers.lock().unwrap(), expected);
    // It has nothing to say any more, and the card is there for others.
    soon(session.converse(dialogue)).await.unwrap();
    assert_eq!(answers.lock().unwrap().len(), 5);
    let answer = soon(session.transmit(&[0x00, 0xb0, 0, 9])).await.unwrap();
    assert_eq!(answer.expose(), [9, 0x90, 0x00]);
}

#[tokio::test]
async fn each_command_of_a_dialogue_has_its_own_deadline() {
    let service = Service::start();
    let settings = Settings::new().with("transmit_timeout_ms", 2_000);
    let mut reader = service.open_with(&settings).await;
    // Together they take longer than one may.
    let _card = RawCard::insert(ATR_T1, |_| {
        std::thread::sleep(Duration::from_millis(300));
        Some(vec![0x90, 0x00])
    });
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    let (dialogue, answers) = Numbers::to(8);
    soon(session.converse(Box::new(dialogue))).await.unwrap();
    assert_eq!(answers.lock().unwrap().len(), 8);
}

#[tokio::test]
async fn a_dialogue_that_hangs_is_left_alone() {
    let service = Service::start();
    let mut reader = service.open_with(&crate::hasty()).await;
    let card = RawCard::insert(ATR_T1, |command| (command[3] < 3).then(|| vec![0x90, 0x00]));
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    let (dialogue, answers) = Numbers::to(5);
    let end = soon(session.converse(Box::new(dialogue))).await;
    assert_eq!(kind(end), DeviceErrorKind::TimedOut);
    assert_eq!(answers.lock().unwrap().len(), 2);
    let (dialogue, _answers) = Numbers::to(1);
    let end = soon(session.converse(Box::new(dialogue))).await;
    assert_eq!(kind(end), DeviceErrorKind::TimedOut);
    drop(session);
    drop(card);
    soon(reader.await_removal()).await.unwrap();
    let (_card, _heard) = listening(ATR_T1);
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    soon(session.transmit(&[0, 0xb0, 0, 0])).await.unwrap();
}

#[tokio::test]
async fn a_dialogue_that_is_given_up_says_one_more_command_at_most() {
    let service = Service::start();
    let mut reader = service.open().await;
    let (begun, first) = std::sync::mpsc::channel();
    let heard = Arc::new(Mutex::new(0));
    let hears = Arc::clone(&heard);
    let card = RawCard::insert(ATR_T1, move |_| {
        *hears.lock().unwrap() += 1;
        let _ = begun.send(());
        std::thread::sleep(Duration::from_millis(100));
        Some(vec![0x90, 0x00])
    });
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    let (dialogue, _answers) = Numbers::to(200);
    let talking = session.converse(Box::new(dialogue));
    let heard_first = tokio::task::spawn_blocking(move || first.recv().unwrap());
    tokio::select! {
        end = talking => panic!("{end:?}"),
        first = soon(heard_first) => first.unwrap(),
    }
    // The end of the session comes behind the command that was under way.
    soon(Box::new(session).close()).await.unwrap();
    assert!(*heard.lock().unwrap() <= 2, "{heard:?}");
    drop(card);
}
