//! Opening a device, and finding out why it cannot be opened: libnfc says nothing but no.

use std::fs::File;
use std::path::Path;

use countertop_device::{Access, DeviceError, DeviceErrorKind};
use nfc1::{Device, Property};

use super::attached::{Attached, USBFS};
use super::context::{self, Claim};
use super::error::from_library;
use super::mark;

/// libnfc's buffer for connection strings, less the terminator.
const LONGEST: usize = 1022;
const ACTION: &str = "open";

/// Is a device that was opened.
pub(super) struct Opened {
    pub(super) device: Device,
    pub(super) claim: Claim,
    /// Where it is plugged in, when it is on USB.
    pub(super) attached: Option<Attached>,
}

/// Opens a device as an initiator with its field off.
pub(super) fn open(connstring: &str, name: &str) -> Result<Opened, DeviceError> {
    let error = |kind| DeviceError::new(kind, name, ACTION);
    if connstring.len() > LONGEST || connstring.contains('\0') {
        let help = "a connection string has up to 1022 characters and no NUL";
        return Err(error(DeviceErrorKind::InvalidInput).with_help(help));
    }
    let claim = Claim::take(connstring).ok_or_else(|| {
        error(DeviceErrorKind::Busy).with_help("this program has opened the reader already")
    })?;
    let attached = Attached::find(connstring);
    obstacle(connstring, attached.as_ref(), name)?;
    let line = open_line(connstring).map_err(|io| DeviceError::from_io(io, name, ACTION))?;
    if let Some((line, path)) = &line {
        free(line, path, name)?;
    }
    // `pn53x_usb` alone would open any USB device at all.
    let exact = attached.as_ref().filter(|_| line.is_none());
    let exact = exact.map_or(connstring, |attached| &attached.connstring);
    let opened = context::open(exact).and_then(|mut device| prepare(&mut device).map(|()| device));
    match opened {
        Ok(device) => Ok(Opened { device, claim, attached }),
        Err(source) => {
            if attached.as_ref().is_some_and(|attached| !attached.is_there()) {
                return Err(error(DeviceErrorKind::Disconnected).with_source(source));
            }
            // Somebody may have been faster.
            obstacle(connstring, attached.as_ref(), name)?;
            Err(no_answer(source, line.is_some(), name))
        }
    }
}

/// Fails when it can be seen without asking the device why it cannot be opened.
fn obstacle(connstring: &str, attached: Option<&Attached>, name: &str) -> Result<(), DeviceError> {
    let error = |kind| DeviceError::new(kind, name, ACTION);
    let is_usb = connstring.starts_with("pn53x_usb") || connstring.starts_with("acr122_usb");
    let Some(attached) = attached else {
        if is_usb {
            return Err(error(DeviceErrorKind::NotFound));
        }
        return Ok(());
    };
    match (attached.access(), attached.holder()) {
        (Access::TakenByKernelDriver, holder) => {
            let holder = holder.unwrap_or_default();
            let error = error(DeviceErrorKind::TakenByKernelDriver);
            Err(error.with_source(holder.clone()).with_help(format!(
                "unload the kernel's driver: `sudo modprobe -r {holder}`, and keep it away for \
                 good with the modprobe file of the folder udev/"
            )))
        }
        (Access::PermissionDenied, _) => Err(error(DeviceErrorKind::PermissionDenied)),
        (Access::Accessible, Some(holder)) if holder == USBFS => Err(busy(attached, name)),
        (Access::Accessible, _) => Ok(()),
        _ => Err(error(DeviceErrorKind::Other)),
    }
}

/// Creates the error of a reader that a program holds.
fn busy(attached: &Attached, name: &str) -> DeviceError {
    let error = DeviceError::new(DeviceErrorKind::Busy, name, ACTION);
    match mark::holder(Path::new(&attached.node)) {
        Some((process, program)) if program == "pcscd" => {
            error.with_source(format!("process {process}, pcscd")).with_help(
                "use the reader through pcscd (`pcsc:NAME`), or stop it: `sudo systemctl stop \
                 pcscd.socket pcscd`",
            )
        }
        Some((process, program)) => error
            .with_source(format!("process {process}, {program}"))
            .with_help(format!("close {program}; `kill {process}` ends it")),
        None => error,
    }
}

fn prepare(device: &mut Device) -> Result<(), nfc1::Error> {
    device.initiator_init()?;
    // By default a search goes on for ever, and nothing can stop it.
    device.set_property_bool(Property::InfiniteSelect, false)?;
    device.set_property_bool(Property::ActivateField, false)
}

/// Opens the serial line that the connection string names, if it names one.
fn open_line(connstring: &str) -> std::io::Result<Option<(File, &Path)>> {
    let path = connstring.split(':').nth(1).map(Path::new).filter(|path| path.is_absolute());
    path.map(|path| Ok((mark::open_line(path)?, path))).transpose()
}

/// Takes the mark of a program that was killed off the line.
fn free(line: &File, path: &Path, name: &str) -> Result<(), DeviceError> {
    if !mark::is_marked(line) {
        return Ok(());
    }
    if mark::is_held_elsewhere(path) {
        return Err(DeviceError::new(DeviceErrorKind::Busy, name, ACTION).with_help(format!(
            "close the other program that uses the line; if it was killed, free the line with \
             `stty -F {} raw`",
            path.display()
        )));
    }
    tracing::warn!(device = name, "the line is still marked by a program that was killed");
    mark::clear(line).map_err(|io| DeviceError::from_io(io, name, ACTION))
}

fn no_answer(source: nfc1::Error, has_line: bool, name: &str) -> DeviceError {
    if !has_line {
        return from_library(source, name, ACTION)
            .with_help("unplug the reader and plug it in again; `nfc-scan-device` asks it too");
    }
    DeviceError::new(DeviceErrorKind::NotFound, name, ACTION).with_source(source).with_help(
        "check the wires, that the module's switches say HSU (serial line), and the speed",
    )
}
