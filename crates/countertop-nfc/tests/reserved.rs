//! Tags that reserve bytes in the middle of their memory: whatever is done to them, those stay, and so do the
//! blocks that tell of them, though empty ones stand in front.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod desk;

use core::ops::Range;
use std::time::Duration;

use countertop_device::ContactlessReader as _;
use countertop_nfc::tag::{self, TagError};
use countertop_virtual::pn532::{Target, TargetFault, TopazTag, Type2Model, Type2Tag};
use countertop_wire::ndef::{Message, Record, wrap_tlv};
use tokio::time::timeout;

use desk::Desk;

/// Longer than a round of searches.
const SHORT: Duration = Duration::from_millis(300);
const UID: [u8; 4] = [1, 2, 3, 4];
const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];
/// What a tag has in its reserved bytes.
const SECRET: u8 = 0xa5;

/// Is a kind of tag: where its memory for messages is, and which of it is reserved.
#[derive(Debug)]
struct Kind {
    make: fn() -> Target,
    area: Range<usize>,
    /// Two empty blocks, a memory control block and a lock control block.
    control: [u8; 12],
    reserved: Range<usize>,
    capacity: usize,
}

/// The lock control block of the type 2 tags is an NTAG213's; that of the Topaz names its lock bytes.
const KINDS: [Kind; 3] = [
    Kind {
        make: || Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG)),
        area: 16..160,
        control: *b"\x00\x00\x02\x03\x31\x07\x04\x01\x03\xa0\x0c\x34",
        reserved: 49..56,
        capacity: 123,
    },
    Kind {
        make: || Target::type2(Type2Tag::new(Type2Model::UltralightC, TAG)),
        area: 16..160,
        control: *b"\x00\x00\x01\x03\xa0\x10\x44\x02\x03\x31\x07\x04",
        reserved: 49..56,
        capacity: 123,
    },
    Kind {
        make: || Target::topaz(TopazTag::new(UID)),
        area: 12..104,
        control: *b"\x00\x00\x02\x03\x42\x05\x03\x01\x03\xe0\x10\x33",
        reserved: 34..39,
        capacity: 73,
    },
];

impl Kind {
    /// Returns the memory for messages with `content` behind the control blocks.
    fn memory(&self, content: &[u8]) -> Vec<u8> {
        let mut bytes = self.control.iter().chain(content);
        let byte = |address| match self.reserved.contains(&address) {
            true => SECRET,
            false => bytes.next().copied().unwrap_or_default(),
        };
        self.area.clone().map(byte).collect()
    }

    /// Looks whether a tag still reserves what it did.
    fn look(&self, target: &Target, what: &str) {
        let type2 = target.as_type2().map(|tag| tag.pages().as_flattened());
        let memory = type2.or_else(|| target.as_topaz().map(TopazTag::memory)).unwrap();
        let control = &memory[self.area.start..][..self.control.len()];
        assert_eq!(control, self.control, "{what}");
        assert!(memory[self.reserved.clone()].iter().all(|byte| *byte == SECRET), "{what}");
    }
}

impl Desk {
    /// Makes a tag with this behind its control blocks.
    async fn prepared(&mut self, kind: &Kind, content: &[u8]) -> Target {
        let id = self.control.put((kind.make)());
        let (mut session, target) = self.tap().await;
        let topaz = target.uid.len() == UID.len();
        let memory = kind.memory(content);
        for (index, unit) in memory.chunks(if topaz { 1 } else { 4 }).enumerate() {
            let index = u8::try_from(index).unwrap();
            let command = match topaz {
                true => [&[0x53, 12 + index], unit, &target.uid].concat(),
                false => [&[0xa2, 4 + index], unit].concat(),
            };
            session.transmit(&command).await.unwrap();
        }
        drop(session);
        let target = self.control.take(id).unwrap();
        kind.look(&target, "as prepared");
        target
    }
}

fn old() -> Message {
    Message::new(vec![Record::text("en", "the old one, around what is reserved")])
}

fn new() -> Message {
    Message::new(vec![Record::uri("https://example.com/a/new/one/around/what/is/reserved")])
}

/// Returns what may stand behind the control blocks, and the message in it.
fn contents() -> Vec<(Vec<u8>, Option<Message>)> {
    let message = wrap_tlv(&old().encode());
    vec![
        (Vec::new(), None),
        (vec![0xfe], None),
        (vec![0x03, 0x00, 0xfe], None),
        ([&[0, 0, 0], &message[..]].concat(), Some(old())),
        (message, Some(old())),
    ]
}

#[tokio::test]
async fn reserved_bytes_are_skipped_by_all_that_reads_and_writes() {
    let mut desk = Desk::new().await;
    for kind in &KINDS {
        for (content, message) in contents() {
            let what = format!("{kind:?} {content:02x?}");
            let target = desk.prepared(kind, &content).await;
            let id = desk.control.put(target);
            let (mut session, target) = desk.tap().await;
            let session = &mut *session;
            assert_eq!(tag::read(session, &target).await.unwrap(), message, "{what}");
            tag::write(session, &target, &new()).await.unwrap();
            assert_eq!(tag::read(session, &target).await.unwrap(), Some(new()), "{what}");
            tag::format(session, &target).await.unwrap();
            assert_eq!(tag::read(session, &target).await.unwrap(), None, "{what}");
            let capacity = tag::state(session, &target).await.unwrap().capacity;
            assert_eq!(capacity, kind.capacity, "{what}");
            let full = |length: usize| Message::new(vec![Record::media("x", vec![1; length - 4])]);
            let error = tag::write(session, &target, &full(capacity + 1)).await.unwrap_err();
            assert!(matches!(error, TagError::TooLong { .. }), "{what}: {error}");
            tag::write(session, &target, &full(capacity)).await.unwrap();
            assert_eq!(tag::read(session, &target).await.unwrap(), Some(full(capacity)), "{what}");
            kind.look(&desk.control.take(id).unwrap(), &what);
        }
    }
}

fn copy(target: &Target) -> Target {
    let type2 = target.as_type2().cloned().map(Target::type2);
    type2.or_else(|| target.as_topaz().cloned().map(Target::topaz)).unwrap()
}

/// What is done to a tag that leaves meanwhile.
#[derive(Debug, Clone, Copy)]
enum Job {
    Write,
    Format,
}

#[tokio::test]
async fn reserved_bytes_survive_what_is_torn_and_its_repair() {
    let mut desk = Desk::new().await;
    let mut runs = 0;
    for kind in [&KINDS[0], &KINDS[2]] {
        // Every other content tears as one of these does.
        for (content, message) in contents().into_iter().step_by(2).take(2) {
            let prepared = desk.prepared(kind, &content).await;
            for job in [Job::Write, Job::Format] {
                for command in 1.. {
                    let mut torn_at_all = false;
                    for fault in [
                        TargetFault::LeavesBefore(command),
                        TargetFault::LeavesAfter(command),
                        TargetFault::TearsIn { command, seed: u64::try_from(command).unwrap() },
                    ] {
                        let target = copy(&prepared).with_fault(fault);
                        torn_at_all |= torn(&mut desk, kind, target, job, &message).await;
                        runs += 1;
                    }
                    if !torn_at_all {
                        break;
                    }
                }
            }
        }
    }
    println!("{runs} tags with reserved bytes pulled away, repaired where torn");
}

/// Returns whether the job failed.
async fn torn(
    desk: &mut Desk,
    kind: &Kind,
    target: Target,
    job: Job,
    before: &Option<Message>,
) -> bool {
    let what = format!("{kind:?} {job:?} {target:?}");
    let id = desk.control.put(target);
    let Ok(found) = timeout(SHORT, desk.reader.await_target()).await else {
        // It left while it was activated.
        desk.control.take(id);
        return true;
    };
    let target = found.unwrap();
    let done = match desk.reader.connect().await {
        Ok(mut session) => match job {
            Job::Write => tag::write(&mut *session, &target, &new()).await,
            Job::Format => tag::format(&mut *session, &target).await,
        },
        Err(error) => Err(error.into()),
    };
    let left = desk.control.take(id).unwrap().healed();
    kind.look(&left, &what);
    let id = desk.control.put(left);
    let (mut session, target) = desk.tap().await;
    let session = &mut *session;
    let found = tag::read(session, &target).await.unwrap();
    match &done {
        Ok(()) => assert_eq!(found, matches!(job, Job::Write).then(new), "{what}"),
        Err(TagError::Torn { .. }) => {
            assert!([None, before.clone(), Some(new())].contains(&found), "{what}: {found:?}");
        }
        // Before anything was changed.
        Err(TagError::Device(_)) => assert_eq!(found, *before, "{what}"),
        Err(other) => panic!("{what}: {other}"),
    }
    tag::repair(session, &target, Some(&new())).await.unwrap();
    assert_eq!(tag::read(session, &target).await.unwrap(), Some(new()), "{what}");
    kind.look(&desk.control.take(id).unwrap(), &what);
    done.is_err()
}
