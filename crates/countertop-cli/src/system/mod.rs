//! What a computer says of itself: files, processes, users, device nodes. All of it below one root,
//! so that a made-up tree can stand for a computer.

mod acl;
mod node;
mod process;
mod step;
mod usb;
mod user;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use node::{Node, Right};
pub(crate) use process::Process;
pub(crate) use step::{Runner, Shell, Step};
pub(crate) use usb::interfaces;
pub(crate) use user::User;

/// Is a computer, or a tree that poses as one.
pub(crate) struct System {
    root: PathBuf,
    runner: Box<dyn Runner>,
}

impl System {
    /// Returns the computer that this program runs on.
    pub(crate) fn this() -> Self {
        Self { root: PathBuf::from("/"), runner: Box::new(Shell) }
    }

    /// Returns the computer whose files are below `root`, and whose commands `runner` runs.
    #[cfg(test)]
    pub(crate) fn at(root: impl Into<PathBuf>, runner: impl Runner + 'static) -> Self {
        Self { root: root.into(), runner: Box::new(runner) }
    }

    /// Returns where the absolute path `path` of that computer really is.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Reads a text file; `None` when it is not there or not for us.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> Option<String> {
        let bytes = fs::read(self.path(path)).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Writes a text file, with the folders above it.
    pub(crate) fn write(&self, path: impl AsRef<Path>, text: &str) -> io::Result<()> {
        let path = self.path(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    }

    /// Removes a file; one that is not there is no error.
    pub(crate) fn remove(&self, path: impl AsRef<Path>) -> io::Result<()> {
        match fs::remove_file(self.path(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Tells whether there is something at `path`, through symlinks.
    pub(crate) fn exists(&self, path: impl AsRef<Path>) -> bool {
        self.path(path).exists()
    }

    /// Returns where the symlink at `path` points.
    pub(crate) fn link(&self, path: impl AsRef<Path>) -> Option<PathBuf> {
        fs::read_link(self.path(path)).ok()
    }

    /// Lists the names in a folder, in order; none when it is not there or not for us.
    pub(crate) fn entries(&self, path: impl AsRef<Path>) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.path(path)) else { return Vec::new() };
        let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Finds a program in the folders of programs.
    pub(crate) fn program(&self, name: &str) -> Option<String> {
        const FOLDERS: [&str; 6] =
            ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
        let paths = FOLDERS.iter().map(|folder| format!("{folder}/{name}"));
        paths.into_iter().find(|path| self.exists(path))
    }

    /// Tells whether systemd manages the services (sd_booted(3)).
    pub(crate) fn has_systemd(&self) -> bool {
        self.exists("/run/systemd/system")
    }

    /// Runs a command, as root if it asks for that.
    pub(crate) fn run(&self, step: &Step) -> io::Result<()> {
        let root = User::current(self).is_some_and(|user| user.is_root());
        self.runner.run(step, root)
    }
}

#[cfg(test)]
pub(crate) mod tests;
