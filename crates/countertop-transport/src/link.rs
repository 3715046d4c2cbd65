//! What a link is, and how a selector becomes one.

use core::fmt;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, Settings};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::PrinterPort;

/// Is a stream of bytes in both directions. Implemented by everything that can be one.
pub trait Link: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug + ?Sized> Link for T {}

/// Is a link of any kind.
pub type BoxLink = Box<dyn Link>;

/// Opens the link that `selector` names: a serial line, a TCP endpoint, a file, a HID device or a
/// printer on USB, as far as the features of this crate go. With the setting `trace = true` the link is wrapped
/// in a [`Tracer`](crate::Tracer).
///
/// # Errors
///
/// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a selector that is no byte stream or for a
/// setting that does not parse; else what opening met.
///
/// # Cancel safety
///
/// Cancel safe: a link that nobody takes is closed.
pub async fn open(selector: &Selector, settings: &Settings) -> Result<BoxLink, DeviceError> {
    open_printer(selector, settings).await.map(|(link, _port)| link)
}

/// Opens as [`open`] does, and returns how to ask a printer on USB for its port status besides.
///
/// # Errors
///
/// As [`open`].
///
/// # Cancel safety
///
/// Cancel safe, as [`open`].
pub async fn open_printer(
    selector: &Selector,
    settings: &Settings,
) -> Result<(BoxLink, Option<PrinterPort>), DeviceError> {
    let (link, port) = open_plain(selector, settings).await?;
    let trace = settings.get_or("trace", false).map_err(|error| invalid(selector, error))?;
    let link = if trace { Box::new(crate::Tracer::new(link, selector.to_string())) } else { link };
    Ok((link, port))
}

async fn open_plain(
    selector: &Selector,
    settings: &Settings,
) -> Result<(BoxLink, Option<PrinterPort>), DeviceError> {
    match selector {
        #[cfg(feature = "usb")]
        Selector::Usb { .. } => {
            let (link, port) = crate::usb::open_printer(selector, settings).await?;
            Ok((Box::new(link), Some(port)))
        }
        #[cfg(feature = "usblp")]
        Selector::Usblp(path) => {
            let (link, port) = crate::usblp::open(path)?;
            Ok((Box::new(link), Some(port)))
        }
        _ => Ok((open_stream(selector, settings).await?, None)),
    }
}

#[cfg_attr(
    not(any(feature = "serial", feature = "tcp")),
    expect(unused_variables, reason = "only serial and TCP have settings")
)]
async fn open_stream(selector: &Selector, settings: &Settings) -> Result<BoxLink, DeviceError> {
    match selector {
        #[cfg(feature = "serial")]
        Selector::Serial(path) => {
            let serial = crate::SerialSettings::from_settings(settings)
                .map_err(|error| invalid(selector, error))?;
            crate::serial::open(path, &serial)
        }
        #[cfg(feature = "file")]
        Selector::File(path) => crate::file::open(path),
        #[cfg(feature = "hidraw")]
        Selector::Hidraw(path) => Ok(Box::new(crate::hidraw::open(path)?)),
        #[cfg(feature = "tcp")]
        Selector::Tcp { host, port } => {
            let tcp = crate::TcpSettings::from_settings(settings)
                .map_err(|error| invalid(selector, error))?;
            crate::tcp::open(host, *port, &tcp).await
        }
        _ => {
            Err(invalid(selector, "this driver needs a byte stream: serial:PATH or tcp:HOST:PORT"))
        }
    }
}

fn invalid(
    selector: &Selector,
    source: impl Into<Box<dyn core::error::Error + Send + Sync>>,
) -> DeviceError {
    DeviceError::new(DeviceErrorKind::InvalidInput, selector.to_string(), "open")
        .with_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn other_selectors_are_refused() {
        let selector: Selector = "pcsc:ACS".parse().unwrap();
        let error = open(&selector, &Settings::new()).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
        assert!(error.to_string().starts_with("pcsc:ACS: open: "), "{error}");
    }

    #[cfg(feature = "serial")]
    #[tokio::test]
    async fn bad_settings_name_the_key() {
        let selector: Selector = "serial:/dev/null".parse().unwrap();
        let error = open(&selector, &Settings::new().with("baud", "fast")).await.unwrap_err();
        assert!(error.to_string().contains("setting `baud` cannot be `fast`"), "{error}");
    }

    #[cfg(feature = "serial")]
    #[tokio::test]
    async fn a_missing_line_is_not_found() {
        let selector: Selector = "serial:/dev/does-not-exist".parse().unwrap();
        let error = open(&selector, &Settings::new()).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    }

    #[cfg(feature = "tcp")]
    #[tokio::test]
    async fn a_closed_port_says_so() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let selector: Selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
        drop(listener);
        let error = open(&selector, &Settings::new()).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::NotFound);
        assert!(error.help().unwrap().contains("switched on"), "{error:?}");
    }
}
