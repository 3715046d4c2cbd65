//! What a printer can do, word by word as profiles write it.

use countertop_device::document::{CodeSystem, QrLevel};
use serde::Deserialize;

/// Is a form of cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CutForm {
    /// Through the paper.
    Full,
    /// Up to a point that is left.
    Partial,
}

/// Is a command that prints pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ImageCommand {
    /// ESC *, strips of columns of 24 dots.
    Columns,
    /// GS ( L, stored graphics.
    Graphics,
    /// GS v 0, rows.
    Raster,
}

/// Is a way in which a printer differs from what its commands promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Quirk {
    /// It cuts where the paper stands and must be fed to the cutter before.
    FeedBeforeCut,
    /// Its pictures are strips of eight dots, and its line spacing counts half dots.
    EightPins,
}

/// Is codes that printers have together, or one of them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CodeGroup {
    /// What GS k, function A, has.
    Bars,
    /// What GS k, function B, has had from the beginning.
    #[serde(rename = "bars-128")]
    Bars128,
    /// And what it was given later.
    #[serde(rename = "bars-gs1")]
    BarsGs1,
    Aztec,
    DataMatrix,
    DatabarStacked,
    MaxiCode,
    Pdf417,
    Qr,
}

use CodeSystem as Is;

const BARS_GS1: [CodeSystem; 14] = [
    Is::UpcA,
    Is::UpcE,
    Is::Ean13,
    Is::Ean8,
    Is::Code39,
    Is::Itf,
    Is::Codabar,
    Is::Code93,
    Is::Code128,
    Is::Gs1128,
    Is::DatabarOmnidirectional,
    Is::DatabarTruncated,
    Is::DatabarLimited,
    Is::DatabarExpanded,
];

impl CodeGroup {
    pub(super) fn systems(self) -> &'static [CodeSystem] {
        match self {
            Self::Bars => BARS_GS1.get(..7).unwrap_or_default(),
            Self::Bars128 => BARS_GS1.get(..9).unwrap_or_default(),
            Self::BarsGs1 => &BARS_GS1,
            Self::Aztec => &[Is::Aztec],
            Self::DataMatrix => &[Is::DataMatrix],
            Self::DatabarStacked => {
                &[Is::DatabarStacked, Is::DatabarStackedOmnidirectional, Is::DatabarExpandedStacked]
            }
            Self::MaxiCode => &[Is::MaxiCode],
            Self::Pdf417 => &[Is::Pdf417],
            Self::Qr => &[Is::Qr(QrLevel::M)],
        }
    }
}
