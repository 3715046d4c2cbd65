//! Measures the terminal's own time in a sale: everything but card, host, PIN pad and people.
//!
//! The whole flow runs, with the journal on disk: EMV kernel, journal, messages over TCP, vouchers
//! laid out and encoded. The card is in memory, the PIN pad and the host are virtual ones on threads
//! of their own; the time within them is taken off. `SALE_BENCH_FOLDER` puts the journal elsewhere.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod away;
mod devices;
mod host;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop::acquirer::unionpay::{Profile, UnionPay};
use countertop::emv::parameters::{CaPublicKey, EmvParameters};
use countertop::hub::{Devices, Printer};
use countertop::terminal::flow::{
    Ending, OperatorSignIn, PoweredOn, Ready, TerminalParts, TerminalSettings,
};
use countertop::terminal::journal::{Journal, JournalSettings};
use countertop::terminal::operators::{OperatorBook, OperatorPolicy};
use countertop::terminal::vault::{SystemRandomness, Vault};
use countertop::terminal::{OperatorNumber, SystemClock};
use countertop_examples::Silent;
use countertop_virtual::card::{Interface, TestCa};

use away::{Away, Who};
use devices::{InstantPrinter, Reader, TimedPinPad, yuan};

const RUNS: usize = 100;
const WARM_UP: usize = 10;

fn main() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_all().build().unwrap()
    };
    let (own, others) = (runtime(), runtime());
    own.block_on(async {
        for (name, interface, amount) in
            [("chip sale with PIN", Interface::Contact, 1234), ("tap", Interface::Contactless, 800)]
        {
            measure(name, interface, amount, others.handle()).await;
        }
    });
}

async fn measure(name: &str, interface: Interface, minor: u64, others: &tokio::runtime::Handle) {
    let away = Away::default();
    let place = std::env::var("SALE_BENCH_FOLDER");
    let place = place.unwrap_or_else(|_| env!("CARGO_TARGET_TMPDIR").into());
    let folder = tempfile::tempdir_in(place).unwrap();
    let address = host::raise(&away, others);
    let pin_pad = TimedPinPad::raise(&away, others).await;
    let devices = devices(interface, pin_pad, &away);
    let mut ready = sign_in(parts(folder.path(), address, devices)).await;
    let mut figures = Figures::default();
    for run in 0..WARM_UP + RUNS {
        away.clear();
        let start = Instant::now();
        let sale = ready.sale(yuan(minor), &mut Silent).await.unwrap();
        let (next, ending) = sale.complete(&mut Silent).await;
        let whole = start.elapsed();
        assert!(matches!(ending, Ending::Completed(_)), "{ending:?}");
        ready = next;
        if run >= WARM_UP {
            figures.add(whole, &away);
        }
    }
    figures.show(name);
}

fn devices(interface: Interface, pin_pad: TimedPinPad, away: &Away) -> Devices {
    let mut devices = Devices::none();
    devices.pin_pad.put(Box::new(pin_pad));
    devices.printer.put(Printer { printer: Box::new(InstantPrinter::new()), drawer: None });
    match interface {
        Interface::Contact => devices.chip.put(Box::new(Reader::new(interface, away))),
        _ => devices.contactless.put(Box::new(Reader::new(interface, away))),
    }
    devices
}

fn parts(folder: &Path, host: String, devices: Devices) -> TerminalParts {
    let (randomness, clock) = (Arc::new(SystemRandomness), Arc::new(SystemClock));
    let vault = Vault::open(&folder.join("journal.key"), randomness.clone()).unwrap();
    let books = JournalSettings { training: true, ..JournalSettings::default() };
    let path = folder.join("journal.db");
    let (mut journal, _) = Journal::open(&path, books, vault, clock.clone()).unwrap();
    let policy = OperatorPolicy { default_cashier_usable: true, ..OperatorPolicy::default() };
    let mut profile = Profile::default();
    (profile.host, profile.training) = (host, true);
    let keys = TestCa::capks().into_iter();
    let keys = keys.map(|key| CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
    TerminalParts {
        devices,
        acquirer: Box::new(UnionPay::new(profile).unwrap()),
        operators: OperatorBook::open(&mut journal, policy, randomness.clone()).unwrap(),
        settings: TerminalSettings { training: true, ..TerminalSettings::default() },
        emv: Arc::new(keys.fold(EmvParameters::default(), EmvParameters::with_key)),
        journal,
        clock,
        randomness,
    }
}

async fn sign_in(parts: TerminalParts) -> Ready {
    let terminal = PoweredOn::new(parts).self_test(&mut Silent).await;
    let password = OperatorPolicy::CASHIER_DEFAULT.as_bytes().into();
    match terminal.sign_in(OperatorNumber::FIRST_CASHIER, &password).unwrap() {
        OperatorSignIn::Attended(terminal) => terminal.host_sign_in(&mut Silent).await.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Collects one figure of each kind a run.
#[derive(Default)]
struct Figures {
    own: Vec<Duration>,
    card_to_request: Vec<Duration>,
    card: Vec<Duration>,
    host: Vec<Duration>,
    pin_pad: Vec<Duration>,
}

impl Figures {
    fn add(&mut self, whole: Duration, away: &Away) {
        self.own.push(whole.saturating_sub(away.sum()));
        self.card_to_request.extend(away.card_to_request());
        self.card.push(away.get(Who::Card));
        self.host.push(away.get(Who::Host));
        self.pin_pad.push(away.get(Who::PinPad));
    }

    fn show(self, name: &str) {
        println!("{name}, {RUNS} runs: median (90 of 100 below)");
        for (what, times) in [
            ("own time, whole sale", self.own),
            ("own time, card to request", self.card_to_request),
            ("taken off: card", self.card),
            ("taken off: host", self.host),
            ("taken off: PIN pad", self.pin_pad),
        ] {
            let [median, most] = quantiles(times);
            println!("  {what:<26} {median:>10.1?} ({most:.1?})");
        }
    }
}

/// Returns median and ninth decile.
fn quantiles(mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort_unstable();
    let at = |tenths: usize| times[(times.len() * tenths / 10).min(times.len() - 1)];
    [at(5), at(9)]
}
