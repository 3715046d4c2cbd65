//! The driver `pcsc-contactless`: readers by radio that pcscd knows, such as the ACR122U.
//!
//! The settings are those of the driver `pcsc`. The reader switches its field by itself and selects
//! what comes near. Payment cards (ISO/IEC 14443-4) take APDUs as they are; for storage cards the
//! reader answers the commands of PC/SC part 3.
//!
//! The two drivers list different readers, by [`ReaderInterface`]; each opens any that it is given.

mod reader;
mod session;
mod target;

use async_trait::async_trait;
use countertop_device::{DeviceError, Driver, Functions, ListWatch, Listing, Selector, Settings};

pub use reader::PcscContactlessReader;

use super::interface::ReaderInterface;
use super::{PcscDriver, list};

/// The driver's name, as the configuration writes it.
const NAME: &str = "pcsc-contactless";

/// Opens contactless readers by the beginning of their PC/SC name (`pcsc:NAME`).
#[derive(Debug, Clone, Copy, Default)]
pub struct PcscContactlessDriver;

impl PcscContactlessDriver {
    /// Creates the driver. Performs no I/O.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }

    /// Opens the reader that `selector` names, as the type that can do more than the trait says.
    ///
    /// # Errors
    ///
    /// As [`PcscDriver::open_reader`].
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a reader that nobody takes is closed.
    pub async fn open_reader(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<PcscContactlessReader, DeviceError> {
        let reader = PcscDriver::new().open_reader(selector, settings).await?;
        Ok(PcscContactlessReader::new(reader))
    }
}

#[async_trait]
impl Driver for PcscContactlessDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        list(NAME, |interface| interface == ReaderInterface::Contactless)
    }

    fn watch(&self) -> Option<Box<dyn ListWatch>> {
        PcscDriver::new().watch()
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let mut functions = Functions::default();
        functions.contactless = Some(Box::new(self.open_reader(selector, settings).await?));
        Ok(functions)
    }
}
