//! A HID device in memory, for tests and for virtual devices in the same process.

use std::io;

use countertop_device::async_trait;
use tokio::sync::{mpsc, oneshot};

use super::{BoxHidLink, HidLink};

/// Is what the host asks of a [`MemoryHid`]. Dropping the answer's channel refuses.
#[derive(Debug)]
pub enum HidRequest {
    /// The host gets feature report `number`; the answer comes without the number.
    GetFeature {
        /// The report's number, 0x00 where reports have none.
        number: u8,
        /// Takes the report.
        answer: oneshot::Sender<Vec<u8>>,
    },
    /// The host sends feature report `number`.
    SetFeature {
        /// The report's number, 0x00 where reports have none.
        number: u8,
        /// The report, without its number.
        data: Vec<u8>,
        /// Takes the acknowledgement.
        answer: oneshot::Sender<()>,
    },
}

/// Is the device's end. Dropping it unplugs the device.
#[derive(Debug)]
pub struct MemoryHid {
    reports: mpsc::UnboundedSender<Vec<u8>>,
    requests: mpsc::UnboundedReceiver<HidRequest>,
}

impl MemoryHid {
    /// Sends an input report. A host that went away does not hear it.
    pub fn send(&self, report: Vec<u8>) {
        // A report to nobody is lost, as it is on a cable.
        let _ = self.reports.send(report);
    }

    /// Waits for what the host asks; `None` when the host has closed the device.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn next_request(&mut self) -> Option<HidRequest> {
        self.requests.recv().await
    }
}

#[derive(Debug)]
struct Host {
    descriptor: Vec<u8>,
    reports: mpsc::UnboundedReceiver<Vec<u8>>,
    requests: mpsc::UnboundedSender<HidRequest>,
}

/// Creates the two ends of a device with this report descriptor.
#[must_use]
pub fn pair(descriptor: Vec<u8>) -> (BoxHidLink, MemoryHid) {
    let (report_sender, report_receiver) = mpsc::unbounded_channel();
    let (request_sender, request_receiver) = mpsc::unbounded_channel();
    let host = Host { descriptor, reports: report_receiver, requests: request_sender };
    (Box::new(host), MemoryHid { reports: report_sender, requests: request_receiver })
}

impl Host {
    async fn ask<T>(&self, request: HidRequest, answer: oneshot::Receiver<T>) -> io::Result<T> {
        self.requests.send(request).map_err(|_unplugged| gone())?;
        match answer.await {
            Ok(answer) => Ok(answer),
            Err(_) if self.requests.is_closed() => Err(gone()),
            Err(_refused) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

fn gone() -> io::Error {
    io::ErrorKind::NotConnected.into()
}

#[async_trait]
impl HidLink for Host {
    fn report_descriptor(&self) -> io::Result<Vec<u8>> {
        Ok(self.descriptor.clone())
    }

    fn try_report(&mut self, report: &mut Vec<u8>) -> io::Result<bool> {
        match self.reports.try_recv() {
            Ok(came) => *report = came,
            Err(mpsc::error::TryRecvError::Empty) => return Ok(false),
            Err(mpsc::error::TryRecvError::Disconnected) => return Err(gone()),
        }
        Ok(true)
    }

    async fn next_report(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        *report = self.reports.recv().await.ok_or_else(gone)?;
        Ok(())
    }

    async fn get_feature(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        let number = report.first().copied().unwrap_or_default();
        let (sender, receiver) = oneshot::channel();
        let data = self.ask(HidRequest::GetFeature { number, answer: sender }, receiver).await?;
        report.splice(1.., data.into_iter().take(report.len().saturating_sub(1))).for_each(drop);
        Ok(())
    }

    async fn send_feature(&mut self, report: &[u8]) -> io::Result<()> {
        let (&number, data) = report.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let (sender, receiver) = oneshot::channel();
        let request = HidRequest::SetFeature { number, data: data.to_vec(), answer: sender };
        self.ask(request, receiver).await
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use countertop_device::DeviceErrorKind;

    use super::*;
    use crate::hid::HidLine;

    const SOON: Duration = Duration::from_millis(50);

    fn line() -> (HidLine, MemoryHid) {
        let (host, device) = pair(vec![0x06, 0x00, 0xff]);
        (HidLine::new(host, "reader"), device)
    }

    #[tokio::test]
    async fn reports_keep_their_order_and_can_be_forgotten() {
        let (mut line, device) = line();
        assert_eq!(line.report_descriptor().unwrap(), [0x06, 0x00, 0xff]);
        let mut report = Vec::new();
        for number in 0..3 {
            device.send(vec![number]);
        }
        line.next_report(&mut report, "wait").await.unwrap();
        assert_eq!(report, [0]);
        line.forget(&mut report, "forget").unwrap();
        device.send(vec![9]);
        line.next_report(&mut report, "wait").await.unwrap();
        assert_eq!(report, [9]);
    }

    #[tokio::test]
    async fn features_go_both_ways() {
        let (mut line, mut device) = line();
        let serve = async {
            match device.next_request().await.unwrap() {
                HidRequest::SetFeature { number, data, answer } => {
                    assert_eq!((number, data.as_slice()), (0, [0x00, 0x01].as_slice()));
                    answer.send(()).unwrap();
                }
                other => panic!("{other:?}"),
            }
            match device.next_request().await.unwrap() {
                HidRequest::GetFeature { number: 0, answer } => answer.send(vec![7; 9]).unwrap(),
                other => panic!("{other:?}"),
            }
        };
        let ask = async {
            line.send_feature(0, &[0x00, 0x01], SOON, "ask").await.unwrap();
            assert_eq!(line.get_feature(0, 4, SOON, "ask").await.unwrap(), [7; 4]);
        };
        tokio::join!(serve, ask);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_refusal_and_unplugging_are_told_apart() {
        let (mut line, mut device) = line();
        let error = line.get_feature(0, 24, SOON, "get property").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
        let (error, _refused) =
            tokio::join!(line.get_feature(0, 24, SOON, "get property"), async {
                drop(device.next_request().await);
                drop(device.next_request().await);
            });
        assert_eq!(error.unwrap_err().kind(), DeviceErrorKind::Protocol);
        drop(device);
        let error = line.send_feature(0, &[0], SOON, "set property").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
        let error = line.next_report(&mut Vec::new(), "wait").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
        line.forget(&mut Vec::new(), "forget").unwrap_err();
    }
}
