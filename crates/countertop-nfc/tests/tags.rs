//! Tags of every type in the virtual PN532: read, written, formatted, locked, torn and repaired.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod desk;

use std::time::Duration;

use countertop_device::{ContactlessReader as _, ContactlessTarget, Technology};
use countertop_nfc::tag::{self, TagError, TagKind, desfire, ntag};
use countertop_virtual::pn532::{
    DesfireCard, DesfireFile, FelicaTag, MifareClassic, MifareSize, Target, TargetFault, TargetId,
    TopazTag, Type2Model, Type2Tag, Type4Tag,
};
use countertop_wire::ndef::{Message, Record};
use tokio::time::timeout;

use desk::Desk;

/// Longer than a round of searches.
const SHORT: Duration = Duration::from_millis(300);
const UID: [u8; 4] = [1, 2, 3, 4];
const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];
const IDM: [u8; 8] = [0x02, 0xfe, 1, 2, 3, 4, 5, 6];

impl Desk {
    /// Takes the tag away and holds it to the antenna again, with another fault or none.
    fn again(&self, id: TargetId, change: impl FnOnce(Target) -> Target) -> TargetId {
        self.control.put(change(self.control.take(id).unwrap()))
    }
}

fn old() -> Message {
    Message::new(vec![Record::text("en", "old")])
}

fn new() -> Message {
    Message::new(vec![Record::uri("https://example.com/a/new/one")])
}

fn type2(model: Type2Model) -> Type2Tag {
    Type2Tag::new(model, TAG)
}

/// Tags that hold the old message, one of each kind.
fn tags() -> Vec<(TagKind, usize, Target)> {
    let bytes = old().encode();
    let type2 = |model| Target::type2(type2(model).with_ndef(&bytes));
    vec![
        (TagKind::Type1, 90, Target::topaz(TopazTag::new(UID).with_ndef(&bytes))),
        (TagKind::Type2, 46, type2(Type2Model::Ultralight)),
        (TagKind::Type2, 142, type2(Type2Model::UltralightC)),
        (TagKind::Type2, 46, type2(Type2Model::Mf0ul11)),
        (TagKind::Type2, 126, type2(Type2Model::Mf0ul21)),
        (TagKind::Type2, 46, type2(Type2Model::Ntag210)),
        (TagKind::Type2, 126, type2(Type2Model::Ntag212)),
        (TagKind::Type2, 142, type2(Type2Model::Ntag213)),
        (TagKind::Type2, 492, type2(Type2Model::Ntag215)),
        (TagKind::Type2, 868, type2(Type2Model::Ntag216)),
        (TagKind::Type3, 208, Target::felica(FelicaTag::new(IDM).with_ndef(&bytes))),
        (TagKind::Type4, 510, Target::iso_dep(UID, Type4Tag::new(512).with_ndef(&bytes))),
        (TagKind::Type4, 510, Target::type_b(UID, Type4Tag::new(512).with_ndef(&bytes))),
    ]
}

#[tokio::test]
async fn every_kind_is_read_and_written() {
    let mut desk = Desk::new().await;
    for (kind, capacity, target) in tags() {
        let id = desk.control.put(target);
        let (mut session, target) = desk.tap().await;
        let state = tag::state(&mut *session, &target).await.unwrap();
        assert_eq!((state.kind, state.capacity, state.writable), (kind, capacity, true));
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(old()), "{kind:?}");
        tag::write(&mut *session, &target, &new()).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(new()), "{kind:?}");
        // The longest that fits, one byte more, and nothing.
        let longest = |length: usize| {
            let head = if length > 257 { 6 } else { 3 } + 1;
            Message::new(vec![Record::media("x", vec![0x5a; length - head])])
        };
        let message = longest(capacity);
        assert_eq!(message.encode().len(), capacity);
        tag::write(&mut *session, &target, &message).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(message), "{kind:?}");
        let error = tag::write(&mut *session, &target, &longest(capacity + 1)).await.unwrap_err();
        assert!(matches!(error, TagError::TooLong { .. }), "{kind:?}: {error}");
        tag::format(&mut *session, &target).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), None, "{kind:?}");
        let dump = tag::dump(&mut *session, &target).await.unwrap();
        assert!(!dump.is_empty(), "{kind:?}");
        desk.control.take(id);
    }
}

#[tokio::test]
async fn a_locked_tag_is_read_only() {
    let mut desk = Desk::new().await;
    for (kind, _, target) in tags() {
        let id = desk.control.put(target);
        let (mut session, target) = desk.tap().await;
        tag::lock(&mut *session, &target).await.unwrap();
        assert!(!tag::state(&mut *session, &target).await.unwrap().writable, "{kind:?}");
        for _ in 0..2 {
            let error = tag::write(&mut *session, &target, &new()).await.unwrap_err();
            assert!(matches!(error, TagError::ReadOnly), "{kind:?}: {error}");
        }
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(old()), "{kind:?}");
        desk.control.take(id);
    }
}

/// Somebody else has the keys of one sector: nothing is changed in any other.
#[tokio::test]
async fn a_card_with_foreign_keys_is_left_as_it_is() {
    const FOREIGN: [u8; 16] = [1, 2, 3, 4, 5, 6, 0xff, 0x07, 0x80, 0x69, 1, 2, 3, 4, 5, 6];
    let mut desk = Desk::new().await;
    for sector in [0, 2, 15] {
        let card = MifareClassic::new(MifareSize::Classic1K, UID)
            .with_block(4, [0x77; 16])
            .with_block(sector * 4 + 3, FOREIGN);
        let before = card.blocks().to_vec();
        let id = desk.control.put(Target::mifare_classic(card));
        let (mut session, target) = desk.tap().await;
        let error = tag::format(&mut *session, &target).await.unwrap_err();
        assert!(matches!(error, TagError::Unsupported(_)), "{sector}: {error}");
        drop(session);
        let left = desk.control.take(id).unwrap();
        assert_eq!(left.as_mifare_classic().unwrap().blocks(), before, "{sector}");
    }
}

/// The general purpose byte of one sector says that nobody may write (AN1304).
#[tokio::test]
async fn a_mifare_classic_that_was_closed_is_read_only() {
    const CLOSED: [u8; 16] = [
        0xd3, 0xf7, 0xd3, 0xf7, 0xd3, 0xf7, 0x07, 0x8f, 0x0f, 0x43, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff,
    ];
    let mut desk = Desk::new().await;
    let id =
        desk.control.put(Target::mifare_classic(MifareClassic::new(MifareSize::Classic1K, UID)));
    let (mut session, target) = desk.tap().await;
    tag::format(&mut *session, &target).await.unwrap();
    tag::write(&mut *session, &target, &old()).await.unwrap();
    drop(session);
    let open = desk.control.take(id).unwrap();
    let closed = open.as_mifare_classic().unwrap().clone().with_block(7, CLOSED);
    let before = closed.blocks().to_vec();
    let id = desk.control.put(Target::mifare_classic(closed));
    let (mut session, target) = desk.tap().await;
    assert!(!tag::state(&mut *session, &target).await.unwrap().writable);
    assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(old()));
    for error in [
        tag::write(&mut *session, &target, &new()).await.unwrap_err(),
        tag::format(&mut *session, &target).await.unwrap_err(),
    ] {
        assert!(matches!(error, TagError::ReadOnly), "{error}");
    }
    drop(session);
    let left = desk.control.take(id).unwrap();
    assert_eq!(left.as_mifare_classic().unwrap().blocks(), before);
}

/// What lies beyond 32 kB has no offset (ISO/IEC 7816-4).
#[tokio::test]
async fn a_large_type_4_tag_is_used_as_far_as_offsets_reach() {
    let mut desk = Desk::new().await;
    desk.control.put(Target::iso_dep(UID, Type4Tag::new(0xfffe)));
    let (mut session, target) = desk.tap().await;
    let capacity = tag::state(&mut *session, &target).await.unwrap().capacity;
    assert_eq!(capacity, 0x8000 - 2);
    let of_length = |length: usize| Message::new(vec![Record::media("x", vec![0x5a; length - 7])]);
    let error = tag::write(&mut *session, &target, &of_length(capacity + 1)).await.unwrap_err();
    assert!(matches!(error, TagError::TooLong { .. }), "{error}");
    let longest = of_length(capacity);
    tag::write(&mut *session, &target, &longest).await.unwrap();
    assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(longest));
}

/// Others ask for the system of NDEF alone.
#[tokio::test]
async fn a_formatted_felica_lite_answers_to_the_system_of_ndef() {
    let mut desk = Desk::new().await;
    let id = desk.control.put(Target::felica(FelicaTag::new(IDM).unformatted()));
    let (mut session, target) = desk.tap().await;
    let code = |target: &ContactlessTarget| match target.technology {
        Technology::Felica { system_code, .. } => system_code,
        _ => None,
    };
    assert_eq!(code(&target), Some([0x88, 0xb4]));
    tag::format(&mut *session, &target).await.unwrap();
    drop(session);
    let (_session, target) = desk.tap().await;
    assert_eq!(code(&target), Some([0x12, 0xfc]));
    desk.control.take(id);
}

/// Locking burns each bit that locks a page of the message, and nothing in the pages of the configuration.
#[tokio::test]
async fn locking_a_type_2_tag_locks_every_page_and_nothing_else() {
    use Type2Model::{
        Mf0ul11, Mf0ul21, Ntag210, Ntag212, Ntag213, Ntag215, Ntag216, Ultralight, UltralightC,
    };
    let mut desk = Desk::new().await;
    for (model, last, configuration) in [
        (Ultralight, 0x0f, 0x10..0x10),
        (UltralightC, 0x27, 0x29..0x2c),
        (Mf0ul11, 0x0f, 0x10..0x14),
        (Mf0ul21, 0x23, 0x25..0x29),
        (Ntag210, 0x0f, 0x10..0x14),
        (Ntag212, 0x23, 0x25..0x29),
        (Ntag213, 0x27, 0x29..0x2d),
        (Ntag215, 0x81, 0x83..0x87),
        (Ntag216, 0xe1, 0xe3..0xe7),
    ] {
        let id = desk.control.put(Target::type2(type2(model)));
        let (mut session, target) = desk.tap().await;
        let before = tag::dump(&mut *session, &target).await.unwrap();
        tag::lock(&mut *session, &target).await.unwrap();
        let after = tag::dump(&mut *session, &target).await.unwrap();
        assert_eq!(before.get(configuration.clone()), after.get(configuration), "{model:?}");
        for page in 3..=last {
            let answer = session.transmit(&[0xa2, page, 1, 2, 3, 4]).await.unwrap();
            assert_ne!(answer.expose(), [0x0a], "{model:?}: page {page}");
        }
        desk.control.take(id);
    }
}

#[tokio::test]
async fn an_unformatted_tag_is_formatted() {
    let mut desk = Desk::new().await;
    let classic = MifareClassic::new(MifareSize::Classic1K, UID);
    for (capacity, target) in [
        (90, Target::topaz(TopazTag::new(UID).unformatted())),
        (46, Target::type2(type2(Type2Model::Ultralight).unformatted())),
        (142, Target::type2(type2(Type2Model::UltralightC).unformatted())),
        (46, Target::type2(type2(Type2Model::Mf0ul11).unformatted())),
        (126, Target::type2(type2(Type2Model::Mf0ul21).unformatted())),
        (46, Target::type2(type2(Type2Model::Ntag210).unformatted())),
        (126, Target::type2(type2(Type2Model::Ntag212).unformatted())),
        (142, Target::type2(type2(Type2Model::Ntag213).unformatted())),
        (868, Target::type2(type2(Type2Model::Ntag216).unformatted())),
        (208, Target::felica(FelicaTag::new(IDM).unformatted())),
        (716, Target::mifare_classic(classic)),
    ] {
        let id = desk.control.put(target);
        let (mut session, target) = desk.tap().await;
        let error = tag::read(&mut *session, &target).await.unwrap_err();
        assert!(matches!(error, TagError::NotFormatted), "{capacity}: {error}");
        tag::format(&mut *session, &target).await.unwrap();
        let state = tag::state(&mut *session, &target).await.unwrap();
        assert_eq!(state.capacity, capacity, "{:?}", state.kind);
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), None);
        tag::write(&mut *session, &target, &new()).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(new()));
        desk.control.take(id);
    }
}

#[tokio::test]
async fn a_mifare_classic_is_used_like_a_tag() {
    for (size, capacity, blocks) in
        [(MifareSize::Classic1K, 716, 64), (MifareSize::Classic4K, 3356, 256)]
    {
        let mut desk = Desk::new().await;
        desk.control.put(Target::mifare_classic(MifareClassic::new(size, UID)));
        let (mut session, target) = desk.tap().await;
        tag::format(&mut *session, &target).await.unwrap();
        assert_eq!(tag::state(&mut *session, &target).await.unwrap().capacity, capacity);
        for length in [600, capacity - 7, 1] {
            let long = Message::new(vec![Record::media("x", vec![0x5a; length])]);
            tag::write(&mut *session, &target, &long).await.unwrap();
            assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(long));
        }
        // Formatting again empties it.
        tag::format(&mut *session, &target).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), None);
        let dump = tag::dump(&mut *session, &target).await.unwrap();
        assert_eq!((dump.len(), &dump[1].1[..4]), (blocks, &[0x14, 0x01, 0x03, 0xe1][..]));
        assert!(matches!(tag::lock(&mut *session, &target).await, Err(TagError::Unsupported(_))));
    }
}

/// Returns a card whose first KiB is for messages, and whose second directory has no sector for one.
fn first_kib() -> MifareClassic {
    const KEYS: [u8; 16] =
        [0xd3, 0xf7, 0xd3, 0xf7, 0xd3, 0xf7, 0x7f, 0x07, 0x88, 0x40, 255, 255, 255, 255, 255, 255];
    const MAD_KEYS: [u8; 16] =
        [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0x78, 0x77, 0x88, 0xc1, 255, 255, 255, 255, 255, 255];
    let directory = [&[0x14, 0x01], &[0x03, 0xe1].repeat(15)[..]].concat();
    let (blocks, _) = directory.as_chunks::<16>();
    let card = MifareClassic::new(MifareSize::Classic4K, UID);
    let card = card.with_block(1, blocks[0]).with_block(2, blocks[1]).with_block(3, MAD_KEYS);
    (1..16).fold(card, |card, sector| card.with_block(sector * 4 + 3, KEYS))
}

/// A message that is longer than what can be read is neither told as none nor overwritten.
#[tokio::test]
async fn a_message_beyond_the_memory_is_told_and_kept() {
    let longer = [0x03, 0xff, 0x08, 0x00, 0xc2, 0x01, 0, 0, 7, 0xf0, b'x', 1, 2, 3, 4, 5];
    let classic = first_kib().with_block(4, longer);
    let mut desk = Desk::new().await;
    for target in [
        Target::mifare_classic(classic),
        Target::type2(type2(Type2Model::Ntag213).with_ndef(&[0x5a; 600])),
        Target::topaz(TopazTag::new(UID).with_ndef(&[0x5a; 200])),
    ] {
        let id = desk.control.put(target);
        let (mut session, target) = desk.tap().await;
        let before = tag::dump(&mut *session, &target).await.unwrap();
        let error = tag::read(&mut *session, &target).await.unwrap_err();
        assert!(matches!(error, TagError::Truncated), "{error}");
        let error = tag::write(&mut *session, &target, &new()).await.unwrap_err();
        assert!(matches!(error, TagError::Truncated), "{error}");
        assert_eq!(tag::dump(&mut *session, &target).await.unwrap(), before);
        // Who formats has said so.
        tag::format(&mut *session, &target).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), None);
        tag::write(&mut *session, &target, &new()).await.unwrap();
        assert_eq!(tag::read(&mut *session, &target).await.unwrap(), Some(new()));
        desk.control.take(id);
    }
}

/// The tag leaves at every command of a write, heard or not, and is repaired.
#[tokio::test]
async fn torn_at_every_command_and_repaired() {
    let mut desk = Desk::new().await;
    let mut runs = 0;
    for index in 0..tags().len() {
        let mut command = 1;
        loop {
            let mut torn_at_all = false;
            for fault in [TargetFault::LeavesBefore(command), TargetFault::LeavesAfter(command)] {
                torn_at_all |= torn(&mut desk, index, fault).await;
                runs += 1;
            }
            if !torn_at_all {
                break;
            }
            command += 1;
        }
        assert!(command > 3, "{index}");
    }
    println!("{runs} tags pulled away around a write, repaired where torn");
}

/// Returns whether the write failed.
async fn torn(desk: &mut Desk, index: usize, fault: TargetFault) -> bool {
    let (kind, _, target) = tags().swap_remove(index);
    let id = desk.control.put(target.with_fault(fault));
    let Ok(found) = timeout(SHORT, desk.reader.await_target()).await else {
        // It left while it was activated.
        desk.control.take(id);
        return true;
    };
    let target = found.unwrap();
    let written = match desk.reader.connect().await {
        Ok(mut session) => tag::write(&mut *session, &target, &new()).await,
        Err(error) => Err(error.into()),
    };
    let id = desk.again(id, Target::healed);
    let (mut session, target) = desk.tap().await;
    let found = tag::read(&mut *session, &target).await.unwrap();
    match &written {
        Ok(()) => assert_eq!(found, Some(new()), "{kind:?} {fault:?}"),
        Err(TagError::Torn { .. }) => {
            let whole = [None, Some(old()), Some(new())];
            assert!(whole.contains(&found), "{kind:?} {fault:?}: {found:?}");
            tag::repair(&mut *session, &target, Some(&new())).await.unwrap();
            let repaired = tag::read(&mut *session, &target).await.unwrap();
            assert_eq!(repaired, Some(new()), "{kind:?} {fault:?}");
        }
        // Before anything was changed.
        Err(TagError::Device(_)) => assert_eq!(found, Some(old()), "{kind:?} {fault:?}"),
        Err(other) => panic!("{kind:?} {fault:?}: {other}"),
    }
    drop(session);
    desk.control.take(id);
    written.is_err()
}

#[tokio::test]
async fn what_ntags_know_beyond_type_2() {
    let mut desk = Desk::new().await;
    desk.control.put(Target::type2(type2(Type2Model::Ntag215)));
    let (mut session, _) = desk.tap().await;
    assert_eq!(ntag::Model::of(&mut *session).await.unwrap(), Some(ntag::Model::Ntag215));
    assert_eq!(ntag::fast_read(&mut *session, 0x00, 0x02).await.unwrap().len(), 12);
    let refused = ntag::fast_read(&mut *session, 0x80, 0x90).await.unwrap_err();
    assert!(matches!(refused, TagError::Refused { place: 0x80, .. }), "{refused}");
    assert_eq!(ntag::counter(&mut *session).await.unwrap(), 0);
    // Switched on, it counts the first reading in a field.
    session.transmit(&[0xa2, 0x84, 0x10, 0x05, 0x00, 0x00]).await.unwrap();
    for _ in 0..2 {
        session.transmit(&[0x30, 0x04]).await.unwrap();
        assert_eq!(ntag::counter(&mut *session).await.unwrap(), 1);
    }
    assert_eq!(ntag::signature(&mut *session).await.unwrap().len(), 32);
    assert_eq!(ntag::authenticate(&mut *session, [0; 4]).await.unwrap(), None);
    assert_eq!(ntag::authenticate(&mut *session, [0xff; 4]).await.unwrap(), Some([0, 0]));
}

#[tokio::test]
async fn a_desfire_is_read_in_plain() {
    let mut desk = Desk::new().await;
    let records = DesfireFile::Records { length: 2, records: vec![vec![1, 1], vec![2, 2]] };
    let content: Vec<u8> = (0..200).collect();
    let files = vec![(1, DesfireFile::Data(content.clone())), (2, records)];
    let card = DesfireCard::new(TAG).with_application([3, 2, 1], files);
    desk.control.put(Target::desfire(TAG, card));
    let (mut session, target) = desk.tap().await;
    let session = &mut *session;
    assert_eq!(desfire::applications(session).await.unwrap(), [[3, 2, 1]]);
    let missing = desfire::select(session, [9, 9, 9]).await.unwrap_err();
    assert!(matches!(missing, TagError::Refused { place: 0xa0, .. }), "{missing}");
    desfire::select(session, [3, 2, 1]).await.unwrap();
    assert_eq!(desfire::files(session).await.unwrap(), [1, 2]);
    assert_eq!(desfire::file_kind(session, 1).await.unwrap(), desfire::FileKind::Data(200));
    let kind = desfire::FileKind::Records { length: 2, count: 2 };
    assert_eq!(desfire::file_kind(session, 2).await.unwrap(), kind);
    assert_eq!(desfire::read_data(session, 1, 0, 0).await.unwrap(), content);
    assert_eq!(desfire::read_data(session, 1, 10, 70).await.unwrap(), content[10..80]);
    assert_eq!(desfire::read_records(session, 2, 0, 0).await.unwrap(), [1, 1, 2, 2]);
    // It has no application for messages.
    let error = tag::read(session, &target).await.unwrap_err();
    assert!(matches!(error, TagError::NotFormatted), "{error}");
    // Formatting cannot make one: the advice is not to format it.
    let error = tag::format(session, &target).await.unwrap_err();
    assert!(matches!(error, TagError::Unsupported(_)) && error.help().is_none(), "{error}");
}
