//! Answers that come late are not taken for the answers to what is asked next.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use core::time::Duration;

use countertop_device::{
    Attention, DeviceErrorKind, DeviceInfo, PrinterStatus, ReceiptPrinter, Selector, Settings,
};
use countertop_printer::EscPosPrinter;
use countertop_transport::{BoxLink, memory};
use countertop_virtual::pty::Pty;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

const QUIET: Duration = Duration::from_millis(20);

/// Answers to DLE EOT 1 with the drawer's switch high, and to the others that all is well. Taken for
/// one another, the first says that the cover is open.
const PRINTER: u8 = 0x16;
const WELL: u8 = 0x12;

/// Is a printer that can be made mute.
struct Bench {
    printer: EscPosPrinter,
    device: WriteHalf<BoxLink>,
    mute: watch::Sender<bool>,
    answers: tokio::sync::mpsc::UnboundedReceiver<u8>,
}

fn bench(selector: Selector, host: BoxLink, device: BoxLink) -> Bench {
    let settings = Settings::new().with("status_timeout_ms", 100);
    let info = DeviceInfo::new(selector, "escpos", "bench");
    let printer = EscPosPrinter::open(host, info, &settings).unwrap();
    let (questions, device) = tokio::io::split(device);
    let (mute, _) = watch::channel(false);
    let (sender, answers) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(hear(questions, sender));
    Bench { printer, device, mute, answers }
}

/// Hears DLE EOT n, and says what a printer would answer.
async fn hear(mut questions: ReadHalf<BoxLink>, answers: tokio::sync::mpsc::UnboundedSender<u8>) {
    let mut question = [0; 3];
    while questions.read_exact(&mut question).await.is_ok() {
        assert_eq!(question[..2], [0x10, 0x04]);
        let answer = if question[2] == 1 { PRINTER } else { WELL };
        if answers.send(answer).is_err() {
            return;
        }
    }
}

impl Bench {
    /// Asks for the state while the device answers, unless it is mute; first it says `late`.
    async fn status(&mut self, late: &[u8]) -> Result<PrinterStatus, DeviceErrorKind> {
        let device = async {
            self.device.write_all(late).await.unwrap();
            while let Some(answer) = self.answers.recv().await {
                if !*self.mute.borrow() {
                    self.device.write_all(&[answer]).await.unwrap();
                }
            }
            core::future::pending::<()>().await;
        };
        // The driver begins to ask before the late bytes leave.
        tokio::select! {
            biased;
            status = self.printer.status() => status.map_err(|error| error.kind()),
            () = device => unreachable!(),
        }
    }

    async fn examine(&mut self) {
        assert_eq!(self.status(&[]).await.unwrap().attention, None);
        for late in [&[PRINTER][..], &[PRINTER, PRINTER], &[WELL, PRINTER, WELL, PRINTER]] {
            self.mute.send_replace(true);
            assert_eq!(self.status(&[]).await.unwrap_err(), DeviceErrorKind::TimedOut);
            self.mute.send_replace(false);
            let status = self.status(late).await.unwrap();
            assert_eq!((status.attention, status.drawer_open), (None::<Attention>, Some(false)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn in_memory() {
    let (host, device) = memory::pair();
    bench(Selector::Virtual("bench".into()), host, device).examine().await;
}

#[tokio::test]
async fn on_a_serial_line() {
    let pty = Pty::open(None).unwrap();
    let selector = Selector::Serial(pty.path().display().to_string());
    let host = countertop_transport::open(&selector, &Settings::new()).await.unwrap();
    bench(selector, host, Box::new(pty)).examine().await;
}

#[tokio::test]
async fn over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let selector: Selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    let settings = Settings::new();
    let opening = countertop_transport::open(&selector, &settings);
    let (host, device) = tokio::join!(opening, listener.accept());
    bench(selector, host.unwrap(), Box::new(device.unwrap().0)).examine().await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_question_is_answered_late() {
    let (host, device) = memory::pair();
    let mut bench = bench(Selector::Virtual("bench".into()), host, device);
    bench.mute.send_replace(true);
    let asking = tokio::time::timeout(2 * QUIET, bench.status(&[]));
    asking.await.unwrap_err();
    bench.mute.send_replace(false);
    sleep(10 * QUIET).await;
    assert_eq!(bench.status(&[PRINTER]).await.unwrap().attention, None);
}

#[tokio::test(start_paused = true)]
async fn a_silent_line_costs_no_wait() {
    let (host, device) = memory::pair();
    let mut bench = bench(Selector::Virtual("bench".into()), host, device);
    bench.status(&[]).await.unwrap();
    sleep(QUIET).await;
    let begin = Instant::now();
    bench.status(&[]).await.unwrap();
    assert!(begin.elapsed() <= Duration::from_millis(2), "{:?}", begin.elapsed());
    let begin = Instant::now();
    bench.status(&[]).await.unwrap();
    assert!(begin.elapsed() <= QUIET + Duration::from_millis(2), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_came_late_is_not_waited_for_again() {
    let (host, device) = memory::pair();
    let mut bench = bench(Selector::Virtual("bench".into()), host, device);
    bench.status(&[]).await.unwrap();
    bench.mute.send_replace(true);
    assert_eq!(bench.status(&[]).await.unwrap_err(), DeviceErrorKind::TimedOut);
    bench.mute.send_replace(false);
    let begin = Instant::now();
    assert_eq!(bench.status(&[PRINTER]).await.unwrap().attention, None);
    // An answer that is owed is waited for 100 ms.
    assert!(begin.elapsed() < Duration::from_millis(60), "{:?}", begin.elapsed());
}
