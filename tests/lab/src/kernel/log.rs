//! The kernel's log, with a mark where each test begins.

use std::fs;
use std::io;
use std::process::Command;

/// Writes a line to the kernel's log.
pub(crate) fn log(text: &str) -> io::Result<()> {
    fs::write("/dev/kmsg", format!("lab: {text}\n"))
}

/// Returns what the kernel logged since that line.
pub(crate) fn log_since(text: &str) -> String {
    let output = Command::new("dmesg").output();
    let all = output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).unwrap_or_default();
    let mark = format!("lab: {text}\n");
    all.rfind(&mark).map_or(String::new(), |at| all[at..].to_owned())
}
