//! The reader's serial protocol in reports.

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_transport::hid::HidLine;
use countertop_wire::msr605x::{Packet, encode_message};
use tokio::time::timeout;
use zeroize::{Zeroize as _, Zeroizing};

use super::error;
use crate::msr605::Carrier;

/// Bounds a drain against a device that never falls silent.
const DRAIN_READS: usize = 256;

/// Carries bytes in packets, each a report.
#[derive(Debug)]
pub(super) struct PacketLine {
    line: HidLine,
    report: Zeroizing<Vec<u8>>,
}

impl PacketLine {
    pub(super) fn new(line: HidLine) -> Self {
        Self { line, report: Zeroizing::default() }
    }
}

#[async_trait]
impl Carrier for PacketLine {
    async fn write(
        &mut self,
        bytes: &[u8],
        deadline: Duration,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let packets = encode_message(bytes);
        for packet in packets.map_err(|why| error::no_command(&self.line, action, why))? {
            self.line.send_feature(0, &packet, deadline, action).await?;
        }
        Ok(())
    }

    async fn read_some(
        &mut self,
        buffer: &mut Vec<u8>,
        deadline: Duration,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        match timeout(deadline, self.read_some_forever(buffer, action)).await {
            Ok(read) => read,
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
        }
    }

    /// Messages are not put together here: their bytes say where an answer ends, and a swipe whose
    /// last packet is lost must run into its deadline like one whose last byte is.
    async fn read_some_forever(
        &mut self,
        buffer: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        loop {
            self.line.next_report(&mut self.report, action).await?;
            let payload = Packet::parse(&self.report).map_or(&[][..], |packet| packet.payload);
            let count = payload.len();
            buffer.extend_from_slice(payload);
            self.report.zeroize();
            // Reports without payload, or that are no packets, are not the reader's.
            if count > 0 {
                return Ok(count);
            }
        }
    }

    async fn drain(&mut self, quiet: Duration) {
        let mut discarded = Zeroizing::new(Vec::new());
        for _ in 0..DRAIN_READS {
            discarded.zeroize();
            if self.read_some(&mut discarded, quiet, "drain").await.is_err() {
                return;
            }
        }
    }

    fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        self.line.error(kind, action)
    }
}
