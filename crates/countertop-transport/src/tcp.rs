//! TCP, with host names, without Nagle's delay, and with a bounded time to connect.

use core::time::Duration;
use std::io;

use countertop_device::{DeviceError, DeviceErrorKind, SettingError, Settings};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::BoxLink;

/// Holds the settings of a TCP link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TcpSettings {
    /// How long connecting may take, key `connect_timeout_ms`.
    pub connect_timeout: Duration,
}

impl Default for TcpSettings {
    /// Returns five seconds to connect.
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5) }
    }
}

impl TcpSettings {
    /// Reads the settings from a device's entries.
    ///
    /// # Errors
    ///
    /// When an entry does not parse.
    pub fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let default = Self::default();
        let millis = default.connect_timeout.as_secs() * 1000;
        let millis = settings.get_or("connect_timeout_ms", millis)?;
        Ok(Self { connect_timeout: Duration::from_millis(millis.max(1)) })
    }
}

pub(crate) async fn open(
    host: &str,
    port: u16,
    settings: &TcpSettings,
) -> Result<BoxLink, DeviceError> {
    let connect = TcpStream::connect((host, port));
    let stream = match timeout(settings.connect_timeout, connect).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(connect_error(host, port, error)),
        Err(_elapsed) => {
            return Err(connect_error(host, port, io::ErrorKind::TimedOut.into()));
        }
    };
    stream.set_nodelay(true).map_err(|error| connect_error(host, port, error))?;
    Ok(Box::new(stream))
}

fn connect_error(host: &str, port: u16, error: io::Error) -> DeviceError {
    let kind = match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable => {
            DeviceErrorKind::NotFound
        }
        kind => DeviceErrorKind::from(kind),
    };
    DeviceError::new(kind, format!("tcp:{host}:{port}"), "connect")
        .with_source(error)
        .with_help("check that the device is switched on and that its address and port are right")
}
