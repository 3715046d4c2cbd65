//! The reader.

use async_trait::async_trait;
use countertop_device::{
    CardSession, ContactlessReader, ContactlessTarget, Device, DeviceError, DeviceInfo, Health,
    HealthLevel, HealthReport, Selector,
};
use tokio::time::timeout;

use super::session::LibnfcSession;
use super::settings::Timing;
use super::thread::{Handle, Opened, Request};

/// Is a contactless reader that libnfc drives.
///
/// It reports cards of ISO/IEC 14443-4 type A and type 2 tags; others, such as MIFARE Classic, are
/// passed over. [`ContactlessTarget::ats`] begins with its length byte. A card stays held for the
/// setting `hold_ms` after it was found; then the field goes off, and connecting to it fails with
/// [`CardRemoved`](countertop_device::DeviceErrorKind::CardRemoved).
#[derive(Debug)]
pub struct LibnfcReader {
    info: DeviceInfo,
    handle: Handle,
    timing: Timing,
}

/// Tells the thread when a wait is dropped.
struct Waiting<'a> {
    handle: &'a Handle,
    over: bool,
}

impl LibnfcReader {
    pub(super) fn new(selector: Selector, opened: Opened, handle: Handle, timing: Timing) -> Self {
        let Opened { model, attached } = opened;
        let info = DeviceInfo::new(selector, super::NAME, model);
        let info = match attached {
            Some(attached) => attached.describe(info),
            None => info,
        };
        Self { info, handle, timing }
    }

    async fn ask_for_a_card(&mut self) -> Result<HealthReport, DeviceError> {
        let limit = self.timing.presentation;
        match timeout(limit, self.await_target()).await {
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
impl Device for LibnfcReader {
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
impl ContactlessReader for LibnfcReader {
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
        Ok(Box::new(LibnfcSession::new(session)))
    }
}
