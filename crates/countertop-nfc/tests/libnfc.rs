//! The driver against the virtual PN532 on a pseudo-terminal, with libnfc between them.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::fs::File;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use countertop_device::{
    CardProtocol, ContactlessReader, Device, DeviceErrorKind, Health, HealthLevel, Selector,
    Settings,
};
use countertop_nfc::{LibnfcDriver, NfcReader, tag};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard, VirtualCard};
use countertop_virtual::pn532::{
    Pn532Control, Pn532Fault, Target, Type2Model, Type2Tag, VirtualPn532,
};
use countertop_virtual::pty::Pty;
use countertop_wire::pn532::{ChipCommand, Command, Decoder, Frame, RfItem};
use rustix::termios::{InputModes, OptionalActions, tcgetattr, tcsetattr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{sleep, timeout};

use common::{
    CARD, TAG, await_target, finds_disturbed, finds_disturbed_at_each_command, finds_unheard,
    message, ntag, tells_a_second_card,
};

const LIMIT: Duration = Duration::from_secs(20);
const SELECT_PPSE: &[u8] = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00";
const SELECT_OTHER: &[u8] = b"\x00\xa4\x04\x00\x05\xa0\x00\x00\x00\x03\x00";
/// A directory with the dedicated file's name alone.
const PPSE: &[u8] = b"\x6f\x10\x84\x0e2PAY.SYS.DDF01\x90\x00";

/// Knows the directory of contactless payment cards and a long record, and nothing else.
#[derive(Debug)]
struct DirectoryCard;

impl VirtualCard for DirectoryCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x00]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x05, 0x78, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {}

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        match command {
            SELECT_PPSE => PPSE.to_vec(),
            [0x00, 0xb2, ..] => [vec![0xa5; 254], vec![0x90, 0x00]].concat(),
            _ => vec![0x6a, 0x82],
        }
    }
}

fn card() -> Target {
    Target::iso_dep(CARD, DirectoryCard)
}

fn power_up() -> (Selector, Pn532Control) {
    let pty = Pty::open(None).unwrap();
    let connstring = format!("pn532_uart:{}:115200", pty.path().display());
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    (Selector::Nfc(connstring), control)
}

async fn open(selector: &Selector) -> NfcReader {
    let settings = Settings::new().with("poll_ms", 20).with("transmit_timeout_ms", 1_000);
    open_with(selector, &settings).await
}

async fn open_with(selector: &Selector, settings: &Settings) -> NfcReader {
    let open = LibnfcDriver::new();
    timeout(LIMIT, open.open_reader(selector, settings)).await.unwrap().unwrap()
}

#[tokio::test]
async fn finds_a_card_and_talks_to_it() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    assert_eq!(reader.info().model, "PN532 v1.6");
    control.put(card());
    let target = await_target(&mut reader).await;
    assert_eq!((target.uid.as_slice(), target.atqa, target.sak), (&CARD[..], [0, 4], 0x20));
    assert_eq!(target.ats, [0x05, 0x78, 0x80, 0x70, 0x02]);
    let mut session = reader.connect().await.unwrap();
    assert_eq!(session.protocol(), CardProtocol::IsoDep);
    assert_eq!(session.answer_to_reset(), target.ats);
    assert_eq!(session.transmit(SELECT_PPSE).await.unwrap().expose(), PPSE);
    assert_eq!(session.transmit(SELECT_OTHER).await.unwrap().expose(), [0x6a, 0x82]);
    let record = session.transmit(&[0x00, 0xb2, 0x01, 0x0c, 0x00]).await.unwrap();
    assert_eq!(record.len(), 256);
    assert!(control.field_is_on());
    session.close().await.unwrap();
    assert!(!control.field_is_on());
}

#[tokio::test]
async fn a_payment_card_shows_its_directory() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    let payment = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
    control.put(Target::iso_dep(CARD, payment));
    await_target(&mut reader).await;
    let mut session = reader.connect().await.unwrap();
    let directory = session.transmit(SELECT_PPSE).await.unwrap();
    assert!(directory.expose().starts_with(&[0x6f]));
    assert!(directory.expose().ends_with(&[0x90, 0x00]));
}

#[tokio::test]
async fn waits_for_a_card_that_comes_later() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    let wait = tokio::spawn(async move { (await_target(&mut reader).await, reader) });
    while !control.field_is_on() {
        tokio::task::yield_now().await;
    }
    control.put(ntag());
    let (target, _reader) = timeout(LIMIT, wait).await.unwrap().unwrap();
    assert_eq!((target.uid.as_slice(), target.protocol), (&TAG[..], CardProtocol::Type2));
    assert!(target.ats.is_empty());
}

#[tokio::test]
async fn a_card_taken_in_the_middle_is_removed() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    for make in [card, ntag] {
        let id = control.put(make());
        await_target(&mut reader).await;
        let mut session = reader.connect().await.unwrap();
        assert!(session.transmit(&[0x30, 0x00]).await.is_ok());
        control.take(id);
        for _ in 0..2 {
            let error = session.transmit(&[0x30, 0x00]).await.unwrap_err();
            assert_eq!(error.kind(), DeviceErrorKind::CardRemoved, "{error}");
        }
        assert!(!control.field_is_on());
        session.close().await.unwrap();
    }
    control.put(card());
    await_target(&mut reader).await;
}

#[tokio::test]
async fn a_card_taken_before_connecting_is_removed() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    for make in [card, ntag] {
        let id = control.put(make());
        await_target(&mut reader).await;
        control.take(id);
        let error = reader.connect().await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::CardRemoved);
        assert!(!control.field_is_on());
    }
    assert_eq!(reader.connect().await.unwrap_err().kind(), DeviceErrorKind::CardRemoved);
}

#[tokio::test]
async fn reads_and_writes_a_tag() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    let id = control.put(ntag());
    let target = await_target(&mut reader).await;
    let mut session = reader.connect().await.unwrap();
    assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(message()));
    let version = session.transmit(&[0x60]).await.unwrap();
    assert_eq!(version.expose(), [0x00, 0x04, 0x04, 0x02, 0x01, 0x00, 0x0f, 0x03]);
    let write = [0xa2, 0x27, 1, 2, 3, 4];
    assert_eq!(session.transmit(&write).await.unwrap().expose(), [0x0a]);
    // A refusal is a value, and the tag is there again behind it.
    assert_eq!(session.transmit(&[0x30, 0xf0]).await.unwrap().expose(), [0x00]);
    let page = session.transmit(&[0x3a, 0x27, 0x27]).await.unwrap();
    assert_eq!(page.expose(), [1, 2, 3, 4]);
    session.close().await.unwrap();
    let tag = control.take(id).unwrap();
    assert!(tag.as_type2().unwrap().user_memory().ends_with(&[1, 2, 3, 4]));
}

#[tokio::test]
async fn fifty_taps() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    for round in 0..50 {
        let make = if round % 2 == 0 { card } else { ntag };
        let id = control.put(make());
        let target = await_target(&mut reader).await;
        let mut session = reader.connect().await.unwrap();
        let answer = session.transmit(&[0x30, 0x00]).await.unwrap();
        assert_eq!(answer.len(), if target.protocol == CardProtocol::Type2 { 16 } else { 2 });
        // One third is closed, one is dropped, one is torn away.
        match round % 3 {
            0 => session.close().await.unwrap(),
            1 => drop(session),
            _ => assert!(control.take(id).is_some()),
        }
        control.clear();
    }
}

#[tokio::test]
async fn a_dropped_wait_ends_and_the_reader_is_usable() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    for _ in 0..5 {
        let wait = timeout(Duration::from_millis(50), reader.await_target());
        assert!(wait.await.is_err());
    }
    // The check is served behind the wait that was dropped, which has switched the field off.
    let report = timeout(LIMIT, reader.check_health(HealthLevel::Internal)).await.unwrap().unwrap();
    assert_eq!(report.text, "PN532 v1.6 answers");
    assert!(!control.field_is_on());
    control.put(card());
    await_target(&mut reader).await;
    assert_eq!(reader.connect().await.unwrap().transmit(SELECT_PPSE).await.unwrap().expose(), PPSE);
}

#[tokio::test]
async fn the_next_wait_ends_a_session() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    control.put(card());
    await_target(&mut reader).await;
    let mut old = reader.connect().await.unwrap();
    await_target(&mut reader).await;
    let error = old.transmit(SELECT_PPSE).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::CardRemoved);
    let mut new = reader.connect().await.unwrap();
    drop(old);
    assert_eq!(new.transmit(SELECT_PPSE).await.unwrap().expose(), PPSE);
}

#[tokio::test]
async fn two_cards_at_once_are_told_apart() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    control.put(ntag());
    control.put(card());
    let target = await_target(&mut reader).await;
    assert!(target.uid == TAG || target.uid == CARD);
    let mut session = reader.connect().await.unwrap();
    assert!(session.transmit(&[0x30, 0x00]).await.is_ok());
}

#[tokio::test]
async fn a_second_card_is_told() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    tells_a_second_card(&mut reader, &control, |uid| Target::iso_dep(uid, DirectoryCard)).await;
}

#[tokio::test]
async fn finds_a_card_while_the_line_fails_at_each_command() {
    let (selector, control) = power_up();
    let mut reader = open_with(&selector, &Settings::new().with("poll_ms", 60)).await;
    finds_disturbed_at_each_command(&mut reader, &control, card, 9).await;
}

#[tokio::test]
async fn finds_a_card_whose_answer_to_select_was_lost() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    finds_unheard(&mut reader, &control, card()).await;
}

#[tokio::test]
async fn finds_a_card_whose_search_was_disturbed() {
    let (selector, control) = power_up();
    let mut reader = open_with(&selector, &Settings::new().with("poll_ms", 300)).await;
    finds_disturbed(&mut reader, &control, card).await;
}

#[tokio::test]
async fn survives_a_bad_line() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    control.put(card());
    for (fault, kind) in [
        (Pn532Fault::NoResponse, DeviceErrorKind::TimedOut),
        (Pn532Fault::Deaf, DeviceErrorKind::TimedOut),
        (Pn532Fault::BadChecksum, DeviceErrorKind::Protocol),
    ] {
        // Hits a search or the field's switch: the wait goes on.
        control.inject(fault);
        await_target(&mut reader).await;
        let mut session = reader.connect().await.unwrap();
        control.inject(fault);
        let error = session.transmit(SELECT_PPSE).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(!control.field_is_on());
    }
    await_target(&mut reader).await;
}

#[tokio::test]
async fn opens_again_and_again() {
    let (selector, control) = power_up();
    control.put(card());
    for _ in 0..3 {
        let mut reader = open(&selector).await;
        await_target(&mut reader).await;
    }
    let reader = open(&selector).await;
    let error = LibnfcDriver::new().open_reader(&selector, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    drop(reader);
    open(&selector).await;
}

#[tokio::test]
async fn health_at_three_levels() {
    let (selector, control) = power_up();
    let settings = Settings::new().with("presentation_timeout_ms", 50);
    let mut reader = LibnfcDriver::new().open_reader(&selector, &settings).await.unwrap();
    for level in [HealthLevel::Internal, HealthLevel::External] {
        assert_eq!(reader.check_health(level).await.unwrap().health, Health::Good);
        assert!(!control.field_is_on());
    }
    let report = reader.check_health(HealthLevel::Interactive).await.unwrap();
    assert_eq!(report.text, "no card was presented");
    control.put(card());
    let report = reader.check_health(HealthLevel::Interactive).await.unwrap();
    assert_eq!(report.text, "a card with a UID of 4 bytes was read");
}

#[tokio::test]
async fn says_why_it_cannot_open() {
    let missing = Selector::Nfc("pn532_uart:/dev/does-not-exist".into());
    let error = LibnfcDriver::new().open_reader(&missing, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    // A line on which nobody answers.
    let pty = Pty::open(None).unwrap();
    let silent = Selector::Nfc(format!("pn532_uart:{}", pty.path().display()));
    let error = LibnfcDriver::new().open_reader(&silent, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert!(error.help().unwrap().contains("HSU"));
}

#[tokio::test]
async fn a_command_that_libnfc_cannot_hold_is_refused() {
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    control.put(card());
    await_target(&mut reader).await;
    let mut session = reader.connect().await.unwrap();
    for length in [0, 263] {
        let error = session.transmit(&vec![0; length]).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    }
    assert_eq!(session.transmit(&[0; 262]).await.unwrap().expose(), [0x6a, 0x82]);
}

#[tokio::test]
async fn a_card_that_nobody_connects_to_is_let_go() {
    let (selector, control) = power_up();
    let settings = Settings::new().with("hold_ms", 20);
    let mut reader = LibnfcDriver::new().open_reader(&selector, &settings).await.unwrap();
    control.put(card());
    await_target(&mut reader).await;
    let off = async {
        while control.field_is_on() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, off).await.unwrap();
    assert_eq!(reader.connect().await.unwrap_err().kind(), DeviceErrorKind::CardRemoved);
}

/// libnfc's mark on a line that it has open.
fn mark(selector: &Selector) -> File {
    let Selector::Nfc(connstring) = selector else { panic!("{selector}") };
    let path = connstring.split(':').nth(1).unwrap();
    let line = File::options().read(true).write(true).open(path).unwrap();
    let mut settings = tcgetattr(&line).unwrap();
    settings.input_modes |= InputModes::from_bits_retain(0x8000_0000);
    tcsetattr(&line, OptionalActions::Now, &settings).unwrap();
    line
}

#[tokio::test]
async fn a_line_left_behind_by_a_killed_program_is_freed() {
    let (selector, control) = power_up();
    mark(&selector);
    let mut reader = open(&selector).await;
    control.put(card());
    await_target(&mut reader).await;
}

#[tokio::test]
async fn a_line_that_another_program_uses_is_busy() {
    let (selector, _control) = power_up();
    let line = mark(&selector);
    // Any program that has the line open will do; it ends when its input does.
    let mut other = std::process::Command::new("cat")
        .stdin(std::process::Stdio::piped())
        .stdout(line)
        .spawn()
        .unwrap();
    let error = LibnfcDriver::new().open_reader(&selector, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    assert!(error.help().unwrap().contains("stty -F /dev/pts/"));
    drop(other.stdin.take());
    other.wait().unwrap();
    open(&selector).await;
}

/// Remembers what the host sends.
struct Recorder {
    link: Pty,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl AsyncRead for Recorder {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let poll = Pin::new(&mut self.link).poll_read(context, buffer);
        self.heard.lock().unwrap().extend_from_slice(&buffer.filled()[before..]);
        poll
    }
}

impl AsyncWrite for Recorder {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.link).poll_write(context, data)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn last_command(heard: &Mutex<Vec<u8>>) -> Option<Command> {
    let mut decoder = Decoder::new();
    decoder.push(&heard.lock().unwrap());
    let mut last = None;
    while let Some(found) = decoder.next_frame() {
        if let Ok(Frame::Information(information)) = found {
            last = Command::decode(information.data()).ok();
        }
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_chip_is_left_awake() {
    let pty = Pty::open(None).unwrap();
    let selector = Selector::Nfc(format!("pn532_uart:{}", pty.path().display()));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(Recorder { link: pty, heard: Arc::clone(&heard) }));
    let mut reader = open(&selector).await;
    control.put(card());
    await_target(&mut reader).await;
    drop(reader);
    let asleep = Command::from(ChipCommand::PowerDown { wake_up: 0xf0, generate_irq: None });
    let field_off = RfItem::Field { on: false, avoid_collision: false };
    let off = Command::from(ChipCommand::RfConfiguration(field_off));
    let closing = async {
        // libnfc puts it to sleep and wakes it again.
        for end in [asleep, off] {
            while last_command(&heard) != Some(end.clone()) {
                tokio::task::yield_now().await;
            }
        }
    };
    timeout(LIMIT, closing).await.unwrap();
    // Nothing follows until the next opening begins with waking the chip.
    let length = heard.lock().unwrap().len();
    drop(open(&selector).await);
    assert!(heard.lock().unwrap()[length..].starts_with(&[0x55, 0x55, 0x00]));
}

#[tokio::test]
async fn tags_of_every_type_are_written() {
    use countertop_virtual::pn532::{FelicaTag, MifareClassic, MifareSize, TopazTag, Type4Tag};
    let (selector, control) = power_up();
    let mut reader = open(&selector).await;
    for target in [
        ntag(),
        Target::type2(Type2Tag::new(Type2Model::Ultralight, TAG).unformatted()),
        Target::mifare_classic(MifareClassic::new(MifareSize::Classic1K, CARD)),
        Target::type_b(CARD, Type4Tag::new(200)),
        Target::felica(FelicaTag::new([2, 0xfe, 1, 2, 3, 4, 5, 6])),
        Target::topaz(TopazTag::new(CARD)),
    ] {
        let id = control.put(target);
        let target = await_target(&mut reader).await;
        let session = reader.connect().await;
        let mut session = session.unwrap_or_else(|error| panic!("{:?}: {error}", target.protocol));
        tag::format(&mut *session, &target).await.unwrap();
        tag::write(&mut *session, &target, &message()).await.unwrap();
        let read = tag::read(&mut *session, &target).await.unwrap();
        assert_eq!(read, Some(message()), "{:?}", target.protocol);
        control.take(id);
        let error = tag::read(&mut *session, &target).await.unwrap_err();
        assert!(error.to_string().contains("card removed"), "{:?}: {error}", target.protocol);
    }
}

/// As the driver `pn532` is measured: from putting the card to knowing it, while each silent request
/// takes 5 ms.
#[tokio::test]
async fn a_tap_is_seen_in_time() {
    let (selector, control) = power_up();
    let mut reader = LibnfcDriver::new().open_reader(&selector, &Settings::new()).await.unwrap();
    control.set_silence(Duration::from_millis(5));
    let mut slowest = Duration::ZERO;
    for round in 0..20u64 {
        let hand = async {
            sleep(Duration::from_millis(150 + round * 7)).await;
            control.put(card());
            tokio::time::Instant::now()
        };
        let (target, put) = tokio::join!(timeout(LIMIT, reader.await_target()), hand);
        target.unwrap().unwrap();
        slowest = slowest.max(put.elapsed());
        control.clear();
    }
    println!("the slowest of 20 taps took {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}
