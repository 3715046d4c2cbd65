//! QR codes and bar codes.

use super::table::{Parameter, choice, commands};
use super::{GS, OutOfRange};

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

choice! {
    /// Is a bar code's symbology, by its number in GS k, function B.
    BarcodeSystem {
        /// UPC-A.
        UpcA = 65;
        /// UPC-E.
        UpcE = 66;
        /// EAN-13.
        Ean13 = 67;
        /// EAN-8.
        Ean8 = 68;
        /// CODE39.
        Code39 = 69;
        /// Interleaved 2 of 5.
        Itf = 70;
        /// CODABAR (NW-7).
        Codabar = 71;
        /// CODE93.
        Code93 = 72;
        /// CODE128, with the sets named in the data: `{B`.
        Code128 = 73;
        /// GS1-128.
        Gs1128 = 74;
        /// GS1 DataBar Omnidirectional.
        DataBarOmnidirectional = 75;
        /// GS1 DataBar Truncated.
        DataBarTruncated = 76;
        /// GS1 DataBar Limited.
        DataBarLimited = 77;
        /// GS1 DataBar Expanded.
        DataBarExpanded = 78;
        /// CODE128, sets chosen by the printer.
        Code128Auto = 79;
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

/// Is a bar code with its data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Barcode {
    system: BarcodeSystem,
    data: Vec<u8>,
    terminated: bool,
}

impl Barcode {
    /// Creates a bar code in the form with a length (GS k, function B).
    ///
    /// # Errors
    ///
    /// When there is no data, or more than 255 bytes.
    pub fn new(system: BarcodeSystem, data: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("length of a bar code's data", data.len(), 1..=255)?;
        Ok(Self { system, data, terminated: false })
    }

    /// Creates a bar code in the form that ends with NUL (GS k, function A); `None` for a
    /// symbology that has none, or data that contains NUL.
    #[must_use]
    pub fn terminated(system: BarcodeSystem, data: Vec<u8>) -> Option<Self> {
        let known = system_number(system) <= 71;
        let fits = (1..=255).contains(&data.len()) && !data.contains(&0x00);
        (known && fits).then_some(Self { system, data, terminated: true })
    }

    /// Returns the symbology.
    #[must_use]
    pub fn system(&self) -> BarcodeSystem {
        self.system
    }

    /// Returns the data as sent.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

fn system_number(system: BarcodeSystem) -> u8 {
    let mut number = Vec::with_capacity(1);
    system.emit(&mut number);
    number.first().copied().unwrap_or_default()
}

impl Parameter for Barcode {
    fn emit(&self, out: &mut Vec<u8>) {
        let number = system_number(self.system);
        if self.terminated {
            out.push(number - 65);
            out.extend_from_slice(&self.data);
            out.push(0x00);
        } else {
            out.extend([number, u8::try_from(self.data.len()).unwrap_or(u8::MAX)]);
            out.extend_from_slice(&self.data);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [number @ 0..=6, data @ .., 0x00] => {
                Self::terminated(BarcodeSystem::decode(&[number + 65])?, data.to_vec())
            }
            [number, length, data @ ..] if usize::from(*length) == data.len() => {
                Self::new(BarcodeSystem::decode(&[*number])?, data.to_vec()).ok()
            }
            _ => None,
        }
    }
}
