//! The reader.

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CardSession, ContactlessReader, ContactlessTarget, Device, DeviceError, DeviceInfo, Health,
    HealthLevel, HealthReport,
};
use tokio::time::timeout;

use super::session::NfcSession;
use super::{Handle, Request};

/// Is a contactless reader, whichever driver has it.
///
/// [`ContactlessTarget::ats`] begins with its length byte. A card stays held for the
/// setting `hold_ms` after it was found; then the field goes off, and connecting to it fails with
/// [`CardRemoved`](countertop_device::DeviceErrorKind::CardRemoved).
#[derive(Debug)]
pub struct NfcReader {
    info: DeviceInfo,
    handle: Handle,
    /// How long the interactive health check waits.
    presentation: Duration,
}

/// Tells the thread when a wait is dropped.
struct Waiting<'a> {
    handle: &'a Handle,
    over: bool,
}

impl NfcReader {
    pub(crate) fn new(info: DeviceInfo, handle: Handle, presentation: Duration) -> Self {
        Self { info, handle, presentation }
    }

    async fn ask_for_a_card(&mut self) -> Result<HealthReport, DeviceError> {
        match timeout(self.presentation, self.await_target()).await {
            Ok(target) => {
                let target = target?;
                self.handle.tell(Request::Interrupt);
                let length = target.uid.len();
                Ok(HealthReport::good(format!("a card with a UID of {length} bytes was read")))
            }
            Err(_elapsed) => Ok(HealthReport::new(Health::Warning, "no card was presented")),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.handle.tell(Request::Interrupt);
        }
    }
}

#[async_trait]
impl Device for NfcReader {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            return self.ask_for_a_card().await;
        }
        self.handle.ask("check health", |reply| Request::CheckHealth(level, reply)).await
    }
}

#[async_trait]
impl ContactlessReader for NfcReader {
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError> {
        let mut waiting = Waiting { handle: &self.handle, over: false };
        let result = self.handle.ask("wait for a card", Request::Await).await;
        waiting.over = true;
        result
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        let session = self
            .handle
            .ask("connect", |reply| Request::Connect(self.handle.clone(), reply))
            .await?;
        Ok(Box::new(NfcSession::new(session)))
    }
}
