//! Pictures, in strips that fit a printer's buffer.

use countertop_device::document::{self, Align, Picture};
use countertop_wire::escpos::{
    ColumnDensity, ColumnImage, Graphics, Image, Position, PrintGraphics, Raster, RasterScale,
};

use super::{LayoutError, MAX_COMMAND, Writer};
use crate::image;
use crate::profile::{ImageCommand, Quirk};

/// The most rows of a strip, so that the paper moves evenly.
const MAX_ROWS: usize = 255;

/// Prints rows of a width in dots.
type PrintRows<W> = fn(&mut W, u16, Vec<u8>) -> Result<(), LayoutError>;

impl Writer<'_> {
    /// Prints a picture of shades.
    pub(super) fn image(&mut self, image: &document::Image) -> Result<(), LayoutError> {
        let picture = image::to_picture(image, self.settings.profile.dots());
        self.picture(&picture, image.align)
    }

    /// Prints a picture with the command that the printer has.
    pub(super) fn picture(&mut self, picture: &Picture, align: Align) -> Result<(), LayoutError> {
        let dots = self.settings.profile.dots();
        let too_wide = LayoutError::PictureTooWide { width: picture.width, dots };
        let width = u16::try_from(picture.width).ok().filter(|width| *width <= dots);
        let width = width.ok_or(too_wide)?;
        if width == 0 {
            return Ok(());
        }
        let profile = &self.settings.profile;
        if profile.has_image(ImageCommand::Raster) {
            self.strips(picture, width, align, Self::raster)
        } else if profile.has_image(ImageCommand::Graphics) {
            self.strips(picture, width, align, Self::graphics)
        } else if profile.has_image(ImageCommand::Columns) {
            self.columns(picture, width, align)
        } else {
            Err(LayoutError::NoPictures)
        }
    }

    /// Tells whether it can print pictures at all.
    pub(super) fn has_pictures(&self) -> bool {
        use ImageCommand as Is;
        [Is::Raster, Is::Graphics, Is::Columns]
            .iter()
            .any(|it| self.settings.profile.has_image(*it))
    }

    /// Prints strips of whole rows.
    fn strips(
        &mut self,
        picture: &Picture,
        width: u16,
        align: Align,
        print: PrintRows<Self>,
    ) -> Result<(), LayoutError> {
        let stride = usize::from(width.div_ceil(8));
        let room = (self.settings.job.receive_buffer / 4).min(MAX_COMMAND).saturating_sub(32);
        let strip = stride * (room / stride).clamp(1, MAX_ROWS);
        let whole = picture.rows.len() / stride * stride;
        for rows in picture.rows.get(..whole).unwrap_or_default().chunks(strip) {
            self.out.begin_line();
            self.out.align(align);
            print(self, width, rows.to_vec())?;
        }
        Ok(())
    }

    fn raster(&mut self, width: u16, rows: Vec<u8>) -> Result<(), LayoutError> {
        let rows = without_real_time_commands(rows);
        let raster = Raster::new(RasterScale::Normal, width.div_ceil(8), rows)?;
        self.out.put(Image::Raster(raster));
        Ok(())
    }

    fn graphics(&mut self, width: u16, rows: Vec<u8>) -> Result<(), LayoutError> {
        let rows = without_real_time_commands(rows);
        self.out.put(Image::StoreGraphics(Graphics::new((1, 1), width, rows)?));
        self.out.put(Image::PrintGraphics(PrintGraphics::Function50));
        Ok(())
    }

    /// Prints strips of columns, each a line as high as the strip.
    fn columns(&mut self, picture: &Picture, width: u16, align: Align) -> Result<(), LayoutError> {
        // The line spacing of an impact printer counts half dots. Others feed a line's height at least, so
        // that units less than a dot, as a TM-T88 has, leave no gap and no overlap.
        let (density, height, spacing) = if self.settings.profile.has_quirk(Quirk::EightPins) {
            (ColumnDensity::Double8, 8, 16)
        } else {
            (ColumnDensity::Double24, 24, 24)
        };
        for strip in picture.rows.chunks(picture.stride() * height) {
            self.out.begin_line();
            self.out.align(align);
            self.out.spacing(Some(spacing));
            let data = columns_of(strip, usize::from(width), picture.stride(), height);
            let data = without_real_time_commands(data);
            self.out.put(Image::Columns(ColumnImage::new(density, data)?));
            self.out.put(Position::LineFeed);
        }
        self.out.spacing(None);
        Ok(())
    }
}

/// Blackens a dot wherever a picture would hold the beginning of a real-time command, which printers
/// execute within pictures too (Epson, DLE EOT, DLE ENQ and DLE DC4).
fn without_real_time_commands(mut data: Vec<u8>) -> Vec<u8> {
    if !has_real_time_command(&data) {
        return data;
    }
    let mut before = 0;
    for byte in &mut data {
        if is_real_time(before, *byte) {
            *byte |= 0x08;
        }
        before = *byte;
    }
    data
}

/// Tells whether data hold the beginning of a real-time command. It looks at every pair, so that the processor
/// looks at many at once.
pub(super) fn has_real_time_command(data: &[u8]) -> bool {
    let pairs = data.iter().zip(data.iter().skip(1));
    pairs.fold(false, |found, (before, byte)| found | is_real_time(*before, *byte))
}

fn is_real_time(before: u8, byte: u8) -> bool {
    const DLE: u8 = 0x10;
    const EOT: u8 = 0x04;
    const ENQ: u8 = 0x05;
    const DC4: u8 = 0x14;
    (before == DLE) & ((byte == EOT) | (byte == ENQ) | (byte == DC4))
}

/// Turns rows into columns of `height` dots, the most significant bit on top.
fn columns_of(rows: &[u8], width: usize, stride: usize, height: usize) -> Vec<u8> {
    let bytes = height / 8;
    let mut out = vec![0; width * bytes];
    for (y, row) in rows.chunks(stride).enumerate() {
        for x in 0..width {
            let black = row.get(x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0);
            if let Some(byte) = out.get_mut(x * bytes + y / 8).filter(|_| black) {
                *byte |= 0x80 >> (y % 8);
            }
        }
    }
    out
}
