//! Devices under the hub's eyes: each call goes to the device as it is, and its result is noted.
//!
//! The wrappers hold nothing between calls and wait for nothing but the call itself, so what is safe
//! to cancel stays safe.

mod input;
mod printer;
mod readers;

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::{Device, DeviceError, DeviceInfo, HealthLevel, HealthReport};

use crate::monitor::Monitor;

/// Is a device whose results are noted.
#[derive(Debug)]
pub(crate) struct Watched<T: ?Sized> {
    inner: Box<T>,
    monitor: Arc<Monitor>,
}

impl<T: ?Sized> Watched<T> {
    pub(crate) fn new(inner: Box<T>, monitor: &Arc<Monitor>) -> Self {
        Self { inner, monitor: monitor.clone() }
    }
}

#[async_trait]
impl<T: Device + ?Sized> Device for Watched<T> {
    fn info(&self) -> &DeviceInfo {
        self.inner.info()
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        let result = self.inner.check_health(level).await;
        self.monitor.exchanged(&result);
        result
    }
}
