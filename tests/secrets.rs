//! Every trace of a day in this process, searched for what went over the wire: PIN blocks, tracks,
//! chip data, codes and working keys.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod counter;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use countertop_hub::{DeviceConfig, DevicesConfig};
use countertop_tests::search::Secret;
use countertop_virtual::acquirer::Behaviour;
use countertop_wire::iso8583::Mti;

use counter::clerk::Clerk;
use counter::desk::Desk;
use counter::{Counter, completed};

/// Is the log, in memory.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn trace_every_wire(desk: &mut Desk) {
    let mut config = DevicesConfig::default();
    for (role, device) in desk.config.iter() {
        config = config.with(role, DeviceConfig::clone(device).with("trace", true));
    }
    desk.config = config;
}

/// Returns what the terminal sent that nobody else may see, and the beginning of each payment code.
fn secrets(counter: &Counter) -> Vec<Secret> {
    // ISO 8583 fields 2, 35, 52 and 55.
    let fields = [(2, "card number"), (35, "track 2"), (52, "PIN block"), (55, "chip data")];
    let mut secrets = vec![Secret::digits("payment code", "628888000000")];
    for message in counter.host.sent() {
        for (field, name) in fields {
            secrets.extend(message.get(field).map(|value| secret(name, value)));
        }
    }
    assert!(secrets.len() >= 12, "{secrets:?}");
    secrets
}

fn secret(name: &str, value: &[u8]) -> Secret {
    match std::str::from_utf8(value) {
        Ok(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => Secret::digits(name, digits),
        Ok(text) if text.is_ascii() => Secret::text(name, text),
        _ => Secret::bytes(name, value),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_secret_is_logged_or_stored() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let (mut counter, mut ready) = Counter::with(trace_every_wire).await;
    let ways: [fn(&mut Clerk) -> &mut Clerk; 4] =
        [Clerk::pays_by_chip, Clerk::pays_by_tap, Clerk::pays_by_stripe, Clerk::pays_by_code];
    for pay in ways {
        pay(&mut counter.clerk);
        let ending;
        (ready, ending) = counter.sale(ready, "12.00").await;
        completed(&ending);
    }
    counter.host.control.next_of(Mti::FINANCIAL, Behaviour::BadMac);
    counter.clerk.pays_by_stripe();
    (ready, _) = counter.sale(ready, "13.00").await;
    let ready = counter.sells_again(ready).await;

    let mut remains = vec![("log".to_owned(), log.bytes())];
    remains.push(("prompts".into(), format!("{:?}", counter.clerk.shown).into_bytes()));
    remains.push(("terminal".into(), format!("{ready:?}").into_bytes()));
    for name in ["journal.db", "journal.db-wal"] {
        let Ok(bytes) = std::fs::read(counter.desk.folder.join(name)) else { continue };
        remains.push((name.into(), bytes));
    }
    let seen = Secret::text("trace of a wire", "countertop::wire");
    assert!(seen.found_in("log", &remains[0].1).is_some(), "the wires were not traced");

    let secrets = secrets(&counter);
    let mut found = Vec::new();
    for (place, bytes) in &remains {
        found.extend(secrets.iter().filter_map(|secret| secret.found_in(place, bytes)));
    }
    assert!(found.is_empty(), "{found:#?}");
}
