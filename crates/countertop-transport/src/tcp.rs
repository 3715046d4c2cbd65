//! TCP, with host names, without Nagle's delay, with a bounded time to connect, and with probes that
//! notice a peer that went without a word.

use core::time::Duration;
use std::io;

use countertop_device::{DeviceError, DeviceErrorKind, SettingError, Settings};
use rustix::net::sockopt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::BoxLink;

/// Holds the settings of a TCP link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TcpSettings {
    /// How long connecting may take, key `connect_timeout_ms`.
    pub connect_timeout: Duration,
    /// After how much silence the kernel asks whether the peer is there, key `keepalive_s`; 0 for
    /// never. A peer that is silent for three times as long is gone.
    pub keepalive: Duration,
}

impl Default for TcpSettings {
    /// Returns five seconds to connect, and a probe after 30 seconds of silence.
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), keepalive: Duration::from_secs(30) }
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
        let keepalive = settings.get_or("keepalive_s", default.keepalive.as_secs())?;
        Ok(Self {
            connect_timeout: Duration::from_millis(millis.max(1)),
            keepalive: Duration::from_secs(keepalive.min(LONGEST_KEEPALIVE)),
        })
    }
}

/// The longest that the kernel takes, in seconds.
const LONGEST_KEEPALIVE: u64 = 32_767;

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
    let prepared = stream.set_nodelay(true).and_then(|()| keep_alive(&stream, settings.keepalive));
    prepared.map_err(|error| connect_error(host, port, error))?;
    Ok(Box::new(stream))
}

/// Sets the kernel's probes: the first after `idle`, two more in the same time again.
fn keep_alive(stream: &TcpStream, idle: Duration) -> io::Result<()> {
    sockopt::set_socket_keepalive(stream, !idle.is_zero())?;
    if !idle.is_zero() {
        sockopt::set_tcp_keepidle(stream, idle)?;
        sockopt::set_tcp_keepintvl(stream, idle.max(Duration::from_secs(1)))?;
        sockopt::set_tcp_keepcnt(stream, 2)?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn connected(settings: &Settings) -> TcpStream {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        keep_alive(&stream, TcpSettings::from_settings(settings).unwrap().keepalive).unwrap();
        stream
    }

    #[tokio::test]
    async fn the_kernel_asks_a_silent_peer() {
        let stream = connected(&Settings::new()).await;
        assert!(sockopt::socket_keepalive(&stream).unwrap());
        assert_eq!(sockopt::tcp_keepidle(&stream).unwrap(), Duration::from_secs(30));
        let stream = connected(&Settings::new().with("keepalive_s", 7)).await;
        assert_eq!(sockopt::tcp_keepintvl(&stream).unwrap(), Duration::from_secs(7));
        let stream = connected(&Settings::new().with("keepalive_s", 0)).await;
        assert!(!sockopt::socket_keepalive(&stream).unwrap());
    }

    #[tokio::test]
    async fn hosts_have_names() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        open("localhost", port, &TcpSettings::default()).await.unwrap();
    }
}
