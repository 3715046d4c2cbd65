//! What 1 to 16 readers in one process cost, which is as many as pcscd takes.
//!
//! ```sh
//! cargo bench -p countertop-chip --bench readers
//! ```
//!
//! Needs pcscd with vsmartcard-vpcd and no service that runs. The cards are in a process of their own, so that
//! time and memory here are the driver's alone.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use countertop_chip::{PcscDriver, PcscReader};
use countertop_device::{CardSession as _, ChipReader as _, Driver as _, Settings};

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Outside the range from which the kernel takes ports for outgoing connections.
const FIRST_PORT: u16 = 22_000;
const STEPS: [u16; 5] = [1, 2, 4, 8, 16];
const MOST: u16 = 16;
/// The argument that makes this program the one with the cards.
const CARDS: &str = "cards";
/// T=1 with default parameters.
const ATR: &[u8] = &[0x3b, 0x81, 0x81, 0x01, 0x00, 0x00];
const READ_RECORD: &[u8] = &[0x00, 0xb2, 0x01, 0x0c, 0x00];
const COMMANDS: u32 = 20;

fn main() {
    if std::env::args().nth(1).is_some_and(|argument| argument == CARDS) {
        return cards();
    }
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path());
    let _service = Ended(start(
        Command::new("/usr/sbin/pcscd").arg("--foreground").arg("--config").arg(folder.path()),
    ));
    let end = Instant::now() + Duration::from_secs(30);
    while PcscDriver::new().list().map_or(0, |readers| readers.len()) < usize::from(MOST) {
        assert!(Instant::now() < end, "pcscd does not show its readers: does another one run?");
        thread::sleep(Duration::from_millis(10));
    }
    let _cards = Ended(start(Command::new(std::env::current_exe().unwrap()).arg(CARDS)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    // Code that the first one brings in is no cost of the others.
    let mut first = open(0).await;
    read(&mut first).await;
    drop(first);
    let before = resident();
    println!("readers  opening one  {COMMANDS} APDUs with each in turn  kB a reader  threads");
    let mut readers = Vec::new();
    for count in STEPS {
        let mut opening = Vec::new();
        while readers.len() < usize::from(count) {
            let begin = Instant::now();
            readers.push(open(u16::try_from(readers.len()).unwrap()).await);
            opening.push(begin.elapsed());
        }
        let mut reading = Vec::new();
        for reader in &mut readers {
            reading.push(read(reader).await);
        }
        println!(
            "{count:>7} {:>12.1?} {:>26.1?} {:>12} {:>8}",
            median(&mut opening),
            median(&mut reading),
            resident().saturating_sub(before) / usize::from(count),
            std::fs::read_dir("/proc/self/task").unwrap().count(),
        );
    }
}

async fn open(number: u16) -> PcscReader {
    let selector = format!("pcsc:Bench {:02} 00 {:02}", number & !1, number % 2).parse().unwrap();
    let mut reader = PcscDriver::new().open_reader(&selector, &Settings::new()).await.unwrap();
    reader.await_card().await.unwrap();
    reader
}

/// Powers the card and exchanges commands; returns how long the exchange takes.
async fn read(reader: &mut PcscReader) -> Duration {
    let mut session = reader.connect_card().await.unwrap();
    let begin = Instant::now();
    for _ in 0..COMMANDS {
        let answer = session.transmit(READ_RECORD).await.unwrap();
        assert!(answer.expose().ends_with(&[0x90, 0x00]));
    }
    let took = begin.elapsed();
    Box::new(session).close().await.unwrap();
    took
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Returns the memory that is resident, in kB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Writes pcscd's list of virtual readers. The driver knows two slots and no more, so that each pair has a copy
/// of it.
fn configure(folder: &Path) {
    let mut text = String::new();
    let drivers = folder.join("drivers");
    std::fs::create_dir(&drivers).unwrap();
    for number in (0..MOST).step_by(2) {
        let port = FIRST_PORT + number;
        let driver = drivers.join(format!("libifdvpcd-{number}.so"));
        std::fs::copy(DRIVER, &driver).expect("install vsmartcard-vpcd");
        writeln!(text, "FRIENDLYNAME \"Bench {number:02}\"").unwrap();
        writeln!(text, "DEVICENAME /dev/null:{port:#06X}").unwrap();
        writeln!(text, "LIBPATH {}\nCHANNELID {port:#06X}\n", driver.display()).unwrap();
    }
    std::fs::write(folder.join("readers"), text).unwrap();
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It has ended, or ends now.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(command: &mut Command) -> Child {
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    started.expect("install pcscd, and run as root")
}

/// Has a card in every reader, for ever.
fn cards() {
    let cards: Vec<_> = (0..MOST).map(|number| thread::spawn(move || card(number))).collect();
    for card in cards {
        card.join().unwrap();
    }
}

fn card(number: u16) {
    let mut line = TcpStream::connect(("127.0.0.1", FIRST_PORT + number)).unwrap();
    line.set_nodelay(true).unwrap();
    loop {
        // vpcd sends length and content apart, and waits 40 ms for a delayed acknowledgement otherwise.
        rustix::net::sockopt::set_tcp_quickack(&line, true).unwrap();
        let mut length = [0; 2];
        line.read_exact(&mut length).unwrap();
        let mut message = vec![0; u16::from_be_bytes(length).into()];
        line.read_exact(&mut message).unwrap();
        let answer = match message[..] {
            [0x04] => ATR,
            [_] => continue,
            _ => &[0x70, 0x00, 0x90, 0x00],
        };
        let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
        line.write_all(&[&length, answer].concat()).unwrap();
    }
}
