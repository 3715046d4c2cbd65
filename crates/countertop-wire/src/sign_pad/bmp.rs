//! Windows bitmaps of one bit a dot (BITMAPFILEHEADER and BITMAPINFOHEADER).

use crate::jbig::{Bitmap, JbigError};

use super::PictureError;

/// Both headers and a palette of two colours.
const DATA_AT: u32 = 14 + 40 + 8;

/// White and black, blue first.
const PALETTE: [u8; 8] = [0xff, 0xff, 0xff, 0, 0, 0, 0, 0];

/// Encodes a picture with the bottom row first; a set bit is black.
pub(super) fn encode(bitmap: &Bitmap) -> Vec<u8> {
    let stride = bitmap.width().div_ceil(32) * 4;
    let size = stride * bitmap.height();
    let mut out = b"BM".to_vec();
    for field in [DATA_AT + size, 0, DATA_AT, 40, bitmap.width(), bitmap.height()] {
        out.extend(field.to_le_bytes());
    }
    // One plane, one bit a dot, not compressed, no resolution, two colours.
    out.extend([1, 0, 1, 0]);
    for field in [0, size, 0, 0, 2, 2] {
        out.extend(u32::to_le_bytes(field));
    }
    out.extend(PALETTE);
    for y in (0..bitmap.height()).rev() {
        let row = bitmap.row(y);
        out.extend_from_slice(row);
        out.extend(core::iter::repeat_n(0, stride as usize - row.len()));
    }
    out
}

/// Decodes a picture; the darker colour of the palette counts as black.
pub(super) fn decode(bytes: &[u8]) -> Result<Bitmap, PictureError> {
    let head = Head::parse(bytes)?;
    let stride = (head.width.div_ceil(32) * 4) as usize;
    let row_length = head.width.div_ceil(8) as usize;
    let data = bytes.get(head.data_at..).unwrap_or_default();
    let mut rows = Vec::with_capacity(row_length * head.height as usize);
    for y in 0..head.height {
        let place = if head.top_down { y } else { head.height - 1 - y };
        let row = data.chunks_exact(stride).nth(place as usize);
        let row = row.ok_or(PictureError::Bmp("length"))?;
        rows.extend(row[..row_length].iter().map(|byte| byte ^ head.invert));
    }
    Ok(Bitmap::from_rows(head.width, head.height, rows)?)
}

/// Is what the headers say.
struct Head {
    data_at: usize,
    width: u32,
    height: u32,
    top_down: bool,
    invert: u8,
}

impl Head {
    fn parse(bytes: &[u8]) -> Result<Self, PictureError> {
        let field = |at: usize, name| {
            let field = bytes.get(at..at + 4).and_then(|field| <[u8; 4]>::try_from(field).ok());
            field.map(u32::from_le_bytes).ok_or(PictureError::Bmp(name))
        };
        let info_length = field(14, "header")?;
        // The height of a bitmap with the top row first is negative.
        let height = field(22, "height")?.cast_signed();
        let width = field(18, "width")?;
        if field(26, "depth")? >> 16 != 1 {
            return Err(PictureError::Bmp("depth"));
        }
        if field(30, "compression")? != 0 {
            return Err(PictureError::Bmp("compression"));
        }
        let size = JbigError::Size { width, height: height.unsigned_abs() };
        if width > Bitmap::MAX_SIDE || height.unsigned_abs() > Bitmap::MAX_SIDE {
            return Err(size.into());
        }
        let palette = bytes.get((14usize).saturating_add(info_length as usize)..);
        Ok(Self {
            data_at: field(10, "offset")? as usize,
            width,
            height: height.unsigned_abs(),
            top_down: height < 0,
            invert: if first_is_darker(palette.unwrap_or_default()) { 0xff } else { 0 },
        })
    }
}

fn first_is_darker(palette: &[u8]) -> bool {
    let Some(&[b0, g0, r0, _, b1, g1, r1, _]) = palette.first_chunk() else { return false };
    let light = |colour: [u8; 3]| colour.map(u32::from).iter().sum::<u32>();
    light([b0, g0, r0]) < light([b1, g1, r1])
}
