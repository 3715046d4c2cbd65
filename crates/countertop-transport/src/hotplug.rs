//! Events of the kernel about devices that come and go, through libudev.
//!
//! They come after udev has run its rules, so that a node that is told of has its permissions and its
//! symlinks. Nothing is asked again and again: between events the stream sleeps.

use core::fmt;
use std::path::PathBuf;

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio_stream::StreamExt as _;
use tokio_udev::{AsyncMonitorSocket, EventType, MonitorBuilder};

/// Is an event of the kernel about a device.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KernelEvent {
    /// What happened.
    pub action: KernelAction,
    /// The subsystem, such as `hidraw`.
    pub subsystem: String,
    /// The device's node, where it has one.
    pub node: Option<PathBuf>,
    /// The device's folder in `/sys`; of a device that left, where it was.
    pub path: PathBuf,
}

/// Is what happened to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KernelAction {
    /// It came, or a driver took it.
    Arrived,
    /// It left, or its driver let it go.
    Departed,
    /// Something about it is different.
    Changed,
}

/// Is the stream of the kernel's events.
pub struct KernelEvents(AsyncMonitorSocket);

impl KernelEvents {
    /// Starts to listen for events of `subsystems`, as udev names them: `usb`, `usbmisc`, `hidraw`,
    /// `input`, `tty`. What happens from now on is seen, so list what is attached afterwards.
    ///
    /// # Errors
    ///
    /// When the kernel's socket cannot be opened.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O.
    pub fn open(subsystems: &[&str]) -> Result<Self, DeviceError> {
        let monitor = || {
            let mut builder = MonitorBuilder::new()?;
            for subsystem in subsystems {
                builder = builder.match_subsystem(subsystem)?;
            }
            AsyncMonitorSocket::new(builder.listen()?)
        };
        monitor()
            .map(Self)
            .map_err(|error| DeviceError::from_io(error, "udev", "listen for events"))
    }

    /// Waits for the next event.
    ///
    /// # Errors
    ///
    /// When the kernel's socket fails.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no event is lost.
    pub async fn next(&mut self) -> Result<KernelEvent, DeviceError> {
        const ACTION: &str = "wait for an event";
        match self.0.next().await {
            Some(Ok(event)) => Ok(KernelEvent::from_udev(&event)),
            Some(Err(error)) => Err(DeviceError::from_io(error, "udev", ACTION)),
            None => Err(DeviceError::new(DeviceErrorKind::Disconnected, "udev", ACTION)),
        }
    }
}

impl KernelEvent {
    fn from_udev(event: &tokio_udev::Event) -> Self {
        let subsystem = event.subsystem().map(|it| it.to_string_lossy().into_owned());
        Self {
            action: KernelAction::from_udev(event.event_type()),
            subsystem: subsystem.unwrap_or_default(),
            node: event.devnode().map(PathBuf::from),
            path: event.syspath().to_owned(),
        }
    }
}

impl KernelAction {
    fn from_udev(event: EventType) -> Self {
        match event {
            EventType::Add | EventType::Bind => Self::Arrived,
            EventType::Remove | EventType::Unbind => Self::Departed,
            _ => Self::Changed,
        }
    }
}

impl fmt::Debug for KernelEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KernelEvents")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_events_it_sleeps() {
        let mut events = KernelEvents::open(&["usb", "hidraw"]).unwrap();
        let wait = tokio::time::timeout(core::time::Duration::from_millis(5), events.next());
        assert!(wait.await.is_err());
    }

    #[test]
    fn a_driver_that_takes_a_device_makes_it_usable() {
        assert_eq!(KernelAction::from_udev(EventType::Bind), KernelAction::Arrived);
        assert_eq!(KernelAction::from_udev(EventType::Unbind), KernelAction::Departed);
        assert_eq!(KernelAction::from_udev(EventType::Unknown), KernelAction::Changed);
    }
}
