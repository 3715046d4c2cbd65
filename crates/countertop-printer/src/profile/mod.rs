//! What printers can do: profiles of models, ours and a user's own.
//!
//! [`Profiles::builtin`] has the models of `profiles.toml`. A user's file adds to them with
//! [`Profiles::with_file`] in the same form, each profile naming only what differs from the one that
//! it inherits:
//!
//! ```
//! use countertop_printer::profile::Profiles;
//!
//! let own = "
//! [profile.counter-3]
//! inherits = \"TM-T88VI\"
//! kanji = \"gb18030\"
//! buffer = 65536
//! ";
//! let profiles = Profiles::builtin().clone().with_file(own).unwrap();
//! let profile = profiles.get("counter-3").unwrap();
//! assert_eq!((profile.dots(), profile.buffer()), (512, 65536));
//! ```
//!
//! The table's facts are largely those of escpos-printer-db (CC BY 4.0); the file says which. The
//! keys are described in `docs/printer-profiles.md`.

mod capability;
mod entry;
mod profiles;
#[cfg(test)]
mod tests;

use core::num::NonZeroU16;

use countertop_device::document::{CodeSystem, Font, QrLevel};
use countertop_wire::escpos::{CharacterSets, Encoding, WideSet};
use serde::Deserialize;

pub use capability::{CutForm, ImageCommand, Quirk};
pub use profiles::{ProfileError, Profiles};

/// Is what a model of printer can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    name: String,
    vendor: String,
    dots: u16,
    dpi: Option<u16>,
    vertical_unit: Option<NonZeroU16>,
    columns: FontColumns,
    code_pages: Vec<CodePage>,
    kanji: Option<WideSet>,
    cut: Vec<CutForm>,
    drawer: bool,
    beeper: bool,
    colours: u8,
    codes: Vec<CodeSystem>,
    images: Vec<ImageCommand>,
    page_mode: bool,
    process_id: bool,
    asb: bool,
    buffer: u32,
    quirks: Vec<Quirk>,
}

/// Is how many narrow characters of each font are in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FontColumns {
    pub(crate) a: u16,
    pub(crate) b: Option<u16>,
    pub(crate) c: Option<u16>,
}

/// Is a code page of a printer's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodePage {
    /// Its number in ESC t.
    pub number: u8,
    /// Its characters.
    pub encoding: Encoding,
}

impl Profile {
    /// What is taken for granted where nobody says anything: text, on narrow paper.
    fn nothing() -> Self {
        Self {
            name: String::new(),
            vendor: String::new(),
            dots: 384,
            dpi: None,
            vertical_unit: None,
            columns: FontColumns { a: 32, b: None, c: None },
            code_pages: Vec::new(),
            kanji: None,
            cut: Vec::new(),
            drawer: false,
            beeper: false,
            colours: 1,
            codes: Vec::new(),
            images: Vec::new(),
            page_mode: false,
            process_id: false,
            asb: false,
            buffer: 4096,
            quirks: Vec::new(),
        }
    }

    /// Changes how wide its lines are; the smaller fonts keep their proportion.
    pub(crate) fn set_width(&mut self, dots: u16, columns: u16) {
        let old = core::mem::replace(&mut self.columns.a, columns).max(1);
        let scaled = |font: u16| u32::from(font) * u32::from(columns) / u32::from(old);
        let scaled = |font| u16::try_from(scaled(font)).unwrap_or(u16::MAX);
        self.columns.b = self.columns.b.map(scaled);
        self.columns.c = self.columns.c.map(scaled);
        self.dots = dots;
    }

    /// Changes whether it has two-byte characters, Chinese where it is not known for others.
    pub(crate) fn set_kanji(&mut self, kanji: bool) {
        let system = self.kanji.unwrap_or(WideSet::Gb18030);
        self.kanji = kanji.then_some(system);
    }

    /// Returns the name that settings use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns who makes it.
    #[must_use]
    pub fn vendor(&self) -> &str {
        &self.vendor
    }

    /// Returns the dots in a line.
    #[must_use]
    pub fn dots(&self) -> u16 {
        self.dots
    }

    /// Returns the dots of an inch, where they are known.
    #[must_use]
    pub fn dpi(&self) -> Option<u16> {
        self.dpi
    }

    /// Returns the motion units of an inch across and down, as they are until GS P says otherwise; 203,
    /// and a unit a dot, where it is not known.
    #[must_use]
    pub fn motion_units(&self) -> (u16, u16) {
        let dot = self.dpi.unwrap_or(203);
        (dot, self.vertical_unit.map_or(dot, NonZeroU16::get))
    }

    /// Returns how many vertical motion units are at least so many dots.
    pub(crate) fn vertical_units(&self, dots: usize) -> usize {
        let (dot, unit) = self.motion_units();
        (dots * usize::from(unit)).div_ceil(usize::from(dot).max(1))
    }

    /// Returns the narrow characters in a line of a font; `None` for a font that it has not.
    #[must_use]
    pub fn columns(&self, font: Font) -> Option<u16> {
        match font {
            Font::A => Some(self.columns.a),
            Font::B => self.columns.b,
            Font::C => self.columns.c,
        }
    }

    /// Returns its code pages by their numbers.
    #[must_use]
    pub fn code_pages(&self) -> &[CodePage] {
        &self.code_pages
    }

    /// Returns its code pages and wide characters as text is encoded with them.
    pub(crate) fn character_sets(&self) -> CharacterSets {
        let pages = self.code_pages.iter().map(|page| (page.number, page.encoding.clone()));
        CharacterSets::new(pages, self.kanji)
    }

    /// Returns which two-byte characters it has.
    #[must_use]
    pub fn kanji(&self) -> Option<WideSet> {
        self.kanji
    }

    /// Returns how it cuts, the form of a cut first that is used where nobody chooses.
    #[must_use]
    pub fn cut(&self) -> &[CutForm] {
        &self.cut
    }

    /// Tells whether a drawer can be connected.
    #[must_use]
    pub fn has_drawer(&self) -> bool {
        self.drawer
    }

    /// Tells whether it has a buzzer that ESC ( A sounds.
    #[must_use]
    pub fn has_beeper(&self) -> bool {
        self.beeper
    }

    /// Returns how many colours it prints.
    #[must_use]
    pub fn colours(&self) -> u8 {
        self.colours
    }

    /// Tells whether it makes a code of this kind itself.
    #[must_use]
    pub fn has_code(&self, system: CodeSystem) -> bool {
        let system = match system {
            CodeSystem::Qr(_) => CodeSystem::Qr(QrLevel::M),
            other => other,
        };
        self.codes.contains(&system)
    }

    /// Tells whether it prints pictures with this command.
    #[must_use]
    pub fn has_image(&self, command: ImageCommand) -> bool {
        self.images.contains(&command)
    }

    /// Tells whether it has page mode.
    #[must_use]
    pub fn has_page_mode(&self) -> bool {
        self.page_mode
    }

    /// Tells whether it answers process IDs (GS ( H).
    #[must_use]
    pub fn has_process_id(&self) -> bool {
        self.process_id
    }

    /// Tells whether it sends its status by itself (GS a).
    #[must_use]
    pub fn has_automatic_status(&self) -> bool {
        self.asb
    }

    /// Returns the bytes of its receive buffer.
    #[must_use]
    pub fn buffer(&self) -> usize {
        usize::try_from(self.buffer).unwrap_or(usize::MAX)
    }

    /// Tells whether it differs from its commands in this way.
    #[must_use]
    pub fn has_quirk(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }
}
