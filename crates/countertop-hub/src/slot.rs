//! The place of one device.

use core::fmt;
use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind, Driver, Functions};

use crate::{DeviceConfig, Role, Target, resolve};

/// Holds the device of one role: opened when first used, and again after it was lost.
pub struct Slot<T> {
    role: Role,
    source: Source,
    take: fn(Functions) -> Option<T>,
    device: Option<T>,
}

enum Source {
    Unassigned,
    Broken(String),
    Driver(Arc<dyn Driver>, DeviceConfig),
    Given,
}

impl<T> Slot<T> {
    pub(crate) fn unassigned(role: Role, take: fn(Functions) -> Option<T>) -> Self {
        Self { role, source: Source::Unassigned, take, device: None }
    }

    pub(crate) fn assign(
        &mut self,
        driver: Result<Arc<dyn Driver>, DeviceError>,
        config: &DeviceConfig,
    ) {
        self.source = match driver {
            Ok(driver) => Source::Driver(driver, config.clone()),
            Err(error) => Source::Broken(error.to_string()),
        };
    }

    /// Puts an opened device here; it is not opened again when it is lost.
    pub fn put(&mut self, device: T) {
        self.source = Source::Given;
        self.device = Some(device);
    }

    /// Returns the role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Tells whether the role has a device, opened or not.
    #[must_use]
    pub fn assigned(&self) -> bool {
        !matches!(self.source, Source::Unassigned)
    }

    /// Returns the device, opened if it is not.
    ///
    /// # Errors
    ///
    /// [`NotFound`](DeviceErrorKind::NotFound) when the role has no device; else what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a device that was being opened is closed.
    pub async fn open(&mut self) -> Result<&mut T, DeviceError> {
        let device = match self.device.take() {
            Some(device) => device,
            None => open(&self.source, self.role, self.take).await?,
        };
        Ok(self.device.insert(device))
    }

    /// Returns the device if it is open. Performs no I/O.
    pub fn opened(&mut self) -> Option<&mut T> {
        self.device.as_mut()
    }

    /// Closes the device when `error` says that it is gone, so that the next use opens it anew.
    pub fn note(&mut self, error: &DeviceError) {
        if matches!(error.kind(), DeviceErrorKind::Disconnected | DeviceErrorKind::ServiceGone) {
            tracing::warn!(role = %self.role, %error, "device lost");
            if !matches!(self.source, Source::Given) {
                self.device = None;
            }
        }
    }

    /// Closes the device.
    pub fn close(&mut self) {
        self.device = None;
    }
}

/// Opens what `source` names. It borrows no device, so that its future can move between threads.
async fn open<T>(
    source: &Source,
    role: Role,
    take: fn(Functions) -> Option<T>,
) -> Result<T, DeviceError> {
    let (driver, config) = match source {
        Source::Driver(driver, config) => (driver, config),
        Source::Broken(reason) => {
            return Err(DeviceError::new(DeviceErrorKind::InvalidInput, role.name(), "open")
                .with_source(reason.clone()));
        }
        Source::Unassigned | Source::Given => return Err(no_device(role)),
    };
    let target = resolve(driver, config).await?;
    let at = target.selector.to_string();
    let functions = driver.open(&target.selector, &config.settings).await?;
    if let Some(key) = config.settings.unread().next() {
        return Err(DeviceError::new(DeviceErrorKind::InvalidInput, at, "open")
            .with_source(format!(
                "driver `{}` has no setting `{key}` for this device",
                config.driver
            ))
            .with_help(format!("correct or remove `{key}` in the table [devices.{role}]")));
    }
    take(functions).ok_or_else(|| {
        DeviceError::new(DeviceErrorKind::InvalidInput, at, "open")
            .with_source(format!("driver `{}` gives no {role}", config.driver))
    })
}

async fn resolve(driver: &Arc<dyn Driver>, config: &DeviceConfig) -> Result<Target, DeviceError> {
    let (driver, config) = (driver.clone(), config.clone());
    // Listing reads files of the kernel, or asks a service.
    let resolved = tokio::task::spawn_blocking(move || resolve::resolve(driver.as_ref(), &config));
    resolved.await.map_err(|error| {
        DeviceError::new(DeviceErrorKind::Other, "hub", "find device").with_source(error)
    })?
}

fn no_device(role: Role) -> DeviceError {
    DeviceError::new(DeviceErrorKind::NotFound, role.name(), "open")
        .with_source("no device has this role")
        .with_help(format!("add a table [devices.{role}] to the configuration"))
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (&self.source, &self.device) {
            (Source::Unassigned, _) => "unassigned",
            (_, Some(_)) => "open",
            (_, None) => "closed",
        };
        write!(f, "Slot({}, {state})", self.role)
    }
}
