//! Waits for the service to come back, woken by its socket in the file system.

use core::time::Duration;
use std::env;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use pcsc::{Context, Error, Scope};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;

/// Where pcscd listens, unless the environment says otherwise, as libpcsclite reads it.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";
/// A service that has made its socket may not listen yet: how long until it is tried again.
const TRY_AGAIN: [Duration; 6] = [
    Duration::from_millis(5),
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(1_000),
];

/// Is a bell that ends a [`wait`]. It rings once and stays rung.
#[derive(Debug)]
pub(super) struct Bell(OwnedFd);

impl Bell {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    pub(super) fn ring(&self) {
        // It fails when it has been rung 2^64 times.
        let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
    }
}

/// Returns why a call was refused: libpcsclite takes a service that dies in the middle of a call for one
/// that denies access, as polkit makes it do by hanging up.
pub(super) fn refusal(mut error: Error) -> Error {
    for pause in TRY_AGAIN.iter().take(5) {
        if error != Error::SecurityViolation {
            break;
        }
        std::thread::sleep(*pause);
        // Where a new context works, the refusal was meant.
        let Err(now) = Context::establish(Scope::User) else { break };
        error = now;
    }
    error
}

/// Establishes a context. A service that dies meanwhile looks like one that denies access: it is asked again.
pub(super) fn establish() -> Result<Context, Error> {
    let mut established = Context::establish(Scope::User);
    for pause in TRY_AGAIN.iter().take(5) {
        if !matches!(established, Err(Error::SecurityViolation)) {
            break;
        }
        std::thread::sleep(*pause);
        established = Context::establish(Scope::User);
    }
    established
}

/// Returns why a call failed on a context that the service had granted: it asks who a client is before that,
/// and again only when a card is connected. So what looks like a refusal was the service's end, even where
/// another one is there by now.
pub(super) fn loss(error: Error) -> Error {
    if error == Error::SecurityViolation { Error::NoService } else { error }
}

/// Waits until the service answers and returns a context with it; `None` when the bell rang.
///
/// Between the changes of the socket's folder it sleeps without end.
pub(super) fn wait(bell: &Bell) -> io::Result<Option<Context>> {
    let changes = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    let socket = env::var_os(SOCKET_VARIABLE).map_or_else(|| SOCKET.into(), PathBuf::from);
    let mut pauses = TRY_AGAIN.into_iter();
    loop {
        // Watched before the service is tried, so that it cannot come in between.
        watch(&changes, &socket)?;
        if let Ok(context) = Context::establish(Scope::User) {
            return Ok(Some(context));
        }
        match sleep(&changes, bell, pauses.next())? {
            Woken::Bell => return Ok(None),
            Woken::Change => pauses = TRY_AGAIN.into_iter(),
            Woken::Time => {}
        }
    }
}

/// Watches the socket's folder, or as much of its path as there is.
fn watch(changes: &OwnedFd, socket: &Path) -> io::Result<()> {
    let wanted = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::ATTRIB;
    for folder in socket.ancestors().skip(1) {
        match inotify::add_watch(changes, folder, wanted) {
            Ok(_) => return Ok(()),
            Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Says what ended a sleep.
#[derive(Debug, PartialEq, Eq)]
enum Woken {
    Bell,
    Change,
    Time,
}

/// Sleeps until something changed, the bell rings or the time is over.
fn sleep(changes: &OwnedFd, bell: &Bell, limit: Option<Duration>) -> io::Result<Woken> {
    let mut both = [PollFd::new(changes, PollFlags::IN), PollFd::new(&bell.0, PollFlags::IN)];
    wait_for(&mut both, limit)?;
    let [changed, bell] = &both;
    if !bell.revents().is_empty() {
        return Ok(Woken::Bell);
    }
    if changed.revents().is_empty() {
        return Ok(Woken::Time);
    }
    let mut events = [0; 4096];
    while rustix::io::read(changes, &mut events).is_ok_and(|count| count > 0) {}
    Ok(Woken::Change)
}

fn wait_for(waited: &mut [PollFd<'_>], limit: Option<Duration>) -> io::Result<()> {
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    loop {
        match poll(waited, limit.as_ref()) {
            Err(Errno::INTR) => {}
            result => return Ok(result.map(drop)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> (OwnedFd, Bell) {
        let changes = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).unwrap();
        (changes, Bell::new().unwrap())
    }

    #[test]
    fn bell_and_time_end_a_sleep() {
        let (changes, bell) = new();
        assert_eq!(sleep(&changes, &bell, Some(Duration::from_millis(1))).unwrap(), Woken::Time);
        bell.ring();
        assert_eq!(sleep(&changes, &bell, None).unwrap(), Woken::Bell);
    }

    #[test]
    fn a_folder_and_a_socket_that_come_end_a_sleep() {
        let (changes, bell) = new();
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("pcscd/pcscd.comm");
        watch(&changes, &socket).unwrap();
        std::fs::create_dir(folder.path().join("pcscd")).unwrap();
        assert_eq!(sleep(&changes, &bell, None).unwrap(), Woken::Change);
        watch(&changes, &socket).unwrap();
        std::fs::write(&socket, "").unwrap();
        assert_eq!(sleep(&changes, &bell, None).unwrap(), Woken::Change);
    }
}
