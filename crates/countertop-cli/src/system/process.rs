//! Processes, and which of them hold a device (proc(5)).

use std::path::Path;

use serde::Serialize;

use super::System;

/// Is a process that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Process {
    /// Process id.
    pub(crate) id: u32,
    /// Name: the first 15 characters of the program's.
    pub(crate) name: String,
}

impl System {
    /// Lists the processes, except this one.
    pub(crate) fn processes(&self) -> Vec<Process> {
        let own = std::process::id();
        let ids = self.entries("/proc").into_iter().filter_map(|entry| entry.parse().ok());
        let mut found: Vec<_> =
            ids.filter(|id| *id != own).filter_map(|id| self.process(id)).collect();
        found.sort_by_key(|process| process.id);
        found
    }

    /// Returns a process; `None` when it has ended, even if nobody has taken note of that yet.
    pub(crate) fn process(&self, id: u32) -> Option<Process> {
        let stat = self.read(format!("/proc/{id}/stat"))?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
        let ended = rest.trim_start().starts_with(['Z', 'X']);
        (!ended).then(|| Process { id, name: name.to_owned() })
    }

    /// Lists the processes of a name.
    pub(crate) fn processes_named(&self, name: &str) -> Vec<Process> {
        self.processes().into_iter().filter(|process| process.name == name).collect()
    }

    /// Lists the processes that have a device node open, as far as this user may look: root sees
    /// all, others their own.
    pub(crate) fn holders(&self, node: impl AsRef<Path>) -> Vec<Process> {
        let node = node.as_ref();
        let holds = |process: &Process| {
            let files = format!("/proc/{}/fd", process.id);
            let mut open = self.entries(&files).into_iter();
            open.any(|file| self.link(format!("{files}/{file}")).as_deref() == Some(node))
        };
        self.processes().into_iter().filter(holds).collect()
    }
}

impl core::fmt::Display for Process {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} (process {})", self.name, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Tree;

    #[test]
    fn holders_are_found_by_their_open_files() {
        let tree = Tree::new()
            .process(7, "cupsd")
            .link("/proc/7/fd/3", "/dev/usb/lp0")
            .process(8, "we (ird)")
            .link("/proc/8/fd/0", "/dev/null");
        let system = tree.system();
        let holders = system.holders("/dev/usb/lp0");
        assert_eq!(holders.len(), 1);
        assert_eq!(holders[0].to_string(), "cupsd (process 7)");
        assert_eq!(system.processes_named("we (ird)").len(), 1);
    }

    #[test]
    fn what_has_ended_is_no_process() {
        let tree = Tree::new().file("/proc/9/stat", "9 (pcscd) Z 1 9 9");
        assert!(tree.system().processes().is_empty());
    }
}
