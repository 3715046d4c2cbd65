//! Code scanners (UnifiedPOS: Scanner).

use async_trait::async_trait;

use crate::{Device, DeviceError, Sensitive};

/// Reads bar codes and QR codes.
#[async_trait]
pub trait CodeScanner: Device {
    /// Waits for the next code, for as long as it takes.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a code that is cut off by dropping is discarded whole.
    async fn next_scan(&mut self) -> Result<Scan, DeviceError>;
}

/// Is one code that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The code's content. A payment code is money: show its last four digits at the most.
    pub data: Sensitive,
    /// The kind of code, where the scanner says it (AIM identifier).
    pub symbology: Option<Symbology>,
}

/// Names a kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Symbology {
    /// ISO/IEC 24778.
    Aztec,
    /// ISO/IEC 15417.
    Code128,
    /// ISO/IEC 16388.
    Code39,
    /// ISO/IEC 16022.
    DataMatrix,
    /// ISO/IEC 15420: EAN-8, EAN-13, UPC-A and UPC-E.
    EanUpc,
    /// ISO/IEC 16390.
    Interleaved2Of5,
    /// ISO/IEC 15438.
    Pdf417,
    /// ISO/IEC 18004.
    QrCode,
}
