//! Data Matrix (ISO/IEC 16022, ECC 200).

use countertop_wire::escpos::DataMatrixShape;
use datamatrix::{DataMatrix, SymbolList};

use super::SymbolError;
use crate::printer::Bitmap;

/// Encodes bytes in the smallest symbol of a shape.
///
/// # Errors
///
/// When no symbol of the shape holds so much.
pub(in crate::printer) fn data_matrix(
    data: &[u8],
    shape: DataMatrixShape,
) -> Result<Bitmap, SymbolError> {
    let code =
        DataMatrix::encode(data, symbols(shape)).map_err(|_| SymbolError::TooLong(data.len()))?;
    let modules = code.bitmap();
    let mut out = Bitmap::new(modules.width(), modules.height());
    modules.pixels().for_each(|(x, y)| out.blacken(x, y));
    Ok(out)
}

fn symbols(shape: DataMatrixShape) -> SymbolList {
    let exactly = |list: SymbolList, rows: u8, columns: u8| {
        let list = match usize::from(rows) {
            0 => list,
            rows => list.enforce_height_in(rows..=rows),
        };
        match usize::from(columns) {
            0 => list,
            columns => list.enforce_width_in(columns..=columns),
        }
    };
    match shape {
        DataMatrixShape::Square(size) => {
            exactly(SymbolList::default().enforce_square(), size, size)
        }
        DataMatrixShape::Rectangle { rows, columns } => {
            exactly(SymbolList::default().enforce_rectangular(), rows, columns)
        }
    }
}
