//! Requests of the kernel's USB printer driver (linux/lp.h; drivers/usb/class/usblp.c).

use std::io;
use std::os::fd::AsFd;

use rustix::ioctl::Opcode;

use crate::request;

/// LPGETSTATUS of linux/lp.h.
const GET_STATUS: Opcode = 0x060B;

/// Returns the printer's port status (LPGETSTATUS), which the kernel asks the device for with
/// GET_PORT_STATUS: 0x08 no error, 0x10 selected, 0x20 paper empty (USB printer class 1.1, §4.2.2).
///
/// Blocks until the device has answered, five seconds at most.
///
/// # Errors
///
/// The kernel's: `EIO` where the device does not answer, `ENODEV` where it was pulled.
pub fn port_status(file: impl AsFd) -> io::Result<u8> {
    // The driver copies the status byte into an int.
    request::int(file, GET_STATUS).map(|status| status.to_ne_bytes()[STATUS_BYTE])
}

const STATUS_BYTE: usize = if cfg!(target_endian = "big") { 3 } else { 0 };
