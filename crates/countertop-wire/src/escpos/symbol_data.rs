//! What a two-dimensional symbol holds.

use super::table::{Parameter, choice};
use super::{Barcode, BarcodeError, BarcodeSystem, OutOfRange};

/// Is the content of a symbol of family `CN` (GS ( k, parameter cn), stored until it is printed.
///
/// For a stacked GS1 DataBar and a composite symbol the content begins with the bytes that Epson's
/// manual puts before the data: the symbol's kind, and for the latter the element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SymbolData<const CN: u8>(Vec<u8>);

/// fn 80 and m = 48, by which every family stores.
const STORE: [u8; 2] = [0x50, 0x30];

impl<const CN: u8> SymbolData<CN> {
    /// The most that any of the symbols holds, in bytes (DataMatrix: 3116 digits; Aztec: 3832).
    pub const MAX: usize = 3832;

    /// Creates content.
    ///
    /// # Errors
    ///
    /// When there is nothing, or more than any symbol holds.
    pub fn new(bytes: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("length of a symbol's content", bytes.len(), 1..=Self::MAX)?;
        Ok(Self(bytes))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

choice! {
    /// Is a GS1 DataBar of several rows, by its number in GS ( k, function 380.
    StackedDataBar {
        /// GS1 DataBar Stacked, of a GTIN.
        Stacked = 72;
        /// GS1 DataBar Stacked Omnidirectional, of a GTIN.
        StackedOmnidirectional = 73;
        /// GS1 DataBar Expanded Stacked, of application identifiers.
        ExpandedStacked = 76;
    }
}

impl SymbolData<0x33> {
    /// Creates the content of a stacked GS1 DataBar: a GTIN, whose check digit is verified if it is
    /// there, or application identifiers as [`Barcode::gs1`] writes them.
    ///
    /// # Errors
    ///
    /// As [`Barcode::new`] for the symbol of one row.
    pub fn data_bar(kind: StackedDataBar, data: Vec<u8>) -> Result<Self, BarcodeError> {
        let system = match kind {
            StackedDataBar::ExpandedStacked => BarcodeSystem::DataBarExpanded,
            _ => BarcodeSystem::DataBarOmnidirectional,
        };
        let row = Barcode::new(system, data)?;
        let mut content = Vec::with_capacity(1 + row.data().len());
        kind.emit(&mut content);
        content.extend_from_slice(row.data());
        Ok(Self(content))
    }
}

impl<const CN: u8> Parameter for SymbolData<CN> {
    fn emit(&self, out: &mut Vec<u8>) {
        let length = u16::try_from(self.0.len() + 1 + STORE.len()).unwrap_or(u16::MAX);
        length.emit(out);
        out.push(CN);
        out.extend(STORE);
        out.extend_from_slice(&self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let data = bytes.get(2..)?.strip_prefix(&[CN])?.strip_prefix(&STORE)?;
        Self::new(data.to_vec()).ok()
    }
}
