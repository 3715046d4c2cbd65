//! The one error of every device.

use core::fmt;
use std::error::Error;

/// Describes what went wrong with a device, in a way that a program can act on and a person can
/// cure.
///
/// A card's status word, a host's decline or a wrong PIN are no errors; they are values of the
/// method that met them.
#[derive(Debug)]
pub struct DeviceError {
    kind: DeviceErrorKind,
    device: String,
    action: String,
    help: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Tells the caller what to do about a [`DeviceError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceErrorKind {
    /// Somebody else holds the device: wait, or ask the holder.
    Busy,
    /// The card left the reader or the field: ask for it again.
    CardRemoved,
    /// The device is gone: wait for it to come back.
    Disconnected,
    /// The caller's arguments or the configuration cannot work with this device.
    InvalidInput,
    /// A person has to do something at the device.
    NeedsAttention(Attention),
    /// No such device: check the selector and the cable.
    NotFound,
    /// The device answered something that its protocol does not allow.
    Protocol,
    /// The operating system refuses: install the udev rule or join the group.
    PermissionDenied,
    /// A service (pcscd) that the driver needs does not run.
    ServiceGone,
    /// A kernel driver holds the device.
    TakenByKernelDriver,
    /// No answer before the deadline; the line is synchronised again.
    TimedOut,
    /// Any other failure of the operating system or of a library.
    Other,
}

/// Names what a person has to do at a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Attention {
    /// Close the cover.
    CoverOpen,
    /// Clear the cutter.
    CutterJammed,
    /// Let the print head cool down.
    Overheated,
    /// Put the device online at its panel.
    Offline,
    /// Load paper.
    PaperOut,
    /// Call service: the device reports a fault that cannot be cleared here.
    Fault,
    /// Load keys: the PIN pad holds none, or they were refused.
    KeysMissing,
}

impl DeviceError {
    /// Creates an error of `kind` on `device` while doing `action` ("read status", "open").
    pub fn new(
        kind: DeviceErrorKind,
        device: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self { kind, device: device.into(), action: action.into(), help: None, source: None }
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds the cure, as a sentence for a person.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Creates an error from an I/O error, with the kind that follows from it.
    pub fn from_io(
        error: std::io::Error,
        device: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self::new(DeviceErrorKind::from(error.kind()), device, action).with_source(error)
    }

    /// Returns what the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> DeviceErrorKind {
        self.kind
    }

    /// Returns the device, as its selector or name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Returns what was being done.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Returns the cure for a person: the one given, or the usual one of the kind.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref().or_else(|| self.kind.help())
    }
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.device, self.action, self.kind)?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl Error for DeviceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl DeviceErrorKind {
    /// Returns the usual cure, where there is one.
    #[must_use]
    pub fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::Busy => "close the other program that uses the device",
            Self::CardRemoved => "present the card again and leave it until told to take it",
            Self::Disconnected => "check the cable and the power of the device",
            Self::NeedsAttention(attention) => attention.help(),
            Self::NotFound => {
                "check the selector and the cable; `countertop devices` lists what is attached"
            }
            Self::PermissionDenied => {
                "install the udev rules of the folder udev/ and join the group `countertop`, then sign in again"
            }
            Self::ServiceGone => {
                "start the service: `sudo systemctl start pcscd`, or `sudo pcscd` without systemd"
            }
            Self::TakenByKernelDriver => {
                "release the device from the kernel driver; the folder udev/ has the rule"
            }
            Self::TimedOut => "check the cable and the line settings (speed, parity)",
            Self::InvalidInput | Self::Protocol | Self::Other => return None,
        })
    }
}

impl Attention {
    /// Returns what to do, as a sentence for a person.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::CoverOpen => "close the cover",
            Self::CutterJammed => "clear the cutter",
            Self::Overheated => "let the print head cool down",
            Self::Offline => "put the device online at its panel",
            Self::PaperOut => "load paper",
            Self::Fault => "switch the device off and on; call service if the fault stays",
            Self::KeysMissing => "load the terminal's keys, then sign in at the host again",
        }
    }
}

impl fmt::Display for DeviceErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "in use by another program",
            Self::CardRemoved => "card removed",
            Self::Disconnected => "disconnected",
            Self::InvalidInput => "not possible with this device",
            Self::NeedsAttention(attention) => return write!(f, "needs attention: {attention}"),
            Self::NotFound => "not found",
            Self::Protocol => "answered against its protocol",
            Self::PermissionDenied => "permission denied",
            Self::ServiceGone => "service not running",
            Self::TakenByKernelDriver => "held by a kernel driver",
            Self::TimedOut => "no answer in time",
            Self::Other => "failed",
        })
    }
}

impl fmt::Display for Attention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CoverOpen => "cover open",
            Self::CutterJammed => "cutter jammed",
            Self::Overheated => "overheated",
            Self::Offline => "offline",
            Self::PaperOut => "paper out",
            Self::Fault => "fault",
            Self::KeysMissing => "keys missing",
        })
    }
}

impl From<std::io::ErrorKind> for DeviceErrorKind {
    fn from(kind: std::io::ErrorKind) -> Self {
        use std::io::ErrorKind as Io;
        match kind {
            // Nothing listens there, or the host is not there: switched off, or another address.
            Io::NotFound | Io::ConnectionRefused | Io::HostUnreachable => Self::NotFound,
            Io::PermissionDenied => Self::PermissionDenied,
            Io::TimedOut | Io::WouldBlock => Self::TimedOut,
            Io::ResourceBusy | Io::AddrInUse => Self::Busy,
            Io::InvalidInput => Self::InvalidInput,
            Io::InvalidData => Self::Protocol,
            Io::BrokenPipe
            | Io::ConnectionAborted
            | Io::ConnectionReset
            | Io::NotConnected
            | Io::UnexpectedEof => Self::Disconnected,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_device_action_kind_and_source() {
        let io = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = DeviceError::from_io(io, "serial:/dev/ttyUSB0", "open");
        assert_eq!(error.kind(), DeviceErrorKind::PermissionDenied);
        assert_eq!(
            error.to_string(),
            "serial:/dev/ttyUSB0: open: permission denied (permission denied)"
        );
        assert!(error.help().unwrap().contains("udev"));
    }

    #[test]
    fn own_help_wins() {
        let error = DeviceError::new(DeviceErrorKind::Busy, "usb:04b8:0202", "claim")
            .with_help("stop CUPS");
        assert_eq!(error.help(), Some("stop CUPS"));
    }
}
