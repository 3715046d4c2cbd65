//! The drivers that a program was built with.

use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind, Driver, Listing, UsbModel};

use crate::DeviceConfig;

/// Holds the drivers that a program was built with, its own and a stranger's alike.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    drivers: Vec<Arc<dyn Driver>>,
}

impl Registry {
    /// Creates a registry without drivers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a driver; of two with one name the later one counts.
    #[must_use]
    pub fn with(mut self, driver: impl Driver + 'static) -> Self {
        self.drivers.push(Arc::new(driver));
        self
    }

    /// Returns the drivers' names, in the order in which they were added.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.drivers.iter().map(|driver| driver.name())
    }

    /// Returns the rows of all drivers' tables with the names of the drivers, in the order in which
    /// they were added.
    pub fn models(&self) -> impl Iterator<Item = (&'static str, &'static UsbModel)> {
        let rows = |driver: &Arc<dyn Driver>| (driver.name(), driver.models());
        self.drivers
            .iter()
            .map(rows)
            .flat_map(|(name, models)| models.iter().map(move |model| (name, model)))
    }

    /// Lists what each driver can see without sending a byte, an error in place of the list of a
    /// driver that cannot.
    pub fn list(&self) -> Vec<(&'static str, Result<Vec<Listing>, DeviceError>)> {
        self.drivers.iter().map(|driver| (driver.name(), driver.list())).collect()
    }

    /// Returns the drivers, in the order in which they were added.
    pub fn drivers(&self) -> impl Iterator<Item = &Arc<dyn Driver>> {
        self.drivers.iter()
    }

    /// Finds the driver that a device's configuration names.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) when there is none of that name.
    pub fn driver(&self, config: &DeviceConfig) -> Result<Arc<dyn Driver>, DeviceError> {
        let found = self.drivers.iter().rev().find(|driver| driver.name() == config.driver);
        found.cloned().ok_or_else(|| {
            let names: Vec<_> = self.names().collect();
            DeviceError::new(DeviceErrorKind::InvalidInput, config.name(), "find driver")
                .with_source(format!("there is no driver `{}`", config.driver))
                .with_help(format!("the drivers are {}", names.join(", ")))
        })
    }
}
