//! Our own driver against the virtual PN532, in memory and on a pseudo-terminal.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::time::Duration;

use countertop_device::{
    CardProtocol, ContactlessReader, Device, DeviceErrorKind, Health, HealthLevel, Selector,
    Settings, Technology,
};
use countertop_nfc::{NfcReader, Pn532Driver, tag};
use countertop_transport::{BoxLink, memory};
use countertop_virtual::card::VirtualCard;
use countertop_virtual::pn532::{
    FelicaTag, MifareClassic, MifareSize, Pn532Control, Pn532Fault, Target, TargetFault, TopazTag,
    VirtualPn532,
};
use countertop_virtual::pty::Pty;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, timeout};

use common::{
    CARD, TAG, await_target, finds_disturbed, finds_disturbed_at_each_command, finds_unheard,
    message, ntag, tells_a_second_card,
};

const LIMIT: Duration = Duration::from_secs(10);
const IDM: [u8; 8] = [0x02, 0xfe, 1, 2, 3, 4, 5, 6];

/// Answers with as many bytes as the third and fourth byte say, and 9000.
#[derive(Debug)]
struct EchoCard;

impl VirtualCard for EchoCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x00]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x05, 0x78, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {}

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let length = match command {
            [_, _, high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        command.iter().copied().cycle().take(length).chain([0x90, 0x00]).collect()
    }
}

fn card() -> Target {
    Target::iso_dep(CARD, EchoCard)
}

fn settings() -> Settings {
    Settings::new().with("transmit_timeout_ms", 1_000).with("poll_ms", 2)
}

async fn start() -> (NfcReader, Pn532Control) {
    start_with(&settings()).await
}

async fn start_with(settings: &Settings) -> (NfcReader, Pn532Control) {
    let (host, device) = memory::pair();
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(device));
    let opening = Pn532Driver::on_link(host, Selector::Virtual("pn532".into()), settings);
    (timeout(LIMIT, opening).await.unwrap().unwrap(), control)
}

async fn until_field(control: &Pn532Control, on: bool) {
    let switched = async {
        while control.field_is_on() != on {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, switched).await.unwrap();
}

#[tokio::test]
async fn finds_a_card_and_talks_to_it() {
    let (mut reader, control) = start().await;
    assert_eq!(reader.info().model, "PN532 v1.6");
    assert!(!control.field_is_on());
    control.put(card());
    let target = await_target(&mut reader).await;
    assert_eq!((&target.uid[..], target.atqa, target.sak), (&CARD[..], [0, 4], 0x20));
    assert_eq!(target.ats, [0x05, 0x78, 0x80, 0x70, 0x02]);
    let mut session = reader.connect().await.unwrap();
    assert_eq!(
        (session.protocol(), session.answer_to_reset()),
        (CardProtocol::IsoDep, &target.ats[..])
    );
    let answer = session.transmit(&[0, 0xa4, 0, 4]).await.unwrap();
    assert_eq!(answer.expose(), [0, 0xa4, 0, 4, 0x90, 0x00]);
    // Longer than a frame to the chip, in both directions.
    let long = [vec![0, 0xd6, 0x03, 0xe8], vec![0x5a; 700]].concat();
    assert_eq!(session.transmit(&long).await.unwrap().len(), 1002);
    let error = session.transmit(&[]).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    session.close().await.unwrap();
    assert!(!control.field_is_on());
}

#[tokio::test]
async fn finds_every_technology() {
    let (mut reader, control) = start().await;
    let classic = MifareClassic::new(MifareSize::Classic4K, CARD);
    for (make, protocol, uid) in [
        (card(), CardProtocol::IsoDep, &CARD[..]),
        (Target::type_b(CARD, EchoCard), CardProtocol::IsoDep, &CARD),
        (ntag(), CardProtocol::Type2, &TAG),
        (Target::mifare_classic(classic), CardProtocol::MifareClassic, &CARD),
        (Target::felica(FelicaTag::new(IDM)), CardProtocol::Felica, &IDM),
        (Target::topaz(TopazTag::new(CARD)), CardProtocol::Type1, &CARD),
    ] {
        let id = control.put(make);
        let target = await_target(&mut reader).await;
        assert_eq!((target.protocol, &target.uid[..]), (protocol, uid));
        let session = reader.connect().await.unwrap();
        assert_eq!(session.protocol(), protocol);
        session.close().await.unwrap();
        control.take(id);
    }
}

#[tokio::test]
async fn a_card_of_type_b_answers() {
    let (mut reader, control) = start().await;
    control.put(Target::type_b(CARD, EchoCard));
    let target = await_target(&mut reader).await;
    assert!(matches!(target.technology, Technology::TypeB { protocol_info: [0, 0x81, 0x71], .. }));
    let mut session = reader.connect().await.unwrap();
    assert_eq!(session.transmit(&[0, 0, 0x01, 0x2c]).await.unwrap().len(), 302);
}

#[tokio::test]
async fn felica_and_topaz_take_their_commands() {
    let (mut reader, control) = start().await;
    let id = control.put(Target::felica(FelicaTag::new(IDM)));
    let target = await_target(&mut reader).await;
    let Technology::Felica { system_code, .. } = target.technology else { panic!("{target:?}") };
    assert_eq!(system_code, Some([0x12, 0xfc]));
    let mut session = reader.connect().await.unwrap();
    let check = [&[0x06], &IDM[..], &[1, 0x0b, 0, 1, 0x80, 0]].concat();
    let answer = session.transmit(&check).await.unwrap();
    assert_eq!((answer.len(), answer.expose()[0]), (12 + 16, 0x07));
    control.take(id);
    let error = session.transmit(&check).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::CardRemoved);
    control.put(Target::topaz(TopazTag::new(CARD)));
    await_target(&mut reader).await;
    let mut session = reader.connect().await.unwrap();
    let answer =
        session.transmit(&[0x01, 0x08, 0, CARD[0], CARD[1], CARD[2], CARD[3]]).await.unwrap();
    // The chip leaves the address out.
    assert_eq!(answer.expose(), [0xe1]);
}

#[tokio::test]
async fn a_mifare_classic_refuses_by_value() {
    let (mut reader, control) = start().await;
    let id = control.put(Target::mifare_classic(MifareClassic::new(MifareSize::Classic1K, CARD)));
    await_target(&mut reader).await;
    let mut session = reader.connect().await.unwrap();
    let authenticate = |key: u8| [&[0x60, 0x04], &[key; 6][..], &CARD].concat();
    assert_eq!(session.transmit(&[0x30, 0x04]).await.unwrap().expose(), [0x00]);
    assert_eq!(session.transmit(&authenticate(0)).await.unwrap().expose(), [0x04]);
    assert_eq!(session.transmit(&authenticate(0xff)).await.unwrap().expose(), [0x0a]);
    let write = [&[0xa0, 0x04][..], &[0x5a; 16]].concat();
    assert_eq!(session.transmit(&write).await.unwrap().expose(), [0x0a]);
    assert_eq!(session.transmit(&[0x30, 0x04]).await.unwrap().expose(), [0x5a; 16]);
    control.take(id);
    let error = session.transmit(&[0x30, 0x04]).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::CardRemoved);
}

#[tokio::test]
async fn reads_and_writes_a_tag() {
    let (mut reader, control) = start().await;
    let id = control.put(ntag());
    let target = await_target(&mut reader).await;
    let mut session = reader.connect().await.unwrap();
    assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(message()));
    assert_eq!(session.transmit(&[0x60]).await.unwrap().expose()[6], 0x0f);
    assert_eq!(session.transmit(&[0xa2, 0x27, 1, 2, 3, 4]).await.unwrap().expose(), [0x0a]);
    // A refusal is a value, and the tag is there again behind it.
    assert_eq!(session.transmit(&[0x30, 0xf0]).await.unwrap().expose(), [0x00]);
    assert_eq!(session.transmit(&[0x3a, 0x27, 0x27]).await.unwrap().expose(), [1, 2, 3, 4]);
    session.close().await.unwrap();
    assert!(control.take(id).unwrap().as_type2().unwrap().user_memory().ends_with(&[1, 2, 3, 4]));
}

#[tokio::test]
async fn a_card_taken_in_the_middle_is_removed() {
    let (mut reader, control) = start().await;
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
    let id = control.put(card());
    await_target(&mut reader).await;
    control.take(id);
    assert_eq!(reader.connect().await.unwrap_err().kind(), DeviceErrorKind::CardRemoved);
    control.put(card());
    await_target(&mut reader).await;
}

/// A wait that is dropped ends at once, though the chip would search on.
#[tokio::test]
async fn a_dropped_wait_ends_at_once() {
    let (mut reader, control) = start().await;
    control.set_silence(Duration::from_millis(200));
    for _ in 0..5 {
        assert!(timeout(Duration::from_millis(30), reader.await_target()).await.is_err());
        let dropped = Instant::now();
        until_field(&control, false).await;
        assert!(dropped.elapsed() < Duration::from_millis(50), "{:?}", dropped.elapsed());
    }
    control.set_silence(Duration::ZERO);
    control.put(card());
    await_target(&mut reader).await;
    assert!(reader.connect().await.unwrap().transmit(&[0, 0, 0, 0]).await.is_ok());
}

#[tokio::test]
async fn the_next_wait_ends_a_session() {
    let (mut reader, control) = start().await;
    control.put(card());
    await_target(&mut reader).await;
    let mut old = reader.connect().await.unwrap();
    await_target(&mut reader).await;
    let error = old.transmit(&[0, 0, 0, 0]).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::CardRemoved);
    let mut new = reader.connect().await.unwrap();
    drop(old);
    assert!(new.transmit(&[0, 0, 0, 0]).await.is_ok());
}

#[tokio::test]
async fn two_cards_at_once_are_told_apart() {
    let (mut reader, control) = start().await;
    control.put(ntag());
    control.put(card());
    let target = await_target(&mut reader).await;
    assert!(target.uid == TAG || target.uid == CARD);
    let mut session = reader.connect().await.unwrap();
    assert!(session.transmit(&[0x30, 0x00]).await.is_ok());
}

#[tokio::test]
async fn a_second_card_is_told() {
    let (mut reader, control) = start().await;
    tells_a_second_card(&mut reader, &control, |uid| Target::iso_dep(uid, EchoCard)).await;
    let (mut reader, control) = start_with(&settings().with("collision", false)).await;
    control.put(card());
    control.put(Target::iso_dep([0x08, 0x01, 0x02, 0x03], EchoCard));
    assert!(!await_target(&mut reader).await.collision, "nobody wants to know");
}

/// InCommunicateThru, and the frames that are its answer from a chip that does not know it.
const RAW: [u8; 2] = [0xd4, 0x42];
const TAKEN: [u8; 6] = [0x00, 0x00, 0xff, 0x00, 0xff, 0x00];
const REFUSED: [u8; 8] = [0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00];

/// Sits between host and chip, and keeps raw frames from the chip.
async fn without_raw_frames(host: BoxLink, chip: BoxLink, answer: &'static [u8]) {
    let (mut host, mut chip) = (host, chip);
    let (mut from_host, mut from_chip) = ([0; 512], [0; 512]);
    loop {
        tokio::select! {
            count = host.read(&mut from_host) => {
                let bytes = &from_host[..count.unwrap_or(0)];
                match bytes.windows(2).any(|it| it == RAW) {
                    _ if bytes.is_empty() => return,
                    true => host.write_all(answer).await.unwrap(),
                    false => chip.write_all(bytes).await.unwrap(),
                }
            }
            count = chip.read(&mut from_chip) => {
                host.write_all(&from_chip[..count.unwrap()]).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_chip_that_passes_no_raw_frames_finds_cards_all_the_same() {
    for answer in [&[TAKEN.as_slice(), &REFUSED].concat(), TAKEN.as_slice(), &[]] {
        let answer: &'static [u8] = answer.to_vec().leak();
        let ((host, near), (far, device)) = (memory::pair(), memory::pair());
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(device));
        tokio::spawn(without_raw_frames(near, far, answer));
        let selector = Selector::Virtual("pn532".into());
        let settings = settings().with("transmit_timeout_ms", 100);
        let mut reader = Pn532Driver::on_link(host, selector, &settings).await.unwrap();
        control.put(card());
        control.put(Target::iso_dep([0x08, 0x01, 0x02, 0x03], EchoCard));
        for _ in 0..2 {
            let target = await_target(&mut reader).await;
            assert!(!target.collision, "{target:?}");
            let mut session = reader.connect().await.unwrap();
            assert!(session.transmit(&[0, 0xa4, 0, 4]).await.is_ok(), "{answer:02x?}");
        }
    }
}

#[tokio::test]
async fn finds_a_card_while_the_line_fails_at_each_command() {
    let (mut reader, control) = start_with(&settings().with("poll_ms", 80)).await;
    finds_disturbed_at_each_command(&mut reader, &control, card, 5).await;
}

#[tokio::test]
async fn finds_a_card_whose_answer_to_select_was_lost() {
    let (mut reader, control) = start().await;
    finds_unheard(&mut reader, &control, card()).await;
}

#[tokio::test]
async fn finds_a_card_whose_search_was_disturbed() {
    let (mut reader, control) = start_with(&settings().with("poll_ms", 300)).await;
    finds_disturbed(&mut reader, &control, card).await;
}

#[tokio::test]
async fn survives_a_bad_line() {
    let (mut reader, control) = start().await;
    control.put(card());
    for (fault, outcome) in [
        // Asked for again, or sent again.
        (Pn532Fault::BadChecksum, None),
        (Pn532Fault::Nack, None),
        (Pn532Fault::LateAck, None),
        (Pn532Fault::NoResponse, Some(DeviceErrorKind::TimedOut)),
        (Pn532Fault::Deaf, Some(DeviceErrorKind::TimedOut)),
    ] {
        // Hits the field's switch or a search: the wait goes on.
        control.inject(fault);
        await_target(&mut reader).await;
        let mut session = reader.connect().await.unwrap();
        control.inject(fault);
        let result = session.transmit(&[0, 0, 0, 0]).await;
        assert_eq!(result.as_ref().err().map(|error| error.kind()), outcome, "{fault:?}");
        assert_eq!(control.field_is_on(), outcome.is_none(), "{fault:?}");
    }
    await_target(&mut reader).await;
}

#[tokio::test]
async fn faults_of_cards() {
    let (mut reader, control) = start().await;
    for (fault, kind) in [
        (TargetFault::GarblesFrom(2), DeviceErrorKind::Protocol),
        (TargetFault::LeavesBefore(3), DeviceErrorKind::CardRemoved),
        (TargetFault::LeavesAfter(3), DeviceErrorKind::CardRemoved),
        (TargetFault::Slow(Duration::from_secs(2)), DeviceErrorKind::TimedOut),
    ] {
        let id = control.put(ntag());
        await_target(&mut reader).await;
        let mut session = reader.connect().await.unwrap();
        control.put(control.take(id).unwrap().with_fault(fault));
        drop(session);
        if let TargetFault::Slow(_) = fault {
            // Every answer is late, that of the search as well: it is never found.
            assert!(timeout(Duration::from_millis(300), reader.await_target()).await.is_err());
            continue;
        }
        await_target(&mut reader).await;
        session = reader.connect().await.unwrap();
        let mut result = session.transmit(&[0x30, 0x04]).await;
        if result.is_ok() {
            result = session.transmit(&[0x30, 0x04]).await;
        }
        assert_eq!(result.unwrap_err().kind(), kind, "{fault:?}");
        control.clear();
    }
    control.clear();
    control.put(card());
    await_target(&mut reader).await;
}

/// A program that was killed leaves the chip at work or asleep.
#[tokio::test]
async fn opens_whatever_another_program_left() {
    let pty = Pty::open(None).unwrap();
    let selector = Selector::Serial(pty.path().display().to_string());
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    // Searches for ever; half a frame; asleep.
    for left in ["0000ff04fcd44a0100e100", "0000ff04fcd4", "0000ff03fdd41610 06 00"] {
        let bytes: Vec<u8> = left.bytes().filter(|byte| *byte != b' ').collect();
        let digit = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
        let bytes: Vec<u8> = bytes.chunks(2).map(|pair| digit(pair).unwrap()).collect();
        // The reader before is still switching its field off.
        let mut wild = loop {
            match countertop_transport::open(&selector, &settings()).await {
                Ok(link) => break link,
                Err(_) => sleep(Duration::from_millis(5)).await,
            }
        };
        tokio::io::AsyncWriteExt::write_all(&mut wild, &bytes).await.unwrap();
        sleep(Duration::from_millis(20)).await;
        drop(wild);
        let mut reader = Pn532Driver::new().open_reader(&selector, &settings()).await.unwrap();
        control.put(card());
        await_target(&mut reader).await;
        control.clear();
    }
}

#[tokio::test]
async fn says_why_it_cannot_open() {
    let driver = Pn532Driver::new();
    let open = async |selector: Selector, settings: Settings| {
        driver.open_reader(&selector, &settings).await.unwrap_err()
    };
    let missing = open(Selector::Serial("/dev/does-not-exist".into()), settings()).await;
    assert_eq!(missing.kind(), DeviceErrorKind::NotFound);
    let pty = Pty::open(None).unwrap();
    let silent = Selector::Serial(pty.path().display().to_string());
    let error = open(silent, settings()).await;
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert!(error.help().unwrap().contains("HSU"));
    let pcsc = open("pcsc:ACS".parse().unwrap(), settings()).await;
    assert_eq!(pcsc.kind(), DeviceErrorKind::InvalidInput);
}

#[tokio::test]
async fn health_at_three_levels() {
    let (host, device) = memory::pair();
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(device));
    let settings = settings().with("presentation_timeout_ms", 50);
    let mut reader =
        Pn532Driver::on_link(host, Selector::Virtual("x".into()), &settings).await.unwrap();
    for level in [HealthLevel::Internal, HealthLevel::External] {
        let report = reader.check_health(level).await.unwrap();
        assert_eq!((report.health, report.text.as_str()), (Health::Good, "PN532 v1.6 answers"));
        assert!(!control.field_is_on());
    }
    let report = reader.check_health(HealthLevel::Interactive).await.unwrap();
    assert_eq!(report.text, "no card was presented");
    control.put(card());
    let report = reader.check_health(HealthLevel::Interactive).await.unwrap();
    assert_eq!(report.text, "a card with a UID of 4 bytes was read");
}

#[tokio::test]
async fn a_card_that_nobody_connects_to_is_let_go() {
    let (host, device) = memory::pair();
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(device));
    let settings = settings().with("hold_ms", 20);
    let mut reader =
        Pn532Driver::on_link(host, Selector::Virtual("x".into()), &settings).await.unwrap();
    control.put(card());
    await_target(&mut reader).await;
    until_field(&control, false).await;
    assert_eq!(reader.connect().await.unwrap_err().kind(), DeviceErrorKind::CardRemoved);
    drop(reader);
}

#[tokio::test]
async fn a_chip_that_is_gone_is_disconnected() {
    let (host, device) = memory::pair();
    let (chip, _control) = VirtualPn532::new();
    let serving = tokio::spawn(chip.serve(device));
    let mut reader =
        Pn532Driver::on_link(host, Selector::Virtual("x".into()), &settings()).await.unwrap();
    let pull = async {
        sleep(Duration::from_millis(30)).await;
        serving.abort();
    };
    let (result, ()) = tokio::join!(timeout(LIMIT, reader.await_target()), pull);
    assert_eq!(result.unwrap().unwrap_err().kind(), DeviceErrorKind::Disconnected);
    let error = reader.check_health(HealthLevel::Internal).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

/// From putting the card to knowing it, while each silent request takes 5 ms, as a real one does.
#[tokio::test]
async fn a_tap_is_seen_within_50_ms() {
    let (host, device) = memory::pair();
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(device));
    let selector = Selector::Virtual("x".into());
    let mut reader = Pn532Driver::on_link(host, selector, &Settings::new()).await.unwrap();
    control.set_silence(Duration::from_millis(5));
    let mut slowest = Duration::ZERO;
    for round in 0..20u64 {
        let hand = async {
            sleep(Duration::from_millis(40 + round * 3)).await;
            control.put(if round % 2 == 0 { card() } else { Target::type_b(CARD, EchoCard) });
            Instant::now()
        };
        let (target, put) = tokio::join!(timeout(LIMIT, reader.await_target()), hand);
        target.unwrap().unwrap();
        slowest = slowest.max(put.elapsed());
        control.clear();
    }
    println!("the slowest of 20 taps took {slowest:?}");
    assert!(slowest < Duration::from_millis(250), "even on a busy machine: {slowest:?}");
}
