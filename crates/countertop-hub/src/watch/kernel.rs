//! The kernel's events as a source of changes.

use async_trait::async_trait;
use countertop_device::DeviceError;
use countertop_transport::hotplug::{KernelAction, KernelEvents};

use super::{Change, ChangeSource};

/// Tells of the kernel's events about devices.
#[derive(Debug)]
pub struct KernelWatch {
    subsystems: Vec<&'static str>,
    events: KernelEvents,
}

impl KernelWatch {
    /// Starts to listen for events of `subsystems`.
    ///
    /// # Errors
    ///
    /// When the kernel's socket cannot be opened.
    pub fn open(subsystems: Vec<&'static str>) -> Result<Self, DeviceError> {
        let events = KernelEvents::open(&subsystems)?;
        Ok(Self { subsystems, events })
    }
}

#[async_trait]
impl ChangeSource for KernelWatch {
    async fn next(&mut self) -> Result<Change, DeviceError> {
        match self.events.next().await {
            Ok(event) => Ok(Change::Kernel {
                subsystem: event.subsystem,
                left: event.node.filter(|_| event.action == KernelAction::Departed),
            }),
            Err(error) => {
                // When very many events come at once the kernel drops some and says so.
                tracing::warn!(%error, "events of the kernel were lost: all is listed again");
                self.events = KernelEvents::open(&self.subsystems)?;
                Ok(Change::Any)
            }
        }
    }
}
