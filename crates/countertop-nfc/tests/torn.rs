//! Storage cards that leave in the middle of a write, at every block, with both drivers.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use countertop_device::{
    CardSession, ContactlessReader as _, ContactlessTarget, Selector, Settings,
};
use countertop_nfc::tag::{self, TagError};
use countertop_nfc::{LibnfcDriver, NfcReader, Pn532Driver};
use countertop_transport::memory;
use countertop_virtual::pn532::{
    MifareClassic, MifareSize, Pn532Control, Target, TargetFault, Type2Model, Type2Tag,
    VirtualPn532,
};
use countertop_virtual::pty::Pty;
use countertop_wire::ndef::{Message, Record, wrap_tlv};
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(20);
const UID: [u8; 4] = [1, 2, 3, 4];
const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];

/// Is a reader and who holds tags to it.
struct Desk {
    reader: NfcReader,
    control: Pn532Control,
    seed: u64,
    tally: Tally,
}

/// Counts what came of the runs.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    /// What was on the tag behind a torn write.
    old: usize,
    none: usize,
    new: usize,
}

type Tapped = (Box<dyn CardSession>, ContactlessTarget);

impl Desk {
    fn new(reader: NfcReader, control: Pn532Control) -> Self {
        let given = std::env::var("COUNTERTOP_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            u64::from(now.unwrap().subsec_nanos())
        });
        println!("seed {seed}: COUNTERTOP_SEED={seed} repeats the choices");
        Self { reader, control, seed, tally: Tally::default() }
    }

    async fn pn532() -> Self {
        let (host, device) = memory::pair();
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(device));
        let selector = Selector::Virtual("pn532".into());
        let reader = Pn532Driver::on_link(host, selector, &settings()).await.unwrap();
        Self::new(reader, control)
    }

    async fn libnfc() -> Self {
        let pty = Pty::open(None).unwrap();
        let selector = Selector::Nfc(format!("pn532_uart:{}:115200", pty.path().display()));
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(pty));
        let driver = LibnfcDriver::new();
        let reader = timeout(LIMIT, driver.open_reader(&selector, &settings())).await.unwrap();
        Self::new(reader.unwrap(), control)
    }

    async fn tap(&mut self) -> Tapped {
        let target = timeout(LIMIT, self.reader.await_target()).await.unwrap().unwrap();
        (self.reader.connect().await.unwrap(), target)
    }

    /// Returns how many commands a write takes before it changes something, and in all.
    async fn commands_of_a_write(&mut self, make: fn() -> Target) -> (usize, usize) {
        let id = self.control.put(make());
        let (mut session, target) = self.tap().await;
        let too_long = Message::new(vec![Record::media("x", vec![0; 4096])]);
        let refused = tag::write(&mut *session, &target, &too_long).await;
        assert!(matches!(refused, Err(TagError::TooLong { .. })), "{refused:?}");
        let reading = self.control.take(id).unwrap().commands();
        drop(session);
        let id = self.control.put(make());
        let (mut session, target) = self.tap().await;
        tag::write(&mut *session, &target, &new()).await.unwrap();
        (reading, self.control.take(id).unwrap().commands())
    }

    /// Pulls a tag away at each command of a write that changes something.
    async fn torn_at_every_block(&mut self, make: fn() -> Target) {
        let (reading, writing) = self.commands_of_a_write(make).await;
        assert!(writing > reading + 10, "{reading} {writing}");
        for command in reading + 1..=writing {
            let seed = self.seed.wrapping_add(u64::try_from(command).unwrap());
            for fault in [
                TargetFault::LeavesBefore(command),
                TargetFault::LeavesAfter(command),
                TargetFault::TearsIn { command, seed },
            ] {
                self.torn(make(), fault).await;
            }
        }
    }

    async fn torn(&mut self, target: Target, fault: TargetFault) {
        let id = self.control.put(target.with_fault(fault));
        let (mut session, target) = self.tap().await;
        let written = tag::write(&mut *session, &target, &new()).await;
        assert!(matches!(written, Err(TagError::Torn { .. })), "{fault:?}: {written:?}");
        drop(session);
        let id = self.control.put(self.control.take(id).unwrap().healed());
        let (mut session, target) = self.tap().await;
        let found = tag::read(&mut *session, &target).await.unwrap();
        self.note(&found, fault);
        tag::repair(&mut *session, &target, Some(&new())).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(new()), "{fault:?}");
        drop(session);
        self.control.take(id);
    }

    fn note(&mut self, found: &Option<Message>, fault: TargetFault) {
        self.tally.runs += 1;
        match found {
            None => self.tally.none += 1,
            Some(message) if *message == old() => self.tally.old += 1,
            Some(message) if *message == new() => self.tally.new += 1,
            Some(other) => panic!("{fault:?}: half a message: {other:?}"),
        }
    }
}

fn settings() -> Settings {
    Settings::new().with("poll_ms", 10).with("transmit_timeout_ms", 2_000)
}

fn old() -> Message {
    Message::new(vec![Record::text("en", "the old one, which is as long as two blocks")])
}

/// Returns a message of more than two sectors.
fn new() -> Message {
    Message::new(vec![Record::text("en", &"a new one ".repeat(12))])
}

/// Returns a MIFARE Classic whose sectors are all for messages, with the old one in them (AN1304, AN1305).
fn classic() -> Target {
    const MAD: [u8; 16] =
        [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0x78, 0x77, 0x88, 0xc1, 255, 255, 255, 255, 255, 255];
    const NDEF: [u8; 16] =
        [0xd3, 0xf7, 0xd3, 0xf7, 0xd3, 0xf7, 0x7f, 0x07, 0x88, 0x40, 255, 255, 255, 255, 255, 255];
    let aid = [0x03, 0xe1].repeat(7);
    let first = [&[0x14, 0x01], &aid[..]].concat();
    let second = [0x03, 0xe1].repeat(8);
    let mut card = MifareClassic::new(MifareSize::Classic1K, UID)
        .with_block(1, first.try_into().unwrap())
        .with_block(2, second.try_into().unwrap())
        .with_block(3, MAD);
    for sector in 1..16 {
        card = card.with_block(sector * 4 + 3, NDEF);
    }
    let content = wrap_tlv(&old().encode());
    for (block, part) in [4, 5, 6, 8, 9].into_iter().zip(content.chunks(16)) {
        let mut bytes = [0; 16];
        bytes[..part.len()].copy_from_slice(part);
        card = card.with_block(block, bytes);
    }
    Target::mifare_classic(card)
}

fn ntag() -> Target {
    Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG).with_ndef(&old().encode()))
}

#[tokio::test]
async fn storage_cards_are_torn_and_repaired_with_pn532() {
    let mut desk = Desk::pn532().await;
    desk.torn_at_every_block(classic).await;
    desk.torn_at_every_block(ntag).await;
    println!("pn532: {:?}", desk.tally);
}

#[tokio::test]
async fn storage_cards_are_torn_and_repaired_with_libnfc() {
    let mut desk = Desk::libnfc().await;
    desk.torn_at_every_block(classic).await;
    desk.torn_at_every_block(ntag).await;
    println!("libnfc: {:?}", desk.tally);
}

/// A card from the factory that leaves while it is prepared can be prepared again.
#[tokio::test]
async fn a_format_that_was_torn_is_done_again() {
    torn_while_formatted(MifareSize::Classic1K, 1).await;
    torn_while_formatted(MifareSize::Classic4K, 3).await;
}

fn blocks(card: &Target) -> &[[u8; 16]] {
    card.as_mifare_classic().unwrap().blocks()
}

async fn torn_while_formatted(size: MifareSize, step: usize) {
    let mut desk = Desk::pn532().await;
    let blank = || Target::mifare_classic(MifareClassic::new(size, UID));
    let id = desk.control.put(blank());
    let (mut session, target) = desk.tap().await;
    tag::format(&mut *session, &target).await.unwrap();
    let commands = desk.control.take(id).unwrap().commands();
    drop(session);
    // The last commands, of the directories, are all tried.
    let all = (1..=commands).step_by(step).chain(commands.saturating_sub(15)..=commands);
    for command in all {
        for fault in [TargetFault::LeavesBefore(command), TargetFault::LeavesAfter(command)] {
            let id = desk.control.put(blank().with_fault(fault));
            let (mut session, target) = desk.tap().await;
            let error = tag::format(&mut *session, &target).await.unwrap_err();
            drop(session);
            let left = desk.control.take(id).unwrap();
            let untouched = blocks(&left) == blocks(&blank());
            assert!(untouched || matches!(error, TagError::Torn { .. }), "{fault:?}: {error}");
            let id = desk.control.put(left.healed());
            let (mut session, target) = desk.tap().await;
            let again = tag::format(&mut *session, &target).await;
            again.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
            assert_eq!(tag::read(&mut *session, &target).await.unwrap(), None, "{fault:?}");
            drop(session);
            desk.control.take(id);
        }
    }
    println!("{commands} commands of a format, torn before and behind each");
}
