//! Pictures.

use countertop_wire::escpos::{ColumnImage, Raster};

use super::{Bitmap, Drawing};

impl Drawing {
    pub(super) fn print_raster(&mut self, raster: &Raster) {
        let width = usize::from(raster.bytes_per_row()) * 8;
        let (across, down) = raster.scale().factors();
        let picture = Bitmap::from_rows(width, raster.data().to_vec());
        self.print_picture(&picture.scaled(usize::from(across), usize::from(down)));
    }

    pub(super) fn print_graphics(&mut self) {
        let Some(graphics) = self.modes.graphics.take() else { return };
        let (across, down) = graphics.scale();
        let picture = Bitmap::from_rows(usize::from(graphics.width()), graphics.data().to_vec());
        self.print_picture(&picture.scaled(usize::from(across), usize::from(down)));
    }

    /// Prints a picture; strips that follow each other are one picture in the text.
    fn print_picture(&mut self, picture: &Bitmap) {
        const MARK: &str = "[picture]\n";
        self.print_line();
        let told = self.text.ends_with(MARK);
        self.line.put(picture.clone());
        self.print_line();
        if !told {
            self.text.push_str(MARK);
        }
    }

    /// Appends a strip of columns to the line.
    pub(super) fn print_columns(&mut self, strip: &ColumnImage) {
        let height = usize::from(strip.density().bytes_per_column());
        let mut out = Bitmap::new(usize::from(strip.columns()), height * 8);
        for (x, column) in strip.data().chunks(height).enumerate() {
            let bits = (0..height * 8).filter(|y| column[y / 8] & (0x80 >> (y % 8)) != 0);
            bits.for_each(|y| out.blacken(x, y));
        }
        let (across, down) = strip.density().factors();
        self.line.put(out.scaled(usize::from(across), usize::from(down)));
    }
}
