//! How characters look.

use countertop_draw::glyph::Cell;
use countertop_wire::escpos::{
    Character, CharacterColour, Font, Kanji, KanjiFont, Magnification, PrintMode, Rotation,
    TextEncoding, Underline, WideSet,
};

use super::Modes;

/// Is the look of narrow characters, and what all have in common.
#[derive(Debug, Clone)]
pub(in crate::printer::draw) struct CharacterModes {
    pub(in crate::printer::draw) font: Font,
    pub(in crate::printer::draw) emphasized: bool,
    pub(in crate::printer::draw) double_strike: bool,
    pub(in crate::printer::draw) underline: LineBelow,
    pub(in crate::printer::draw) invert: bool,
    pub(in crate::printer::draw) upside_down: bool,
    pub(in crate::printer::draw) rotation: Rotation,
    pub(in crate::printer::draw) smoothing: bool,
    pub(in crate::printer::draw) width: usize,
    pub(in crate::printer::draw) height: usize,
    pub(in crate::printer::draw) code_page: u8,
    pub(in crate::printer::draw) international: u8,
    /// Whether user-defined characters replace others.
    pub(in crate::printer::draw) user_defined: bool,
    /// Whether characters are printed without ink.
    pub(in crate::printer::draw) colourless: bool,
    /// Whether text is UTF-8.
    pub(in crate::printer::draw) utf8: bool,
    /// Bytes of a character of UTF-8 whose others have not come.
    pub(in crate::printer::draw) pending: Vec<u8>,
}

/// Is the look of wide characters.
#[derive(Debug, Clone)]
pub(in crate::printer::draw) struct KanjiModes {
    pub(in crate::printer::draw) on: bool,
    pub(in crate::printer::draw) set: WideSet,
    /// The first byte of a character whose second has not come.
    pub(in crate::printer::draw) lead: Option<u8>,
    pub(in crate::printer::draw) underline: LineBelow,
    pub(in crate::printer::draw) cell: Cell,
    pub(in crate::printer::draw) width: usize,
    pub(in crate::printer::draw) height: usize,
}

/// Is the line below characters. ESC - and FS - set its thickness, which outlasts being switched off; ESC !
/// and FS ! switch it on and off alone (Epson, TM-T88III Programming Guide, p. 107; TM-T88III
/// Specification, FS -).
#[derive(Debug, Clone, Copy)]
pub(in crate::printer::draw) struct LineBelow {
    on: bool,
    thickness: usize,
}

impl Default for LineBelow {
    fn default() -> Self {
        Self { on: false, thickness: 1 }
    }
}

impl LineBelow {
    /// Returns how many rows of dots are black.
    pub(in crate::printer::draw) fn rows(self) -> usize {
        if self.on { self.thickness } else { 0 }
    }

    fn set(&mut self, line: Underline) {
        self.on = line != Underline::Off;
        match line {
            Underline::Thin => self.thickness = 1,
            Underline::Thick => self.thickness = 2,
            _ => {}
        }
    }
}

impl Default for CharacterModes {
    fn default() -> Self {
        Self {
            font: Font::A,
            emphasized: false,
            double_strike: false,
            underline: LineBelow::default(),
            invert: false,
            upside_down: false,
            rotation: Rotation::Off,
            smoothing: false,
            width: 1,
            height: 1,
            code_page: 0,
            international: 0,
            user_defined: false,
            colourless: false,
            utf8: false,
            pending: Vec::new(),
        }
    }
}

impl CharacterModes {
    fn size(&mut self, width: Magnification, height: Magnification) {
        self.width = usize::from(width.factor());
        self.height = usize::from(height.factor());
    }

    fn print_mode(&mut self, mode: PrintMode) {
        self.font = if mode.font_b { Font::B } else { Font::A };
        self.emphasized = mode.emphasized;
        self.underline.on = mode.underline;
        self.double(mode.double_width, mode.double_height);
    }

    fn double(&mut self, width: bool, height: bool) {
        self.width = 1 + usize::from(width);
        self.height = 1 + usize::from(height);
    }
}

const WIDE: Cell = Cell { width: 24, height: 24, wide: true };

impl KanjiModes {
    /// Chinese and Korean printers begin in Kanji mode off, as all others do.
    pub(super) fn new(set: WideSet) -> Self {
        let underline = LineBelow::default();
        Self { on: false, set, lead: None, underline, cell: WIDE, width: 1, height: 1 }
    }

    fn double(&mut self, width: bool, height: bool) {
        self.width = 1 + usize::from(width);
        self.height = 1 + usize::from(height);
    }
}

impl Modes {
    pub(in crate::printer::draw) fn set_character(&mut self, command: &Character) {
        let it = &mut self.character;
        match command {
            Character::Spacing(dots) => {
                self.spacing.right = self.units.horizontal(usize::from(*dots));
            }
            Character::PrintMode(mode) => it.print_mode(*mode),
            Character::Underline(line) => it.underline.set(*line),
            Character::Emphasized(on) => it.emphasized = *on,
            Character::DoubleStrike(on) => it.double_strike = *on,
            Character::Font(font) => it.font = *font,
            Character::Rotation(rotation) => it.rotation = *rotation,
            Character::InternationalSet(set) => it.international = *set,
            Character::CodePage(page) => it.code_page = *page,
            Character::UserDefined(on) => it.user_defined = *on,
            // Paper has one colour; the second prints black too.
            Character::Colour(_) => it.colourless = false,
            Character::CharacterColour(colour) => it.colourless = *colour == CharacterColour::None,
            // GS ! is for all characters, ESC ! for narrow ones, FS ! and FS W for wide ones.
            Character::Size(size) => {
                it.size(size.width, size.height);
                (self.kanji.width, self.kanji.height) = (it.width, it.height);
            }
            Character::Invert(on) => it.invert = *on,
            Character::Smoothing(on) => it.smoothing = *on,
            _ => {}
        }
    }

    pub(in crate::printer::draw) fn set_kanji(&mut self, command: &Kanji) {
        let it = &mut self.kanji;
        match command {
            Kanji::Enter => it.on = true,
            Kanji::Leave => it.on = false,
            Kanji::PrintMode(mode) => {
                it.underline.on = mode.underline;
                it.double(mode.double_width, mode.double_height);
            }
            Kanji::Underline(line) => it.underline.set(*line),
            Kanji::Spacing(spacing) => {
                self.spacing.before_wide = self.units.horizontal(usize::from(spacing.left));
                self.spacing.after_wide = self.units.horizontal(usize::from(spacing.right));
            }
            Kanji::Quadruple(on) => it.double(*on, *on),
            Kanji::Font(font) => it.cell = kanji_cell(*font),
            Kanji::Encoding(encoding) => self.character.utf8 = *encoding == TextEncoding::Utf8,
            _ => {}
        }
        self.kanji.lead = None;
    }
}

fn kanji_cell(font: KanjiFont) -> Cell {
    match font {
        KanjiFont::B => Cell { width: 20, ..WIDE },
        KanjiFont::C => Cell { width: 16, height: 16, ..WIDE },
        _ => WIDE,
    }
}
