//! The mark by which libnfc keeps a serial line for itself.
//!
//! It is a bit of the line's settings that means nothing to the kernel (libnfc, `uart.c`). A
//! program that was killed leaves it behind, and libnfc then refuses the line for ever.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;
use rustix::termios::{InputModes, OptionalActions, tcgetattr, tcsetattr};

const MARK: InputModes = InputModes::from_bits_retain(0x8000_0000);

/// Opens a line without waiting for a modem's carrier, and without taking the terminal over.
pub(super) fn open_line(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)
}

/// Tells whether the line is marked.
pub(super) fn is_marked(line: &File) -> bool {
    tcgetattr(line).is_ok_and(|settings| settings.input_modes.contains(MARK))
}

/// Takes the mark off.
pub(super) fn clear(line: &File) -> io::Result<()> {
    let mut settings = tcgetattr(line)?;
    settings.input_modes.remove(MARK);
    Ok(tcsetattr(line, OptionalActions::Now, &settings)?)
}

/// Tells whether another process has the line open, as far as this one may see others.
pub(super) fn is_held_elsewhere(path: &Path) -> bool {
    let Ok(line) = fs::canonicalize(path) else { return false };
    let own = std::process::id();
    // Entries that are no numbers are no processes; `self` is this one once more.
    let is_other = |name: &str| name.parse().is_ok_and(|process: u32| process != own);
    let Ok(processes) = fs::read_dir("/proc") else { return false };
    processes
        .flatten()
        .filter(|process| process.file_name().to_str().is_some_and(is_other))
        .filter_map(|process| fs::read_dir(process.path().join("fd")).ok())
        .flat_map(|descriptors| descriptors.flatten())
        .any(|descriptor| fs::read_link(descriptor.path()).is_ok_and(|target| target == line))
}
