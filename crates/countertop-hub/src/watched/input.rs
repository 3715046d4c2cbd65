//! What people type and write.

use async_trait::async_trait;
use countertop_device::{
    DeviceError, KeyUsage, OfflinePinRequest, PinEntry, PinPad, PinPadCapabilities, PinRequest,
    Sensitive, SignatureImage, SignaturePad, SignatureRequest, WrappedKey,
};

use super::Watched;
use crate::Statistic;
use crate::monitor::Monitor;

#[async_trait]
impl PinPad for Watched<dyn PinPad> {
    fn capabilities(&self) -> &PinPadCapabilities {
        self.inner.capabilities()
    }

    async fn update_key(&mut self, usage: KeyUsage, key: &WrappedKey) -> Result<bool, DeviceError> {
        let result = self.inner.update_key(usage, key).await;
        self.monitor.exchanged(&result);
        result
    }

    async fn encrypt_pin(&mut self, request: &PinRequest) -> Result<PinEntry, DeviceError> {
        let result = self.inner.encrypt_pin(request).await;
        self.monitor.worked(&result);
        count_entry(&self.monitor, &result);
        result
    }

    async fn compute_mac(&mut self, data: &[u8]) -> Result<[u8; 8], DeviceError> {
        let result = self.inner.compute_mac(data).await;
        self.monitor.worked(&result);
        result
    }

    async fn encipher_offline_pin(
        &mut self,
        request: &OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError> {
        let result = self.inner.encipher_offline_pin(request).await;
        self.monitor.exchanged(&result);
        count_entry(&self.monitor, &result);
        result
    }

    async fn display(&mut self, lines: &[&str]) -> Result<(), DeviceError> {
        let result = self.inner.display(lines).await;
        self.monitor.exchanged(&result);
        result
    }
}

fn count_entry<T>(monitor: &Monitor, result: &Result<PinEntry<T>, DeviceError>) {
    if matches!(result, Ok(PinEntry::Entered(_))) {
        monitor.counters().count(Statistic::ValidPINEntryCount);
    }
}

#[async_trait]
impl SignaturePad for Watched<dyn SignaturePad> {
    async fn capture(
        &mut self,
        request: &SignatureRequest,
    ) -> Result<Option<SignatureImage>, DeviceError> {
        let result = self.inner.capture(request).await;
        self.monitor.worked(&result);
        match &result {
            Ok(Some(_)) => self.monitor.counters().count(Statistic::GoodSignatureReadCount),
            Ok(None) => {}
            Err(_) => self.monitor.counters().count(Statistic::FailedSignatureReadCount),
        }
        result
    }
}
