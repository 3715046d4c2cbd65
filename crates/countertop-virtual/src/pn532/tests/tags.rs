//! Tags of each type, as the chip tells of them and talks to them.

use super::*;

const IDM: [u8; 8] = [0x02, 0xfe, 1, 2, 3, 4, 5, 6];
const KEY: &str = "ffffffffffff";

async fn with(target: Target) -> (Host, TargetId) {
    let mut host = Host::awake().await;
    host.expect(FEW_RETRIES, "33").await;
    let id = host.control.put(target);
    (host, id)
}

#[tokio::test]
async fn a_card_of_type_b() {
    let (mut host, _) = with(Target::type_b([1, 2, 3, 4], EchoCard::default())).await;
    host.expect(LIST, "4b 00").await;
    host.expect("4a 01 03 00", "4b 01 01 50 01020304 00000000 008171 01 01").await;
    host.expect("40 01 00 aa 00 02 00", "41 00 00 aa 90 00").await;
    // Longer than a frame of 64 bytes.
    let answer = host.ask("40 01 00 b0 00 c8 00").await;
    assert_eq!((answer.len(), answer[1]), (2 + 202, 0));
    host.expect("00 06", "01 00").await;
    host.expect("44 01", "45 00").await;
    // Behind DESELECT it wants WUPB, which InSelect sends.
    host.expect("54 01", "55 00").await;
    host.expect("40 01 00 aa 00 02 00", "41 00 00 aa 90 00").await;
    // As nfcpy undoes the activation to do it itself.
    host.expect("42 ca 01", "43 00 ca 01").await;
    host.expect("42 05 00 08", "43 00 50 01020304 00000000 008171").await;
    host.expect("42 1d 01020304 00 08 01 00", "43 00 00").await;
    host.expect("42 02 00 aa 00 02 00", "43 00 02 00 aa 90 00").await;
}

#[tokio::test]
async fn a_felica_tag() {
    let tag = FelicaTag::new(IDM).with_ndef(&[0xd0, 0, 0]);
    let (mut host, id) = with(Target::felica(tag)).await;
    host.expect(LIST, "4b 00").await;
    host.expect("4a 01 01 00 88 b4 01 00", "4b 00").await;
    let idm = "02fe010203040506";
    let found = format!("4b 01 01 14 01 {idm} 00f1000000014300 12fc");
    host.expect("4a 01 01 00 ff ff 01 00", &found).await;
    // CHECK of the attribute block and of the first one behind it.
    let check = format!("10 06 {idm} 01 0b00 02 8000 8001");
    let check = check.replacen("10", "12", 1);
    let blocks = "10040100 0d000000 00000100 00030026 d0000000 00000000 00000000 00000000";
    host.expect(&format!("40 01 {check}"), &format!("41 00 2d 07 {idm} 0000 02 {blocks}")).await;
    // UPDATE of the first block; the raw way answers the same.
    let update = format!("20 08 {idm} 01 0900 01 8001 {}", "a5".repeat(16));
    host.expect(&format!("42 {update}"), &format!("43 00 0c 09 {idm} 0000")).await;
    for (bad, status) in [
        (format!("10 06 {idm} 01 0b00 01 800e"), "ffa8"),
        (format!("10 06 {idm} 01 0100 01 8000"), "ffa6"),
        (format!("18 06 {idm} 01 0b00 05 80008000800080008000"), "ffa2"),
    ] {
        let code = if bad.contains(" 06 ") { "07" } else { "09" };
        host.expect(&format!("40 01 {bad}"), &format!("41 00 0c {code} {idm} {status}")).await;
    }
    let target = host.control.take(id).unwrap();
    assert_eq!(target.as_felica().unwrap().blocks()[1], [0xa5; 16]);
    assert_eq!(target.commands(), 5);
}

#[tokio::test]
async fn a_topaz_tag() {
    let tag = TopazTag::new([1, 2, 3, 4]).with_ndef(&[0xd0, 0, 0]);
    let (mut host, id) = with(Target::topaz(tag)).await;
    // It answers the request and nothing behind it.
    host.expect(LIST, "4b 00").await;
    host.expect("06 63 39", "07 93").await;
    host.expect("4a 01 04", "4b 01 01 0c00 01020304").await;
    // ACS's examples: the chip adds the UID, and leaves the address out of the answer.
    for rid in ["78", "78 0000 00000000"] {
        host.expect(&format!("40 01 {rid}"), "41 00 1148 01020304").await;
    }
    for all in ["00", "00 00 00 01020304"] {
        let all = host.ask(&format!("40 01 {all}")).await;
        assert_eq!((all.len(), &all[2..4]), (2 + 122, &[0x11, 0x48][..]));
        assert_eq!(all[12..21], [0xe1, 0x10, 0x0e, 0x00, 0x03, 0x03, 0xd0, 0x00, 0x00]);
    }
    host.expect("40 01 01 08", "41 00 e1").await;
    host.expect("40 01 01 08 00 01020304", "41 00 e1").await;
    host.expect("40 01 53 10 5a", "41 00 5a").await;
    host.expect("40 01 53 10 5a 01020304", "41 00 5a").await;
    host.expect("40 01 1a 10 21", "41 00 7b").await;
    host.expect("40 01 1a 10 04 01020304", "41 00 7f").await;
    // Not the UID; beyond the memory; not the user's memory.
    host.expect("40 01 01 08 00 01020305", "41 01").await;
    host.expect("40 01 01 78", "41 01").await;
    host.expect("40 01 53 00 5a", "41 00 01").await;
    // The lock bits of block 2 end writing.
    host.expect("40 01 53 70 04", "41 00 04").await;
    host.expect("40 01 53 10 00", "41 00 7f").await;
    assert_eq!(host.control.take(id).unwrap().as_topaz().unwrap().memory()[0x10], 0x7f);
}

#[tokio::test]
async fn a_mifare_classic() {
    let card = MifareClassic::new(MifareSize::Classic1K, [1, 2, 3, 4]);
    let (mut host, id) = with(Target::mifare_classic(card)).await;
    let list = "4b 01 01 0004 08 04 01020304";
    host.expect(LIST, list).await;
    // Nothing without a key; what it refuses halts it.
    host.expect("40 01 30 04", "41 02").await;
    host.expect(LIST, list).await;
    host.expect("40 01 60 04 000000000000 01020304", "41 14").await;
    host.expect("40 01 30 04", "41 01").await;
    host.expect(LIST, list).await;
    host.expect(&format!("40 01 60 04 {KEY} 01020304"), "41 00").await;
    host.expect(&format!("40 01 a0 04 {}", "5a".repeat(16)), "41 00").await;
    host.expect("40 01 30 04", &format!("41 00 {}", "5a".repeat(16))).await;
    // The trailer shows key B, which is readable, and not key A.
    host.expect("40 01 30 07", &format!("41 00 000000000000 ff078069 {KEY}")).await;
    // Another sector wants its own key.
    host.expect("40 01 30 08", "41 02").await;
    assert_eq!(host.control.take(id).unwrap().as_mifare_classic().unwrap().blocks()[4], [0x5a; 16]);
}

#[tokio::test]
async fn values_of_a_mifare_classic() {
    let card = MifareClassic::new(MifareSize::Classic4K, [1, 2, 3, 4]);
    let (mut host, id) = with(Target::mifare_classic(card)).await;
    host.expect(LIST, "4b 01 01 0002 18 04 01020304").await;
    // A large sector of sixteen blocks.
    host.expect(&format!("40 01 60 80 {KEY} 01020304"), "41 00").await;
    host.expect("40 01 a0 80 64000000 9bffffff 64000000 80 7f 80 7f", "41 00").await;
    host.expect("40 01 c1 80 05000000", "41 00").await;
    host.expect("40 01 b0 81", "41 00").await;
    host.expect("40 01 c0 81 6a000000", "41 00").await;
    host.expect("40 01 b0 81", "41 00").await;
    host.expect("40 01 30 81", "41 00 ffffffff 00000000 ffffffff 80 7f 80 7f").await;
    host.expect("40 01 c2 80 00000000", "41 00").await;
    host.expect("40 01 b0 8e", "41 00").await;
    host.expect("40 01 30 8e", "41 00 64000000 9bffffff 64000000 80 7f 80 7f").await;
    // What is no value block is not counted with.
    host.expect("40 01 c1 82 01000000", "41 13").await;
    assert!(host.control.take(id).is_some());
}

#[tokio::test]
async fn access_bits_of_a_mifare_classic() {
    let mut trailer = [0xff; 16];
    trailer[..6].copy_from_slice(&[0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5]);
    trailer[6..10].copy_from_slice(&[0x78, 0x77, 0x88, 0xc1]);
    trailer[10..].copy_from_slice(&[0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5]);
    let card = MifareClassic::new(MifareSize::Classic1K, [1, 2, 3, 4]).with_block(7, trailer);
    let (mut host, _) = with(Target::mifare_classic(card)).await;
    host.ask(LIST).await;
    host.expect("40 01 60 04 a0a1a2a3a4a5 01020304", "41 00").await;
    assert_eq!(host.ask("40 01 30 04").await.len(), 18);
    host.expect("40 01 30 07", "41 00 000000000000 787788c1 000000000000").await;
    host.expect(&format!("40 01 a0 04 {}", "00".repeat(16)), "41 13").await;
    host.ask(LIST).await;
    host.expect("40 01 61 04 b0b1b2b3b4b5 01020304", "41 00").await;
    host.expect(&format!("40 01 a0 04 {}", "00".repeat(16)), "41 00").await;
    // A key B that can be read opens nothing.
    host.ask(LIST).await;
    host.expect(&format!("40 01 61 08 {KEY} 01020304"), "41 00").await;
    host.expect("40 01 30 08", "41 02").await;
}

#[tokio::test]
async fn a_desfire_in_plain() {
    let records = DesfireFile::Records { length: 2, records: vec![vec![1, 1], vec![2, 2]] };
    let files =
        vec![(1, DesfireFile::Data((0..100).collect())), (2, records), (3, DesfireFile::Value(-5))];
    let card = DesfireCard::new([4, 1, 2, 3, 4, 5, 6]).with_application([0x56, 0x34, 0x12], files);
    let (mut host, _) = with(Target::desfire(card.uid(), card)).await;
    host.expect(LIST, "4b 01 01 0344 20 07 04010203040506 067577810280").await;
    for (command, answer) in [
        ("60 00 00 00", "04010101001605 91af"),
        ("af 00 00 00", "04010101041605 91af"),
        ("af 00 00 00", "04010203040506 ba546b0d301213 9100"),
        ("6a 00 00 00", "563412 9100"),
        ("6f 00 00 00", "919d"),
        ("5a 00 00 03 010203 00", "91a0"),
        ("5a 00 00 03 563412 00", "9100"),
        ("6f 00 00 00", "010203 9100"),
        ("f5 00 00 01 01 00", "0000eeee 640000 9100"),
        ("f5 00 00 01 02 00", "0300eeee 020000 020000 020000 9100"),
        ("f5 00 00 01 09 00", "91f0"),
        ("bd 00 00 07 01 010000 030000 00", "010203 9100"),
        ("bd 00 00 07 01 600000 080000 00", "91be"),
        ("bb 00 00 07 02 000000 000000 00", "01010202 9100"),
        ("bb 00 00 07 02 000000 010000 00", "0202 9100"),
        ("6c 00 00 01 03 00", "fbffffff 9100"),
        ("bb 00 00 07 01 000000 000000 00", "919d"),
        ("0a 00 00 01 00 00", "911c"),
        ("af 00 00 00", "911c"),
        ("bd 00 00 07 00", "917e"),
    ] {
        host.expect(&format!("40 01 90 {command}"), &format!("41 00 {answer}")).await;
    }
    let first = host.ask("40 01 90 bd 00 00 07 01 000000 000000 00").await;
    assert_eq!((first.len(), &first[61..]), (2 + 59 + 2, &[0x91, 0xaf][..]));
    let second = host.ask("40 01 90 af 00 00 00").await;
    assert_eq!(second[2..], [(59..100).collect::<Vec<u8>>(), vec![0x91, 0x00]].concat());
}

#[tokio::test]
async fn auto_poll_finds_each_type() {
    for (target, kind) in [
        (Target::type_b([1, 2, 3, 4], EchoCard::default()), "23"),
        (Target::felica(FelicaTag::new(IDM)), "11"),
        (Target::topaz(TopazTag::new([1, 2, 3, 4])), "04"),
        (tag(), "10"),
    ] {
        let (mut host, _) = with(target).await;
        let answer = host.ask("60 01 01 20 10 23 11 04").await;
        assert_eq!(answer[..3], hex(&format!("61 01 {kind}")), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn faults_of_a_target() {
    let (mut host, id) = with(tag().with_fault(TargetFault::LeavesBefore(2))).await;
    host.ask(LIST).await;
    assert_eq!(host.ask("40 01 30 04").await[1], 0);
    host.expect("40 01 30 04", "41 01").await;
    host.expect(LIST, "4b 00").await;
    let left = host.control.take(id).unwrap();
    assert_eq!(left.commands(), 2);
    host.control.put(left.healed());
    assert_eq!(host.ask(LIST).await[1], 1);
    // A write that was carried out and not acknowledged.
    let (mut host, id) = with(tag().with_fault(TargetFault::LeavesAfter(1))).await;
    host.ask(LIST).await;
    host.expect("40 01 a2 05 01020304", "41 01").await;
    assert_eq!(host.control.take(id).unwrap().as_type2().unwrap().pages()[5], [1, 2, 3, 4]);
    let (mut host, _) = with(tag().with_fault(TargetFault::GarblesFrom(2))).await;
    host.ask(LIST).await;
    assert_eq!(host.ask("40 01 30 04").await[1], 0);
    host.expect("40 01 30 04", "41 02").await;
    // A slow one: nothing before its time, and an abort ends the waiting.
    let slow = Duration::from_millis(300);
    let (mut host, _) = with(tag().with_fault(TargetFault::Slow(slow))).await;
    host.ask(LIST).await;
    host.send("40 01 30 04").await;
    host.silence().await;
    assert_eq!(host.response().await[1], 0);
    host.send("40 01 30 04").await;
    host.write(&ACK).await;
    host.expect("02", "03 32010607").await;
}

#[tokio::test(start_paused = true)]
async fn silence_takes_its_time_and_the_field_is_timed() {
    let (mut host, id) = with(tag()).await;
    host.control.take(id);
    host.control.set_silence(Duration::from_millis(5));
    let start = tokio::time::Instant::now();
    host.expect(LIST, "4b 00").await;
    // Three requests.
    assert_eq!(start.elapsed(), Duration::from_millis(15));
    host.expect("32 01 00", "33").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(host.control.field_on_time(), Duration::from_millis(15));
}

#[tokio::test(start_paused = true)]
async fn faults_of_acknowledgements() {
    let mut host = Host::awake().await;
    host.control.inject(Pn532Fault::Nack);
    host.write(&Frame::command(hex("02")).unwrap().encode()).await;
    assert_eq!(host.frame().await, Frame::Nack);
    host.control.inject(Pn532Fault::LateAck);
    host.write(&Frame::command(hex("02")).unwrap().encode()).await;
    host.silence().await;
    assert_eq!(host.frame().await, Frame::Ack);
    assert_eq!(host.response().await, hex("03 32010607"));
}
