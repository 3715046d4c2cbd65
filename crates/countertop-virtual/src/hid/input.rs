use tokio::sync::{mpsc, oneshot};

/// Is an input report on its way.
#[derive(Debug)]
pub(crate) struct InputReport {
    pub(crate) bytes: Vec<u8>,
    fetched: oneshot::Sender<()>,
}

pub(crate) type InputReports = mpsc::UnboundedReceiver<InputReport>;

/// Sends a device's input reports. Reports of devices with numbered reports begin with their number.
#[derive(Debug, Clone)]
pub struct HidInput {
    reports: mpsc::UnboundedSender<InputReport>,
}

impl HidInput {
    /// Creates the two ends.
    pub(super) fn new() -> (Self, InputReports) {
        let (reports, receiver) = mpsc::unbounded_channel();
        (Self { reports }, receiver)
    }

    /// Offers a report, and waits until the host has fetched it. Returns `false` when the device is
    /// gone, or is not plugged in where that can be known.
    ///
    /// # Cancel safety
    ///
    /// A report that was not fetched yet is withdrawn.
    pub async fn send(&self, bytes: &[u8]) -> bool {
        let (fetched, waiting) = oneshot::channel();
        let report = InputReport { bytes: bytes.to_vec(), fetched };
        self.reports.send(report).is_ok() && waiting.await.is_ok()
    }
}

impl InputReport {
    /// Tells whether nobody offers it any more.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.fetched.is_closed()
    }

    /// Waits until nobody offers it any more.
    pub(crate) async fn withdrawn(&mut self) {
        self.fetched.closed().await;
    }

    /// Says that the host has it.
    pub(crate) fn was_fetched(self) {
        // Who offered it may have stopped waiting at this moment.
        let _ = self.fetched.send(());
    }
}
