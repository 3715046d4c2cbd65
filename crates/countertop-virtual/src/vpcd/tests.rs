use core::time::Duration;

use countertop_wire::vpcd::{ReaderMessage, split_frame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;
use crate::card::VirtualCard;

const PATIENCE: Duration = Duration::from_secs(10);
const ATR: [u8; 2] = [0x3b, 0x00];

/// Answers each command with how many came before it since the last reset.
#[derive(Debug, Default)]
struct Counter {
    count: u8,
    leaves_at: Option<u8>,
    mute: bool,
}

impl VirtualCard for Counter {
    fn answer_to_reset(&self) -> Vec<u8> {
        ATR.to_vec()
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x01]
    }

    fn reset(&mut self) {
        self.count = 0;
    }

    fn transmit(&mut self, _: &[u8]) -> Vec<u8> {
        self.count += 1;
        if self.mute { Vec::new() } else { vec![self.count - 1, 0x90, 0x00] }
    }

    fn delay(&self) -> Duration {
        Duration::from_micros(1)
    }

    fn is_present(&self) -> bool {
        self.leaves_at.is_none_or(|at| self.count < at)
    }
}

async fn ask<L>(link: &mut L, message: ReaderMessage) -> Vec<u8>
where
    L: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    link.write_all(&message.to_frame().unwrap()).await.unwrap();
    read(link).await
}

async fn read<L: tokio::io::AsyncRead + Unpin>(link: &mut L) -> Vec<u8> {
    let length = timeout(PATIENCE, link.read_u16()).await.unwrap().unwrap();
    let mut content = vec![0; length.into()];
    timeout(PATIENCE, link.read_exact(&mut content)).await.unwrap().unwrap();
    content
}

fn select() -> ReaderMessage {
    ReaderMessage::command([0x00, 0xa4, 0x04, 0x00])
}

fn start(mut card: Counter) -> (DuplexStream, tokio::task::JoinHandle<Result<Ended, SlotError>>) {
    let (reader, link) = duplex(64);
    (reader, tokio::spawn(async move { serve_link(&mut card, link).await }))
}

async fn accept(listener: &TcpListener) -> TcpStream {
    timeout(PATIENCE, listener.accept()).await.unwrap().unwrap().0
}

async fn slot(reconnect: Reconnect) -> (TcpListener, CardSlotControl) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (slot, control) = CardSlot::new(address, reconnect);
    tokio::spawn(slot.run());
    (listener, control)
}

#[tokio::test]
async fn answers_what_wants_an_answer() {
    let (mut reader, task) = start(Counter::default());
    assert_eq!(ask(&mut reader, ReaderMessage::AnswerToReset).await, ATR);
    assert_eq!(ask(&mut reader, select()).await, [0, 0x90, 0x00]);
    assert_eq!(ask(&mut reader, select()).await, [1, 0x90, 0x00]);
    reader.write_all(&ReaderMessage::Reset.to_frame().unwrap()).await.unwrap();
    assert_eq!(ask(&mut reader, select()).await, [0, 0x90, 0x00]);
    drop(reader);
    assert_eq!(task.await.unwrap().unwrap(), Ended::ReaderGone);
}

#[tokio::test]
async fn takes_messages_in_any_pieces() {
    let (mut reader, _task) = start(Counter::default());
    let bytes = [select().to_frame().unwrap(), select().to_frame().unwrap()].concat();
    for piece in bytes.chunks(3) {
        reader.write_all(piece).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(read(&mut reader).await, [0, 0x90, 0x00]);
    assert_eq!(read(&mut reader).await, [1, 0x90, 0x00]);
}

#[tokio::test]
async fn refuses_what_vpcd_does_not_define() {
    let (mut reader, task) = start(Counter::default());
    reader.write_all(&[0x00, 0x01, 0x7f]).await.unwrap();
    assert!(matches!(task.await.unwrap(), Err(SlotError::Protocol(_))));
}

#[tokio::test]
async fn a_card_that_leaves_gives_no_answer() {
    let card = Counter { leaves_at: Some(2), ..Counter::default() };
    let (mut reader, task) = start(card);
    assert_eq!(ask(&mut reader, select()).await, [0, 0x90, 0x00]);
    reader.write_all(&select().to_frame().unwrap()).await.unwrap();
    assert_eq!(task.await.unwrap().unwrap(), Ended::CardRemoved);
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).await.unwrap();
    assert_eq!(split_frame(&rest), None);
}

#[tokio::test]
async fn a_mute_card_is_let_go() {
    let (mut reader, task) = start(Counter { mute: true, ..Counter::default() });
    assert!(ask(&mut reader, select()).await.is_empty());
    assert_eq!(task.await.unwrap().unwrap(), Ended::CardMute);
}

#[tokio::test]
async fn serve_says_who_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = serve(Counter::default(), &address).await.unwrap_err();
    assert!(error.to_string().contains(&address), "{error}");
}

#[tokio::test]
async fn inserts_and_removes() {
    let (listener, control) = slot(Reconnect::Never).await;
    assert!(control.remove().await.unwrap().is_none());
    control.insert(Counter::default()).await.unwrap();
    let mut reader = accept(&listener).await;
    assert_eq!(ask(&mut reader, select()).await, [0, 0x90, 0x00]);
    assert!(matches!(control.insert(Counter::default()).await, Err(SlotError::Occupied)));
    let mut card = control.remove().await.unwrap().unwrap();
    assert_eq!(card.transmit(&[]), [1, 0x90, 0x00]);
    assert_eq!(timeout(PATIENCE, reader.read(&mut [0])).await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn stays_in_when_the_reader_comes_back() {
    let (listener, control) = slot(Reconnect::Every(Duration::from_millis(1))).await;
    control.insert(Counter::default()).await.unwrap();
    drop(accept(&listener).await);
    let mut reader = accept(&listener).await;
    assert_eq!(ask(&mut reader, ReaderMessage::AnswerToReset).await, ATR);
    assert!(control.remove().await.unwrap().is_some());
}

#[tokio::test]
async fn a_card_that_left_is_not_in() {
    let (listener, control) = slot(Reconnect::Every(Duration::from_millis(1))).await;
    control.insert(Counter { leaves_at: Some(1), ..Counter::default() }).await.unwrap();
    let mut reader = accept(&listener).await;
    reader.write_all(&select().to_frame().unwrap()).await.unwrap();
    assert_eq!(timeout(PATIENCE, reader.read(&mut [0])).await.unwrap().unwrap(), 0);
    assert!(control.remove().await.unwrap().is_none());
}

#[tokio::test]
async fn a_slot_that_does_not_run_says_so() {
    let (slot, control) = CardSlot::new("127.0.0.1:1", Reconnect::Never);
    drop(slot);
    assert!(matches!(control.insert(Counter::default()).await, Err(SlotError::Stopped)));
}
