//! The figures of `docs/performance.md` that need a kernel; how soon devices come and go is measured by
//! the area `hub`.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use countertop_virtual::magtek::MagtekConfig;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use super::hub::Printer;
use crate::kernel::{self, LONG};
use crate::lab_test::{LabTest, TestResult, check};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[LabTest {
    name: "an_idle_hub_sleeps",
    device: "ten: eight USB receipt printers 04b8:0e15, two HID stripe readers 0801:0002",
    kernel_driver: "usblp, uhid, hidraw",
    driver: "`countertop devices --watch`, all drivers",
    pulled: "-",
    short: false,
    limit: Duration::from_secs(240),
    run: || Box::pin(an_idle_hub_sleeps()),
}];

/// How long nothing happens.
const WINDOW: Duration = Duration::from_secs(60);

/// Lets another process watch ten devices for a minute in which nothing happens. Threads in reserve
/// end before that.
async fn an_idle_hub_sleeps() -> TestResult {
    let mut printers = Vec::new();
    for number in 0..8 {
        let mut printer = Printer::new(Some(&format!("LAB{number:04}"))).await?;
        printer.plug(None).await?;
        printer.plugged()?.configured().await?;
        printers.push(printer);
    }
    kernel::modprobe(&["uhid", "hid_generic"]).await?;
    let (left, _left_hand) = MagtekConfig::swipe_reader().serial_number("LAB1001").build()?;
    let (right, _right_hand) = MagtekConfig::swipe_reader().serial_number("LAB1002").build()?;
    let readers = [left.plug().await?, right.plug().await?];
    kernel::settle().await?;
    let mut program = Command::new("countertop");
    program.args(["devices", "--watch", "--json"]).stdout(Stdio::piped()).kill_on_drop(true);
    let mut program = program.spawn()?;
    let pid = program.id().ok_or("the program ended")?;
    let output = program.stdout.take().ok_or("the program has no output")?;
    let mut lines = BufReader::new(output).lines();
    for _ in 0..10 {
        timeout(LONG, lines.next_line()).await??.ok_or("not all devices are told of")?;
    }
    // A thread that waits for work in reserve ends after ten seconds.
    sleep(Duration::from_secs(15)).await;
    let before = switches(pid)?;
    sleep(WINDOW).await;
    let woken = switches(pid)?.saturating_sub(before);
    println!("idle, ten devices: {woken} wake-ups in {WINDOW:?}, {} KiB resident", resident(pid)?);
    check!(woken == 0, "the idle program woke up {woken} times in {WINDOW:?}");
    for reader in readers {
        reader.unplug().await?;
    }
    for printer in &mut printers {
        printer.unplug().await?;
    }
    Ok(())
}

/// Returns how often threads of a process have gone to sleep by themselves: each wake-up makes one.
fn switches(pid: u32) -> TestResult<u64> {
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        sum += number(&task?.path().join("status"), "voluntary_ctxt_switches:")?;
    }
    Ok(sum)
}

fn resident(pid: u32) -> TestResult<u64> {
    number(format!("/proc/{pid}/status").as_ref(), "VmRSS:")
}

fn number(status: &std::path::Path, name: &str) -> TestResult<u64> {
    let text = fs::read_to_string(status)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such figure")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
