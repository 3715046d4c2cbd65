//! Files that take what is printed, to look at it or to send it to a printer later.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::BoxLink;

const ACTION: &str = "open";

/// Is a file to whose end is written. Nothing is ever read from it, not even its end.
#[derive(Debug)]
struct FileLink(File);

/// Opens the file at `path`, or makes one; what is in it stays.
pub(crate) fn open(path: &str) -> Result<BoxLink, DeviceError> {
    let device = format!("file:{path}");
    let file = OpenOptions::new().append(true).create(true).open(path);
    let file = file.map_err(|error| DeviceError::from_io(error, device.as_str(), ACTION))?;
    let kind =
        file.metadata().map_err(|error| DeviceError::from_io(error, device.as_str(), ACTION))?;
    if !kind.is_file() {
        return Err(DeviceError::new(DeviceErrorKind::InvalidInput, device, ACTION).with_help(
            "name a file; a device node has a kind of its own: serial:, usblp: or hidraw:",
        ));
    }
    Ok(Box::new(FileLink(file)))
}

impl AsyncRead for FileLink {
    fn poll_read(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        _buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl AsyncWrite for FileLink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.write(data))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn jobs_follow_one_another_and_nothing_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("receipt.bin");
        for job in [b"one\n", b"two\n"] {
            let mut link = open(path.to_str().unwrap()).unwrap();
            link.write_all(job).await.unwrap();
            link.flush().await.unwrap();
            let second = core::time::Duration::from_secs(1);
            tokio::time::timeout(second, link.read(&mut [0; 1])).await.unwrap_err();
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
    }

    #[tokio::test]
    async fn nodes_and_missing_folders_are_refused() {
        let kind = |path| open(path).unwrap_err().kind();
        assert_eq!(kind("/dev/null"), DeviceErrorKind::InvalidInput);
        assert_eq!(kind("/does/not/exist"), DeviceErrorKind::NotFound);
    }
}
