//! Printing, status and identity.

use std::time::Duration;

use countertop_device::{Attention, DeviceErrorKind, Health, HealthLevel, PrintOutcome, Settings};
use countertop_transport::{open_printer as open_link, usb};
use countertop_virtual::printer::PrinterConfig;

use super::bench::{Bench, NODE, USB, USBLP, listed, open, open_printer, sleeps, voucher};
use crate::kernel;
use crate::lab_test::{TestResult, check};

/// Prints a voucher and looks at the paper and the status.
pub(super) async fn voucher_and_status(selector: &'static str) -> TestResult {
    let bench = Bench::plug().await?;
    listed_once()?;
    let mut printer = open_printer(selector, &Settings::new()).await?;
    let outcome = printer.print(&voucher()).await?;
    check!(outcome == PrintOutcome::Confirmed, "the outcome is {outcome:?}");
    let text = bench.printed();
    for part in ["签购单", "测试商店", "1,234.56", "消费 SALE"] {
        check!(text.contains(part), "{part} is not on paper: {text}");
    }
    check!(bench.control.unknown_commands().is_empty(), "{:?}", bench.control.unknown_commands());
    bench.control.near_end();
    let state = printer.status().await?;
    check!(state.paper_near_end && state.attention.is_none(), "the state is {state:?}");
    bench.control.end_paper();
    let error = printer.print(&voucher()).await.err().ok_or("printed without paper")?;
    check!(error.kind() == DeviceErrorKind::NeedsAttention(Attention::PaperOut), "{error}");
    let health = printer.check_health(HealthLevel::Internal).await?;
    check!(health.health == Health::Bad, "{health:?}");
    drop(printer);
    bench.unplug().await
}

/// The listing has the printer once, with the identity of its serial number.
fn listed_once() -> TestResult {
    let found = listed()?;
    check!(found.info.selector.to_string() == USB, "listed as {}", found.info.selector);
    check!(found.info.model.contains(NODE), "{} does not name {NODE}", found.info.model);
    let identity = found.info.identity.ok_or("no identity")?;
    check!(identity.0.starts_with("04b8:0e15-s-"), "the identity is {identity}");
    check!(found.info.place.is_some(), "no place");
    Ok(())
}

/// Two printers without serial numbers are told apart by port and by place.
pub(super) async fn twins_by_port_and_place() -> TestResult {
    let one = Bench::plug_with(PrinterConfig::default(), None).await?;
    let two = Bench::plug_with(PrinterConfig::default(), None).await?;
    let devices = usb::list()?;
    let device = |bench: &Bench| -> TestResult<usb::UsbDevice> {
        let path = bench.sysfs()?;
        let port = path.file_name().ok_or("no name")?.to_string_lossy().into_owned();
        let found = devices.iter().find(|it| it.port == port).cloned();
        Ok(found.ok_or_else(|| format!("{port} is not listed"))?)
    };
    let by_port = Settings::new().with("port", device(&two)?.port);
    let by_place = Settings::new().with("place", device(&one)?.place);
    let mut second = open_printer(USB, &by_port).await?;
    let mut first = open_printer(USB, &by_place).await?;
    for (printer, bench) in [(&mut second, &two), (&mut first, &one)] {
        check!(printer.print(&voucher()).await? == PrintOutcome::Confirmed, "not confirmed");
        check!(bench.control.page_count() == 1, "on the other one's paper");
    }
    drop((first, second));
    one.unplug().await?;
    two.unplug().await
}

/// The class requests answer while the link is open, and not any more when it is closed.
pub(super) async fn class_requests() -> TestResult {
    const SECOND: Duration = Duration::from_secs(1);
    let bench = Bench::plug().await?;
    for selector in [USBLP, USB] {
        bench.control.load_paper();
        let (link, port) = open_link(&selector.parse()?, &Settings::new()).await?;
        let port = port.ok_or("no port")?;
        let id = port.device_id(SECOND).await?;
        check!(id.contains("CMD:ESC/POS") && id.contains("MDL:TM-T20II"), "the printer is {id:?}");
        let status = port.status(SECOND).await?;
        check!(status == 0x18, "{selector}: the status is {status:#04x}");
        bench.control.end_paper();
        let status = port.status(SECOND).await?;
        check!(status & 0x20 != 0, "{selector}: the status without paper is {status:#04x}");
        drop(link);
        let error = port.status(SECOND).await.err().ok_or("a closed port answers")?;
        check!(error.kind() == DeviceErrorKind::Disconnected, "{error}");
    }
    kernel::wait_node(NODE).await?;
    bench.unplug().await
}

/// An open printer that nobody uses wakes nobody.
pub(super) async fn idle_wakes_nobody() -> TestResult {
    const WHILE: Duration = Duration::from_secs(10);
    let bench = Bench::plug().await?;
    let mut printer = open_printer(USB, &Settings::new()).await?;
    printer.status().await?;
    // What came with the opening is over.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = (sleeps("04b8:0e15")?, sleeps("libusb_event")?);
    tokio::time::sleep(WHILE).await;
    let wakes = (sleeps("04b8:0e15")? - before.0, sleeps("libusb_event")? - before.1);
    println!("wake-ups of the link's threads and of libusb's in {WHILE:?}: {wakes:?}");
    check!(wakes == (0, 0), "{wakes:?} wake-ups in {WHILE:?}");
    drop(printer);
    bench.unplug().await
}

/// usblp is detached while the printer is open, and back afterwards.
pub(super) async fn usblp_comes_back() -> TestResult {
    let bench = Bench::plug().await?;
    let functions = open(USB, &Settings::new()).await?;
    kernel::wait_gone(NODE).await?;
    drop(functions);
    kernel::wait_node(NODE).await?;
    let panics = tokio::spawn(async {
        let _functions = open(USB, &Settings::new()).await;
        let gone = kernel::wait_gone(NODE).await;
        panic!("on purpose, with the printer open: {gone:?}");
    });
    check!(panics.await.is_err_and(|error| error.is_panic()), "it did not panic");
    kernel::wait_node(NODE).await?;
    let mut printer = open_printer(USBLP, &Settings::new()).await?;
    check!(printer.print(&voucher()).await? == PrintOutcome::Confirmed, "not confirmed");
    drop(printer);
    bench.unplug().await
}
