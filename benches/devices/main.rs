//! Measures what a device costs: time to open and memory, for up to 200 virtual receipt printers in one
//! process, each with the virtual device, the driver, and a hub with its slot.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::time::{Duration, Instant};

use countertop::hub::{Claims, DeviceConfig, Devices, DevicesConfig, Hub, Role};
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use tokio::net::TcpListener;

/// Devices that are opened between two lines of the table.
const STEP: usize = 50;
const STEPS: usize = 4;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let claims = Claims::in_folder(folder.path());
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        // Code and threads that the first one brings in are no cost of the others.
        let first = open(&claims).await;
        println!("devices  opening  kB a device");
        let (mut opened, before) = (Vec::new(), resident());
        for _ in 0..STEPS {
            let started = Instant::now();
            for _ in 0..STEP {
                opened.push(open(&claims).await);
            }
            let time = started.elapsed() / u32::try_from(STEP).unwrap();
            show(opened.len(), time, resident().saturating_sub(before));
        }
        drop((first, opened));
    });
}

fn show(count: usize, time: Duration, kilobytes: usize) {
    println!("{count:>7} {time:>8.1?} {:>12}", kilobytes / count);
}

/// Raises a virtual printer and opens it as a terminal does: claimed, asked how it is.
async fn open(claims: &Claims) -> Devices {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("tcp:{}", listener.local_addr().unwrap());
    let (printer, _control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(async move {
        let (link, _) = listener.accept().await.unwrap();
        // Its end is the end of the benchmark.
        let _ = printer.serve(link).await;
    });
    let config = DeviceConfig::new("escpos", at.parse().unwrap());
    let config = DevicesConfig::default().with(Role::ReceiptPrinter, config);
    let hub = Hub::with_claims(countertop::registry(), config, claims.clone());
    let mut devices = hub.devices();
    devices.printer.open().await.unwrap().printer.status().await.unwrap();
    devices
}

/// Returns the memory that is resident, in kB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
