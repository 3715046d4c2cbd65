//! libnfc's own programs against the virtual PN532. They are in the Debian packages `libnfc-bin` and
//! `libnfc-examples`.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use countertop_virtual::card::VirtualCard;
use countertop_virtual::pn532::{
    FelicaTag, MifareClassic, MifareSize, Pn532Control, Target, TopazTag, Type2Model, Type2Tag,
    VirtualPn532,
};
use countertop_virtual::pty::Pty;
use countertop_wire::ndef::{Message, Record};
use tokio::process::Command;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(30);
const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];

/// Answers every command with 9000.
#[derive(Debug)]
struct YesCard;

impl VirtualCard for YesCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x00]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x05, 0x78, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {}

    fn transmit(&mut self, _: &[u8]) -> Vec<u8> {
        vec![0x90, 0x00]
    }
}

fn card() -> Target {
    Target::iso_dep([0x08, 0xa1, 0xb2, 0xc3], YesCard)
}

fn tag() -> Target {
    let message = Message::new(vec![Record::uri("https://example.com/receipt/1")]);
    Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG).with_ndef(&message.encode()))
}

/// Powers a chip up on a pseudo-terminal; it lives as long as the test's runtime.
fn power_up() -> (String, Pn532Control) {
    let pty = Pty::open(None).unwrap();
    let device = format!("pn532_uart:{}:115200", pty.path().display());
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    (device, control)
}

async fn run(program: &str, arguments: &[&str], device: &str, folder: &Path) -> String {
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("LIBNFC_DEFAULT_DEVICE", device)
        .env("LIBNFC_AUTO_SCAN", "false")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(LIMIT, child)
        .await
        .unwrap_or_else(|_| panic!("{program} did not end in time"))
        .unwrap_or_else(|error| {
            panic!("{program}: {error}; install the packages libnfc-bin and libnfc-examples")
        });
    let Output { status, stdout, stderr } = output;
    let (text, errors) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{program}: {status}\n{text}\n{errors}");
    assert!(!errors.contains("error"), "{program}: {errors}");
    text.into_owned()
}

async fn nfc_list(device: &str) -> String {
    run("nfc-list", &["-v"], device, Path::new("/")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_list_shows_card_and_tag() {
    let (device, control) = power_up();
    control.put(card());
    control.put(tag());
    let text = nfc_list(&device).await;
    assert!(text.contains("2 ISO14443A passive target(s) found"), "{text}");
    assert!(text.contains("UID (NFCID3): 08  a1  b2  c3"), "{text}");
    assert!(text.contains("SAK (SEL_RES): 20"), "{text}");
    assert!(text.contains("UID (NFCID1): 04  11  22  33  44  55  66"), "{text}");
    for other in ["Felica (212 kbps)", "Felica (424 kbps)", "ISO14443B", "ISO14443A-3 Jewel"] {
        assert!(text.contains(&format!("0 {other} passive target(s) found")), "{other}: {text}");
    }
}

/// Closing the device puts the chip to sleep; the next program wakes it.
#[tokio::test(flavor = "multi_thread")]
async fn nfc_list_comes_again_and_sees_what_changed() {
    let (device, control) = power_up();
    assert!(nfc_list(&device).await.contains("0 ISO14443A passive target(s) found"));
    let id = control.put(tag());
    assert!(nfc_list(&device).await.contains("1 ISO14443A passive target(s) found"));
    assert!(control.take(id).is_some());
    control.put(card());
    let text = nfc_list(&device).await;
    assert!(text.contains("1 ISO14443A passive target(s) found"), "{text}");
    assert!(text.contains("08  a1  b2  c3"), "{text}");
    assert!(!control.field_is_on());
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_mfultralight_dumps_the_tag() {
    let (device, control) = power_up();
    let id = control.put(tag());
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["r", "dump.mfd", "--full"];
    let text = run("nfc-mfultralight", &arguments, &device, folder.path()).await;
    assert!(text.contains("NTAG213"), "{text}");
    assert!(text.contains("45 of 45 pages read"), "{text}");
    let dump = std::fs::read(folder.path().join("dump.mfd")).unwrap();
    let tag = control.take(id).unwrap();
    let user = tag.as_type2().unwrap().user_memory();
    assert_eq!(dump[16..16 + user.len()], *user);
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_scan_device_reads_the_chip() {
    let (device, _control) = power_up();
    let text = run("nfc-scan-device", &["-v"], &device, Path::new("/")).await;
    assert!(text.contains("chip: PN532 v1.6"), "{text}");
    assert!(text.contains("ISO/IEC 14443A (424 kbps, 212 kbps, 106 kbps)"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_list_shows_the_other_technologies() {
    let (device, control) = power_up();
    control.put(Target::type_b([1, 2, 3, 4], YesCard));
    control.put(Target::felica(FelicaTag::new([0x02, 0xfe, 1, 2, 3, 4, 5, 6])));
    control.put(Target::topaz(TopazTag::new([5, 6, 7, 8])));
    let text = nfc_list(&device).await;
    for found in ["1 Felica (212 kbps)", "1 ISO14443B passive", "1 ISO14443A-3 Jewel passive"] {
        assert!(text.contains(found), "{found}: {text}");
    }
    assert!(text.contains("PUPI: 01  02  03  04"), "{text}");
    assert!(text.contains("ID (NFCID2): 02  fe  01  02  03  04  05  06"), "{text}");
    assert!(text.contains("4-LSB JEWELID: 05  06  07  08"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_poll_finds_each_type() {
    let classic = MifareClassic::new(MifareSize::Classic1K, [1, 2, 3, 4]);
    for (target, kind) in [
        (tag(), "ISO/IEC 14443A (106 kbps) target"),
        (card(), "ISO/IEC 14443A (106 kbps) target"),
        (Target::mifare_classic(classic), "ISO/IEC 14443A (106 kbps) target"),
        (Target::type_b([1, 2, 3, 4], YesCard), "ISO/IEC 14443-4B (106 kbps) target"),
        (Target::felica(FelicaTag::new([2; 8])), "FeliCa (212 kbps) target"),
        (Target::topaz(TopazTag::new([1, 2, 3, 4])), "Innovision Jewel (106 kbps) target"),
    ] {
        let (device, control) = power_up();
        let id = control.put(target);
        // It waits until the card is taken away, asking whether it is there.
        let polling = run("nfc-poll", &["-v"], &device, Path::new("/"));
        tokio::pin!(polling);
        let before = timeout(Duration::from_secs(1), &mut polling).await;
        // A FeliCa Lite does not know the command by which it asks (Request Response).
        let knows = !kind.contains("FeliCa");
        assert_eq!(before.is_err(), knows, "{kind}: {before:?}");
        control.take(id);
        let text = match before {
            Ok(text) => text,
            Err(_still_there) => polling.await,
        };
        assert!(text.contains(kind) && text.contains("done."), "{kind}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_mfclassic_reads_and_writes() {
    // Of 4 KiB it wants cards whose block 0 can be written, which genuine ones refuse (1.8.0).
    let content = *b"a value of users";
    let (device, control) = power_up();
    let classic = MifareClassic::new(MifareSize::Classic1K, [0x5a, 2, 3, 4]);
    let id = control.put(Target::mifare_classic(classic.with_block(5, content)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.mfd");
    let read = ["r", "a", "u", "dump.mfd"];
    let text = run("nfc-mfclassic", &read, &device, folder.path()).await;
    assert!(text.contains("UID (NFCID1): 5a  02  03  04"), "{text}");
    let mut dump = std::fs::read(&file).unwrap();
    assert_eq!(dump.len(), 1024);
    assert_eq!(dump[5 * 16..6 * 16], content);
    // Of each sector it writes the first block alone (1.8.0).
    dump[4 * 16..5 * 16].copy_from_slice(&content);
    std::fs::write(&file, &dump).unwrap();
    let write = ["w", "a", "u", "dump.mfd", "dump.mfd"];
    run("nfc-mfclassic", &write, &device, folder.path()).await;
    let card = control.take(id).unwrap();
    assert_eq!(card.as_mifare_classic().unwrap().blocks()[4], content);
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_mfultralight_dumps_each_model() {
    for (model, name, pages) in [
        (Type2Model::Ntag215, "NTAG215", 135),
        (Type2Model::Ntag216, "NTAG216", 231),
        (Type2Model::Ultralight, "", 16),
    ] {
        let (device, control) = power_up();
        control.put(Target::type2(Type2Tag::new(model, TAG).with_ndef(&[0xd0, 0, 0])));
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["r", "dump.mfd", "--full"];
        let text = run("nfc-mfultralight", &arguments, &device, folder.path()).await;
        assert!(text.contains(name), "{model:?}: {text}");
        assert!(text.contains(&format!("{pages} of {pages} pages read")), "{model:?}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nfc_jewel_reads_and_writes_each_block() {
    let message = Message::new(vec![Record::uri("https://example.com/receipt/1")]);
    let (device, control) = power_up();
    let uid = [0x12, 0x34, 0x56, 0x78];
    let id = control.put(Target::topaz(TopazTag::new(uid).with_ndef(&message.encode())));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.mfd");
    let text = run("nfc-jewel", &["r", "dump.mfd"], &device, folder.path()).await;
    assert!(!text.contains("failed"), "{text}");
    let memory = |tag: &Target| tag.as_topaz().unwrap().memory().to_vec();
    let mut dump = std::fs::read(&file).unwrap();
    let before = control.take(id).unwrap();
    assert_eq!((dump.len(), &dump), (120, &memory(&before)));
    let id = control.put(before);
    *dump.get_mut(0x18).unwrap() ^= 0xff;
    std::fs::write(&file, &dump).unwrap();
    run("nfc-jewel", &["w", "dump.mfd"], &device, folder.path()).await;
    assert_eq!(memory(&control.take(id).unwrap())[0x18], dump[0x18]);
}
