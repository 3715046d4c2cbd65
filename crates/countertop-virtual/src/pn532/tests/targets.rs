use countertop_wire::pn532::with_crc_a;

use super::*;

fn bytes(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn exchanges_with_two_targets_by_turns() {
    let mut host = Host::awake().await;
    host.control.put(card());
    host.control.put(tag());
    host.ask("4a 02 00").await;
    for _ in 0..3 {
        host.expect("40 01 30 03", "41 00 e1101200 0300fe00 00000000 00000000").await;
        host.expect("40 02 00 aa 00 02 00", "41 00 00 aa 90 00").await;
    }
    host.expect("54 01", "55 00").await;
    host.expect("54 03", "55 27").await;
    host.expect("40 03 00", "41 27").await;
    host.expect("4e 01 00 00", "4f 00").await;
}

/// The first one was halted when the second one was selected: that stays as it is.
#[tokio::test]
async fn deselects_the_target_that_is_named() {
    let mut host = Host::awake().await;
    host.control.put(card());
    host.control.put(tag());
    host.ask("4a 02 00").await;
    host.expect("40 02 00 aa 00 02 00", "41 00 00 aa 90 00").await;
    host.expect("44 01", "45 00").await;
    host.expect("00 06", "01 00").await;
    host.expect("44 02", "45 00").await;
    host.expect("00 06", "01 27").await;
    host.expect("44 03", "45 27").await;
}

/// A command has an end, whoever sends it.
#[tokio::test]
async fn more_parts_than_any_command_has_are_refused() {
    let mut host = Host::awake().await;
    host.control.put(card());
    host.ask(LIST).await;
    let part = format!("40 41 {}", bytes(&[0x33; 262]));
    for _ in 0..250 {
        host.expect(&part, "41 00").await;
    }
    host.expect(&part, "41 0e").await;
    host.expect("40 01 00 aa 00 02 00", "41 00 00 aa 90 00").await;
}

#[tokio::test]
async fn a_target_that_left_is_silent() {
    let mut host = Host::awake().await;
    let id = host.control.put(card());
    host.ask(LIST).await;
    host.expect("00 06", "01 00").await;
    host.control.take(id);
    host.expect("00 06", "01 01").await;
    host.expect("40 01 00 00 00 00", "41 01").await;
    host.expect("42 b2", "43 01").await;
    assert_eq!(host.ask("04").await[1], 0x01);
    host.expect("44 00", "45 00").await;
    host.expect("54 01", "55 01").await;
}

#[tokio::test]
async fn long_answers_come_in_parts() {
    let mut host = Host::awake().await;
    host.control.put(card());
    host.ask(LIST).await;
    let first = host.ask("40 01 00 b0 02 58 00").await;
    assert_eq!((first.len(), first[1]), (264, 0x40));
    let second = host.ask("40 01").await;
    assert_eq!((second.len(), second[1]), (264, 0x40));
    let third = host.ask("40 01").await;
    assert_eq!((third.len(), third[1]), (2 + 602 - 2 * 262, 0x00));
    assert!(third.ends_with(&[0x90, 0x00]));
}

#[tokio::test]
async fn long_commands_come_in_parts_and_go_in_blocks() {
    let mut host = Host::awake().await;
    let small = EchoCard { small: true, ..EchoCard::default() };
    host.control.put(Target::iso_dep([8, 1, 2, 3], small));
    host.ask(LIST).await;
    // 16 bytes a frame: the command takes eight blocks, the answer two.
    let command = [&[0x00, 0xd6, 0x00, 0x50], &[0x33; 96][..]].concat();
    let (head, tail) = command.split_at(40);
    host.expect(&format!("40 41 {}", bytes(head)), "41 00").await;
    let answer = host.ask(&format!("40 01 {}", bytes(tail))).await;
    assert_eq!(answer[2..82], command[..80]);
    assert_eq!(answer[82..], [0x90, 0x00]);
}

#[tokio::test]
async fn the_crc_is_there_when_it_is_asked_for() {
    let mut host = Host::awake().await;
    host.control.put(tag());
    host.ask(LIST).await;
    let version = "0004040201000f03";
    host.expect("42 60", &format!("43 00 {version}")).await;
    // Reception without CRC check.
    host.expect("08 63 03 00", "09").await;
    let framed = bytes(&with_crc_a(&hex(version)));
    host.expect("42 60", &format!("43 00 {framed}")).await;
    // Transmission without CRC: the host adds it, or the tag does not understand.
    host.expect("08 63 02 00", "09").await;
    let command = bytes(&with_crc_a(&[0x60]));
    host.expect(&format!("42 {command}"), &format!("43 00 {framed}")).await;
    host.expect("42 60", "43 01").await;
    host.ask(LIST).await;
    host.expect("06 63 02 63 03", "07 80 80").await;
}

#[tokio::test]
async fn four_bits_pass_only_without_crc_check() {
    let mut host = Host::awake().await;
    host.control.put(tag());
    host.ask(LIST).await;
    host.expect("42 a2 10 01020304", "43 02").await;
    host.expect("08 63 03 00", "09").await;
    host.expect("42 a2 10 01020304", "43 00 0a").await;
    host.expect("06 63 3c", "07 04").await;
    // A refusal sends the tag back to idle.
    host.expect("42 30 ff", "43 00 00").await;
    host.expect("42 30 00", "43 01").await;
}

#[tokio::test]
async fn the_firmware_knows_the_commands_of_mifare() {
    let mut host = Host::awake().await;
    host.control.put(tag());
    host.ask(LIST).await;
    host.expect("40 01 a2 10 01020304", "41 00").await;
    host.expect("40 01 a0 11 05060708 000000000000000000000000", "41 00").await;
    assert_eq!(host.ask("40 01 30 10").await[..10], hex("41 00 01020304 05060708"));
    host.expect("40 01 60 00", "41 14").await;
    host.expect("40 01 a2 00 01020304", "41 13").await;
    host.expect("40 01 30 10", "41 01").await;
}

#[tokio::test]
async fn a_host_can_do_the_anticollision_itself() {
    let mut host = Host::awake().await;
    host.control.put(card());
    host.expect("08 63 02 00 63 03 00 63 3d 07", "09").await;
    host.expect("42 26", "43 00 04 00").await;
    host.expect("08 63 3d 00", "09").await;
    host.expect("42 93 20", "43 00 08a1b2c3d8").await;
    let select = bytes(&with_crc_a(&hex("93 70 08a1b2c3d8")));
    host.expect(&format!("42 {select}"), &format!("43 00 {}", bytes(&with_crc_a(&[0x20])))).await;
    // Two at once collide.
    host.expect("32 01 00", "33").await;
    host.control.put(tag());
    host.expect("08 63 3d 07", "09").await;
    host.expect("42 26", "43 06").await;
    // In another modulation nobody answers.
    host.expect("08 63 02 03 63 3d 00", "09").await;
    host.expect("42 05 00 00", "43 01").await;
}

#[tokio::test]
async fn a_host_can_do_the_block_protocol_itself() {
    let mut host = Host::awake().await;
    host.expect("12 00", "13").await;
    host.control.put(card());
    host.ask(LIST).await;
    host.expect("42 e0 80", "43 00 0578807002").await;
    host.expect("42 d0 11 00", "43 00 d0").await;
    // A sign of life: the card's block number is still one.
    host.expect("42 b2", "43 00 a3").await;
    host.expect("42 02 00 aa 00 02", "43 00 02 00 aa 90 00").await;
    // Its last block again.
    host.expect("42 b2", "43 00 02 00 aa 90 00").await;
    // Chained command, and a block for another card.
    host.expect("42 13 00 aa", "43 00 a3").await;
    host.expect("42 02 00 02", "43 00 02 00 aa 90 00").await;
    host.expect("42 0b 05 00", "43 01").await;
    host.expect("42 c2", "43 00 c2").await;
    host.expect("42 b2", "43 01").await;
}

#[tokio::test]
async fn power_resets_a_card() {
    let mut host = Host::awake().await;
    let id = host.control.put(card());
    host.ask(LIST).await;
    host.expect("32 01 00", "33").await;
    host.expect("40 01 00 00 00 00", "41 01").await;
    host.expect(LIST, &format!("4b 01 01 0004 20 04 {CARD} 0578807002")).await;
    assert!(host.control.take(id).is_some());
    assert!(host.control.take(id).is_none());
}
