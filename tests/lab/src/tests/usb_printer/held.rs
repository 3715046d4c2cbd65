//! Who else holds the printer, and what is known when it takes no more.

use std::process::Stdio;
use std::time::{Duration, Instant};

use countertop_device::{Attention, DeviceErrorKind, PrintOutcome, ReceiptPrinter, Settings};
use countertop_virtual::printer::PrinterConfig;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::bench::{Bench, NODE, USB, USBLP, lines, open, open_printer, voucher};
use crate::kernel;
use crate::lab_test::{TestResult, check};

/// Starts a program that says a word when it holds the printer, and then holds it.
async fn holder(program: &str, arguments: &[&str]) -> TestResult<Child> {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let stdout = child.stdout.take().ok_or("no output")?;
    let word = BufReader::new(stdout).lines().next_line().await?;
    check!(word.as_deref() == Some("held"), "{program} does not hold the printer: {word:?}");
    Ok(child)
}

async fn refused(selector: &str, process: u32) -> TestResult {
    let error = countertop_transport::open(&selector.parse()?, &Settings::new()).await;
    let error = error.err().ok_or_else(|| format!("{selector}: opened what is held"))?;
    println!("{error}; {:?}", error.help());
    check!(error.kind() == DeviceErrorKind::Busy, "{error}");
    let pid = format!("process {process}");
    check!(error.to_string().contains(&pid), "{error} does not name {pid}");
    Ok(())
}

/// A program that prints through usblp is named, and not cut off.
pub(super) async fn busy_by_usblp() -> TestResult {
    let bench = Bench::plug().await?;
    let mut cat = holder("sh", &["-c", "exec 3<>/dev/usb/lp0; echo held; exec sleep 60"]).await?;
    let process = cat.id().ok_or("no process")?;
    refused(USBLP, process).await?;
    refused(USB, process).await?;
    // By a name such as udev gives it, too.
    let link = std::env::temp_dir().join("receipts");
    std::os::unix::fs::symlink(NODE, &link)?;
    refused(&format!("usblp:{}", link.display()), process).await?;
    cat.kill().await?;
    drop(open(USB, &Settings::new()).await?);
    bench.unplug().await
}

const CLAIM: &str = "
import sys, time, usb.core, usb.util
printer = usb.core.find(idVendor=0x04b8)
printer.detach_kernel_driver(0)
usb.util.claim_interface(printer, 0)
print('held', flush=True)
time.sleep(60)
";

/// A program that claimed the printer through libusb is named; so is this process itself.
pub(super) async fn busy_by_libusb() -> TestResult {
    let bench = Bench::plug().await?;
    let mut python = holder("/usr/bin/python3", &["-c", CLAIM]).await?;
    refused(USB, python.id().ok_or("no process")?).await?;
    // Killed, it gives nothing back: usblp is not there, and the printer opens nevertheless.
    python.kill().await?;
    check!(!std::path::Path::new(NODE).exists(), "{NODE} is back by itself");
    let first = open(USB, &Settings::new()).await?;
    let error = open(USB, &Settings::new()).await.err().ok_or("opened twice")?;
    check!(error.to_string().contains("this process"), "{error}");
    drop(first);
    check!(!std::path::Path::new(NODE).exists(), "gave back what was not there");
    let path = bench.sysfs()?;
    let port = path.file_name().ok_or("no name")?.to_string_lossy().into_owned();
    std::fs::write("/sys/bus/usb/drivers_probe", format!("{port}:1.0"))?;
    kernel::wait_node(NODE).await?;
    bench.unplug().await
}

/// With `detach = false` the printer is left to the kernel.
pub(super) async fn left_to_the_kernel() -> TestResult {
    let bench = Bench::plug().await?;
    let settings = Settings::new().with("detach", false);
    let error = countertop_transport::open(&USB.parse()?, &settings).await;
    let error = error.err().ok_or("opened what the kernel holds")?;
    check!(error.kind() == DeviceErrorKind::TakenByKernelDriver, "{error}");
    check!(error.to_string().contains("usblp"), "{error}");
    check!(std::path::Path::new(NODE).exists(), "{NODE} is gone");
    bench.unplug().await
}

/// A printer that runs out of paper takes no more: the job ends within its deadline, and the state is
/// known although nothing can be asked. With paper again it prints what it had been sent, and the next
/// job after that. Closing it while it takes nothing does not hang.
pub(super) async fn out_of_paper(selector: &'static str) -> TestResult {
    let mut config = PrinterConfig::default();
    config.receive_buffer = 2048;
    let bench = Bench::plug_with(config, Some("LAB0001")).await?;
    let settings = Settings::new().with("write_timeout_ms", 3000);
    let mut printer = open_printer(selector, &settings).await?;
    breaks_off(&bench, &mut *printer).await?;
    let state = printer.status().await?;
    check!(state.attention == Some(Attention::PaperOut), "the state is {state:?}");
    let error = printer.print(&voucher()).await.err().ok_or("printed without paper")?;
    check!(error.kind() == DeviceErrorKind::NeedsAttention(Attention::PaperOut), "{error}");
    bench.control.load_paper();
    let outcome = printer.print(&voucher()).await?;
    check!(outcome == PrintOutcome::Confirmed, "the outcome is {outcome:?}");
    let text = bench.printed();
    check!(text.contains("签购单"), "the voucher is not on paper");
    check!(!text.contains("line 1999"), "the end of the first job is on paper");
    breaks_off(&bench, &mut *printer).await?;
    let began = Instant::now();
    drop(printer);
    let took = began.elapsed();
    println!("closing took {took:?}");
    check!(took < Duration::from_secs(2), "closing took {took:?}");
    bench.unplug().await
}

async fn breaks_off(bench: &Bench, printer: &mut dyn ReceiptPrinter) -> TestResult {
    bench.control.end_paper_after(300);
    let began = Instant::now();
    let outcome = printer.print(&lines(2000)).await?;
    println!("the job ended after {:?} with {outcome:?}", began.elapsed());
    let partial = matches!(outcome, PrintOutcome::Partial { .. });
    check!(partial, "the outcome is {outcome:?}");
    Ok(())
}

const PRINT: &str = "
import usb.core, usb.util
printer = usb.core.find(idVendor=0x04b8)
printer.detach_kernel_driver(0)
printer.set_configuration()
printer.write(0x01, b'\\x1b@python\\n\\x1dV\\x00', 3000)
printer.write(0x01, b'\\x10\\x04\\x01', 3000)
print(bytes(printer.read(0x82, 64, 3000)).hex(), flush=True)
usb.util.dispose_resources(printer)
printer.attach_kernel_driver(0)
";

/// Strangers print: the shell through usblp, Python through libusb.
pub(super) async fn strangers() -> TestResult {
    let bench = Bench::plug().await?;
    kernel::run("sh", &["-c", "printf '\\033@stranger\\n\\035V\\000' > /dev/usb/lp0"]).await?;
    tokio::time::timeout(kernel::LONG, bench.control.wait_for_pages(1)).await?;
    let answer = kernel::run("/usr/bin/python3", &["-c", PRINT]).await?;
    tokio::time::timeout(kernel::LONG, bench.control.wait_for_pages(2)).await?;
    check!(answer.trim() == "16" || answer.trim() == "12", "the printer's state is {answer}");
    let text = bench.printed();
    check!(text.contains("stranger") && text.contains("python"), "on paper is {text}");
    kernel::wait_node(NODE).await?;
    bench.unplug().await
}
