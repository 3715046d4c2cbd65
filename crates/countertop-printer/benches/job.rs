//! What a job of 3 MB costs: memory above idle, and how much of a line's rate is used over TCP.
//!
//! `cargo bench -p countertop-printer --bench job` prints the figures. (The rate of a serial line is a
//! test, for it is measured in virtual time: `tests/jobs.rs`.)

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use countertop_device::{DeviceInfo, PrintOutcome, Settings};
use countertop_printer::{EncodedJob, EscPosPrinter};

const JOB: usize = 3 << 20;

/// Bytes a second of the TCP line: more than any receipt printer prints.
const RATE: u64 = 2_000_000;

/// Returns a job of pictures' strips, as large ones are.
fn job() -> Vec<u8> {
    let mut strip = b"\x1Dv0\x00\x48\x00\x0D\x00".to_vec();
    strip.extend([0x55; 72 * 13]);
    let mut job = b"\x1B@".to_vec();
    while job.len() < JOB {
        job.extend_from_slice(&strip);
    }
    job
}

/// Is a printer that reads at a rate and answers at once; it keeps nothing.
fn printer(mut host: TcpStream, rate: Option<u64>) -> (u64, Duration) {
    let (mut carried, mut begin) = (0_u64, None);
    let (mut chunk, mut rest) = (vec![0; 2048], Vec::new());
    while let Ok(count @ 1..) = host.read(&mut chunk) {
        let begin: Instant = *begin.get_or_insert_with(Instant::now);
        carried += count as u64;
        rest.extend_from_slice(&chunk[..count]);
        let mut answers = Vec::new();
        while let Some(end) = answer(&rest, &mut answers) {
            rest.drain(..end);
        }
        rest.drain(..rest.len().saturating_sub(16));
        host.write_all(&answers).unwrap();
        if let Some(rate) = rate {
            let due = begin + Duration::from_micros(carried * 1_000_000 / rate);
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }
    (carried, begin.map_or(Duration::ZERO, |begin| begin.elapsed()))
}

fn answer(bytes: &[u8], answers: &mut Vec<u8>) -> Option<usize> {
    (0..bytes.len()).find_map(|at| match &bytes[at..] {
        [0x10, 0x04, 1..=4, ..] => {
            answers.push(0x12);
            Some(at + 3)
        }
        [0x1D, b'r', 1, ..] => {
            answers.push(0x00);
            Some(at + 3)
        }
        [0x1D, b'(', b'H', 6, 0, b'0', b'0', a, b, c, d, ..] => {
            answers.extend([0x37, 0x22, *a, *b, *c, *d, 0x00]);
            Some(at + 11)
        }
        _ => None,
    })
}

fn kibibytes(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn open(rate: Option<u64>) -> (String, thread::JoinHandle<(u64, Duration)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let selector = format!("tcp:{}", listener.local_addr().unwrap());
    let printer = thread::spawn(move || {
        let (host, _) = listener.accept().unwrap();
        host.set_nodelay(true).unwrap();
        printer(host, rate)
    });
    (selector, printer)
}

async fn memory() {
    let (selector, printer) = open(None);
    let selector = selector.parse().unwrap();
    let link = countertop_transport::open(&selector, &Settings::new()).await.unwrap();
    let info = DeviceInfo::new(selector, "escpos", "bench");
    let mut ours = EscPosPrinter::open(link, info, &Settings::new()).unwrap();
    let small = EncodedJob::split(b"\x1B@idle\n", 1024);
    assert_eq!(ours.print_job(&small).await.unwrap(), PrintOutcome::Confirmed);
    // The peak begins anew.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let idle = kibibytes("VmRSS:");
    let job = EncodedJob::split(&job(), 1024);
    let begin = Instant::now();
    assert_eq!(ours.print_job(&job).await.unwrap(), PrintOutcome::Confirmed);
    let elapsed = begin.elapsed();
    let peak = kibibytes("VmHWM:");
    println!("memory: idle {idle} KiB, at most {peak} KiB: {} KiB above idle", peak - idle);
    println!("a job of {JOB} bytes took {elapsed:?} with a printer that does not print");
    drop(ours);
    printer.join().unwrap();
}

async fn rate() {
    let (selector, printer) = open(Some(RATE));
    let selector = selector.parse().unwrap();
    let link = countertop_transport::open(&selector, &Settings::new()).await.unwrap();
    let info = DeviceInfo::new(selector, "escpos", "bench");
    let mut ours = EscPosPrinter::open(link, info, &Settings::new()).unwrap();
    let job = EncodedJob::split(&job(), 1024);
    let begin = Instant::now();
    assert_eq!(ours.print_job(&job).await.unwrap(), PrintOutcome::Confirmed);
    let elapsed = begin.elapsed();
    drop(ours);
    let (carried, _) = printer.join().unwrap();
    let per_mille =
        |bytes: u64| u128::from(bytes) * 1_000_000_000 / u128::from(RATE) / elapsed.as_micros();
    let payload = per_mille(job.len() as u64);
    println!(
        "TCP at {RATE} bytes/s: {} per mille of the rate, {payload} of the job",
        per_mille(carried)
    );
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(memory());
    runtime.block_on(rate());
}
