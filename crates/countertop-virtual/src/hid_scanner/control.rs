//! The hand that holds up codes.

use countertop_wire::hid_pos::ScanLayout;
use countertop_wire::scanner::AimIdentifier;

use crate::hid::HidInput;

/// Holds up codes before a virtual scanner, and lets it fail.
#[derive(Debug, Clone)]
pub struct HidScannerControl {
    layout: ScanLayout,
    input: HidInput,
}

impl HidScannerControl {
    pub(super) fn new(layout: ScanLayout, input: HidInput) -> Self {
        Self { layout, input }
    }

    /// Holds up a code; returns `false` when the host has not fetched all of it before the scanner was
    /// unplugged.
    ///
    /// # Cancel safety
    ///
    /// Dropping it cuts the code off.
    pub async fn scan(&self, aim: Option<AimIdentifier>, data: &[u8]) -> bool {
        self.scan_parts(aim, data, usize::MAX).await
    }

    /// Holds up a code, of which only the first parts are sent.
    ///
    /// # Cancel safety
    ///
    /// As [`scan`](Self::scan).
    pub async fn scan_parts(&self, aim: Option<AimIdentifier>, data: &[u8], parts: usize) -> bool {
        for report in self.layout.encode(aim, data).iter().take(parts) {
            if !self.input.send(report).await {
                return false;
            }
        }
        true
    }

    /// Sends bytes that are no report of a code.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn send_garbage(&self, bytes: &[u8]) -> bool {
        self.input.send(bytes).await
    }
}
