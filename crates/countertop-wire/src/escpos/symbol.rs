//! QR codes and bar codes.

use super::table::{Parameter, choice, commands};
use super::{Barcode, GS, OutOfRange};

commands! {
    /// Sets up or prints a QR code or bar code.
    Symbol {
        /// GS ( k, function 165: QR model.
        QrModel(QrModel) = [GS, b'(', b'k', 0x04, 0x00, 0x31, 0x41];
        /// GS ( k, function 167: dots of a QR module.
        QrModuleSize(QrModuleSize) = [GS, b'(', b'k', 0x03, 0x00, 0x31, 0x43];
        /// GS ( k, function 169: error correction of QR.
        QrErrorCorrection(QrErrorCorrection) = [GS, b'(', b'k', 0x03, 0x00, 0x31, 0x45];
        /// GS ( k, function 181: prints the stored QR code.
        QrPrint = [GS, b'(', b'k', 0x03, 0x00, 0x31, 0x51, 0x30];
        /// GS ( k, function 182: asks how large the stored QR code is.
        QrSize = [GS, b'(', b'k', 0x03, 0x00, 0x31, 0x52, 0x30];
        /// GS ( k, function 180: stores a QR code's content.
        QrStore(QrContent) = [GS, b'(', b'k'];
        /// GS H: where the readable text of a bar code stands.
        HriPosition(HriPosition) = [GS, b'H'];
        /// GS f: font of the readable text.
        HriFont(u8) = [GS, b'f'];
        /// GS h: height of bar codes in dots.
        BarcodeHeight(u8) = [GS, b'h'];
        /// GS w: dots of a bar code's module.
        BarcodeWidth(u8) = [GS, b'w'];
        /// GS k: prints a bar code.
        Barcode(Barcode) = [GS, b'k'];
    }
}

choice! {
    /// Is a level of error correction.
    QrErrorCorrection {
        /// 7 %.
        L = 0x30;
        /// 15 %.
        M = 0x31;
        /// 25 %.
        Q = 0x32;
        /// 30 %.
        H = 0x33;
    }
}

choice! {
    /// Is where the readable text of a bar code stands.
    HriPosition {
        /// Nowhere.
        None = 0x00 | 0x30;
        /// Above the bars.
        Above = 0x01 | 0x31;
        /// Below the bars.
        Below = 0x02 | 0x32;
        /// Above and below the bars.
        Both = 0x03 | 0x33;
    }
}

/// Is a model of QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QrModel {
    /// Model 1, obsolete.
    One,
    /// Model 2, what phones read.
    Two,
    /// Micro QR.
    Micro,
}

impl Parameter for QrModel {
    fn emit(&self, out: &mut Vec<u8>) {
        let number = match self {
            Self::One => 49,
            Self::Two => 50,
            Self::Micro => 51,
        };
        out.extend([number, 0x00]);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [49, _] => Some(Self::One),
            [50, _] => Some(Self::Two),
            [51, _] => Some(Self::Micro),
            _ => None,
        }
    }
}

/// Is the dots of a QR module, from 1 to 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QrModuleSize(u8);

impl QrModuleSize {
    /// Creates a size; `None` outside 1 to 16.
    #[must_use]
    pub fn new(dots: u8) -> Option<Self> {
        (1..=16).contains(&dots).then_some(Self(dots))
    }

    /// Returns the dots.
    #[must_use]
    pub fn dots(self) -> u8 {
        self.0
    }
}

impl Parameter for QrModuleSize {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        u8::decode(bytes).and_then(Self::new)
    }
}

/// Is a QR code's content, from 1 to 7089 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QrContent(Vec<u8>);

impl QrContent {
    /// The most that any QR code holds (ISO/IEC 18004, version 40-L, digits).
    pub const MAX: usize = 7089;

    /// Creates content.
    ///
    /// # Errors
    ///
    /// When there is nothing, or more than any QR code holds.
    pub fn new(bytes: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("length of a QR code's content", bytes.len(), 1..=Self::MAX)?;
        Ok(Self(bytes))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

const QR_STORE: [u8; 3] = [0x31, 0x50, 0x30];

impl Parameter for QrContent {
    fn emit(&self, out: &mut Vec<u8>) {
        let length = u16::try_from(self.0.len() + QR_STORE.len()).unwrap_or(u16::MAX);
        length.emit(out);
        out.extend(QR_STORE);
        out.extend_from_slice(&self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let data = bytes.get(2..)?.strip_prefix(&QR_STORE)?;
        Self::new(data.to_vec()).ok()
    }
}
