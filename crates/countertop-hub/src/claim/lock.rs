//! The lock file.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use super::holder::Holder;
use super::share;

/// Is a lock file that this process holds.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
    left_behind: Option<u32>,
}

/// Says why a lock was not taken.
#[derive(Debug)]
pub(super) enum Refused {
    Held(Holder),
    Impossible(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Impossible(error)
    }
}

/// How often a lock file may vanish between being opened and being locked.
const ATTEMPTS: usize = 16;

/// More is no lock file of ours.
const LONGEST: u64 = 4096;

impl Lock {
    /// Takes the lock at `path` for this process.
    pub(super) fn take(path: PathBuf, device: &str) -> Result<Self, Refused> {
        for _ in 0..ATTEMPTS {
            let mut file = open(&path)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => return Err(Refused::Held(Holder::read(&mut file))),
                Err(error) => return Err(Refused::Impossible(error.into())),
            }
            // The last holder removes the file before it lets go: this one may be gone already.
            if is_at(&file, &path)? {
                let left_behind = Holder::read(&mut file).pid;
                write(&mut file, device)?;
                return Ok(Self { path, file, left_behind });
            }
        }
        Err(Refused::Impossible(io::ErrorKind::Interrupted.into()))
    }

    /// Returns the process that held the lock and ended without releasing it.
    pub(super) fn left_behind(&self) -> Option<u32> {
        self.left_behind
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Another user's file in a folder with the sticky bit stays, and says nothing.
        if std::fs::remove_file(&self.path).is_err() {
            let _ = self.file.set_len(0);
        }
    }
}

/// Opens the file, or makes it.
///
/// The folder may be everybody's: a link there leads nowhere, and an existing file is opened without
/// asking to make it, which `fs.protected_regular` forbids even root.
fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW.bits().cast_signed();
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(flags);
    for _ in 0..ATTEMPTS {
        match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return checked(opened?),
        }
        match options.clone().create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                let file = made?;
                share::with_group_file(&file)?;
                return Ok(file);
            }
        }
    }
    Err(io::ErrorKind::Interrupted.into())
}

/// Refuses what only looks like a lock file, so that nobody's other file is written.
fn checked(file: File) -> io::Result<File> {
    let metadata = file.metadata()?;
    let ours = metadata.is_file() && metadata.nlink() <= 1 && metadata.len() <= LONGEST;
    if ours { Ok(file) } else { Err(io::Error::other("it is no lock file")) }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    match std::fs::symlink_metadata(path) {
        Ok(there) => Ok((own.dev(), own.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn write(file: &mut File, device: &str) -> io::Result<()> {
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(Path::file_name).unwrap_or_default();
    let text = format!("{:>10}\n{}\n{device}\n", std::process::id(), program.display());
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

impl Holder {
    fn read(file: &mut File) -> Self {
        let mut text = String::new();
        // What cannot be read names nobody.
        let _ = file.take(LONGEST).read_to_string(&mut text);
        let mut lines = text.lines();
        let pid = lines.next().and_then(|line| line.trim().parse().ok());
        Self { pid, program: lines.next().filter(|it| !it.is_empty()).map(String::from) }
    }
}
