//! Other users, and other people's programs.

use std::process::Stdio;
use std::time::Duration;

use countertop_virtual::stripe::StripeCard;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::bench::{Bench, Carrier, SOON, TRACK_2};
use crate::kernel::{self, User};
use crate::lab_test::{Skipped, TestResult, check};

pub(super) async fn only_the_group_may_open() -> TestResult {
    let (_bench, listing) = Bench::plugged(Carrier::Usb).await?;
    kernel::settle().await?;
    let node = listing.node.ok_or("the reader has no node")?;
    check!(kernel::can_open(User::Inside, &node).await?, "clerk may not open {node}");
    check!(!kernel::can_open(User::Outside, &node).await?, "stranger may open {node}");
    Ok(())
}

/// Asks for the firmware, then waits for a swipe.
const HIDAPI: &str = r#"
import hidraw as hid
found = hid.enumerate(0x0801, 0x0002)[0]
print(found['manufacturer_string'], found['product_string'], found['serial_number'], flush=True)
reader = hid.device()
reader.open_path(found['path'])
reader.send_feature_report([0] + [0, 1, 0] + [0] * 21)
answer = bytes(reader.get_feature_report(0, 25))
print(len(answer), answer[3:14].decode(), flush=True)
report = bytes(reader.read(337, 10000))
print(len(report), report[117:117 + report[4]].decode(), flush=True)
"#;

pub(super) async fn read_by_hidapi() -> TestResult {
    let (bench, _listing) = Bench::plugged(Carrier::Usb).await?;
    if kernel::run("python3", &["-c", "import hidraw"]).await.is_err() {
        return Err(Skipped("python3-hid is not installed".to_owned()).into());
    }
    let mut script = Command::new("python3");
    let script = script.args(["-c", HIDAPI]).stdout(Stdio::piped()).kill_on_drop(true);
    let mut script = script.spawn()?;
    let output = script.stdout.take().ok_or("python has no output")?;
    let mut lines = BufReader::new(output).lines();
    let mut line = async || timeout(SOON, lines.next_line()).await?.map(Option::unwrap_or_default);
    let named = line().await?;
    check!(named == "Mag-Tek USB Swipe Reader B012345", "hidapi lists {named}");
    let answer = line().await?;
    check!(answer == "25 21042812D01", "hidapi got {answer}");
    tokio::time::sleep(Duration::from_millis(100)).await;
    bench.hand.swipe(&StripeCard::new([None, Some(TRACK_2), None])?).await;
    let report = line().await?;
    check!(report == format!("337 ;{TRACK_2}?"), "hidapi read another report");
    Ok(())
}
