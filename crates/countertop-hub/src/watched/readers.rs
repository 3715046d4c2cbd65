//! Readers of cards and codes.

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, ChipReader, CodeScanner, ContactlessReader, ContactlessTarget,
    DeviceError, DeviceErrorKind, Dialogue, Scan, SecurePinEntry, SecurePinOutcome,
    SecurePinRequest, Sensitive, StripeReader, Swipe, TrackRead,
};

use super::Watched;
use crate::Statistic;
use crate::monitor::Monitor;

#[async_trait]
impl StripeReader for Watched<dyn StripeReader> {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        let result = self.inner.next_swipe().await;
        self.monitor.worked(&result);
        if let Ok(swipe) = &result {
            count_swipe(&self.monitor, swipe);
        }
        result
    }
}

fn count_swipe(monitor: &Monitor, swipe: &Swipe) {
    let good = swipe.tracks.iter().any(|track| matches!(track, TrackRead::Good(_)));
    let read = if good { Statistic::GoodReadCount } else { Statistic::UnreadableCardCount };
    monitor.counters().count(read);
    if swipe.tracks.contains(&TrackRead::Unreadable) {
        monitor.counters().count(Statistic::FailedReadCount);
    }
}

#[async_trait]
impl CodeScanner for Watched<dyn CodeScanner> {
    async fn next_scan(&mut self) -> Result<Scan, DeviceError> {
        let result = self.inner.next_scan().await;
        self.monitor.worked(&result);
        if result.is_ok() {
            self.monitor.counters().count(Statistic::GoodScanCount);
        }
        result
    }
}

#[async_trait]
impl ChipReader for Watched<dyn ChipReader> {
    async fn await_card(&mut self) -> Result<(), DeviceError> {
        let result = self.inner.await_card().await;
        self.monitor.worked(&result);
        result
    }

    async fn await_removal(&mut self) -> Result<(), DeviceError> {
        let result = self.inner.await_removal().await;
        self.monitor.worked(&result);
        result
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        let result = self.inner.connect().await;
        note_card(&self.monitor, &result);
        result.map(|session| WatchedSession::boxed(session, &self.monitor))
    }
}

#[async_trait]
impl ContactlessReader for Watched<dyn ContactlessReader> {
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError> {
        let result = self.inner.await_target().await;
        self.monitor.worked(&result);
        if result.is_ok() {
            self.monitor.counters().count(Statistic::TagReadCount);
        }
        result
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        let result = self.inner.connect().await;
        note_card(&self.monitor, &result);
        result.map(|session| WatchedSession::boxed(session, &self.monitor))
    }
}

/// Notes an exchange with a card: that one is mute or too far away is not the reader's failure.
fn note_card<T>(monitor: &Monitor, result: &Result<T, DeviceError>) {
    let of_the_card = |error: &DeviceError| {
        use DeviceErrorKind as Kind;
        matches!(error.kind(), Kind::CardRemoved | Kind::Protocol | Kind::TimedOut)
    };
    if !result.as_ref().is_err_and(of_the_card) {
        monitor.exchanged(result);
    }
}

/// Is a session whose failures count as the reader's.
#[derive(Debug)]
struct WatchedSession {
    inner: Box<dyn CardSession>,
    monitor: Arc<Monitor>,
}

impl WatchedSession {
    fn boxed(inner: Box<dyn CardSession>, monitor: &Arc<Monitor>) -> Box<dyn CardSession> {
        Box::new(Self { inner, monitor: monitor.clone() })
    }

    fn no_key_pad(&self) -> DeviceError {
        let device = self.monitor.info().selector.to_string();
        DeviceError::new(DeviceErrorKind::InvalidInput, device, "verify the PIN at the reader")
            .with_help("this reader has no key pad: ask for the PIN elsewhere")
    }
}

#[async_trait]
impl CardSession for WatchedSession {
    fn protocol(&self) -> CardProtocol {
        self.inner.protocol()
    }

    fn answer_to_reset(&self) -> &[u8] {
        self.inner.answer_to_reset()
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let result = self.inner.transmit(command).await;
        note_card(&self.monitor, &result);
        result
    }

    async fn converse(
        &mut self,
        dialogue: Box<dyn Dialogue>,
    ) -> Result<Box<dyn Dialogue>, DeviceError> {
        let result = self.inner.converse(dialogue).await;
        note_card(&self.monitor, &result);
        result
    }

    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        let has_one = self.inner.secure_pin_entry().await.map(|entry| entry.is_some());
        note_card(&self.monitor, &has_one);
        Ok(if has_one? { Some(self) } else { None })
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        let result = self.inner.close().await;
        note_card(&self.monitor, &result);
        result
    }
}

#[async_trait]
impl SecurePinEntry for WatchedSession {
    async fn verify_pin(
        &mut self,
        request: &SecurePinRequest,
    ) -> Result<SecurePinOutcome, DeviceError> {
        let result = match self.inner.secure_pin_entry().await {
            Ok(Some(entry)) => entry.verify_pin(request).await,
            Ok(None) => Err(self.no_key_pad()),
            Err(error) => Err(error),
        };
        note_card(&self.monitor, &result);
        result
    }
}
