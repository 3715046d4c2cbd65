//! A control group for each test, so that nothing a test started outlives it, daemons included.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::registry::Entry;

const ROOT: &str = "/sys/fs/cgroup";

fn folder(entry: Entry) -> PathBuf {
    PathBuf::from(ROOT).join(format!("{}.{}", entry.area, entry.test.name))
}

/// Makes the group of a test.
pub(crate) fn make(entry: Entry) -> io::Result<()> {
    match std::fs::create_dir(folder(entry)) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Moves this process into the group of its test.
pub(crate) fn enter(entry: Entry) -> io::Result<()> {
    make(entry)?;
    std::fs::write(folder(entry).join("cgroup.procs"), "0")
}

/// Is how long a killed process may wait in the kernel: the close of a serial line waits half a minute
/// for what was written to leave, when the device that should take it was in the same process.
const LAST_WAIT: Duration = Duration::from_secs(60);

/// Kills all processes of the group, waits for their end, and removes it.
pub(crate) async fn clear(entry: Entry) -> io::Result<()> {
    let folder = folder(entry);
    std::fs::write(folder.join("cgroup.kill"), "1")?;
    let end = tokio::time::Instant::now() + LAST_WAIT;
    while tokio::time::Instant::now() < end {
        match std::fs::remove_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            result => return result,
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "a process of the test cannot be killed"))
}
