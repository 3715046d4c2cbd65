//! Bar codes and two-dimensional codes.

use serde::{Deserialize, Serialize};

use super::Align;

/// Is a code to be read by a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Code {
    /// Which code it is.
    pub system: CodeSystem,
    /// What it says. GS1 codes write application identifiers in parentheses: `(01)…(10)…`.
    pub content: String,
    /// Dots of its smallest element; made smaller where the code would be wider than the paper.
    #[serde(default)]
    pub module: Option<u8>,
    /// Height of bars in dots, of bar codes.
    #[serde(default)]
    pub height: Option<u8>,
    /// Where its readable text stands, of bar codes.
    #[serde(default)]
    pub hri: Hri,
    /// Where the code stands.
    #[serde(default = "Code::default_align")]
    pub align: Align,
}

impl Code {
    /// Creates a code of usual size in the middle of the paper.
    pub fn new(system: CodeSystem, content: impl Into<String>) -> Self {
        let align = Self::default_align();
        Self { system, content: content.into(), module: None, height: None, hri: Hri::Below, align }
    }

    const fn default_align() -> Align {
        Align::Centre
    }
}

/// Names a kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CodeSystem {
    /// Aztec, ISO/IEC 24778.
    Aztec,
    /// Codabar, also called NW-7.
    Codabar,
    /// Code 128, ISO/IEC 15417; its sets are chosen so that it is short.
    Code128,
    /// Code 39, ISO/IEC 16388.
    Code39,
    /// Code 93.
    Code93,
    /// GS1 DataBar Expanded, ISO/IEC 24724.
    DatabarExpanded,
    /// GS1 DataBar Expanded Stacked.
    DatabarExpandedStacked,
    /// GS1 DataBar Limited.
    DatabarLimited,
    /// GS1 DataBar Omnidirectional.
    DatabarOmnidirectional,
    /// GS1 DataBar Stacked.
    DatabarStacked,
    /// GS1 DataBar Stacked Omnidirectional.
    DatabarStackedOmnidirectional,
    /// GS1 DataBar Truncated.
    DatabarTruncated,
    /// Data Matrix ECC 200, ISO/IEC 16022.
    DataMatrix,
    /// EAN-13, ISO/IEC 15420; with twelve digits the check digit is added.
    Ean13,
    /// EAN-8; with seven digits the check digit is added.
    Ean8,
    /// GS1-128.
    #[serde(rename = "gs1-128")]
    Gs1128,
    /// Interleaved 2 of 5, ISO/IEC 16390.
    Itf,
    /// MaxiCode, ISO/IEC 16023, mode 4.
    MaxiCode,
    /// PDF417, ISO/IEC 15438.
    Pdf417,
    /// QR code model 2, ISO/IEC 18004, at this level of error correction.
    Qr(QrLevel),
    /// UPC-A; with eleven digits the check digit is added.
    UpcA,
    /// UPC-E.
    UpcE,
}

/// Is the error correction of a QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QrLevel {
    /// 7 %.
    L,
    /// 15 %.
    #[default]
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// Is where the readable text of a bar code stands (human readable interpretation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hri {
    /// Nowhere.
    None,
    /// Above the bars.
    Above,
    /// Below the bars.
    #[default]
    Below,
    /// Above and below the bars.
    Both,
}
