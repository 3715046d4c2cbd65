//! What a session can do beyond single commands.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countertop_chip::Reset;
use countertop_device::{CardSession as _, ChipReader as _, DeviceErrorKind};

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
