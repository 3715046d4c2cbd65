//! Faults on command: each comes where it was asked for and shows as on a real printer.

use super::*;

fn fault(text: &str) -> Fault {
    text.parse().unwrap()
}

fn with_faults(texts: &[&str]) -> PrinterConfig {
    let faults = texts.iter().map(|text| fault(text)).collect();
    PrinterConfig { faults, ..PrinterConfig::default() }
}

/// Reads until the printer hangs up, and returns what came.
async fn rest_of(line: &mut DuplexStream) -> Vec<u8> {
    let mut rest = Vec::new();
    timeout(PATIENCE, line.read_to_end(&mut rest)).await.unwrap().unwrap();
    rest
}

#[tokio::test]
async fn paper_ends_after_so_many_rows() {
    let (mut host, control) = start(with_faults(&["paper-out@rows=60"]));
    host.send(b"1\n2\n3\n4\n\x1dV\x00\x1d(H\x06\x00\x30\x30AB02").await;
    control.wait_until(|control| control.snapshot().paper_out).await;
    assert_eq!(control.current().unwrap().text(), "1\n2\n");
    assert_eq!(host.real_time(4).await, 0x7E);
    control.mend(FaultKind::PaperOut);
    assert!(matches!(host.reply().await, Reply::ProcessId(_)));
    assert_eq!(control.pages()[0].text(), "1\n2\n3\n4\n");
}

#[tokio::test]
async fn a_pulled_cable_cuts_at_the_byte() {
    let (mut printer, control) = VirtualPrinter::new(with_faults(&["unplug@byte=7"]));
    let (mut line, device) = duplex(64);
    let serving = tokio::spawn(async move {
        printer.attend(device).await.unwrap();
        printer
    });
    line.write_all(b"ab\ncd\nef\ngh\n").await.unwrap();
    assert!(rest_of(&mut line).await.is_empty());
    let mut printer = serving.await.unwrap();
    // What has arrived is printed; the character after it waits for its line.
    assert_eq!(control.current().unwrap().text(), "ab\ncd\n");
    assert_eq!(control.snapshot().bytes, 7);
    control.mend(FaultKind::Unplug);
    let (mut line, device) = duplex(64);
    line.write_all(b"\n\x1dV\x00").await.unwrap();
    drop(line);
    printer.attend(device).await.unwrap();
    assert_eq!(control.pages()[0].text(), "ab\ncd\ne\n");
}

#[tokio::test]
async fn power_loss_forgets_buffers_and_settings() {
    let (mut printer, control) = VirtualPrinter::new(with_faults(&["power-off@command=4"]));
    let (mut line, device) = duplex(64);
    line.write_all(b"\x1dB\x01one\nlost\nlost too\n").await.unwrap();
    printer.attend(device).await.unwrap();
    assert_eq!(control.current().unwrap().text(), "one\n");
    let state = control.snapshot();
    assert!(!state.powered && !state.online && state.buffered == 0, "{state:?}");
    control.mend(FaultKind::PowerOff);
    let (mut line, device) = duplex(64);
    line.write_all(b"two\n\x1dV\x00").await.unwrap();
    drop(line);
    printer.attend(device).await.unwrap();
    let page = &control.pages()[0];
    assert_eq!(page.text(), "one\ntwo\n");
    assert!(page.bitmap().is_black(0, 0) && !page.bitmap().is_black(0, 30), "inversion is off");
}

#[tokio::test]
async fn a_serial_cable_is_silent_where_others_end() {
    let config = PrinterConfig { serial: true, ..with_faults(&["power-off@byte=2"]) };
    let (mut host, control) = start(config);
    host.send(b"a\nb\n\x10\x04\x01").await;
    control.wait_until(|control| !control.snapshot().powered).await;
    control.mend(FaultKind::PowerOff);
    // The first answer is to the question that comes with power.
    assert_eq!(host.real_time(1).await, 0x16);
    assert_eq!(control.snapshot().bytes, 5);
}

#[tokio::test(start_paused = true)]
async fn some_faults_pass() {
    let (mut host, control) = start(with_faults(&["cover-open@command=1,for=2s"]));
    let before = tokio::time::Instant::now();
    host.send(b"a\nb\n\x1dV\x00").await;
    control.wait_for_pages(1).await;
    assert!(before.elapsed() >= Duration::from_secs(2));
    assert_eq!(control.pages()[0].text(), "a\nb\n");
}

#[tokio::test]
async fn status_stays_away_or_is_wrong() {
    let (mut host, control) = start(with_faults(&["mute"]));
    host.send(b"\x10\x04\x01a\n").await;
    control.wait_until(|control| control.current().is_some()).await;
    control.mend(FaultKind::Mute);
    assert_eq!(host.real_time(2).await, 0x12);
    control.inject(fault("garbled"));
    host.send(&b"\x10\x04\x01".repeat(64)).await;
    control.wait_until(|control| control.snapshot().bytes == 200).await;
    control.mend(FaultKind::Garbled);
    host.send(b"\x1dI\x42").await;
    let mut wrong = 0;
    loop {
        match host.reply().await {
            Reply::Information(maker) if maker == b"Countertop" => break,
            Reply::RealTimeStatus(0x16) => {}
            _ => wrong += 1,
        }
    }
    assert!(wrong > 5, "{wrong}");
}

#[tokio::test(start_paused = true)]
async fn a_weak_supply_makes_it_slow() {
    let (mut host, _control) = start(with_faults(&["slow"]));
    let before = tokio::time::Instant::now();
    host.send(b"x\nx\n").await;
    assert!(matches!(host.ask(b"\x1dr\x01").await, Reply::Status(_)));
    assert!(before.elapsed() >= Duration::from_millis(1200), "{:?}", before.elapsed());
}

#[tokio::test]
async fn each_error_has_its_bit() {
    for (text, cause, error) in [
        ("cover-open", 0x16, 0x12),
        ("mechanical", 0x52, 0x32),
        ("overheated", 0x52, 0x52),
        ("paper-near-end", 0x12, 0x12),
        ("paper-out", 0x32, 0x12),
        ("offline", 0x12, 0x12),
    ] {
        let (mut host, control) = start(with_faults(&[text]));
        let answers = [host.real_time(2).await, host.real_time(3).await];
        assert_eq!(answers, [cause, error], "{text}");
        control.mend_all();
        assert_eq!(host.real_time(1).await, 0x16, "{text}");
    }
}

#[tokio::test]
async fn the_cutter_jams_and_recovers() {
    let (mut host, control) = start(with_faults(&["cutter-jam"]));
    host.send(b"a\n\x1dV\x00b\n\x1dV\x00").await;
    control.wait_until(|control| control.snapshot().cutter_error).await;
    control.mend(FaultKind::CutterJam);
    timeout(PATIENCE, control.wait_for_pages(2)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_idle_host_is_hung_up() {
    let (printer, _control) = VirtualPrinter::new(PrinterConfig::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(printer.serve_tcp(listener));
    let mut host = TcpStream::connect(address).await.unwrap();
    let before = tokio::time::Instant::now();
    assert_eq!(host.read(&mut [0; 8]).await.unwrap(), 0);
    assert!(before.elapsed() >= Duration::from_secs(90), "{:?}", before.elapsed());
}

#[tokio::test]
async fn a_pulled_network_cable_resets_until_it_is_in_again() {
    let (printer, control) = VirtualPrinter::new(with_faults(&["unplug@byte=4"]));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(printer.serve_tcp(listener));
    let mut host = TcpStream::connect(address).await.unwrap();
    host.write_all(b"abc\ndef\n").await.unwrap();
    assert!(timeout(PATIENCE, host.read(&mut [0; 8])).await.unwrap().is_err());
    let mut host = TcpStream::connect(address).await.unwrap();
    assert!(!matches!(timeout(PATIENCE, host.read(&mut [0; 8])).await.unwrap(), Ok(1..)));
    control.mend_all();
    let mut host = TcpStream::connect(address).await.unwrap();
    host.write_all(b"ghi\n\x1dV\x00").await.unwrap();
    timeout(PATIENCE, control.wait_for_pages(1)).await.unwrap();
    assert_eq!(control.pages()[0].text(), "abc\nghi\n");
}

#[tokio::test]
async fn a_full_buffer_sends_xoff_and_xon() {
    let config = PrinterConfig {
        flow: FlowControl::XonXoff,
        serial: true,
        receive_buffer: 512,
        ..PrinterConfig::default()
    };
    let (mut host, control) = start(config);
    control.open_cover();
    host.send(&b"x\n".repeat(200)).await;
    assert_eq!(host.reply().await, Reply::FlowOff);
    // A host that heeds it loses nothing, one that does not loses the end.
    assert_eq!(control.snapshot().overrun, 0);
    host.send(&b"y\n".repeat(100)).await;
    control.wait_until(|control| control.snapshot().bytes == 600).await;
    assert_eq!(control.snapshot().overrun, 88);
    control.close_cover();
    assert_eq!(host.reply().await, Reply::FlowOn);
}

#[tokio::test]
async fn a_roll_has_an_end() {
    let config = PrinterConfig { paper_rows: Some(2_030), ..PrinterConfig::default() };
    let (mut host, control) = start(config);
    assert_eq!(host.real_time(4).await, 0x12);
    host.send(b"1\n2\n").await;
    control.wait_until(|control| control.snapshot().paper_near_end).await;
    host.send(&b"x\n".repeat(100)).await;
    control.wait_until(|control| control.snapshot().paper_out).await;
    assert_eq!(control.snapshot().rows, 2_040);
    control.load_paper();
    control.wait_until(|control| control.snapshot().rows == 3_060).await;
}

#[tokio::test]
async fn an_offline_printer_takes_no_more_than_its_buffer() {
    let config = PrinterConfig { receive_buffer: 100, ..with_faults(&["offline"]) };
    let (mut host, control) = start(config);
    // A picture that is longer than the buffer: none of it has a place to go.
    let mut raster = b"\x1dv0\x00\x30\x00\x00\x04".to_vec();
    raster.extend([0xAA; 48 * 1024]);
    let write = tokio::spawn(async move {
        host.send(&raster).await;
        host.send(b"\x1dV\x00").await;
        host
    });
    control.wait_until(|control| control.snapshot().buffered == 100).await;
    control.mend_all();
    timeout(PATIENCE, control.wait_for_pages(1)).await.unwrap();
    assert_eq!(control.pages()[0].bitmap().height(), 1024);
    write.await.unwrap();
}
