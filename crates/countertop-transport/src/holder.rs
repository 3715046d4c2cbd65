//! Who holds a device node, so that the message about it names the program.

use core::fmt;
use std::fs;
use std::path::Path;

use countertop_device::{DeviceError, DeviceErrorKind};

/// Is a process that has a device node open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) process: u32,
    name: String,
    /// How many times it has it open.
    pub(crate) times: usize,
}

/// Finds the processes that have `node` open, by the list of processes at `processes`, which is
/// `/proc`. Processes of other people show theirs to root alone.
pub(crate) fn of(processes: &Path, node: &Path) -> Vec<Holder> {
    let Ok(entries) = fs::read_dir(processes) else { return Vec::new() };
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    numbers.filter_map(|process| holder(processes, process, node)).collect()
}

fn holder(processes: &Path, process: u32, node: &Path) -> Option<Holder> {
    let folder = processes.join(process.to_string());
    let open = fs::read_dir(folder.join("fd")).ok()?;
    let is_node = |file: &fs::DirEntry| fs::read_link(file.path()).is_ok_and(|it| it == node);
    let times = open.filter_map(Result::ok).filter(is_node).count();
    if times == 0 {
        return None;
    }
    let name = fs::read_to_string(folder.join("comm")).unwrap_or_default().trim().to_owned();
    Some(Holder { process, name, times })
}

/// Creates the error of a node that somebody else holds; names the first of `holders`.
pub(crate) fn busy(device: &str, action: &'static str, holders: &[Holder]) -> DeviceError {
    let error = DeviceError::new(DeviceErrorKind::Busy, device, action);
    match holders.first() {
        Some(holder) => error.with_source(holder.to_string()).with_help(format!(
            "close the program that uses the device: {holder}; `kill {}` ends it",
            holder.process
        )),
        None => error,
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.process == std::process::id() {
            return write!(f, "this process, {}, has it open already", self.process);
        }
        write!(f, "process {}", self.process)?;
        if self.name.is_empty() { Ok(()) } else { write!(f, ", {}", self.name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_found_with_its_files() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let again = file.reopen().unwrap();
        let found = of(Path::new("/proc"), file.path());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].process, found[0].times), (std::process::id(), 2));
        drop(again);
        assert_eq!(of(Path::new("/proc"), file.path())[0].times, 1);
        assert_eq!(of(Path::new("/none"), file.path()), []);
    }

    #[test]
    fn the_message_names_process_and_program() {
        let cat = Holder { process: u32::MAX, name: "cat".into(), times: 1 };
        let error = busy("usblp:/dev/usb/lp0", "open", &[cat]);
        assert_eq!(error.kind(), DeviceErrorKind::Busy);
        assert_eq!(
            error.to_string(),
            "usblp:/dev/usb/lp0: open: in use by another program (process 4294967295, cat)"
        );
        assert!(error.help().unwrap().contains("kill 4294967295"));
        assert!(busy("usblp:/dev/usb/lp0", "open", &[]).help().is_some());
    }
}
