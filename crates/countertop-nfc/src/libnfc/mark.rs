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
    holder(path).is_some()
}

/// Returns another process that has a node open, with the program's name, as far as this one may
/// see others.
pub(super) fn holder(path: &Path) -> Option<(u32, String)> {
    let node = fs::canonicalize(path).ok()?;
    let own = std::process::id();
    // Entries that are no numbers are no processes; `self` is this one once more.
    let number = |name: &str| name.parse().ok().filter(|process| *process != own);
    let process = fs::read_dir("/proc")
        .ok()?
        .flatten()
        .filter_map(|process| process.file_name().to_str().and_then(number))
        .find(|process| has_open(*process, &node))?;
    let program = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    Some((process, program.trim().to_owned()))
}

fn has_open(process: u32, node: &Path) -> bool {
    let Ok(descriptors) = fs::read_dir(format!("/proc/{process}/fd")) else { return false };
    let targets = descriptors.flatten().filter_map(|open| fs::read_link(open.path()).ok());
    targets.into_iter().any(|target| target == node)
}
