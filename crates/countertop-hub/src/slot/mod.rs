//! The place of one device.

mod open;
mod opened;
mod wait;

use core::fmt;
use std::sync::Arc;

use countertop_device::{Device, DeviceError, DeviceErrorKind, Driver};

use crate::kind::Kind;
use crate::{DeviceConfig, Hub, ReleaseRequest, Role};
use opened::Opened;

/// Holds the device of one role: claimed and opened when first used, and again after it was lost.
pub struct Slot<T> {
    role: Role,
    hub: Hub,
    kind: Kind<T>,
    source: Source,
    opened: Option<Opened<T>>,
}

/// Is where a slot's device comes from.
enum Source {
    Unassigned,
    Broken(String),
    Driver(Arc<dyn Driver>, DeviceConfig),
    Given,
}

impl<T> Slot<T> {
    pub(crate) fn unassigned(hub: &Hub, role: Role, kind: Kind<T>) -> Self {
        Self { role, hub: hub.clone(), kind, source: Source::Unassigned, opened: None }
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

    /// Puts an opened device here; it is not opened again when it is lost, and not claimed.
    pub fn put(&mut self, mut device: T) {
        self.opened = None;
        let info = (self.kind.device)(&mut device).info().clone();
        self.source = Source::Given;
        self.opened = Some(Opened::given(&self.hub, self.role, self.kind, device, info));
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

    /// Returns the device, claimed and opened if it is not; anew, if it left or the computer slept
    /// since.
    ///
    /// # Errors
    ///
    /// [`NotFound`](DeviceErrorKind::NotFound) when the role has no device;
    /// [`Busy`](DeviceErrorKind::Busy) when another program holds it; else what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a device that was being opened is closed.
    pub async fn open(&mut self) -> Result<&mut T, DeviceError> {
        if !matches!(self.source, Source::Given) {
            self.opened.take_if(|opened| opened.is_stale());
        }
        let opened = match self.opened.take() {
            Some(opened) => opened,
            None => open::open(&self.source, self.role, self.kind, &self.hub).await?,
        };
        Ok(self.opened.insert(opened).device())
    }

    /// Returns the device if it is open. Performs no I/O.
    pub fn opened(&mut self) -> Option<&mut T> {
        self.opened.as_mut().map(Opened::device)
    }

    /// Closes the device when `error` says that it is gone, so that the next use opens it anew.
    pub fn note(&mut self, error: &DeviceError) {
        if matches!(error.kind(), DeviceErrorKind::Disconnected | DeviceErrorKind::ServiceGone) {
            tracing::warn!(role = %self.role, %error, "device lost");
            if !matches!(self.source, Source::Given) {
                self.opened = None;
            }
        }
    }

    /// Closes and releases the device.
    pub fn close(&mut self) {
        self.opened = None;
    }

    /// Waits until another program asks for the device; for ever, while it is not open.
    ///
    /// Answer with [`release_to`](Self::release_to), or [keep](ReleaseRequest::keep) it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no request is lost.
    pub async fn release_requested(&mut self) -> ReleaseRequest {
        match self.opened.as_mut().and_then(Opened::claim) {
            Some(claim) => claim.release_requested().await,
            None => std::future::pending().await,
        }
    }

    /// Closes and releases the device for the program that asked for it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is released at once.
    pub async fn release_to(&mut self, request: ReleaseRequest) {
        self.opened = None;
        request.released().await;
    }

    /// Opens as [`open`](Self::open) does, for what every device can do.
    pub(crate) async fn open_device(&mut self) -> Result<&mut dyn Device, DeviceError> {
        let device = self.kind.device;
        self.open().await.map(device)
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (&self.source, &self.opened) {
            (Source::Unassigned, _) => "unassigned",
            (_, Some(_)) => "open",
            (_, None) => "closed",
        };
        write!(f, "Slot({}, {state})", self.role)
    }
}
