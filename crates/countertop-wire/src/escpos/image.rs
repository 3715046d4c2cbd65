//! Commands that store or print pictures.

use super::bit_image::{DownloadBitImage, NvBitImages, NvPrint, VerticalImage, WindowsBitmap};
use super::graphics::{ColumnGraphics, Graphics};
use super::graphics_memory::{GraphicsDefinition, GraphicsPrint, ReferenceDensity};
use super::picture::{ColumnImage, Raster, RasterScale};
use super::table::{choice, commands};
use super::{ESC, FS, GS, KeyCode};

commands! {
    /// Stores or prints a picture.
    Image {
        /// ESC *: a strip of columns, 8 or 24 dots high, as a part of the line.
        Columns(ColumnImage) = [ESC, b'*'];
        /// GS v 0: rows of dots.
        Raster(Raster) = [GS, b'v', b'0'];
        /// GS Q 0: columns of dots.
        Vertical(VerticalImage) = [GS, b'Q', b'0'];
        /// GS ( L, function 50: prints the stored graphics.
        PrintGraphics(PrintGraphics) = [GS, b'(', b'L', 0x02, 0x00, 0x30];
        /// GS ( L or GS 8 L, function 112: stores graphics of rows.
        StoreGraphics(Graphics) = [GS];
        /// GS ( L or GS 8 L, function 113: stores graphics of columns.
        StoreColumnGraphics(ColumnGraphics) = [GS];
        /// GS ( L, function 48: asks for the capacity of the NV graphics memory.
        NvCapacity = [GS, b'(', b'L'] counted [0x30, 0x30 | 0x00];
        /// GS ( L, function 49: dots per inch that graphics are meant for.
        ReferenceDensity(ReferenceDensity) = [GS, b'(', b'L'] counted [0x30, 0x31 | 0x01];
        /// GS ( L, function 51: asks how much of the NV graphics memory is left.
        NvRemaining = [GS, b'(', b'L'] counted [0x30, 0x33 | 0x03];
        /// GS ( L, function 52: asks how much of the download graphics memory is left.
        DownloadRemaining = [GS, b'(', b'L'] counted [0x30, 0x34 | 0x04];
        /// GS ( L, function 64: asks for the key codes of NV graphics.
        NvKeyCodes = [GS, b'(', b'L'] counted [0x30, 0x40, 0x4B, 0x43];
        /// GS ( L, function 65: deletes all NV graphics.
        DeleteAllNvGraphics = [GS, b'(', b'L'] counted [0x30, 0x41, 0x43, 0x4C, 0x52];
        /// GS ( L, function 66: deletes NV graphics.
        DeleteNvGraphics(KeyCode) = [GS, b'(', b'L'] counted [0x30, 0x42];
        /// GS ( L or GS 8 L, function 67: defines NV graphics of rows.
        DefineNvGraphics(GraphicsDefinition<67>) = [GS];
        /// GS ( L or GS 8 L, function 68: defines NV graphics of columns.
        DefineNvColumnGraphics(GraphicsDefinition<68>) = [GS];
        /// GS ( L, function 69: prints NV graphics.
        PrintNvGraphics(GraphicsPrint) = [GS, b'(', b'L'] counted [0x30, 0x45];
        /// GS ( L, function 80: asks for the key codes of download graphics.
        DownloadKeyCodes = [GS, b'(', b'L'] counted [0x30, 0x50, 0x4B, 0x43];
        /// GS ( L, function 81: deletes all download graphics.
        DeleteAllDownloadGraphics = [GS, b'(', b'L'] counted [0x30, 0x51, 0x43, 0x4C, 0x52];
        /// GS ( L, function 82: deletes download graphics.
        DeleteDownloadGraphics(KeyCode) = [GS, b'(', b'L'] counted [0x30, 0x52];
        /// GS ( L or GS 8 L, function 83: defines download graphics of rows.
        DefineDownloadGraphics(GraphicsDefinition<83>) = [GS];
        /// GS ( L or GS 8 L, function 84: defines download graphics of columns.
        DefineDownloadColumnGraphics(GraphicsDefinition<84>) = [GS];
        /// GS ( L, function 85: prints download graphics.
        PrintDownloadGraphics(GraphicsPrint) = [GS, b'(', b'L'] counted [0x30, 0x55];
        /// GS D: defines NV or download graphics from a Windows bitmap.
        DefineWindowsBitmap(WindowsBitmap) = [GS, b'D', 0x30];
        /// FS p: prints an NV bit image.
        PrintNvBitImage(NvPrint) = [FS, b'p'];
        /// FS q: defines all NV bit images anew.
        DefineNvBitImages(NvBitImages) = [FS, b'q'];
        /// GS *: defines the download bit image.
        DefineDownloadBitImage(DownloadBitImage) = [GS, b'*'];
        /// GS /: prints the download bit image.
        PrintDownloadBitImage(RasterScale) = [GS, b'/'];
    }
}

choice! {
    /// Is the number of the function that prints stored graphics.
    PrintGraphics {
        /// Function 50.
        Function50 = 0x32 | 0x02;
    }
}
