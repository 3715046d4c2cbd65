//! What a printer on USB tells of itself past its data.

use core::fmt;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio::time::timeout;

use crate::blocking::{self, thread_name};
use crate::gone;

/// Asks a printer on USB what it tells past its data. Blocks.
pub(crate) trait Ask: fmt::Debug + Send + Sync + 'static {
    fn port_status(&self) -> io::Result<u8>;
    fn device_id(&self) -> io::Result<String>;
}

/// Asks a printer on USB for its port status and its identification, while its link is in use.
///
/// It does not keep the printer: with the link closed it answers
/// [`Disconnected`](DeviceErrorKind::Disconnected).
#[derive(Debug, Clone)]
pub struct PrinterPort {
    printer: Arc<dyn Ask>,
    device: String,
}

impl PrinterPort {
    #[cfg(any(test, feature = "usb", feature = "usblp"))]
    pub(crate) fn new(printer: Arc<dyn Ask>, device: String) -> Self {
        Self { printer, device }
    }

    /// Asks for the port status (GET_PORT_STATUS, USB printer class 1.1, §4.2.2), which a printer
    /// tells even while it takes no bytes: 0x08 no error, 0x10 selected, 0x20 paper empty.
    ///
    /// Many printers say 0x18, ready, whatever happens to them: trouble is to be believed, its absence
    /// is not.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](DeviceErrorKind::TimedOut) and [`Disconnected`](DeviceErrorKind::Disconnected).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn status(&self, deadline: Duration) -> Result<u8, DeviceError> {
        self.ask("read port status", deadline, |printer| printer.port_status()).await
    }

    /// Asks for the IEEE 1284 identification (GET_DEVICE_ID), such as
    /// `MFG:EPSON;MDL:TM-T20II;CLS:PRINTER;`.
    ///
    /// # Errors
    ///
    /// As [`status`](Self::status).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn device_id(&self, deadline: Duration) -> Result<String, DeviceError> {
        self.ask("read identification", deadline, |printer| printer.device_id()).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        action: &'static str,
        deadline: Duration,
        call: impl FnOnce(&dyn Ask) -> io::Result<T> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let printer = Arc::clone(&self.printer);
        let name = thread_name("port", &self.device);
        let answer = timeout(deadline, blocking::run(name, move || call(&*printer))).await;
        match answer {
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(error)) | Err(error)) => Err(gone::io_error(error, &self.device, action)),
        }
    }

    fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        DeviceError::new(kind, self.device.as_str(), action)
    }
}

/// Reads the answer to GET_DEVICE_ID: its length in two bytes, themselves included, and text (§4.2.1).
/// Printers that count wrongly are read as far as they go. `None` without a text.
#[cfg(feature = "usb")]
pub(crate) fn device_id(answer: &[u8]) -> Option<String> {
    const LENGTH: usize = 2;
    let (length, text) = answer.split_first_chunk::<LENGTH>()?;
    let length = usize::from(u16::from_be_bytes(*length)).saturating_sub(LENGTH);
    let text = text.get(..length).filter(|text| !text.is_empty()).unwrap_or(text);
    let text = String::from_utf8_lossy(text);
    let text = text.trim_end_matches(['\0', ' ', '\r', '\n']);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "usb")]
    #[test]
    fn an_identification_is_read_as_far_as_it_goes() {
        assert_eq!(device_id(b"\x00\x0bMFG:EPSON"), Some("MFG:EPSON".into()));
        assert_eq!(device_id(b"\x00\x06MFG:EPSON"), Some("MFG:".into()));
        assert_eq!(device_id(b"\xff\xffMFG:EPSON\0\0"), Some("MFG:EPSON".into()));
        assert_eq!(device_id(b"\x00\x00MFG:EPSON"), Some("MFG:EPSON".into()));
        for nothing in [&b""[..], b"\x00", b"\x00\x02", b"\x00\x04\0\0"] {
            assert_eq!(device_id(nothing), None);
        }
    }

    #[derive(Debug)]
    struct Fake(Option<u8>);

    impl Ask for Fake {
        fn port_status(&self) -> io::Result<u8> {
            self.0.ok_or_else(|| io::Error::from_raw_os_error(19))
        }

        fn device_id(&self) -> io::Result<String> {
            std::thread::sleep(Duration::from_secs(60));
            Ok(String::new())
        }
    }

    #[tokio::test]
    async fn a_pulled_printer_is_disconnected_and_a_slow_one_times_out() {
        let port = |status| PrinterPort::new(Arc::new(Fake(status)), "usb:04b8:0e15".to_owned());
        let second = Duration::from_secs(1);
        assert_eq!(port(Some(0x38)).status(second).await.unwrap(), 0x38);
        let error = port(None).status(second).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
        let error = port(None).device_id(Duration::from_millis(5)).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
    }
}
