//! What an APDU costs above a bare loop with the crate pcsc, on the same virtual card: one by one, and in a
//! dialogue, as the EMV kernel talks.
//!
//! ```sh
//! cargo bench -p countertop-chip --bench apdu
//! ```
//!
//! Needs pcscd with vsmartcard-vpcd, starts the service where none runs, and alternates the sides.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use countertop_chip::{PcscDriver, PcscReader};
use countertop_device::{ChipReader as _, Dialogue, Sensitive, Settings};
use countertop_tests::pcscd::{Service, VPCD};
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE, Protocols, Scope, ShareMode};
use rustix::net::sockopt::set_tcp_quickack;

const READER: &str = "Virtual PCD 00 00";
/// T=1 with default parameters.
const ATR: &[u8] = &[0x3b, 0x81, 0x81, 0x01, 0x00, 0x00];
/// READ RECORD, as most commands of a payment card.
const COMMAND: &[u8] = &[0x00, 0xb2, 0x01, 0x0c, 0x00];
/// How long an answer is.
const ANSWER: usize = 128;

/// One kind of card, and how much is measured with it.
struct Case {
    name: &'static str,
    delay: Duration,
    rounds: usize,
    commands: u32,
}

const CASES: &[Case] = &[
    Case { name: "answers at once", delay: Duration::ZERO, rounds: 41, commands: 300 },
    Case { name: "answers in 1 ms", delay: Duration::from_millis(1), rounds: 21, commands: 100 },
    Case { name: "answers in 10 ms", delay: Duration::from_millis(10), rounds: 11, commands: 30 },
];

fn main() {
    let _service = Service::start().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!(
        "per APDU, median of rounds that alternate; what we add is the median of the differences"
    );
    for case in CASES {
        let card = insert(case.delay);
        let mut reader = runtime.block_on(open());
        let mut rounds = Vec::new();
        for _ in 0..case.rounds {
            rounds.push(Round {
                bare: bare(case.commands),
                one_by_one: runtime.block_on(one_by_one(&mut reader, case.commands)),
                dialogue: runtime.block_on(dialogue(&mut reader, case.commands)),
            });
        }
        report(case, "one by one", &rounds, |round| round.one_by_one);
        report(case, "in a dialogue", &rounds, |round| round.dialogue);
        drop(card);
        runtime.block_on(reader.await_removal()).unwrap();
    }
}

/// Is what an APDU took, side by side.
struct Round {
    bare: Duration,
    one_by_one: Duration,
    dialogue: Duration,
}

fn report(case: &Case, way: &str, rounds: &[Round], ours: impl Fn(&Round) -> Duration) {
    let nanoseconds = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap();
    let bare = || rounds.iter().map(|round| nanoseconds(round.bare));
    let ours = || rounds.iter().map(|round| nanoseconds(ours(round)));
    let median_bare = median(bare().collect());
    let added = median(bare().zip(ours()).map(|(bare, ours)| ours - bare).collect());
    let least = |values: &mut dyn Iterator<Item = i64>| micro(values.min().unwrap());
    println!(
        "card {:<17} {way:<14} bare {:>9.1} µs (least {:>9.1})   ours {:>9.1} µs (least {:>9.1})   \
         added {:>6.1} µs   {:>5.2} %",
        case.name,
        micro(median_bare),
        least(&mut bare()),
        micro(median(ours().collect())),
        least(&mut ours()),
        micro(added),
        percent(added, median_bare),
    );
}

#[expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "shown to people")]
fn micro(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "shown to people")]
fn percent(part: i64, whole: i64) -> f64 {
    part as f64 * 100.0 / whole as f64
}

fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values[values.len() / 2]
}

/// Exchanges with the crate pcsc alone.
fn bare(commands: u32) -> Duration {
    let context = Context::establish(Scope::User).unwrap();
    let name = std::ffi::CString::new(READER).unwrap();
    let card = context.connect(&name, ShareMode::Exclusive, Protocols::ANY).unwrap();
    let mut buffer = [0; MAX_BUFFER_SIZE];
    let begin = Instant::now();
    for _ in 0..commands {
        assert_eq!(card.transmit(COMMAND, &mut buffer).unwrap().len(), ANSWER + 2);
    }
    let took = begin.elapsed() / commands;
    card.disconnect(Disposition::UnpowerCard).map_err(|(_, error)| error).unwrap();
    took
}

async fn open() -> PcscReader {
    let selector = format!("pcsc:{READER}").parse().unwrap();
    let mut reader = PcscDriver::new().open_reader(&selector, &Settings::new()).await.unwrap();
    reader.await_card().await.unwrap();
    reader
}

/// Exchanges with our session, one by one.
async fn one_by_one(reader: &mut PcscReader, commands: u32) -> Duration {
    let mut session = reader.connect().await.unwrap();
    let begin = Instant::now();
    for _ in 0..commands {
        assert_eq!(session.transmit(COMMAND).await.unwrap().len(), ANSWER + 2);
    }
    let took = begin.elapsed() / commands;
    session.close().await.unwrap();
    took
}

/// Exchanges with our session in a dialogue.
async fn dialogue(reader: &mut PcscReader, commands: u32) -> Duration {
    let mut session = reader.connect().await.unwrap();
    let begin = Instant::now();
    session.converse(Box::new(Repeated(commands))).await.unwrap();
    let took = begin.elapsed() / commands;
    session.close().await.unwrap();
    took
}

/// Says the command so many times.
#[derive(Debug)]
struct Repeated(u32);

impl Dialogue for Repeated {
    fn next_command(&mut self, answer: Option<Sensitive>) -> Option<Sensitive> {
        assert!(answer.is_none_or(|answer| answer.len() == ANSWER + 2));
        self.0 = self.0.checked_sub(1)?;
        Some(COMMAND.into())
    }
}

/// Puts a card into the virtual reader, which leaves it when this is dropped.
fn insert(delay: Duration) -> Card {
    let stream = TcpStream::connect(VPCD).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut line = stream.try_clone().unwrap();
    thread::spawn(move || {
        let mut length = [0; 2];
        while prompt(&line, &mut length).is_ok() {
            let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
            if prompt(&line, &mut message).is_err() {
                return;
            }
            let answer = match message.as_slice() {
                [0x04] => ATR.to_vec(),
                [_] => continue,
                _ => {
                    thread::sleep(delay);
                    [&[0x55; ANSWER][..], &[0x90, 0x00]].concat()
                }
            };
            let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
            if line.write_all(&[&length[..], &answer].concat()).is_err() {
                return;
            }
        }
    });
    Card(stream)
}

/// Reads and lets the kernel acknowledge at once: vpcd sends length and content apart, and its second
/// half waits 40 ms for a delayed acknowledgement otherwise.
fn prompt(mut line: &TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    set_tcp_quickack(line, true)?;
    line.read_exact(buffer)
}

/// Is a card in the virtual reader.
struct Card(TcpStream);

impl Drop for Card {
    fn drop(&mut self) {
        // It is out already when the service has gone.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}
