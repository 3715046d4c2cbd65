//! Requests of hidraw (linux/hidraw.h; Documentation/hid/hidraw.rst).

use std::io;
use std::os::fd::AsFd;

use rustix::ioctl::Direction;

use crate::request;

/// Group and numbers of the requests.
const GROUP: u8 = b'H';
const GRDESCSIZE: u8 = 0x01;
const GRDESC: u8 = 0x02;
const SFEATURE: u8 = 0x06;
const GFEATURE: u8 = 0x07;

/// The longest report descriptor (`HID_MAX_DESCRIPTOR_SIZE`).
pub const LONGEST_DESCRIPTOR: usize = 4096;

/// Sends a feature report (HIDIOCSFEATURE).
///
/// The first byte is the report's number, 0x00 for a device without numbered reports. Blocks until
/// the device has taken it, five seconds at most.
///
/// # Errors
///
/// [`InvalidInput`](io::ErrorKind::InvalidInput) for fewer than two bytes or more than 16,383; else
/// the kernel's: `EPIPE` where the device refuses, `ETIMEDOUT`, `ENODEV`, `EIO`.
pub fn send_feature(file: impl AsFd, report: &[u8]) -> io::Result<()> {
    // The kernel takes both directions and a buffer that it might write.
    let mut buffer = report.to_vec();
    require(buffer.len() >= 2)?;
    request::sized(file, Direction::ReadWrite, (GROUP, SFEATURE), &mut buffer).map(drop)
}

/// Gets a feature report (HIDIOCGFEATURE) and returns its length.
///
/// The first byte of `report` says which: its number, 0x00 for a device without numbered reports.
/// The answer begins with that byte again. Blocks until the device has answered, five seconds at
/// most.
///
/// # Errors
///
/// As [`send_feature`].
pub fn get_feature(file: impl AsFd, report: &mut [u8]) -> io::Result<usize> {
    require(report.len() >= 2)?;
    let longest = report.len();
    let count = request::sized(file, Direction::ReadWrite, (GROUP, GFEATURE), report)?;
    Ok(count.min(longest))
}

/// Reads the device's report descriptor (HIDIOCGRDESCSIZE, HIDIOCGRDESC); asks the kernel, not the
/// device.
///
/// # Errors
///
/// The kernel's.
pub fn report_descriptor(file: impl AsFd) -> io::Result<Vec<u8>> {
    let mut size = [0; size_of::<u32>()];
    request::sized(&file, Direction::Read, (GROUP, GRDESCSIZE), &mut size)?;
    // struct hidraw_report_descriptor: the size, then room for the longest.
    let mut answer = vec![0; size.len() + LONGEST_DESCRIPTOR];
    answer[..size.len()].copy_from_slice(&size);
    request::sized(&file, Direction::Read, (GROUP, GRDESC), &mut answer)?;
    let length = usize::try_from(u32::from_ne_bytes(size)).unwrap_or(usize::MAX);
    answer.drain(..size.len());
    answer.truncate(length);
    Ok(answer)
}

fn require(fits: bool) -> io::Result<()> {
    if fits { Ok(()) } else { Err(io::ErrorKind::InvalidInput.into()) }
}
