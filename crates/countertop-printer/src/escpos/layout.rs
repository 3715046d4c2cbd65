//! From documents to commands.

use countertop_device::document::{self, Block, Document, Picture, Style};
use countertop_wire::escpos::{
    Align, Character, Command, Cut, Image, Kanji, Mechanism, OutOfRange, Position, QrContent,
    QrErrorCorrection, QrModel, QrModuleSize, Raster, RasterScale, Size, Symbol, TextEncoder,
    Underline,
};

use super::EscPosSettings;
use crate::wrap::Measure;

/// Bytes that no command of a job exceeds, so that a printer's buffer takes each whole, and so many
/// NUL bytes end any command that was broken off.
pub(super) const MAX_COMMAND: usize = 4096;

/// Bytes that a QR code of level M holds, by version (ISO/IEC 18004, table 7).
const QR_CAPACITY: [u16; 40] = [
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911,
    1989, 2099, 2213, 2331,
];

/// Says what of a document this printer cannot print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// A picture is wider than the paper.
    #[error("a picture of {width} dots does not fit on paper of {dots} dots")]
    PictureTooWide {
        /// The picture's width.
        width: u32,
        /// The printer's.
        dots: u16,
    },
    /// A QR code's content does not fit on the paper.
    #[error("a QR code of {length} bytes does not fit on paper of {dots} dots")]
    QrTooLong {
        /// The content's length.
        length: usize,
        /// The printer's width.
        dots: u16,
    },
    /// A value that cannot be sent.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// Encodes `document` for a printer with these settings, from its initialisation on.
///
/// # Errors
///
/// When a picture or a QR code does not fit on the paper.
pub fn encode(document: &Document, settings: &EscPosSettings) -> Result<Vec<u8>, LayoutError> {
    let mut layout = Layout::new(settings);
    for block in &document.blocks {
        layout.block(block)?;
    }
    Ok(layout.out)
}

struct Layout<'a> {
    settings: &'a EscPosSettings,
    encoder: TextEncoder,
    style: Style,
    align: document::Align,
    out: Vec<u8>,
}

impl<'a> Layout<'a> {
    fn new(settings: &'a EscPosSettings) -> Self {
        let chinese = settings.capabilities.chinese;
        let mut layout = Self {
            settings,
            encoder: TextEncoder::new(chinese),
            style: Style::PLAIN,
            align: document::Align::Left,
            out: Vec::with_capacity(1024),
        };
        layout.put(Mechanism::Initialize);
        if chinese {
            // Chinese models differ in whether they start in Kanji mode.
            layout.put(Kanji::Leave);
        }
        layout
    }

    fn put(&mut self, command: impl Into<Command>) {
        command.into().emit(&mut self.out);
    }

    fn block(&mut self, block: &Block) -> Result<(), LayoutError> {
        match block {
            Block::Text { text, align, style } => {
                self.lines(&self.measure(*style).lines(text), *align, *style);
            }
            Block::Columns { left, right, style } => {
                let lines = self.measure(*style).columns(left, right);
                self.lines(&lines, document::Align::Left, *style);
            }
            Block::Rule(_) => {
                let line = "-".repeat(usize::from(self.settings.capabilities.columns));
                self.lines(&[line], document::Align::Left, Style::PLAIN);
            }
            Block::Feed(lines) => self.put(Position::FeedLines(*lines)),
            Block::Code(code) => self.qr(&code.content)?,
            Block::Picture(picture) => self.picture(picture)?,
            Block::Cut => self.cut(),
            // A kind of block that this version does not know takes no place.
            _ => {}
        }
        Ok(())
    }

    fn measure(&self, style: Style) -> Measure {
        let columns = usize::from(self.settings.capabilities.columns);
        let columns = columns / usize::from(style.size.width());
        Measure { columns, chinese: self.settings.capabilities.chinese }
    }

    fn lines(&mut self, lines: &[String], align: document::Align, style: Style) {
        self.align(align);
        self.style(style);
        for line in lines {
            self.encoder.encode(line, &mut self.out);
            self.put(Position::LineFeed);
        }
    }

    fn align(&mut self, align: document::Align) {
        if self.align == align {
            return;
        }
        self.align = align;
        self.put(Position::Align(match align {
            document::Align::Left => Align::Left,
            document::Align::Centre => Align::Centre,
            document::Align::Right => Align::Right,
        }));
    }

    fn style(&mut self, style: Style) {
        let old = core::mem::replace(&mut self.style, style);
        if old.bold != style.bold {
            self.put(Character::Emphasized(style.bold));
        }
        if old.underline != style.underline {
            let line = match style.underline {
                document::Underline::Thin => Underline::Thin,
                document::Underline::Thick => Underline::Thick,
                document::Underline::None => Underline::Off,
            };
            self.put(Character::Underline(line));
            if self.settings.capabilities.chinese {
                self.put(Kanji::Underline(line));
            }
        }
        let size = |style: Style| Size::double(style.size.width() > 1, style.size.height() > 1);
        if size(old) != size(style) {
            self.put(Character::Size(size(style)));
        }
    }

    fn qr(&mut self, content: &str) -> Result<(), LayoutError> {
        let module = self.qr_module(content.len())?;
        self.align(document::Align::Centre);
        self.quiet_zone(module);
        self.put(Symbol::QrModel(QrModel::Two));
        self.put(Symbol::QrModuleSize(module));
        self.put(Symbol::QrErrorCorrection(QrErrorCorrection::M));
        self.put(Symbol::QrStore(QrContent::new(content.as_bytes().to_vec())?));
        self.put(Symbol::QrPrint);
        self.quiet_zone(module);
        Ok(())
    }

    /// Leaves four modules free, as scanners need (ISO/IEC 18004, 6.3.8).
    fn quiet_zone(&mut self, module: QrModuleSize) {
        self.put(Position::FeedDots(4 * module.dots()));
    }

    /// Returns the dots of a module: as set, or fewer when the code would be wider than the paper.
    fn qr_module(&self, length: usize) -> Result<QrModuleSize, LayoutError> {
        let dots = self.settings.capabilities.dots;
        let error = LayoutError::QrTooLong { length, dots };
        let version = (1_u16..).zip(QR_CAPACITY).find(|(_, bytes)| length <= usize::from(*bytes));
        let Some((version, _)) = version else { return Err(error) };
        let fit = dots / (17 + 4 * version);
        let module = u8::try_from(fit).unwrap_or(u8::MAX).min(self.settings.qr_module);
        QrModuleSize::new(module).ok_or(error)
    }

    /// Prints a picture in strips that fit a printer's buffer.
    fn picture(&mut self, picture: &Picture) -> Result<(), LayoutError> {
        let dots = self.settings.capabilities.dots;
        let too_wide = LayoutError::PictureTooWide { width: picture.width, dots };
        let width = u16::try_from(picture.width).ok().filter(|width| *width <= dots);
        let stride = width.ok_or(too_wide)?.div_ceil(8);
        if stride == 0 {
            return Ok(());
        }
        self.align(document::Align::Centre);
        let strip = usize::from(stride) * ((MAX_COMMAND - 8) / usize::from(stride)).clamp(1, 255);
        let whole = picture.rows.len() / usize::from(stride) * usize::from(stride);
        for rows in picture.rows[..whole].chunks(strip) {
            self.put(Image::Raster(Raster::new(RasterScale::Normal, stride, rows.to_vec())?));
        }
        Ok(())
    }

    fn cut(&mut self) {
        match self.settings.cut {
            Some(shape) => self.put(Mechanism::Cut(Cut::Feed(shape, 0))),
            // Brings the last line past the edge where a person tears.
            None => self.put(Position::FeedLines(4)),
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::Settings;

    use super::*;

    fn encoded(document: &Document) -> Vec<u8> {
        let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
        encode(document, &settings).unwrap()
    }

    #[test]
    fn a_receipt_has_these_bytes() {
        let mut document = Document::new();
        document.centred("OK", Style::LARGE).columns("A", "B").rule().cut();
        let mut expected = b"\x1B@\x1C.\x1Ba\x01\x1BE\x01\x1D!\x11OK\n".to_vec();
        expected.extend(b"\x1Ba\x00\x1BE\x00\x1D!\x00A");
        expected.extend([b' '; 30]);
        expected.extend(b"B\n--------------------------------\n\x1DVB\x00");
        assert_eq!(encoded(&document), expected);
    }

    #[test]
    fn text_cannot_kick_the_drawer() {
        let mut document = Document::new();
        document.line("Shop\u{1B}p\u{0}22").columns("a\u{10}", "\u{1D}V\u{0}");
        let bytes = encoded(&document);
        let control = |byte: &&u8| **byte < 0x20 && **byte != 0x0A;
        assert_eq!(bytes.iter().filter(control).count(), 2, "{bytes:02X?}");
    }

    #[test]
    fn large_codes_get_smaller_modules_and_then_an_error() {
        let module = |length: usize| {
            let mut document = Document::new();
            document.qr("x".repeat(length));
            let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
            let bytes = encode(&document, &settings)?;
            let place = bytes.windows(4).position(|four| four == b"\x03\x00\x31\x43").unwrap();
            Ok::<u8, LayoutError>(bytes[place + 4])
        };
        assert_eq!(module(20), Ok(6));
        assert_eq!(module(300), Ok(5));
        assert_eq!(module(2331), Ok(2));
        assert_eq!(module(2332), Err(LayoutError::QrTooLong { length: 2332, dots: 384 }));
        assert!(module(0).is_err());
    }

    #[test]
    fn pictures_go_in_strips() {
        let mut document = Document::new();
        document.push(Block::Picture(Picture { width: 384, rows: vec![0xAA; 48 * 100] }));
        let bytes = encoded(&document);
        let heads = bytes.windows(5).filter(|five| *five == b"\x1Dv0\x00\x30").count();
        assert_eq!(heads, 2);
        assert_eq!(bytes.len(), 2 + 2 + 3 + 2 * 8 + 4800);
    }

    #[test]
    fn a_picture_wider_than_the_paper_is_refused() {
        let mut document = Document::new();
        document.push(Block::Picture(Picture { width: 385, rows: vec![0; 49] }));
        let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
        let error = encode(&document, &settings).unwrap_err();
        assert_eq!(error.to_string(), "a picture of 385 dots does not fit on paper of 384 dots");
    }
}
