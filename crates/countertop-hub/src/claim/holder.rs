//! Who holds a claim.

use countertop_device::{DeviceError, DeviceErrorKind};

/// Is the program that holds a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) pid: Option<u32>,
    pub(super) program: Option<String>,
}

impl core::fmt::Display for Holder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match (self.pid, &self.program) {
            (Some(pid), _) if pid == std::process::id() => f.write_str("this program"),
            (Some(pid), Some(program)) => write!(f, "`{program}`, process {pid},"),
            (Some(pid), None) => write!(f, "process {pid}"),
            (None, _) => f.write_str("another program"),
        }
    }
}

impl Holder {
    /// Creates the error of who wants the device as well.
    pub(super) fn busy(&self, name: &str) -> DeviceError {
        let error = DeviceError::new(DeviceErrorKind::Busy, name, "claim");
        if self.pid == Some(std::process::id()) {
            return error
                .with_source("this program holds it already")
                .with_help("assign the device to one role only");
        }
        let help = match self.pid {
            Some(pid) => format!("end {self} with `kill {pid}`, or wait until it is done"),
            None => "close the other program that uses the device".into(),
        };
        error.with_source(format!("{self} holds it")).with_help(help)
    }
}
