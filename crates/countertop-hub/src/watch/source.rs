//! Where changes come from.

use core::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use countertop_device::{DeviceError, ListWatch};
use tokio::sync::mpsc;

/// Tells that what is attached may have changed.
#[async_trait]
pub trait ChangeSource: Send + fmt::Debug {
    /// Waits for the next change.
    ///
    /// # Errors
    ///
    /// When no more changes can be heard of.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no change is lost.
    async fn next(&mut self) -> Result<Change, DeviceError>;
}

/// Is something after which lists may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Anything may have changed.
    Any,
    /// The list of the driver of this name may have.
    Driver(String),
    /// The kernel told of a device.
    Kernel {
        /// Its subsystem, as udev names it.
        subsystem: String,
        /// Its node, if it left.
        left: Option<PathBuf>,
    },
    /// The computer woke up.
    Resumed,
}

/// Is a driver's own watch.
#[derive(Debug)]
pub(super) struct DriverWatch {
    driver: &'static str,
    watch: Box<dyn ListWatch>,
}

impl DriverWatch {
    pub(super) fn new(driver: &'static str, watch: Box<dyn ListWatch>) -> Self {
        Self { driver, watch }
    }
}

#[async_trait]
impl ChangeSource for DriverWatch {
    async fn next(&mut self) -> Result<Change, DeviceError> {
        match self.watch.changed().await {
            Ok(()) => Ok(Change::Driver(self.driver.into())),
            Err(error) => {
                // The other drivers are watched all the same.
                tracing::warn!(driver = self.driver, %error, "devices are not watched any more");
                std::future::pending().await
            }
        }
    }
}

/// Passes on what a source tells, until it fails or nobody listens.
pub(super) async fn forward(
    mut source: Box<dyn ChangeSource>,
    changes: mpsc::Sender<Result<Change, DeviceError>>,
) {
    loop {
        let change = source.next().await;
        let failed = change.is_err();
        if changes.send(change).await.is_err() || failed {
            return;
        }
    }
}
