//! Hears of a device that is unplugged, by its node.
//!
//! Whoever waits in a service or a library for what a device has to say learns of its end when they
//! do, which may take long. The kernel takes the node away at once.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;

/// Watches a node until it goes or this is dropped. Its thread sleeps meanwhile.
#[derive(Debug)]
pub struct UnplugWatch {
    bell: Arc<OwnedFd>,
}

impl UnplugWatch {
    /// Calls `gone` from a thread when the node at `path` goes, or is not there.
    ///
    /// # Errors
    ///
    /// When the operating system gives no thread or no more watches.
    pub fn start(path: &str, gone: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let bell = Arc::new(eventfd(0, EventfdFlags::CLOEXEC)?);
        let changes = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let folder = Path::new(path).parent().unwrap_or_else(|| Path::new("/"));
        // The node itself would tell of its end only when nobody has it open any more.
        inotify::add_watch(&changes, folder, WatchFlags::DELETE | WatchFlags::MOVED_FROM)?;
        let (path, ended) = (path.to_owned(), Arc::clone(&bell));
        std::thread::Builder::new().name("unplug".into()).spawn(move || {
            if wait(Path::new(&path), &changes, &ended) {
                gone();
            }
        })?;
        Ok(Self { bell })
    }
}

impl Drop for UnplugWatch {
    fn drop(&mut self) {
        // It fails when it has been rung 2^64 times.
        let _ = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
    }
}

/// Waits until the node is gone; `false` when nobody wants to know any more.
fn wait(path: &Path, changes: &OwnedFd, bell: &OwnedFd) -> bool {
    while path.exists() {
        let mut both = [PollFd::new(changes, PollFlags::IN), PollFd::new(bell, PollFlags::IN)];
        match poll(&mut both, None) {
            Err(Errno::INTR) => continue,
            Err(_) => return false,
            Ok(_) => {}
        }
        let [_, bell] = &both;
        if !bell.revents().is_empty() {
            return false;
        }
        drain(changes);
    }
    true
}

fn drain(changes: &OwnedFd) {
    let mut buffer = [0; 4096];
    while rustix::io::read(changes, &mut buffer).is_ok_and(|count| count > 0) {}
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn tells_of_a_node_that_goes_once() {
        let folder = tempfile::tempdir().unwrap();
        let (node, other) = (folder.path().join("ttyUSB0"), folder.path().join("ttyUSB1"));
        std::fs::write(&node, "").unwrap();
        std::fs::write(&other, "").unwrap();
        let (sender, told) = mpsc::channel();
        let watch = UnplugWatch::start(node.to_str().unwrap(), move || sender.send(()).unwrap());
        std::fs::remove_file(&other).unwrap();
        assert!(told.recv_timeout(Duration::from_millis(50)).is_err());
        std::fs::remove_file(&node).unwrap();
        told.recv_timeout(Duration::from_secs(5)).unwrap();
        drop(watch);
    }

    #[test]
    fn is_silent_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let node = folder.path().join("ttyUSB0");
        std::fs::write(&node, "").unwrap();
        let (sender, told) = mpsc::channel();
        drop(UnplugWatch::start(node.to_str().unwrap(), move || sender.send(()).unwrap()));
        // The thread has ended, and the sender with it.
        assert!(told.recv_timeout(Duration::from_secs(5)).is_err());
    }
}
