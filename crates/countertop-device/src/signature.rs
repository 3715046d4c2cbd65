//! Signature pads (UnifiedPOS: SignatureCapture).

use core::time::Duration;

use async_trait::async_trait;

use crate::{Device, DeviceError};

/// Captures a person's signature.
#[async_trait]
pub trait SignaturePad: Device {
    /// Shows the feature code on the pad, waits for a signature, and returns its picture.
    ///
    /// Returns `None` when the person cancelled at the pad or wrote nothing before
    /// [`SignatureRequest::timeout`].
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the pad may still show the request; the next call ends it first.
    async fn capture(
        &mut self,
        request: &SignatureRequest,
    ) -> Result<Option<SignatureImage>, DeviceError>;
}

/// Says what a signature is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRequest {
    /// Eight hexadecimal digits that bind the signature to the transaction; drawn as watermark.
    pub feature_code: String,
    /// How long the person may take.
    pub timeout: Duration,
}

/// Is a signature as a picture, one bit a dot.
///
/// It is personal data: its `Debug` shows the size alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureImage {
    width: u32,
    height: u32,
    rows: Vec<u8>,
}

impl SignatureImage {
    /// Creates a picture from rows of `width` dots, packed most significant bit first, 1 = black,
    /// each row padded to whole bytes. Returns `None` when the length does not fit.
    #[must_use]
    pub fn from_rows(width: u32, height: u32, rows: Vec<u8>) -> Option<Self> {
        let expected = (width as usize).div_ceil(8).checked_mul(height as usize)?;
        (rows.len() == expected).then_some(Self { width, height, rows })
    }

    /// Returns the width in dots.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in dots.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns the packed rows, see [`from_rows`](Self::from_rows).
    #[must_use]
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// Returns the number of black dots: nought for a blank signature.
    #[must_use]
    pub fn black_dots(&self) -> u32 {
        self.rows.iter().map(|byte| byte.count_ones()).sum()
    }
}

impl core::fmt::Debug for SignatureImage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SignatureImage({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_must_fit() {
        assert!(SignatureImage::from_rows(9, 2, vec![0; 3]).is_none());
        let image = SignatureImage::from_rows(9, 2, vec![0x81, 0x80, 0, 0]).unwrap();
        assert_eq!(image.black_dots(), 3);
    }
}
