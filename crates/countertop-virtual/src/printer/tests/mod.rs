//! Strangers' bytes, sensors, several hosts.

use std::time::Duration;

use countertop_wire::escpos::{Reply, ReplyParser, WideSet};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;

mod answers;
mod codes;
mod drawing;
mod faults;
mod page_mode;
mod remote;
mod units;

const PATIENCE: Duration = Duration::from_secs(20);

/// Is a host that sends bytes and reads answers.
struct Host {
    line: DuplexStream,
    replies: ReplyParser,
}

impl Host {
    async fn send(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.line.write_all(bytes)).await.unwrap().unwrap();
    }

    async fn reply(&mut self) -> Reply {
        loop {
            if let Some(reply) = self.replies.next_reply() {
                return reply;
            }
            let mut chunk = [0; 64];
            let count = timeout(PATIENCE, self.line.read(&mut chunk)).await.unwrap().unwrap();
            assert!(count > 0, "the printer hung up");
            self.replies.feed(&chunk[..count]);
        }
    }

    async fn ask(&mut self, bytes: &[u8]) -> Reply {
        self.send(bytes).await;
        self.reply().await
    }

    async fn real_time(&mut self, n: u8) -> u8 {
        match self.ask(&[0x10, 0x04, n]).await {
            Reply::RealTimeStatus(byte) => byte,
            other => panic!("{other:?}"),
        }
    }
}

fn start(config: PrinterConfig) -> (Host, PrinterControl) {
    let (printer, control) = VirtualPrinter::new(config);
    let (line, device) = duplex(4096);
    tokio::spawn(printer.serve(device));
    (Host { line, replies: ReplyParser::new() }, control)
}

fn only(bytes: &[u8]) -> Page {
    let mut pages = preview(bytes, 384);
    assert_eq!(pages.len(), 1, "{pages:?}");
    pages.remove(0)
}

#[test]
fn characters_have_their_cells() {
    for (bytes, width, height) in [
        (&b"\x1DB\x01A\n"[..], 12, 24),
        (b"\x1DB\x01\x1BM\x01A\n", 9, 17),
        (b"\x1DB\x01\x1D!\x73A\n", 96, 96),
        (b"\x1DB\x01\x1C&\xBD\xF0\n", 24, 24),
        (b"\x1DB\x01\x1B \x04A\n", 16, 24),
    ] {
        let page = only(bytes);
        let black = page.bitmap().black_dots();
        assert!(black > width * height / 2 && black < width * height, "{bytes:02X?}: {black}");
        assert!(!page.bitmap().is_black(width, 0) && !page.bitmap().is_black(0, height));
        assert_eq!(page.bitmap().height(), height.max(30));
    }
}

#[test]
fn alignment_moves_the_line() {
    let at = |bytes: &[u8]| {
        let page = only(bytes);
        (0..384).find(|x| page.bitmap().is_black(*x, 0)).unwrap()
    };
    assert_eq!(at(b"\x1DB\x01\x1Ba\x00  \n"), 0);
    assert_eq!(at(b"\x1DB\x01\x1Ba\x01  \n"), 180);
    assert_eq!(at(b"\x1DB\x01\x1Ba\x02  \n"), 360);
    assert_eq!(at(b"\x1DB\x01\x1DL\x10\x00  \n"), 16);
    assert_eq!(at(b"\x1DB\x01\x1B$\x20\x00  \n"), 32);
    assert_eq!(at(b"\x1DB\x01\x1BD\x05\x00\x09 \n"), 60);
}

#[test]
fn lines_break_where_the_paper_ends() {
    let page = only(&[b'x'; 33]);
    assert_eq!(page.text(), format!("{}\nx", "x".repeat(32)));
    let wide = only("中".repeat(17).as_bytes());
    assert_ne!(wide.text().lines().count(), 1, "raw UTF-8 prints as garbage, as on paper");
}

#[test]
fn feeds_and_cuts_make_pages() {
    let pages = preview(b"a\n\x1Bd\x02\x1DV\x00b\x1BJ\x40\x1DVB\x10c\n", 384);
    let heights: Vec<_> = pages.iter().map(|page| page.bitmap().height()).collect();
    assert_eq!(heights, [90, 80, 30]);
    assert_eq!(pages[1].text(), "b\n");
}

#[test]
fn rasters_are_printed_dot_by_dot() {
    let page = only(b"\x1Dv0\x03\x01\x00\x02\x00\x80\x01");
    assert_eq!((page.bitmap().height(), page.bitmap().black_dots()), (4, 8));
    assert!(page.bitmap().is_black(1, 1) && page.bitmap().is_black(15, 3));
    let graphics =
        b"\x1D(L\x0C\x00\x30\x70\x30\x01\x01\x31\x09\x00\x01\x00\xFF\x80\x1D(L\x02\x00\x30\x32";
    assert_eq!(only(graphics).bitmap().black_dots(), 9);
    let columns = b"\x1B*\x21\x02\x00\xFF\xFF\xFF\x00\x00\x01\n";
    assert_eq!(only(columns).bitmap().black_dots(), 25);
}

#[test]
fn page_mode_prints_turned() {
    let page = only(b"\x1BL\x1BW\x00\x00\x00\x00\x80\x01\x40\x00\x1BT\x02\x1DB\x01 \n\x0C");
    assert!(page.bitmap().is_black(383, 63) && !page.bitmap().is_black(0, 0));
    assert_eq!(page.text().trim_end(), "");
    let down = only(b"\x1BL\x1BW\x00\x00\x00\x00\x80\x01\x40\x00\x1BT\x03\x1DB\x01 \n\x0C");
    assert!(down.bitmap().is_black(383, 0));
    let up = only(b"\x1BL\x1BW\x00\x00\x00\x00\x80\x01\x40\x00\x1BT\x01\x1DB\x01 \n\x0C");
    assert!(up.bitmap().is_black(0, 63));
}

#[test]
fn bad_codes_are_noted_not_drawn() {
    let page = only(b"a\n\x1Dk\x43\x0D4006381333930\x1D(k\x03\x00\x31\x51\x30");
    assert_eq!(page.notes().len(), 2, "{:?}", page.notes());
}

#[test]
fn paper_that_is_never_cut_is_torn_off() {
    let pages = preview(&b"\x1B3\xFF\x1Bd\xFF".repeat(3), 384);
    assert!(pages.len() > 2);
}

#[test]
fn any_bytes_print_something_and_nothing_panics() {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..60 {
        let bytes: Vec<u8> = (0..400)
            .map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let byte = random.to_le_bytes()[0];
                if byte < 0x60 { [0x1B, 0x1D, 0x1C, 0x0A][usize::from(byte % 4)] } else { byte }
            })
            .collect();
        for page in preview(&bytes, 384) {
            assert!(page.to_png().is_ok() || page.bitmap().height() == 0);
        }
    }
}

#[tokio::test]
async fn status_tells_what_the_sensors_see() {
    let (mut host, control) = start(PrinterConfig::default());
    assert_eq!(host.real_time(1).await, 0x16);
    assert_eq!([host.real_time(2).await, host.real_time(3).await], [0x12, 0x12]);
    control.open_cover();
    assert_eq!([host.real_time(1).await, host.real_time(2).await], [0x1E, 0x16]);
    control.close_cover();
    control.end_paper();
    assert_eq!([host.real_time(2).await, host.real_time(4).await], [0x32, 0x7E]);
    control.load_paper();
    control.near_end();
    assert_eq!([host.real_time(1).await, host.real_time(4).await], [0x16, 0x1E]);
    control.set_overheated(true);
    assert_eq!([host.real_time(2).await, host.real_time(3).await], [0x52, 0x52]);
    control.set_overheated(false);
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x03));
    assert_eq!(host.ask(b"\x1DI\x42").await, Reply::Information(b"Countertop".to_vec()));
}

#[tokio::test]
async fn the_drawer_opens_by_both_pulses_and_its_switch_shows_it() {
    let (mut host, control) = start(PrinterConfig::default());
    host.send(b"\x1Bp\x00\x19\xFA").await;
    assert_eq!(host.ask(b"\x1Dr\x02").await, Reply::Status(0x00));
    assert!(control.drawer_open());
    control.close_drawer();
    assert_eq!(host.ask(b"\x1Dr\x02").await, Reply::Status(0x01));
    host.send(b"\x10\x14\x01\x00\x01").await;
    assert_eq!(host.real_time(1).await, 0x12);
    assert_eq!(control.drawer_pulses(), 2);
}

#[tokio::test]
async fn automatic_status_comes_at_once_and_on_changes() {
    let (mut host, control) = start(PrinterConfig::default());
    let Reply::AutomaticStatus(status) = host.ask(b"\x1Da\x0F").await else { panic!() };
    assert!(!status.paper.end && !status.printer.offline);
    control.end_paper();
    let Reply::AutomaticStatus(status) = host.reply().await else { panic!() };
    assert!(status.paper.end && status.printer.offline);
    control.load_paper();
    let Reply::AutomaticStatus(status) = host.reply().await else { panic!() };
    assert!(!status.paper.end);
    host.send(b"\x1Da\x00").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
    control.open_cover();
    assert_eq!(host.real_time(1).await, 0x1E);
}

#[tokio::test]
async fn a_process_id_waits_for_its_line() {
    let (mut host, _control) = start(PrinterConfig::default());
    host.send(b"not printed yet\x1D(H\x06\x00\x30\x30AB01").await;
    assert_eq!(host.ask(b"\x1Dr\x01").await, Reply::Status(0x00));
    let Reply::ProcessId(id) = host.ask(b"\n").await else { panic!() };
    assert_eq!(id.characters(), *b"AB01");
}

#[tokio::test]
async fn printing_stops_without_paper_and_goes_on_with_it() {
    let (mut host, control) = start(PrinterConfig::default());
    control.end_paper_after(60);
    host.send(b"1\n2\n3\n4\n\x1DV\x00\x1D(H\x06\x00\x30\x30AB02").await;
    control
        .wait_until(|control| control.current().is_some_and(|page| page.text() == "1\n2\n"))
        .await;
    assert_eq!(host.real_time(4).await, 0x7E);
    control.load_paper();
    assert!(matches!(host.reply().await, Reply::ProcessId(_)));
    assert_eq!(control.pages()[0].text(), "1\n2\n3\n4\n");
}

#[tokio::test]
async fn a_jammed_cutter_stops_until_the_host_recovers() {
    let (mut host, control) = start(PrinterConfig::default());
    control.jam_cutter();
    host.send(b"a\n\x1DV\x00b\n\x1DV\x00").await;
    control.wait_until(|control| control.shared.engine().mechanics.cutter_error).await;
    assert_eq!(host.real_time(3).await, 0x1A);
    control.clear_cutter();
    assert_eq!(host.real_time(3).await, 0x1A);
    host.send(b"\x10\x05\x01").await;
    timeout(PATIENCE, control.wait_for_pages(2)).await.unwrap();
    assert_eq!(control.pages()[1].text(), "b\n");
}

#[tokio::test]
async fn a_full_buffer_stops_the_line_and_nothing_is_lost() {
    let config = PrinterConfig { receive_buffer: 64, ..PrinterConfig::default() };
    let (mut host, control) = start(config);
    control.open_cover();
    let lines: Vec<u8> = (0..1000).flat_map(|n| format!("{n}\n").into_bytes()).collect();
    let write = tokio::spawn(async move {
        host.send(&lines).await;
        host.send(b"\x1DV\x00").await;
        host
    });
    control.close_cover();
    timeout(PATIENCE, control.wait_for_pages(1)).await.unwrap();
    assert!(control.pages()[0].text().ends_with("998\n999\n"));
    write.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_slow_printer_takes_its_time() {
    let config = PrinterConfig { speed: Some(800), ..PrinterConfig::default() };
    let (mut host, _control) = start(config);
    let before = tokio::time::Instant::now();
    host.send(&b"x\n".repeat(80)).await;
    assert!(matches!(host.ask(b"\x1Dr\x01").await, Reply::Status(_)));
    assert!(before.elapsed() >= Duration::from_millis(2900), "{:?}", before.elapsed());
}

#[tokio::test]
async fn hosts_come_one_after_another_on_tcp() {
    let folder = tempfile::tempdir().unwrap();
    let output = Some(folder.path().join("out"));
    let (printer, control) = VirtualPrinter::new(PrinterConfig { output, ..Default::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(printer.serve_tcp(listener));
    for number in 1..=3_u8 {
        let mut host = TcpStream::connect(address).await.unwrap();
        host.write_all(&[b'0' + number, b'\n', 0x1D, b'V', 0]).await.unwrap();
        timeout(PATIENCE, control.wait_for_pages(usize::from(number))).await.unwrap();
    }
    // A host that hangs up in the middle of a command harms nobody.
    let mut host = TcpStream::connect(address).await.unwrap();
    host.write_all(b"torn\n\x1Dv0\x00\x30").await.unwrap();
    drop(host);
    control.end_paper();
    let mut host = TcpStream::connect(address).await.unwrap();
    host.write_all(b"next\n\x1DV\x00").await.unwrap();
    drop(host);
    let last = TcpStream::connect(address).await.unwrap();
    control.load_paper();
    timeout(PATIENCE, control.wait_for_pages(4)).await.unwrap();
    drop(last);
    assert_eq!(control.pages()[3].text(), "torn\nnext\n");
    let text = std::fs::read_to_string(folder.path().join("out/receipt-0002.txt")).unwrap();
    assert_eq!(text, "2\n");
    let png = std::fs::read(folder.path().join("out/receipt-0003.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert!(!server.is_finished());
    server.abort();
}
