//! Pseudo-terminals: serial lines without a wire.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::node::AsyncNode;

/// Is the device's end of a pseudo-terminal in raw mode.
///
/// A program opens [`path`](Self::path) as it would a serial line, again and again: closing it
/// does not end this side. The symbolic link, if one was asked for, goes with this value.
#[derive(Debug)]
pub struct Pty {
    master: AsyncNode,
    // Keeps reads from failing with EIO while no program has the line open.
    _slave: File,
    path: PathBuf,
    link: Option<PathBuf>,
}

impl Pty {
    /// Opens a pseudo-terminal and, where `link` is given, a symbolic link to it.
    ///
    /// An old link at that place that leads nowhere, or to another pty, is replaced.
    ///
    /// # Errors
    ///
    /// When the system has no pty left, when something that is no link is in the way of `link`, or
    /// outside a tokio runtime with I/O.
    pub fn open(link: Option<&Path>) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(name.to_str().map_err(io::Error::other)?);
        let slave = open_slave(&path)?;
        let mut attributes = tcgetattr(&slave)?;
        attributes.make_raw();
        tcsetattr(&slave, OptionalActions::Now, &attributes)?;
        fcntl_setfl(&master, fcntl_getfl(&master)? | OFlags::NONBLOCK)?;
        let link = link.map(|link| make_link(&path, link)).transpose()?;
        Ok(Self { master: AsyncNode::new(File::from(master))?, _slave: slave, path, link })
    }

    /// Returns the device node that a program opens.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the symbolic link if there is one, else the device node.
    #[must_use]
    pub fn public_path(&self) -> &Path {
        self.link.as_deref().unwrap_or(&self.path)
    }
}

fn open_slave(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, rustix::fs::Mode::empty())?))
}

fn make_link(target: &Path, link: &Path) -> io::Result<PathBuf> {
    if let Ok(old) = fs::symlink_metadata(link) {
        if !old.file_type().is_symlink() || leads_elsewhere(link) {
            let text = format!("{} is in the way of the link", link.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(target, link)?;
    Ok(link.to_path_buf())
}

/// Tells whether a link leads to something that is no pty: a device's name, which stays.
fn leads_elsewhere(link: &Path) -> bool {
    fs::canonicalize(link).is_ok_and(|target| !target.starts_with("/dev/pts"))
}

impl Drop for Pty {
    fn drop(&mut self) {
        let Some(link) = &self.link else { return };
        if fs::read_link(link).is_ok_and(|target| target == self.path) {
            // Nothing can be done about a link that cannot be removed while dropping.
            let _ = fs::remove_file(link);
        }
    }
}

impl AsyncRead for Pty {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.master).poll_read(context, buffer)
    }
}

impl AsyncWrite for Pty {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.master).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.master).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.master).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::{Read as _, Write as _};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    fn client(pty: &Pty) -> File {
        OpenOptions::new().read(true).write(true).open(pty.public_path()).unwrap()
    }

    #[tokio::test]
    async fn carries_every_byte_both_ways() {
        let mut pty = Pty::open(None).unwrap();
        let mut client = client(&pty);
        let all: Vec<u8> = (0..=255).collect();
        client.write_all(&all).unwrap();
        let mut seen = vec![0; 256];
        pty.read_exact(&mut seen).await.unwrap();
        assert_eq!(seen, all);
        pty.write_all(&all).await.unwrap();
        client.read_exact(&mut seen).unwrap();
        assert_eq!(seen, all);
    }

    #[tokio::test]
    async fn outlives_its_clients() {
        let mut pty = Pty::open(None).unwrap();
        for byte in 0..3u8 {
            client(&pty).write_all(&[byte]).unwrap();
            assert_eq!(pty.read_u8().await.unwrap(), byte);
        }
    }

    #[tokio::test]
    async fn link_comes_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("reader");
        let pty = Pty::open(Some(&link)).unwrap();
        assert_eq!(fs::read_link(&link).unwrap(), pty.path());
        drop(pty);
        assert!(fs::symlink_metadata(&link).is_err());
    }

    #[tokio::test]
    async fn a_file_in_the_way_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("reader");
        fs::write(&link, "precious").unwrap();
        let error = Pty::open(Some(&link)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&link).unwrap(), "precious");
    }

    #[tokio::test]
    async fn only_links_to_ptys_and_to_nowhere_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("reader");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        let error = Pty::open(Some(&link)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("/dev/pts/nowhere", &link).unwrap();
        let first = Pty::open(Some(&link)).unwrap();
        let second = Pty::open(Some(&link)).unwrap();
        drop(first);
        assert_eq!(fs::read_link(&link).unwrap(), second.path());
    }
}
