//! Codes that the printer lacks, made of dots.

use countertop_device::document::{Code, CodeSystem, QrLevel};
use countertop_draw::Bitmap;
use countertop_draw::symbol::{self, LinearCode, Pdf417Options, SymbolError, UTF_8};
use countertop_wire::escpos::{
    AztecLayers, DataMatrixShape, MaxiCodeMode, Pdf417ErrorCorrection, Pdf417Form, Pdf417Rows,
    QrErrorCorrection, Ranged,
};

use super::LayoutError;
use super::bars::{HEIGHT, barcode};

/// Rows of a PDF417 are as high as so many modules are wide.
const PDF417_ROW: usize = 3;

/// Is a code's smallest elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// One row of bars, which are at least so many modules high.
    Bars(LinearCode, usize),
    /// Modules, each so many times as high as it is wide.
    Modules(Bitmap, usize),
    /// Dots of a code that has one size alone.
    Dots(Bitmap),
}

impl Shape {
    /// Returns how many modules wide the code is.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Bars(code, _) => code.bars.width(),
            Self::Modules(modules, _) => modules.width(),
            Self::Dots(_) => 1,
        }
    }

    /// Returns what a person reads beside the code.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Bars(code, _) => Some(&code.text),
            Self::Modules(..) | Self::Dots(_) => None,
        }
    }

    /// Draws it with modules of so many dots, bars of `height` dots or the usual ones.
    pub(super) fn drawn(&self, module: usize, height: Option<u8>) -> Bitmap {
        match self {
            Self::Bars(code, least) => {
                let usual = usize::from(HEIGHT).max(least * module);
                let height = height.map_or(usual, |height| usize::from(height).max(1));
                code.bars.drawn(module, height)
            }
            Self::Modules(modules, high) => modules.scaled(module, module * high),
            Self::Dots(dots) => dots.clone(),
        }
    }
}

/// Makes a code's elements, for paper of `room` modules.
///
/// # Errors
///
/// When its content is wrong, or no code holds so much.
pub(super) fn shape(code: &Code, room: usize) -> Result<Shape, LayoutError> {
    let made = match code.system {
        CodeSystem::Qr(level) => qr(code, level),
        CodeSystem::Pdf417 => pdf417(code, room)?,
        CodeSystem::Aztec => aztec(code)?,
        CodeSystem::DataMatrix => data_matrix(code),
        CodeSystem::MaxiCode => maxi_code(code),
        CodeSystem::DatabarStacked => symbol::databar_stacked(bytes(code)).map(square),
        CodeSystem::DatabarStackedOmnidirectional => {
            symbol::databar_stacked_omnidirectional(bytes(code)).map(square)
        }
        CodeSystem::DatabarExpandedStacked => expanded_stacked(code, room)?,
        _ => bars(code)?,
    };
    made.map_err(|error| LayoutError::WrongContent {
        system: code.system,
        reason: error.to_string(),
    })
}

fn bytes(code: &Code) -> &[u8] {
    code.content.as_bytes()
}

fn square(modules: Bitmap) -> Shape {
    Shape::Modules(modules, 1)
}

/// Returns the character set that a two-dimensional code has to name, so that readers need not guess.
fn character_set(code: &Code) -> Option<u32> {
    (!code.content.is_ascii()).then_some(UTF_8)
}

fn bars(code: &Code) -> Result<Result<Shape, SymbolError>, LayoutError> {
    let barcode = barcode(code)?;
    // ISO/IEC 24724, 5.2 and 7.2.7: heights in modules that scanners need.
    let least = match code.system {
        CodeSystem::DatabarOmnidirectional => 33,
        CodeSystem::DatabarExpanded => 34,
        _ => 0,
    };
    let made = symbol::barcode(barcode.system(), barcode.data());
    Ok(made.map(|made| Shape::Bars(made, least)))
}

fn qr(code: &Code, level: QrLevel) -> Result<Shape, SymbolError> {
    let level = match level {
        QrLevel::L => QrErrorCorrection::L,
        QrLevel::M => QrErrorCorrection::M,
        QrLevel::Q => QrErrorCorrection::Q,
        QrLevel::H => QrErrorCorrection::H,
    };
    symbol::qr(bytes(code), level, character_set(code)).map(square)
}

fn pdf417(code: &Code, room: usize) -> Result<Result<Shape, SymbolError>, LayoutError> {
    // Recommended levels by words of data (ISO/IEC 15438, table E.1), of which there are no more than
    // bytes.
    let level = match code.content.len() {
        0..=40 => 2,
        41..=160 => 3,
        161..=320 => 4,
        _ => 5,
    };
    let options = Pdf417Options {
        columns: 0,
        rows: Pdf417Rows::Automatic,
        correction: Pdf417ErrorCorrection::Level(Ranged::new(level)?),
        form: Pdf417Form::Standard,
        character_set: character_set(code),
        room,
        row_height: PDF417_ROW,
    };
    let made = symbol::pdf417(bytes(code), &options);
    Ok(made.map(|made| Shape::Modules(made, PDF417_ROW)))
}

/// Makes a compact code where one is large enough.
fn aztec(code: &Code) -> Result<Result<Shape, SymbolError>, LayoutError> {
    /// Per cent of error correction (ISO/IEC 24778, 7.3.1).
    const CORRECTION: u8 = 23;
    let compact = AztecLayers::Compact(Ranged::new(0)?);
    let full = AztecLayers::Full(Ranged::new(0)?);
    let made = |layers| symbol::aztec(bytes(code), layers, CORRECTION, character_set(code));
    Ok(made(compact).or_else(|_| made(full)).map(square))
}

fn data_matrix(code: &Code) -> Result<Shape, SymbolError> {
    symbol::data_matrix_text(&code.content, DataMatrixShape::Square(0)).map(square)
}

fn maxi_code(code: &Code) -> Result<Shape, SymbolError> {
    symbol::maxicode(bytes(code), MaxiCodeMode::Standard, character_set(code)).map(Shape::Dots)
}

/// Makes rows of as many pairs of characters as there is room for.
fn expanded_stacked(code: &Code, room: usize) -> Result<Result<Shape, SymbolError>, LayoutError> {
    /// Modules of a pair, and of the guards of a row (ISO/IEC 24724, 7.2).
    const PAIR: usize = 49;
    const GUARDS: usize = 4;
    let barcode = barcode(&Code { system: CodeSystem::DatabarExpanded, ..code.clone() })?;
    let pairs = room.saturating_sub(GUARDS) / PAIR;
    Ok(symbol::databar_expanded_stacked(barcode.data(), pairs).map(square))
}
