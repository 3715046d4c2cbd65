//! Opening printers by selector.

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::{DeviceError, DeviceInfo, Driver, Functions, Listing, Selector, Settings};
use countertop_transport as transport;

use super::transport::{Connector, Session};
use super::{EscPosPrinter, parse_settings};

/// Opens ESC/POS printers at `serial:` and `tcp:` selectors, by the name `escpos`.
///
/// Settings are those of [`EscPosSettings`](crate::EscPosSettings) and of the transport. A printer
/// that hangs up while idle, as Epson's do on TCP after 90 s, is called again before the next job;
/// nothing is ever sent twice.
#[derive(Debug, Clone, Copy, Default)]
pub struct EscPosDriver;

#[async_trait]
impl Driver for EscPosDriver {
    fn name(&self) -> &'static str {
        "escpos"
    }

    /// Lists nothing: serial lines and network printers are named by a person.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        Ok(Vec::new())
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let info = DeviceInfo::new(selector.clone(), self.name(), "ESC/POS printer");
        let parsed = parse_settings(&info, settings)?;
        let link = transport::open(selector, settings).await?;
        let connector = Connector { selector: selector.clone(), settings: settings.clone() };
        let session =
            Session::new(link, selector.to_string(), Arc::clone(&parsed)).with_connector(connector);
        let printer = EscPosPrinter::with_session(info, parsed, session);
        let mut functions = Functions::default();
        functions.drawer = Some(Box::new(printer.drawer()));
        functions.printer = Some(Box::new(printer));
        Ok(functions)
    }
}
