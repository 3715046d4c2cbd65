//! Two-dimensional codes other than QR.

use countertop_device::document::{Code, CodeSystem};
use countertop_wire::escpos::{
    AztecLayers, Command, DataMatrixShape, MaxiCodeMode, Pdf417ErrorCorrection, Pdf417Form,
    Pdf417Rows, Ranged, SymbolData, TwoDimensional as It,
};

use super::{LayoutError, Writer};

impl Writer<'_> {
    /// Prints a two-dimensional code by GS ( k.
    pub(super) fn two_dimensional(&mut self, code: &Code) -> Result<(), LayoutError> {
        let commands = match code.system {
            CodeSystem::Pdf417 => self.pdf417(code)?,
            CodeSystem::Aztec => self.aztec(code)?,
            CodeSystem::DataMatrix => self.data_matrix(code)?,
            CodeSystem::MaxiCode => maxi_code(code)?,
            _ => self.databar(code)?,
        };
        let module = usize::from(self.wished_module(code));
        self.quiet_zone(module);
        commands.into_iter().for_each(|command| self.out.put(Command::from(command)));
        self.quiet_zone(module);
        Ok(())
    }

    fn pdf417(&self, code: &Code) -> Result<Vec<It>, LayoutError> {
        // The printer chooses columns and rows so that the code fits.
        Ok(vec![
            It::Pdf417Columns(Ranged::new(0)?),
            It::Pdf417Rows(Pdf417Rows::Automatic),
            It::Pdf417ModuleWidth(Ranged::new(self.wished_module(code).clamp(2, 8))?),
            It::Pdf417RowHeight(Ranged::new(3)?),
            It::Pdf417ErrorCorrection(Pdf417ErrorCorrection::Ratio(Ranged::new(1)?)),
            It::Pdf417Form(Pdf417Form::Standard),
            It::Pdf417Store(data(code)?),
            It::Pdf417Print,
        ])
    }

    fn aztec(&self, code: &Code) -> Result<Vec<It>, LayoutError> {
        // Each layer of the full range is four modules wider than the one before (ISO/IEC 24778).
        let bits = code.content.len() * 10 * 4 / 3;
        let layers = (1..=32).find(|layer| (112 + 16 * layer) * layer >= bits);
        let module = self.module(code, 15 + 4 * layers.unwrap_or(32))?;
        Ok(vec![
            It::AztecLayers(AztecLayers::Full(Ranged::new(0)?)),
            It::AztecModuleSize(ranged(module)?),
            It::AztecErrorCorrection(Ranged::new(23)?),
            It::AztecStore(data(code)?),
            It::AztecPrint,
        ])
    }

    fn data_matrix(&self, code: &Code) -> Result<Vec<It>, LayoutError> {
        /// Modules of a side and the bytes that it holds (ISO/IEC 16022, table 7).
        const SIZES: [(usize, usize); 24] = [
            (10, 1),
            (12, 3),
            (14, 6),
            (16, 10),
            (18, 16),
            (20, 20),
            (22, 28),
            (24, 34),
            (26, 42),
            (32, 60),
            (36, 84),
            (40, 112),
            (44, 142),
            (48, 172),
            (52, 202),
            (64, 278),
            (72, 366),
            (80, 454),
            (88, 574),
            (96, 694),
            (104, 814),
            (120, 1048),
            (132, 1302),
            (144, 1556),
        ];
        let length = code.content.len();
        let side = SIZES.iter().find(|(_, bytes)| *bytes >= length).map_or(144, |(side, _)| *side);
        let module = self.module(code, side)?;
        Ok(vec![
            It::DataMatrixShape(DataMatrixShape::Square(0)),
            It::DataMatrixModuleSize(ranged(module)?),
            It::DataMatrixStore(data(code)?),
            It::DataMatrixPrint,
        ])
    }

    fn databar(&self, code: &Code) -> Result<Vec<It>, LayoutError> {
        /// Which stacked code it is (Epson, GS ( k, function 380).
        const STACKED: u8 = 72;
        const STACKED_OMNIDIRECTIONAL: u8 = 73;
        const EXPANDED_STACKED: u8 = 76;
        let kind = match code.system {
            CodeSystem::DatabarStackedOmnidirectional => STACKED_OMNIDIRECTIONAL,
            CodeSystem::DatabarExpandedStacked => EXPANDED_STACKED,
            _ => STACKED,
        };
        let content = [&[kind], code.content.as_bytes()].concat();
        Ok(vec![
            It::DataBarModuleWidth(Ranged::new(self.wished_module(code).clamp(2, 8))?),
            It::DataBarMaximumWidth(0),
            It::DataBarStore(SymbolData::new(content)?),
            It::DataBarPrint,
        ])
    }
}

fn maxi_code(code: &Code) -> Result<Vec<It>, LayoutError> {
    let mode = It::MaxiCodeMode(MaxiCodeMode::Standard);
    Ok(vec![mode, It::MaxiCodeStore(data(code)?), It::MaxiCodePrint])
}

fn data<const CN: u8>(code: &Code) -> Result<SymbolData<CN>, LayoutError> {
    Ok(SymbolData::new(code.content.as_bytes().to_vec())?)
}

/// Returns a module's dots as those codes have them, two at least.
fn ranged(module: usize) -> Result<Ranged<2, 16>, LayoutError> {
    Ok(Ranged::new(u8::try_from(module).unwrap_or(u8::MAX).clamp(2, 16))?)
}
