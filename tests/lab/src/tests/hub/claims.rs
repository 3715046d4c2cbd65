//! One printer, two programs, two users.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use countertop_device::Identity;
use countertop_hub::Role;

use super::bench::{Printer, hub};
use crate::kernel::{self, User};
use crate::lab_test::{TestResult, check};

const SERIAL_NUMBER: &str = "LAB0001";

pub(super) async fn two_programs() -> TestResult {
    let mut printer = Printer::new(Some(SERIAL_NUMBER)).await?;
    printer.plug_as(1, None).await?;
    let identity = Identity::from_serial_number(0x04b8, 0x0e15, SERIAL_NUMBER);
    let config = "/run/tmp/claims.toml";
    fs::write(
        config,
        format!("[devices.receipt-printer]\ndriver = \"escpos\"\nidentity = \"{identity}\"\n"),
    )?;
    let mut devices = hub(Role::ReceiptPrinter, "escpos", identity).devices();
    devices.printer.open().await?;
    nothing_is_everybodys()?;
    for user in [None, Some(User::Inside)] {
        let told = self_test(user, config).await?;
        let holder = format!("process {}", std::process::id());
        check!(told.contains("in use by another program"), "{user:?} was told: {told}");
        check!(told.contains(&holder), "{user:?} was not told who: {told}");
    }
    devices.printer.close();
    for user in [None, Some(User::Inside), None] {
        let told = self_test(user, config).await?;
        check!(!told.contains("in use"), "{user:?} was told: {told}");
        nothing_is_everybodys()?;
    }
    printer.unplug().await
}

/// Lets the program look at the printer, as root or as another user.
async fn self_test(user: Option<User>, config: &str) -> TestResult<String> {
    let arguments = ["self-test", "--config", config];
    let output: Output = match user {
        Some(user) => kernel::run_as(user, "countertop", &arguments).await?,
        None => tokio::process::Command::new("countertop").args(arguments).output().await?,
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    println!("{user:?}: {text}");
    Ok(text)
}

fn nothing_is_everybodys() -> TestResult {
    for entry in fs::read_dir("/run/lock")? {
        let entry = entry?;
        let mode = entry.metadata()?.permissions().mode();
        let ours = entry.file_name().to_string_lossy().starts_with("countertop-");
        check!(!ours || mode & 0o007 == 0, "{:?} has mode {mode:o}", entry.file_name());
    }
    Ok(())
}
