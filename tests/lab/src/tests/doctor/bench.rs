//! What the tests of the doctor share: the doctor itself, files that come back, processes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use countertop_virtual::usb::{Ft232rLine, PluggedDevice, UsbIdentity, ft232r};
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::kernel;
use crate::lab_test::{TestResult, check};

/// Is what the doctor said.
#[derive(Debug)]
pub(super) struct Said {
    answer: Value,
    code: Option<i32>,
}

/// Asks the doctor.
pub(super) async fn doctor(arguments: &[&str]) -> TestResult<Said> {
    let mut command = Command::new("countertop");
    command.args(["--json", "doctor"]).args(arguments).kill_on_drop(true);
    // A cure may start a service, which must not keep our pipe.
    let output = tempfile()?;
    let errors = tempfile()?;
    command.stdin(Stdio::null()).stdout(output.1).stderr(errors.1);
    let code = command.status().await?.code();
    let text = fs::read_to_string(&output.0)?;
    let errors = fs::read_to_string(&errors.0)?;
    println!("doctor {arguments:?}: {code:?}\n{text}{errors}");
    let last = text.lines().last().ok_or_else(|| format!("the doctor said nothing: {errors}"))?;
    Ok(Said { answer: serde_json::from_str(last)?, code })
}

fn tempfile() -> TestResult<(PathBuf, fs::File)> {
    let name: [u8; 8] =
        std::array::from_fn(|_| getrandom::u32().map_or(0, |it| it.to_le_bytes()[0]));
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = std::env::temp_dir().join(format!("doctor-{name}"));
    Ok((path.clone(), fs::File::create(path)?))
}

impl Said {
    /// Tells whether there is a finding of this kind.
    pub(super) fn names(&self, code: &str) -> bool {
        self.answer["findings"].as_array().is_some_and(|it| it.iter().any(|it| it["code"] == code))
    }
}

/// The doctor names the fault and cures it; having looked again, it is silent about it.
pub(super) async fn is_cured(code: &str, arguments: &[&str]) -> TestResult {
    let said = doctor(arguments).await?;
    check!(said.names(code), "the doctor does not name {code}: {}", said.answer);
    check!(said.code == Some(1), "exit code {:?} with a problem", said.code);
    let cured = doctor(&[arguments, &["--fix", "--yes"]].concat()).await?;
    check!(!cured.names(code), "{code} is still there: {}", cured.answer);
    Ok(())
}

/// Is a file that is put back as it was.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    text: Option<Vec<u8>>,
}

impl Kept {
    /// Remembers a file, or that there is none.
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.into(), text: fs::read(path).ok() }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // The next test would tell.
        let _ = match &self.text {
            Some(text) => fs::write(&self.path, text),
            None => fs::remove_file(&self.path),
        };
    }
}

/// Writes the configuration of one device.
pub(super) fn config(role: &str, driver: &str, at: &str) -> TestResult<PathBuf> {
    let path = std::env::temp_dir().join(format!("doctor-{role}.toml"));
    fs::write(&path, format!("[devices.{role}]\ndriver = \"{driver}\"\nat = \"{at}\"\n"))?;
    Ok(path)
}

/// Starts a process of this name that does nothing, with a file open.
pub(super) fn idle(name: &str, open: &Path) -> TestResult<Child> {
    let program = std::env::temp_dir().join(name);
    fs::copy("/usr/bin/sleep", &program)?;
    let file = fs::OpenOptions::new().read(true).write(true).open(open)?;
    let mut command = Command::new(&program);
    Ok(command.arg("300").stdin(Stdio::from(file)).kill_on_drop(true).spawn()?)
}

/// Plugs in a serial adapter.
pub(super) async fn adapter() -> TestResult<(PluggedDevice, Ft232rLine)> {
    kernel::modprobe(&["vhci_hcd"]).await?;
    let identity = UsbIdentity::new(0x0403, 0x6001, "FT232R").with_serial_number("A50285BI");
    let (device, line, _control) = ft232r(&identity)?;
    let plugged = device.plug().await?;
    plugged.configured().await?;
    Ok((plugged, line))
}

/// Puts an `apt-get` first in the path that can do one thing: bring one file back. A guest has no
/// network.
pub(super) fn packager(package: &str, hidden: &str, place: &str) -> TestResult<Kept> {
    let wanted = format!("install --yes --reinstall {package}");
    script("apt-get", &format!("[ \"$*\" = '{wanted}' ] && mv {hidden} {place}"))
}

/// Puts a script first in the path.
pub(super) fn script(name: &str, text: &str) -> TestResult<Kept> {
    let path = format!("/usr/local/sbin/{name}");
    let kept = Kept::new(&path);
    fs::write(&path, format!("#!/bin/sh\n{text}\n"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(kept)
}
