//! What readers cost: a reader that waits for a tap, and up to 64 readers in one process.
//!
//! ```sh
//! cargo bench -p countertop-nfc --features pn532,libnfc --bench readers
//! ```
//!
//! The virtual PN532s are in a process of their own, so that time and memory here are the drivers' alone.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod own;
mod twins;

use std::time::{Duration, Instant};

use countertop_device::{ContactlessReader as _, Selector, Settings};
use countertop_nfc::{LibnfcDriver, NfcReader, Pn532Driver};
use own::Usage;
use twins::Twins;

/// How long a reader waits for a tap that does not come.
const WAIT: Duration = Duration::from_secs(20);
/// Numbers of readers between which memory is looked at.
const STEPS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
const SELECT_PPSE: &[u8] = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, child, folder, count] = &arguments[..]
        && child == twins::CHILD
    {
        return runtime.block_on(twins::serve(folder.as_ref(), count.parse().unwrap()));
    }
    runtime.block_on(async {
        println!("waiting {} s for a tap, a silent request takes 5 ms:", WAIT.as_secs());
        for driver in [Kind::Pn532, Kind::Libnfc] {
            waiting(driver).await;
        }
        many().await;
    });
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Pn532,
    Libnfc,
}

impl Kind {
    async fn open(self, path: &str) -> NfcReader {
        match self {
            Self::Pn532 => {
                let at = Selector::Serial(path.to_owned());
                Pn532Driver::new().open_reader(&at, &Settings::new()).await.unwrap()
            }
            Self::Libnfc => {
                let at = Selector::Nfc(format!("pn532_uart:{path}:115200"));
                LibnfcDriver::new().open_reader(&at, &Settings::new()).await.unwrap()
            }
        }
    }
}

async fn waiting(kind: Kind) {
    let mut twins = Twins::start(1);
    let mut reader = kind.open(&twins.path(0)).await;
    // What opening leaves behind is no part of it.
    let _ = tokio::time::timeout(Duration::from_secs(1), reader.await_target()).await;
    let (before, field) = (Usage::now(), twins.field());
    assert!(tokio::time::timeout(WAIT, reader.await_target()).await.is_err());
    let (used, field) = (Usage::now() - before, twins.field() - field);
    println!(
        "  {kind:?}: {} wake-ups a second, {} of a processor; the field is on {} of the time",
        used.switches / WAIT.as_secs(),
        share(used.processor),
        share(field.on),
    );
    println!("    {} commands to the chip a second", field.commands / WAIT.as_secs());
    idle(&mut twins, reader).await;
}

/// Returns a part of the wait in per cent.
fn share(part: Duration) -> String {
    let hundredths = part.as_micros() * 10_000 / WAIT.as_micros();
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// The same reader while nobody waits.
async fn idle(twins: &mut Twins, reader: NfcReader) {
    tokio::time::sleep(Duration::from_secs(7)).await;
    let (before, field) = (Usage::now(), twins.field());
    tokio::time::sleep(WAIT).await;
    let (used, field) = (Usage::now() - before, twins.field() - field);
    println!(
        "    while nobody waits: {} wake-ups in {} s, field on for {} ms",
        used.switches,
        WAIT.as_secs(),
        field.on.as_millis()
    );
    drop(reader);
}

async fn many() {
    println!("Pn532 on pseudo-terminals, in one process:");
    let last = STEPS[STEPS.len() - 1];
    let twins = Twins::start(last + 1);
    // Code that the first one brings in is no cost of the others.
    let mut first = Kind::Pn532.open(&twins.path(last)).await;
    let _ = read(&mut first).await;
    let before = own::resident();
    println!("  readers  opening one  reading one  all at once  kB a reader");
    let mut readers: Vec<NfcReader> = Vec::new();
    for count in STEPS {
        let (mut opening, new) = (Vec::new(), count - readers.len());
        for number in readers.len()..count {
            let begin = Instant::now();
            readers.push(Kind::Pn532.open(&twins.path(number)).await);
            opening.push(begin.elapsed());
        }
        let mut reading = Vec::new();
        for reader in &mut readers {
            reading.push(read(reader).await);
        }
        let (back, all) = at_once(readers).await;
        readers = back;
        println!(
            "  {count:>7} {:>12.1?} {:>12.1?} {all:>12.1?} {:>12}",
            median(&mut opening),
            median(&mut reading),
            own::resident().saturating_sub(before) / count,
        );
        assert_eq!(opening.len(), new);
    }
}

/// Reads the card of each reader, all at once, and returns how long that takes.
async fn at_once(readers: Vec<NfcReader>) -> (Vec<NfcReader>, Duration) {
    let begin = Instant::now();
    let read = |mut reader: NfcReader| async move {
        read(&mut reader).await;
        reader
    };
    let tasks: Vec<_> = readers.into_iter().map(|reader| tokio::spawn(read(reader))).collect();
    let mut readers = Vec::new();
    for task in tasks {
        readers.push(task.await.unwrap());
    }
    (readers, begin.elapsed())
}

/// Finds the card in the field and reads its directory.
async fn read(reader: &mut NfcReader) -> Duration {
    let begin = Instant::now();
    reader.await_target().await.unwrap();
    let mut session = reader.connect().await.unwrap();
    let answer = session.transmit(SELECT_PPSE).await.unwrap();
    assert!(answer.expose().ends_with(&[0x90, 0x00]));
    session.close().await.unwrap();
    begin.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
