//! `countertop doctor`: what stands in the way of the devices, and the exact cure.
//!
//! Each family of findings is a function over what the computer says of itself. Nothing is sent to a
//! device; a device of the configuration may be asked what it is.

mod braille;
mod finding;
mod fix;
mod heads;
mod held;
mod kernel_drivers;
mod libraries;
mod modprobe;
mod modules;
mod nfc;
mod pcsc;
mod printing;
mod report;
mod scene;
mod serial;
mod udev;

use std::process::ExitCode;

use countertop_device::Listing;
use serde_json::json;

use crate::args::DoctorArguments;
use crate::config::Config;
use crate::failure::Failure;
use crate::system::{System, User};
use finding::{Finding, Severity};
use fix::{Always, Applied, Ask};
use scene::Scene;

/// All families, in the order in which their cures build on each other.
const CHECKS: [fn(&Scene<'_>) -> Vec<Finding>; 11] = [
    udev::check,
    modules::check,
    kernel_drivers::check,
    libraries::check,
    pcsc::check,
    nfc::check,
    serial::check,
    braille::check,
    held::check,
    heads::check,
    printing::check,
];

/// Looks, cures what it may, and tells what is left. Fails while there is a problem.
pub(crate) async fn run(arguments: &DoctorArguments, json: bool) -> Result<ExitCode, Failure> {
    let system = System::this();
    let path = arguments.config.config.as_deref();
    let before = path.map(Config::read).transpose()?.unwrap_or_default();
    let user = patient(&system, arguments.user.as_deref())?;
    let asked = heads::ask(&countertop::registry(), &before.devices).await;
    let look = || {
        // A cure may have added the user to a group, or changed the configuration.
        let config = path.and_then(|path| Config::read(path).ok());
        let config = config.as_ref().unwrap_or(&before);
        let user = user.as_ref().and_then(|user| User::named(&system, &user.name));
        examine(&Scene {
            system: &system,
            models: countertop::registry().models().collect(),
            listings: listings(),
            usb: system.usb_devices(),
            config: path.map(|path| (path, &config.devices)),
            asked: asked.clone(),
            user,
        })
    };
    let applied = if arguments.fix { cure(&system, arguments.yes, look)? } else { Vec::new() };
    let findings = look();
    say(&findings, &applied, json);
    let well = findings.iter().all(|finding| finding.severity == Severity::Notice);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine(scene: &Scene<'_>) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(scene)).collect()
}

/// Finds whose access is looked at: who was named, who called `sudo`, or who runs this.
fn patient(system: &System, named: Option<&str>) -> Result<Option<User>, Failure> {
    if let Some(name) = named {
        let user = User::named(system, name);
        return user.map(Some).ok_or_else(|| Failure::new(format!("there is no user `{name}`")));
    }
    let current = User::current(system);
    if current.as_ref().is_some_and(User::is_root) {
        let caller = std::env::var("SUDO_USER").ok();
        return Ok(caller.and_then(|name| User::named(system, &name)).or(current));
    }
    Ok(current)
}

/// A driver that cannot list has a finding of its own, or nothing attached.
fn listings() -> Vec<Listing> {
    let listed = countertop::registry().list().into_iter();
    listed.filter_map(|(_, listed)| listed.ok()).flatten().collect()
}

fn cure(
    system: &System,
    yes: bool,
    look: impl FnMut() -> Vec<Finding>,
) -> Result<Vec<Applied>, Failure> {
    let applied = match yes {
        true => fix::fix(system, &mut Always, look),
        false => {
            let mut ask = Ask { input: std::io::stdin().lock(), output: std::io::stderr().lock() };
            fix::fix(system, &mut ask, look)
        }
    };
    applied.map_err(|error| Failure::io("doctor", &error))
}

fn say(findings: &[Finding], applied: &[Applied], json: bool) {
    if json {
        outln!("{}", json!({ "findings": findings, "applied": applied }));
        return;
    }
    applied.iter().for_each(|cure| outln!("{cure}"));
    outln!("{}", super::printable(report::text(findings).trim_end()));
}
