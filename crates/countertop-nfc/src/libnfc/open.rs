//! Opening a device, and finding out why it cannot be opened: libnfc says nothing but no.

use std::fs::File;
use std::path::Path;

use countertop_device::{DeviceError, DeviceErrorKind};
use nfc1::{Device, Property};

use super::context::{self, Claim};
use super::error::from_library;
use super::mark;

/// libnfc's buffer for connection strings, less the terminator.
const LONGEST: usize = 1022;
/// Where devices of the kernel's driver for PN533 on USB are.
const KERNEL_DRIVER: &str = "/sys/bus/usb/drivers/pn533_usb";
const ACTION: &str = "open";

/// Opens a device as an initiator with its field off.
pub(super) fn open(connstring: &str, name: &str) -> Result<(Device, Claim), DeviceError> {
    let error = |kind| DeviceError::new(kind, name, ACTION);
    if connstring.len() > LONGEST || connstring.contains('\0') {
        let help = "a connection string has up to 1022 characters and no NUL";
        return Err(error(DeviceErrorKind::InvalidInput).with_help(help));
    }
    let claim = Claim::take(connstring).ok_or_else(|| {
        error(DeviceErrorKind::Busy).with_help("this program has opened the reader already")
    })?;
    let line = open_line(connstring).map_err(|io| DeviceError::from_io(io, name, ACTION))?;
    if let Some((line, path)) = &line {
        free(line, path, name)?;
    }
    let mut device = context::open(connstring)
        .map_err(|source| no_answer(line.is_some(), name).with_source(source))?;
    prepare(&mut device).map_err(|source| from_library(source, name, ACTION))?;
    Ok((device, claim))
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

fn no_answer(has_line: bool, name: &str) -> DeviceError {
    let error = |kind| DeviceError::new(kind, name, ACTION);
    if has_line {
        return error(DeviceErrorKind::NotFound).with_help(
            "check the wires, that the module's switches say HSU (serial line), and the speed",
        );
    }
    if Path::new(KERNEL_DRIVER).exists() {
        return error(DeviceErrorKind::TakenByKernelDriver).with_help(
            "unload the kernel's driver: `sudo modprobe -r pn533_usb`, and keep it away with the \
             file in the folder udev/",
        );
    }
    error(DeviceErrorKind::NotFound)
        .with_help("check the connection string; `nfc-scan-device` lists what libnfc finds")
}
