//! Graphics that are stored and printed later: in the print buffer, in download and in NV memory.

use std::collections::BTreeMap;

use countertop_wire::escpos::{
    DownloadBitImage, GraphicsDefinition, GraphicsMemory, GraphicsPrint, Image, KeyCode,
    NvBitImage, WindowsBitmap,
};

use super::picture::columns;
use super::{Bitmap, Drawing};

/// Is what a printer has stored.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The print buffer's graphics (function 112 and 113), already magnified.
    buffer: Option<Bitmap>,
    nv: BTreeMap<[u8; 2], Bitmap>,
    download: BTreeMap<[u8; 2], Bitmap>,
    nv_bit_images: Vec<Bitmap>,
    download_bit_image: Option<Bitmap>,
}

impl Memory {
    /// Forgets what ESC @ and switching off clear.
    pub(super) fn forget_downloads(&mut self) {
        self.buffer = None;
        self.download.clear();
        self.download_bit_image = None;
    }

    pub(super) fn key_codes(&self, nv: bool) -> Vec<[u8; 2]> {
        let all = if nv { &self.nv } else { &self.download };
        all.keys().copied().collect()
    }

    /// Puts planes of one picture over each other.
    fn overprint(&mut self, plane: &Bitmap) {
        match &mut self.buffer {
            Some(buffer) => {
                buffer.grow(plane.height());
                buffer.print(plane, 0, 0);
            }
            None => self.buffer = Some(plane.clone()),
        }
    }
}

fn defined<const FN: u8>(definition: &GraphicsDefinition<FN>) -> ([u8; 2], Bitmap) {
    let (width, height) = definition.size();
    let (width, height) = (usize::from(width), usize::from(height));
    let mut out = Bitmap::new(width, height);
    for plane in definition.planes() {
        let plane = if GraphicsDefinition::<FN>::of_columns() {
            columns(&plane.data, height.div_ceil(8), width)
        } else {
            Bitmap::from_rows(width, plane.data.clone())
        };
        out.print(&plane, 0, 0);
    }
    (definition.key().characters(), out)
}

fn nv_bit_image(image: &NvBitImage) -> Bitmap {
    let (width, height) = image.size();
    columns(image.data(), usize::from(height) / 8, usize::from(width))
}

fn download_bit_image(image: &DownloadBitImage) -> Bitmap {
    let (width, height) = image.size();
    columns(image.data(), usize::from(height) / 8, usize::from(width))
}

/// Reads a Windows bitmap of one bit a dot, rows from the bottom; `None` for other kinds.
fn windows_bitmap(file: &[u8]) -> Option<Bitmap> {
    let word = |at: usize| {
        let bytes = file.get(at..at + 4)?;
        bytes.try_into().ok().map(i32::from_le_bytes)
    };
    let bits = file.get(28..30)?;
    let (width, height) = (usize::try_from(word(18)?).ok()?, word(22)?);
    if bits != [1, 0] || width == 0 || width > 8192 || height.unsigned_abs() > 8192 {
        return None;
    }
    let rows = usize::try_from(height.unsigned_abs()).ok()?;
    let stride = width.div_ceil(32) * 4;
    let data = file.get(usize::try_from(word(10)?).ok()?..)?;
    // A palette whose first colour is dark means that 0 is black.
    let dark_is_0 = file.get(54..57).is_some_and(|colour| colour.iter().all(|part| *part < 128));
    let mut out = Bitmap::new(width, rows);
    for (row, line) in data.chunks_exact(stride).take(rows).enumerate() {
        let y = if height > 0 { rows - 1 - row } else { row };
        for x in (0..width).filter(|x| (line[x / 8] & (0x80 >> (x % 8)) == 0) == dark_is_0) {
            out.blacken(x, y);
        }
    }
    Some(out)
}

impl Drawing {
    /// Stores graphics, or prints stored ones.
    pub(super) fn stored_image(&mut self, command: &Image) {
        let memory = &mut self.memory;
        match command {
            Image::StoreGraphics(graphics) => {
                let picture =
                    Bitmap::from_rows(usize::from(graphics.width()), graphics.data().to_vec());
                let (across, down) = graphics.scale();
                memory.overprint(&picture.scaled(usize::from(across), usize::from(down)));
            }
            Image::StoreColumnGraphics(graphics) => {
                let height = usize::from(graphics.height()).div_ceil(8);
                let picture = columns(graphics.data(), height, usize::from(graphics.width()));
                let (across, down) = graphics.scale();
                memory.overprint(&picture.scaled(usize::from(across), usize::from(down)));
            }
            Image::DefineNvGraphics(it) => memory.nv.extend([defined(it)]),
            Image::DefineNvColumnGraphics(it) => memory.nv.extend([defined(it)]),
            Image::DefineDownloadGraphics(it) => memory.download.extend([defined(it)]),
            Image::DefineDownloadColumnGraphics(it) => memory.download.extend([defined(it)]),
            Image::DeleteAllNvGraphics => memory.nv.clear(),
            Image::DeleteAllDownloadGraphics => memory.download.clear(),
            Image::DeleteNvGraphics(key) => {
                memory.nv.remove(&key.characters());
            }
            Image::DeleteDownloadGraphics(key) => {
                memory.download.remove(&key.characters());
            }
            Image::DefineWindowsBitmap(bitmap) => self.define_windows_bitmap(bitmap),
            Image::DefineNvBitImages(images) => {
                memory.nv_bit_images = images.images().iter().map(nv_bit_image).collect();
                // FS q ends with a software reset.
                self.initialize();
            }
            Image::DefineDownloadBitImage(image) => {
                memory.download_bit_image = Some(download_bit_image(image));
            }
            other => self.print_stored(other),
        }
    }

    fn define_windows_bitmap(&mut self, bitmap: &WindowsBitmap) {
        let Some(picture) = windows_bitmap(bitmap.file()) else {
            self.notes.push("not drawn: a Windows bitmap that is not of one bit a dot".into());
            return;
        };
        let memory = match bitmap.memory() {
            GraphicsMemory::Nv => &mut self.memory.nv,
            _ => &mut self.memory.download,
        };
        memory.insert(bitmap.key().characters(), picture);
    }

    fn print_stored(&mut self, command: &Image) {
        match command {
            Image::PrintGraphics(_) => {
                if let Some(picture) = self.memory.buffer.take() {
                    self.print_picture(picture);
                }
            }
            Image::PrintNvGraphics(it) => self.print_by_key(it, true),
            Image::PrintDownloadGraphics(it) => self.print_by_key(it, false),
            Image::PrintNvBitImage(it) => {
                let place = usize::from(it.number.get()) - 1;
                match self.memory.nv_bit_images.get(place).cloned() {
                    Some(picture) => self.print_scaled(&picture, it.scale),
                    None => self.missing(&format!("NV bit image {}", it.number.get())),
                }
            }
            Image::PrintDownloadBitImage(scale) => match self.memory.download_bit_image.clone() {
                Some(picture) => self.print_scaled(&picture, *scale),
                None => self.missing("download bit image"),
            },
            _ => {}
        }
    }

    fn print_by_key(&mut self, print: &GraphicsPrint, nv: bool) {
        let memory = if nv { &self.memory.nv } else { &self.memory.download };
        let Some(picture) = memory.get(&print.key.characters()) else {
            let name = KeyCode::characters(print.key);
            self.missing(&format!("graphics of key {}", name.escape_ascii()));
            return;
        };
        let (across, down) = (usize::from(print.width.get()), usize::from(print.height.get()));
        let picture = picture.scaled(across, down);
        self.print_picture(picture);
    }

    fn missing(&mut self, what: &str) {
        self.notes.push(format!("not drawn: {what}: none is defined"));
    }
}
