//! Requests of the kernel's printer gadget (linux/usb/g_printer.h;
//! drivers/usb/gadget/function/f_printer.c).

#![expect(unsafe_code, reason = "ioctl(2) has no safe form; the blocks say why they are sound")]

use std::io;
use std::os::fd::AsFd;

use rustix::ioctl::{IntegerSetter, Opcode, opcode};

/// GADGET_SET_PRINTER_STATUS of linux/usb/g_printer.h.
const SET_PRINTER_STATUS: Opcode = opcode::read_write::<u8>(b'g', 0x22);

/// Sets the port status that the gadget answers to GET_PORT_STATUS: 0x08 no error, 0x10 selected,
/// 0x20 paper empty (USB printer class 1.1, §4.2.2). The kernel keeps these three bits.
///
/// # Errors
///
/// The kernel's: `ENOTTY` for a file that is no printer gadget.
pub fn set_port_status(file: impl AsFd, status: u8) -> io::Result<()> {
    // SAFETY: this request takes its argument as a number, not as an address, so the kernel neither
    // reads nor writes memory of this process; a file that is something else refuses the code, whose
    // group `g` and number no other driver has (ioctl-number.rst).
    let request = unsafe { IntegerSetter::<SET_PRINTER_STATUS>::new_usize(status.into()) };
    // SAFETY: as above; nothing is borrowed.
    unsafe { rustix::ioctl::ioctl(file, request) }?;
    Ok(())
}
