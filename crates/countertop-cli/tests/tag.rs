//! `countertop tag` against the virtual PN532 on a pty, and through pcscd.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::{Output, Stdio};
use std::time::Duration;

use countertop_tests::pcscd::{Service, VPCD};
use countertop_virtual::card::VirtualCard;
use countertop_virtual::contactless_reader::{PassedOn, StorageTag};
use countertop_virtual::pn532::{
    DesfireCard, FelicaTag, Pn532Control, Target, TargetFault, Type2Model, Type2Tag, Type4Tag,
    VirtualPn532,
};
use countertop_virtual::pty::Pty;
use countertop_virtual::vpcd;
use countertop_wire::ndef::{Message, Record};
use serde_json::Value;
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(60);
const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];

fn power_up() -> (String, String, Pn532Control) {
    let pty = Pty::open(None).unwrap();
    let path = pty.path().display().to_string();
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    (format!("serial:{path}"), format!("nfc:pn532_uart:{path}"), control)
}

async fn countertop(arguments: &[&str], at: &str) -> Output {
    let (job, rest) = arguments.split_first().unwrap();
    let wait = if rest.contains(&"--wait") { &[][..] } else { &["--wait", "20"] };
    let output = Command::new(env!("CARGO_BIN_EXE_countertop"))
        .args(["tag", job, "--at", at])
        .args(wait)
        .args(rest)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    timeout(LIMIT, output).await.unwrap().unwrap()
}

/// Runs it and returns what it says, which has to succeed.
async fn done(arguments: &[&str], at: &str) -> String {
    let Output { status, stdout, stderr } = countertop(arguments, at).await;
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

async fn fails(arguments: &[&str], at: &str) -> String {
    let Output { status, stderr, .. } = countertop(arguments, at).await;
    assert_eq!(status.code(), Some(1), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_from_blank_to_locked() {
    let (at, by_libnfc, control) = power_up();
    control.put(Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG).unformatted()));
    let error = fails(&["read"], &at).await;
    assert!(error.contains("not formatted for NDEF"), "{error}");
    assert!(error.contains("cure: format it first"), "{error}");
    let text = done(&["format"], &at).await;
    assert_eq!(
        text,
        "formatted: type 2 tag, 0 of 142 bytes used, writable, UID 04112233445566\nno message\n"
    );
    let write = ["write", "--uri", "https://example.com/7", "--text", "谢谢", "--language", "zh"];
    let text = done(&write, &at).await;
    assert!(text.contains("1. link: https://example.com/7\n2. text (zh): 谢谢\n"), "{text}");
    // libnfc reads what we wrote.
    for at in [&at, &by_libnfc] {
        let value: Value = serde_json::from_str(&done(&["read", "--json"], at).await).unwrap();
        assert_eq!(value["uid"], "04112233445566");
        assert_eq!(value["records"][0]["uri"], "https://example.com/7");
        assert_eq!(value["records"][1]["text"], "谢谢");
    }
    let dump = done(&["dump"], &at).await;
    assert!(dump.contains("0003  e1101200  ....\n"), "{dump}");
    assert_eq!(dump.lines().count(), 45);
    let text = done(&["lock", "--yes"], &at).await;
    assert!(text.starts_with("locked: type 2 tag") && text.contains("read only"), "{text}");
    let error = fails(&["write", "--text", "no"], &at).await;
    assert!(error.contains("the tag is locked"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_tag_is_told_and_put_right() {
    let (at, _, control) = power_up();
    let tag = Target::felica(FelicaTag::new([2, 0xfe, 1, 2, 3, 4, 5, 6]));
    // Attribute block read, written; then the content.
    let id = control.put(tag.with_fault(TargetFault::LeavesBefore(3)));
    let write = ["write", "--text", "a text that is longer than one block of sixteen bytes"];
    let error = fails(&write, &at).await;
    assert!(error.contains("torn away in the middle of a write"), "{error}");
    assert!(error.contains("write again"), "{error}");
    control.put(control.take(id).unwrap().healed());
    assert!(done(&["read"], &at).await.contains("no message"));
    assert!(done(&write, &at).await.contains("longer than one block"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told() {
    let (at, _, control) = power_up();
    let none = fails(&["read", "--wait", "1"], &at).await;
    assert!(none.contains("no tag came") && none.contains("cure: "), "{none}");
    control.put(Target::type2(Type2Tag::new(Type2Model::Ultralight, TAG)));
    let long = "x".repeat(100);
    let error = fails(&["write", "--text", &long], &at).await;
    assert!(error.contains("the message has 107 bytes, and the tag takes 46"), "{error}");
    let missing = fails(&["write", "--media", "image/png", "/does/not/exist"], &at).await;
    assert!(missing.contains("/does/not/exist"), "{missing}");
    for wrong in [&["lock"][..], &["write"], &["erase"]] {
        assert_eq!(countertop(wrong, &at).await.status.code(), Some(2), "{wrong:?}");
    }
    let pcsc = fails(&["read"], "serial:/dev/does-not-exist").await;
    assert!(pcsc.contains("not found"), "{pcsc}");
}

/// The records are in the order of the options.
#[tokio::test(flavor = "multi_thread")]
async fn records_keep_their_order() {
    let (at, _, control) = power_up();
    control.put(Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG)));
    let text = done(&["write", "--text", "A", "--uri", "https://b.example"], &at).await;
    assert!(text.contains("1. text (en): A\n2. link: https://b.example\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_does_not_lead_in_a_circle() {
    let (at, _, control) = power_up();
    let id = control.put(Target::desfire(TAG, DesfireCard::new(TAG)));
    let error = fails(&["format"], &at).await;
    assert!(error.contains("its issuer") && !error.contains("tag format"), "{error}");
    control.take(id);
    let longer = Type2Tag::new(Type2Model::Ultralight, TAG).with_ndef(&[0x5a; 600]);
    control.put(Target::type2(longer));
    for job in [&["read"][..], &["write", "--text", "no"]] {
        let error = fails(job, &at).await;
        assert!(
            error.contains("goes beyond its memory") && error.contains("tag format"),
            "{error}"
        );
    }
    assert!(done(&["format"], &at).await.contains("no message"));
}

/// Writes container and empty message as a PC/SC reader does (UPDATE BINARY, PC/SC part 3).
fn formatted_ultralight() -> StorageTag {
    let mut tag = StorageTag::mifare_ultralight(TAG);
    for (page, content) in [(3, [0xe1, 0x10, 0x06, 0x00]), (4, [0x03, 0x00, 0xfe, 0x00])] {
        let update = [&[0xff, 0xd6, 0x00, page, 0x04][..], &content].concat();
        assert_eq!(tag.transmit(&update), [0x90, 0x00]);
    }
    tag
}

type Held = JoinHandle<Result<vpcd::Ended, vpcd::SlotError>>;

fn hold(card: impl VirtualCard + 'static) -> Held {
    tokio::spawn(vpcd::serve(card, VPCD))
}

async fn take(slot: Held) {
    slot.abort();
    // Its end is what was asked for.
    let _ = slot.await;
    // The service looks at the slot every 400 ms, and could miss that another card came.
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// A reader of the PC/SC service, with a card of type 4 and an Ultralight on it.
#[tokio::test(flavor = "multi_thread")]
async fn tags_on_a_pcsc_reader() {
    const AT: &str = "pcsc:Virtual PCD 00 00";
    let _service = Service::start().unwrap();
    let old = Message::new(vec![Record::text("en", "old")]).encode();
    let card = PassedOn::new(Type4Tag::new(512).with_ndef(&old), [8, 1, 2, 3]);
    let slot = hold(card);
    let text = done(&["read"], AT).await;
    assert!(text.starts_with("type 4 tag") && text.contains("text (en): old"), "{text}");
    done(&["write", "--uri", "https://example.com/7"], AT).await;
    assert!(done(&["read"], AT).await.contains("link: https://example.com/7"));
    take(slot).await;
    // Which model it is, and so how much it holds, is not to be found out this way.
    let slot = hold(StorageTag::mifare_ultralight(TAG));
    let error = fails(&["format"], AT).await;
    assert!(error.contains("READ (30) and WRITE (A2) alone"), "{error}");
    take(slot).await;
    let slot = hold(formatted_ultralight());
    let text = done(&["read"], AT).await;
    assert!(text.contains("type 2 tag, 0 of 46 bytes used"), "{text}");
    done(&["write", "--text", "by PC/SC"], AT).await;
    assert!(done(&["read"], AT).await.contains("text (en): by PC/SC"));
    // All of its pages have a static lock bit, so that nobody has to know the model.
    done(&["lock", "--yes"], AT).await;
    assert!(fails(&["write", "--text", "once more"], AT).await.contains("the tag is locked"));
    take(slot).await;
    let slot = hold(StorageTag::mifare_classic_1k([4, 1, 2, 3]));
    let error = fails(&["read"], AT).await;
    assert!(error.contains("hold it to a PN532"), "{error}");
    take(slot).await;
}
