//! Opening printers by selector.

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Listing, Selector, Settings,
    UsbModel,
};
use countertop_transport as transport;

use super::models::MODELS;
use super::transport::{Connector, Session};
use super::{EscPosPrinter, listing, parse_settings};
use crate::journal::FileJournal;

/// Opens ESC/POS printers at `usb:`, `usblp:`, `serial:` and `tcp:` selectors, by the name `escpos`.
///
/// Settings are those of [`EscPosSettings`](crate::EscPosSettings) and of the transport. A printer
/// that was plugged in again, or that hangs up while idle, as Epson's do on TCP after 90 s, is
/// called again before the next job; nothing is ever sent twice.
///
/// With `usb:` the settings `port` or `place` tell twins apart, and `detach = false` leaves the printer
/// to the kernel. Through libusb it is known to the byte how much a printer has taken, and who else
/// holds it; through usblp nothing but the kernel is needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct EscPosDriver;

#[async_trait]
impl Driver for EscPosDriver {
    fn name(&self) -> &'static str {
        "escpos"
    }

    /// Lists receipt printers on USB, each once: as `usb:`, even where `usblp:` would do. Serial lines
    /// and network printers are named by a person.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        listing::list(self.name())
    }

    fn models(&self) -> &'static [UsbModel] {
        MODELS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["usb", "usbmisc"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let info = DeviceInfo::new(selector.clone(), self.name(), "ESC/POS printer");
        let parsed = parse_settings(&info, settings)?;
        let (link, port) = transport::open_printer(selector, settings).await?;
        let connector = Connector { selector: selector.clone(), settings: settings.clone() };
        let session = Session::new(link, selector.to_string(), Arc::clone(&parsed))
            .with_connector(connector, port);
        let printer = EscPosPrinter::with_session(info, parsed, session);
        let printer = match journal(selector, settings)? {
            Some(journal) => printer.with_journal(Box::new(journal)),
            None => printer,
        };
        let mut functions = Functions::default();
        functions.drawer = Some(Box::new(printer.drawer()));
        functions.printer = Some(Box::new(printer));
        Ok(functions)
    }
}

fn journal(selector: &Selector, settings: &Settings) -> Result<Option<FileJournal>, DeviceError> {
    const ACTION: &str = "open the journal of print jobs";
    let device = selector.to_string();
    let path = settings.get_or("journal", String::new()).map_err(|error| {
        DeviceError::new(DeviceErrorKind::InvalidInput, device.as_str(), ACTION).with_source(error)
    })?;
    if path.is_empty() {
        return Ok(None);
    }
    FileJournal::open(path).map(Some).map_err(|error| {
        DeviceError::from_io(error, device.as_str(), ACTION)
            .with_help("name a file for `journal` that this program may write and no other uses")
    })
}
