//! Opening a device, and finding out why it cannot be opened: libnfc says nothing but no.

use std::fs::{File, OpenOptions};
use std::path::Path;

use countertop_device::{DeviceError, DeviceErrorKind};
use nfc1::{Device, Property};
use rustix::termios::tcgetattr;

use super::context::{self, Claim};
use super::error::from_library;

/// The mark in the input flags by which libnfc keeps a line for itself (its file `uart.c`).
const CLAIMED: u32 = 0x8000_0000;
/// libnfc's buffer for connection strings, less the terminator.
const LONGEST: usize = 1022;
/// Where devices of the kernel's driver for PN533 on USB are.
const KERNEL_DRIVER: &str = "/sys/bus/usb/drivers/pn533_usb";

/// Opens a device as an initiator with its field off.
pub(super) fn open(connstring: &str, name: &str) -> Result<(Device, Claim), DeviceError> {
    let error = |kind| DeviceError::new(kind, name, "open");
    if connstring.len() > LONGEST || connstring.contains('\0') {
        let help = "a connection string has up to 1022 characters and no NUL";
        return Err(error(DeviceErrorKind::InvalidInput).with_help(help));
    }
    let claim = Claim::take(connstring).ok_or_else(|| {
        error(DeviceErrorKind::Busy).with_help("this program has opened the reader already")
    })?;
    let mut device =
        context::open(connstring).map_err(|source| diagnose(connstring, name, source))?;
    prepare(&mut device).map_err(|source| from_library(source, name, "open"))?;
    Ok((device, claim))
}

fn prepare(device: &mut Device) -> Result<(), nfc1::Error> {
    device.initiator_init()?;
    // By default a search goes on for ever, and nothing can stop it.
    device.set_property_bool(Property::InfiniteSelect, false)?;
    device.set_property_bool(Property::ActivateField, false)
}

fn diagnose(connstring: &str, name: &str, source: nfc1::Error) -> DeviceError {
    let error = |kind| DeviceError::new(kind, name, "open");
    let path = connstring.split(':').nth(1).map(Path::new).filter(|path| path.is_absolute());
    if let Some(path) = path {
        return match open_line(path) {
            Err(io) => DeviceError::from_io(io, name, "open"),
            Ok(line) if is_claimed(&line) => error(DeviceErrorKind::Busy).with_help(format!(
                "close the other program that uses the line; if it was killed, free the line with \
                 `stty -F {} sane`",
                path.display()
            )),
            Ok(_) => error(DeviceErrorKind::NotFound).with_source(source).with_help(
                "check the wires, that the module's switches say HSU (serial line), and the speed",
            ),
        };
    }
    if Path::new(KERNEL_DRIVER).exists() {
        let help = "unload the kernel's driver: `sudo modprobe -r pn533_usb`, and keep it away \
                    with the file in the folder udev/";
        return error(DeviceErrorKind::TakenByKernelDriver).with_help(help);
    }
    let help = "check the connection string; `nfc-scan-device` lists what libnfc finds";
    error(DeviceErrorKind::NotFound).with_source(source).with_help(help)
}

fn open_line(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // Do not wait for a modem's carrier, and do not take the terminal over.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)
}

fn is_claimed(line: &File) -> bool {
    tcgetattr(line).is_ok_and(|settings| settings.input_modes.bits() & CLAIMED != 0)
}
