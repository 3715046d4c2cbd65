//! Feature reports, which block in the kernel, on a thread of their own.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::thread;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::oneshot;

/// Errors that a device gives on its way out, and also when only one transfer failed.
const FAILED: [Errno; 6] =
    [Errno::IO, Errno::PROTO, Errno::ILSEQ, Errno::SHUTDOWN, Errno::OVERFLOW, Errno::TIMEDOUT];

/// How long after such an error the kernel takes to see that the device was pulled.
const LEAVING: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Runs requests one after the other.
#[derive(Debug, Default)]
pub(super) struct Features {
    under_way: Option<oneshot::Receiver<io::Result<Vec<u8>>>>,
}

impl Features {
    /// Runs `request` and returns what it returns.
    pub(super) async fn run<F>(&mut self, file: &Arc<File>, request: F) -> io::Result<Vec<u8>>
    where
        F: FnOnce(&File) -> io::Result<Vec<u8>> + Send + 'static,
    {
        // A request that was given up goes on until the kernel ends it, after five seconds.
        if let Some(earlier) = &mut self.under_way {
            let _its_answer_is_too_late = earlier.await;
        }
        let (sender, receiver) = oneshot::channel();
        let file = Arc::clone(file);
        let work = move || {
            let answer = request(&file).map_err(|error| judge(&file, error));
            // Before whoever asked goes on: closing waits for the device, and they may end the process.
            drop(file);
            // Whoever asked may have gone.
            let _ = sender.send(answer);
        };
        thread::Builder::new().name("countertop-hid".into()).spawn(work)?;
        let answer = self.under_way.insert(receiver).await;
        self.under_way = None;
        answer.map_err(|_no_answer| io::Error::from(io::ErrorKind::BrokenPipe))?
    }
}

/// Tells a device that was pulled from one that refuses.
fn judge(file: &File, error: io::Error) -> io::Error {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(code) if FAILED.contains(&code) && is_leaving(file) => Errno::NODEV.into(),
        Some(code)
            if code != Errno::TIMEDOUT && (code == Errno::PIPE || FAILED.contains(&code)) =>
        {
            io::Error::new(io::ErrorKind::InvalidData, error)
        }
        _ => error,
    }
}

fn is_leaving(file: &File) -> bool {
    let mut wanted = [PollFd::new(file, PollFlags::empty())];
    let hung_up = PollFlags::HUP | PollFlags::ERR;
    poll(&mut wanted, Some(&LEAVING)).is_ok() && wanted[0].revents().intersects(hung_up)
}

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;
    use std::sync::mpsc;

    use super::*;

    fn file() -> (Arc<File>, UnixDatagram) {
        let (one, other) = UnixDatagram::pair().unwrap();
        (Arc::new(File::from(OwnedFd::from(one))), other)
    }

    #[tokio::test]
    async fn a_request_waits_for_the_one_that_was_given_up() {
        let (file, _device) = file();
        let mut features = Features::default();
        let (release, released) = mpsc::channel();
        let (order, ordered) = mpsc::channel();
        let later = order.clone();
        let given_up = features.run(&file, move |_| {
            released.recv().unwrap();
            order.send(1).unwrap();
            Ok(vec![1])
        });
        assert!(
            tokio::time::timeout(core::time::Duration::from_millis(20), given_up).await.is_err()
        );
        release.send(()).unwrap();
        let second = features.run(&file, move |_| {
            later.send(2).unwrap();
            Ok(vec![2])
        });
        assert_eq!(second.await.unwrap(), [2]);
        assert_eq!(ordered.into_iter().collect::<Vec<_>>(), [1, 2]);
    }

    #[tokio::test]
    async fn behind_its_answer_a_request_holds_no_file() {
        let (file, _device) = file();
        let mut features = Features::default();
        for _ in 0..1_000 {
            features.run(&file, |_| Ok(Vec::new())).await.unwrap();
            assert_eq!(Arc::strong_count(&file), 1);
        }
    }

    #[tokio::test]
    async fn refusals_and_unplugging_are_told_apart() {
        let (file, _device) = file();
        let mut features = Features::default();
        for (code, kind) in [
            (Errno::PIPE, io::ErrorKind::InvalidData),
            (Errno::IO, io::ErrorKind::InvalidData),
            (Errno::TIMEDOUT, io::ErrorKind::TimedOut),
        ] {
            let error = features.run(&file, move |_| Err(code.into())).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{code}");
        }
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        drop(writer);
        let pulled = Arc::new(File::from(reader));
        for code in [Errno::IO, Errno::TIMEDOUT, Errno::NODEV] {
            let error = features.run(&pulled, move |_| Err(code.into())).await.unwrap_err();
            assert_eq!(error.raw_os_error(), Some(Errno::NODEV.raw_os_error()));
        }
    }
}
