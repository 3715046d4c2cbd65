//! Data Matrix (ISO/IEC 16022, ECC 200).

use countertop_wire::escpos::DataMatrixShape;
use datamatrix::{DataMatrix, SymbolList};

use super::SymbolError;
use crate::Bitmap;

/// Encodes bytes in the smallest symbol of a shape.
///
/// # Errors
///
/// When no symbol of the shape holds so much.
pub fn data_matrix(data: &[u8], shape: DataMatrixShape) -> Result<Bitmap, SymbolError> {
    let code = DataMatrix::encode(data, symbols(shape));
    Ok(drawn(&code.map_err(|_| SymbolError::TooLong(data.len()))?))
}

/// Encodes text in the smallest symbol of a shape, as Latin-1, or as UTF-8 with the ECI that says so.
///
/// # Errors
///
/// When no symbol of the shape holds so much.
pub fn data_matrix_text(text: &str, shape: DataMatrixShape) -> Result<Bitmap, SymbolError> {
    let code = DataMatrix::encode_str(text, symbols(shape));
    Ok(drawn(&code.map_err(|_| SymbolError::TooLong(text.len()))?))
}

fn drawn(code: &DataMatrix) -> Bitmap {
    let modules = code.bitmap();
    let mut out = Bitmap::new(modules.width(), modules.height());
    modules.pixels().for_each(|(x, y)| out.blacken(x, y));
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(code: &Bitmap) -> Vec<u8> {
        let rows = (0..code.height()).flat_map(|y| (0..code.width()).map(move |x| (x, y)));
        let pixels: Vec<bool> = rows.map(|(x, y)| code.is_black(x, y)).collect();
        DataMatrix::decode(&pixels, code.width()).unwrap()
    }

    #[test]
    fn shapes_are_those_asked_for() {
        let size = |shape| data_matrix(b"rectangle", shape).map(|it| (it.width(), it.height()));
        assert_eq!(size(DataMatrixShape::Square(0)), Ok((14, 14)));
        assert_eq!(size(DataMatrixShape::Square(20)), Ok((20, 20)));
        assert_eq!(size(DataMatrixShape::Rectangle { rows: 8, columns: 32 }), Ok((32, 8)));
        let small = data_matrix(&[0xFF; 100], DataMatrixShape::Square(10));
        assert_eq!(small, Err(SymbolError::TooLong(100)));
    }

    #[test]
    fn text_says_its_character_set_where_it_has_to() {
        let square = DataMatrixShape::Square(0);
        let text = |text| decoded(&data_matrix_text(text, square).unwrap());
        assert_eq!(text("Data Matrix"), b"Data Matrix");
        assert_eq!(text("ä"), [0xE4]);
        assert_eq!(decoded(&data_matrix(&[0, 0x80, 0xFF], square).unwrap()), [0, 0x80, 0xFF]);
        assert!(data_matrix_text(&"x".repeat(4000), square).is_err());
        // The ECI takes two words more.
        let plain = data_matrix("中中中中".as_bytes(), square).unwrap();
        assert!(data_matrix_text("中中中中", square).unwrap().width() >= plain.width());
    }
}
