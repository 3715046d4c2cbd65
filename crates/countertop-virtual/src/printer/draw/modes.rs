//! What commands set and later commands use.

use countertop_wire::escpos::{
    Align, Character, Font, Graphics, HriPosition, Kanji, Magnification, Position, PrintMode,
    QrContent, QrErrorCorrection, QrModel, Rotation, Symbol, Underline,
};

use super::font::Cell;

/// Is all settings of a printer, with those of ESC @ as default.
#[derive(Debug, Clone)]
pub(super) struct Modes {
    pub(super) align: Align,
    pub(super) font: Font,
    pub(super) bold: bool,
    pub(super) underline: usize,
    pub(super) invert: bool,
    pub(super) upside_down: bool,
    pub(super) rotated: bool,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) spacing: usize,
    pub(super) line_spacing: usize,
    pub(super) tabs: Vec<usize>,
    pub(super) code_page: u8,
    pub(super) international: u8,
    pub(super) kanji: KanjiModes,
    pub(super) left_margin: usize,
    pub(super) area_width: Option<usize>,
    pub(super) units: Units,
    pub(super) qr: QrModes,
    pub(super) barcode: BarcodeModes,
    pub(super) graphics: Option<Graphics>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct KanjiModes {
    pub(super) on: bool,
    /// The first byte of a character whose second has not come.
    pub(super) lead: Option<u8>,
    pub(super) underline: usize,
    pub(super) before: usize,
    pub(super) after: usize,
}

#[derive(Debug, Clone)]
pub(super) struct QrModes {
    pub(super) model: QrModel,
    pub(super) module: usize,
    pub(super) correction: QrErrorCorrection,
    pub(super) content: Option<QrContent>,
}

#[derive(Debug, Clone)]
pub(super) struct BarcodeModes {
    pub(super) height: usize,
    pub(super) module: usize,
    pub(super) text: HriPosition,
    pub(super) font: Font,
}

/// Is the motion units of GS P: parts of an inch, nought for dots.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Units {
    across: usize,
    down: usize,
}

/// Dots of an inch of the head.
const DPI: usize = 203;

impl Units {
    pub(super) fn horizontal(self, units: usize) -> usize {
        (units * DPI).checked_div(self.across).unwrap_or(units)
    }

    pub(super) fn vertical(self, units: usize) -> usize {
        (units * DPI).checked_div(self.down).unwrap_or(units)
    }
}

/// Dots of a line at the default spacing, 3.75 mm.
const LINE_SPACING: usize = 30;

impl Default for Modes {
    fn default() -> Self {
        Self {
            align: Align::Left,
            font: Font::A,
            bold: false,
            underline: 0,
            invert: false,
            upside_down: false,
            rotated: false,
            width: 1,
            height: 1,
            spacing: 0,
            line_spacing: LINE_SPACING,
            tabs: (1..32).map(|stop| stop * 8).collect(),
            code_page: 0,
            international: 0,
            kanji: KanjiModes::default(),
            left_margin: 0,
            area_width: None,
            units: Units::default(),
            qr: QrModes {
                model: QrModel::Two,
                module: 3,
                correction: QrErrorCorrection::L,
                content: None,
            },
            barcode: BarcodeModes {
                height: 162,
                module: 3,
                text: HriPosition::None,
                font: Font::A,
            },
            graphics: None,
        }
    }
}

impl Modes {
    /// Returns the cell of a narrow character.
    pub(super) fn cell(&self) -> Cell {
        cell(self.font)
    }

    pub(super) fn set_character(&mut self, command: &Character) {
        match command {
            Character::Spacing(dots) => self.spacing = self.units.horizontal(usize::from(*dots)),
            Character::PrintMode(mode) => self.print_mode(*mode),
            Character::Underline(line) => self.underline = thickness(*line),
            Character::Emphasized(on) | Character::DoubleStrike(on) => self.bold = *on,
            Character::Font(font) => self.font = *font,
            Character::Rotation(rotation) => self.rotated = *rotation != Rotation::Off,
            Character::UpsideDown(on) => self.upside_down = *on,
            Character::InternationalSet(set) => self.international = *set,
            Character::CodePage(page) => self.code_page = *page,
            Character::Size(size) => self.size(size.width, size.height),
            Character::Invert(on) => self.invert = *on,
            _ => {}
        }
    }

    fn print_mode(&mut self, mode: PrintMode) {
        self.font = if mode.font_b { Font::B } else { Font::A };
        self.bold = mode.emphasized;
        self.underline = usize::from(mode.underline);
        self.width = 1 + usize::from(mode.double_width);
        self.height = 1 + usize::from(mode.double_height);
    }

    fn size(&mut self, width: Magnification, height: Magnification) {
        self.width = usize::from(width.factor());
        self.height = usize::from(height.factor());
    }

    pub(super) fn set_kanji(&mut self, command: &Kanji) {
        match command {
            Kanji::Enter => self.kanji.on = true,
            Kanji::Leave => self.kanji.on = false,
            Kanji::PrintMode(mode) => {
                self.kanji.underline = usize::from(mode.underline);
                self.width = 1 + usize::from(mode.double_width);
                self.height = 1 + usize::from(mode.double_height);
            }
            Kanji::Underline(line) => self.kanji.underline = thickness(*line),
            Kanji::Spacing(spacing) => {
                self.kanji.before = self.units.horizontal(usize::from(spacing.left));
                self.kanji.after = self.units.horizontal(usize::from(spacing.right));
            }
            Kanji::Quadruple(on) => {
                let factor = 1 + usize::from(*on);
                (self.width, self.height) = (factor, factor);
            }
            _ => {}
        }
        self.kanji.lead = None;
    }

    pub(super) fn set_position(&mut self, command: &Position) {
        match command {
            Position::Align(align) => self.align = *align,
            Position::DefaultLineSpacing => self.line_spacing = LINE_SPACING,
            Position::LineSpacing(units) => {
                self.line_spacing = self.units.vertical(usize::from(*units));
            }
            Position::TabStops(stops) => {
                self.tabs = stops.columns().iter().map(|column| usize::from(*column)).collect();
            }
            Position::LeftMargin(units) => {
                self.left_margin = self.units.horizontal(usize::from(*units));
            }
            Position::AreaWidth(units) => {
                self.area_width = Some(self.units.horizontal(usize::from(*units)));
            }
            Position::MotionUnits(units) => {
                self.units = Units {
                    across: usize::from(units.horizontal),
                    down: usize::from(units.vertical),
                };
            }
            _ => {}
        }
    }

    pub(super) fn set_symbol(&mut self, command: &Symbol) {
        match command {
            Symbol::QrModel(model) => self.qr.model = *model,
            Symbol::QrModuleSize(size) => self.qr.module = usize::from(size.dots()),
            Symbol::QrErrorCorrection(level) => self.qr.correction = *level,
            Symbol::QrStore(content) => self.qr.content = Some(content.clone()),
            Symbol::HriPosition(position) => self.barcode.text = *position,
            Symbol::HriFont(font) => {
                self.barcode.font = if font & 1 == 1 { Font::B } else { Font::A };
            }
            Symbol::BarcodeHeight(dots) => self.barcode.height = usize::from(*dots).max(1),
            Symbol::BarcodeWidth(dots) => self.barcode.module = usize::from(*dots).clamp(1, 6),
            _ => {}
        }
    }
}

fn thickness(line: Underline) -> usize {
    match line {
        Underline::Thin => 1,
        Underline::Thick => 2,
        _ => 0,
    }
}

/// Returns the dots of a font's characters.
pub(super) fn cell(font: Font) -> Cell {
    match font {
        Font::A => Cell { width: 12, height: 24, wide: false },
        _ => Cell { width: 9, height: 17, wide: false },
    }
}

/// The dots of a wide character.
pub(super) const WIDE: Cell = Cell { width: 24, height: 24, wide: true };
