//! Pictures.

use countertop_wire::escpos::{ColumnImage, Image, Raster, RasterScale, VerticalImage};

use super::{Bitmap, Drawing};

/// Draws columns of `height` bytes each, the most significant bit on top.
pub(super) fn columns(data: &[u8], height: usize, count: usize) -> Bitmap {
    let mut out = Bitmap::new(count, height * 8);
    for (x, column) in data.chunks_exact(height.max(1)).take(count).enumerate() {
        let bits = (0..height * 8).filter(|y| column[y / 8] & (0x80 >> (y % 8)) != 0);
        bits.for_each(|y| out.blacken(x, y));
    }
    out
}

fn scaled(picture: &Bitmap, scale: RasterScale) -> Bitmap {
    let (across, down) = scale.factors();
    picture.scaled(usize::from(across), usize::from(down))
}

impl Drawing {
    pub(super) fn image(&mut self, command: &Image) {
        match command {
            Image::Columns(strip) => self.print_columns(strip),
            Image::Raster(raster) => self.print_raster(raster),
            Image::Vertical(image) => self.print_vertical(image),
            other => self.stored_image(other),
        }
    }

    fn print_raster(&mut self, raster: &Raster) {
        let width = usize::from(raster.bytes_per_row()) * 8;
        let picture = Bitmap::from_rows(width, raster.data().to_vec());
        self.print_picture(scaled(&picture, raster.scale()));
    }

    fn print_vertical(&mut self, image: &VerticalImage) {
        let height = usize::from(image.bytes_per_column());
        let picture = columns(image.data(), height, usize::from(image.columns()));
        self.print_picture(scaled(&picture, image.scale()));
    }

    pub(super) fn print_scaled(&mut self, picture: &Bitmap, scale: RasterScale) {
        self.print_picture(scaled(picture, scale));
    }

    /// Prints a picture; strips that follow each other are one picture in the text. In page mode it
    /// is a part of the line.
    pub(super) fn print_picture(&mut self, picture: Bitmap) {
        const MARK: &str = "[picture]\n";
        if self.page_mode.is_some() {
            self.line.text.push_str("[picture]");
            self.line.put(picture);
            return;
        }
        self.print_line();
        let told = self.text.ends_with(MARK);
        self.line.put(picture);
        self.print_line();
        if !told {
            self.text.push_str(MARK);
        }
    }

    /// Appends a strip of columns to the line.
    fn print_columns(&mut self, strip: &ColumnImage) {
        let height = usize::from(strip.density().bytes_per_column());
        let out = columns(strip.data(), height, usize::from(strip.columns()));
        let (across, down) = strip.density().factors();
        self.line.put(out.scaled(usize::from(across), usize::from(down)));
    }
}
