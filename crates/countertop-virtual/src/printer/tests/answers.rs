//! Maintenance counters, and what the printer tells of going offline.

use super::*;

async fn counters(host: &mut Host) -> Vec<String> {
    let mut all = Vec::new();
    for number in [20, 21, 50, 70, 148, 149, 178, 198] {
        let Reply::Information(digits) = host.ask(&[0x1D, b'g', b'2', 0, number, 0]).await else {
            panic!("{number}")
        };
        all.push(String::from_utf8(digits).unwrap());
    }
    all
}

#[tokio::test]
async fn counters_count_lines_strokes_and_cuts() {
    let (mut host, control) = start(PrinterConfig::default());
    assert_eq!(counters(&mut host).await, ["0"; 8]);
    // 24 rows of ink and 6 that are fed, then 60, 29 and 1, and 30 before the last of three cuts.
    host.send(b"\xDB\n\x1Bd\x02\x1DV\x00\x1BJ\x1D\x1BJ\x01\x1Bi\x1DVB\x1E").await;
    assert_eq!(counters(&mut host).await, ["5", "24", "3", "0", "5", "24", "3", "0"]);
    // Not executed, and so no cut.
    host.send(b"x\x1DV\x00\n").await;
    assert_eq!(counters(&mut host).await[6], "3");
    // They outlast what settings do not.
    host.send(b"\x1B@").await;
    control.power_cycle();
    assert_eq!(counters(&mut host).await[4], "6");
}

#[tokio::test]
async fn a_counter_is_set_back_alone_and_at_the_beginning_of_a_line() {
    let (mut host, _control) = start(PrinterConfig::default());
    host.send(b"\x1Bd\x04\x1DV\x00\xDB\x1Dg0\x00\x14\x00\n").await;
    assert_eq!(counters(&mut host).await[..3], ["5", "24", "1"].map(String::from));
    host.send(b"\x1Dg0\x00\x14\x00\x1Dg0\x00\xB2\x00").await;
    let after = counters(&mut host).await;
    assert_eq!((&*after[0], &*after[2], &*after[4], &*after[6]), ("0", "1", "5", "1"));
}

#[tokio::test]
async fn a_counter_that_there_is_none_of_is_not_answered() {
    let (mut host, _control) = start(PrinterConfig::default());
    host.send(b"\x1Dg2\x00\x0A\x00\x1Dg2\x00\x14\x01").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
}

#[tokio::test]
async fn going_offline_is_told_once_when_asked_for() {
    let (mut host, control) = start(PrinterConfig::default());
    control.open_cover();
    control.close_cover();
    host.send(b"\x1D(H\x03\x00\x31\x30\x31").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00), "nobody had asked before");
    control.open_cover();
    control.end_paper();
    assert_eq!(host.reply().await, Reply::WentOffline(Vec::new()));
    control.load_paper();
    control.close_cover();
    control.set_offline(true);
    control.set_offline(false);
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00), "the panel is no cause");
    control.end_paper();
    assert_eq!(host.reply().await, Reply::WentOffline(Vec::new()));
    control.load_paper();
    host.send(b"\x1D(H\x03\x00\x31\x30\x00").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
    control.open_cover();
    assert_eq!(host.real_time(1).await, 0x1E);
}

#[tokio::test]
async fn the_cause_of_going_offline_is_five_bytes() {
    let (mut host, control) = start(PrinterConfig::default());
    host.send(b"\x1D(H\x03\x00\x31\x30\x02").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
    let went = |causes: &[u8; 5]| Reply::WentOffline(causes.to_vec());
    control.open_cover();
    assert_eq!(host.reply().await, went(b"\x40\x40\x40\x40\x40"));
    control.close_cover();
    control.jam_cutter();
    assert_eq!(host.ask(b"a\n\x1DV\x00").await, went(b"\x40\x40\x40\x41\x40"));
    control.mend(FaultKind::CutterJam);
    control.break_down();
    assert_eq!(host.reply().await, went(b"\x41\x40\x40\x40\x40"));
    // Switched off and on, it tells nothing by itself.
    control.power_cycle();
    control.open_cover();
    assert_eq!(host.real_time(1).await, 0x1E);
}

#[tokio::test]
async fn a_printer_without_process_ids_tells_nothing_of_going_offline() {
    let config = PrinterConfig { process_ids: false, ..PrinterConfig::default() };
    let (mut host, control) = start(config);
    host.send(b"\x1D(H\x03\x00\x31\x30\x01").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
    control.open_cover();
    assert_eq!(host.real_time(1).await, 0x1E);
}

#[tokio::test]
async fn causes_are_told_at_once_when_asked_for() {
    let (mut host, control) = start(PrinterConfig::default());
    assert_eq!(host.ask(b"\x10\x14\x07\x04").await, Reply::WentOffline(Vec::new()));
    host.send(b"\x1D(H\x03\x00\x31\x30\x02").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
    let none = Reply::WentOffline(b"\x40\x40\x40\x40\x40".to_vec());
    assert_eq!(host.ask(b"\x10\x14\x07\x04").await, none);
    control.break_down();
    let broken = Reply::WentOffline(b"\x41\x40\x40\x40\x40".to_vec());
    assert_eq!(host.reply().await, broken);
    assert_eq!(host.ask(b"\x10\x14\x07\x04").await, broken);
    // It has neither an extended status nor a battery.
    host.send(b"\x10\x14\x07\x02\x10\x14\x07\x05").await;
    assert_eq!(host.real_time(1).await & 0x08, 0x08);
}
