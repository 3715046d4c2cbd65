//! The way to the thread or the task of a device.

use core::fmt::Debug;
use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio::sync::oneshot;

use super::{Reply, Request};

/// Is the way to a device. Its thread or task ends when the last of them is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    requests: Requests,
    device: String,
    /// What lives as long as somebody has a way to the device.
    _kept: Option<Arc<dyn Kept>>,
}

/// Carries requests.
#[derive(Debug, Clone)]
pub(crate) enum Requests {
    /// To a task.
    #[cfg(feature = "pn532")]
    Task(tokio::sync::mpsc::UnboundedSender<Request>),
    /// To a thread.
    #[cfg(feature = "libnfc")]
    Thread(std::sync::mpsc::Sender<Request>),
}

trait Kept: Debug + Send + Sync {}

impl<T: Debug + Send + Sync> Kept for T {}

impl Handle {
    pub(crate) fn new(requests: Requests, device: &str) -> Self {
        Self { requests, device: device.to_owned(), _kept: None }
    }

    /// Keeps a value for as long as there is a way to the device.
    #[cfg(feature = "libnfc")]
    pub(crate) fn keep(&mut self, value: impl Debug + Send + Sync + 'static) {
        self._kept = Some(Arc::new(value));
    }

    /// Sends a request that nobody waits for.
    pub(crate) fn tell(&self, request: Request) {
        // A thread or task that has ended has closed its device.
        match &self.requests {
            #[cfg(feature = "pn532")]
            Requests::Task(requests) => drop(requests.send(request)),
            #[cfg(feature = "libnfc")]
            Requests::Thread(requests) => drop(requests.send(request)),
        }
    }

    /// Sends a request and waits for its answer.
    pub(crate) async fn ask<T>(
        &self,
        action: &'static str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, DeviceError> {
        let (reply, answer) = oneshot::channel();
        self.tell(request(reply));
        self.answer(answer, action).await
    }

    /// Waits for an answer.
    pub(crate) async fn answer<T>(
        &self,
        answer: oneshot::Receiver<Result<T, DeviceError>>,
        action: &'static str,
    ) -> Result<T, DeviceError> {
        answer.await.unwrap_or_else(|_ended| {
            Err(DeviceError::new(DeviceErrorKind::Disconnected, &self.device, action))
        })
    }
}
