//! A profile as a file writes it: only what differs from the one it inherits.

use core::num::NonZeroU16;
use std::collections::BTreeMap;

use countertop_wire::escpos::WideSet;
use serde::Deserialize;
use toml::Spanned;

use super::capability::{CodeGroup, CutForm, ImageCommand, Quirk};
use super::{CodePage, FontColumns, Profile};

/// Is a file of profiles.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct File {
    /// Encodings that this crate does not know: the characters from 80 to FF.
    #[serde(default)]
    pub(super) encodings: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) code_pages: BTreeMap<String, Pages>,
    #[serde(default)]
    pub(super) profile: BTreeMap<String, Entry>,
}

/// Is a set of code pages, the names of their encodings by number.
pub(super) type Pages = BTreeMap<String, Spanned<String>>;

/// Is a profile with gaps.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) inherits: Option<Spanned<String>>,
    vendor: Option<String>,
    /// Which project states the facts; for people.
    #[serde(rename = "source")]
    _source: Option<String>,
    dots: Option<u16>,
    dpi: Option<u16>,
    vertical_unit: Option<NonZeroU16>,
    columns: Option<FontColumns>,
    pub(super) code_pages: Option<Spanned<String>>,
    kanji: Option<KanjiChoice>,
    cut: Option<Vec<CutForm>>,
    drawer: Option<bool>,
    beeper: Option<bool>,
    colours: Option<u8>,
    codes: Option<Vec<CodeGroup>>,
    images: Option<Vec<ImageCommand>>,
    page_mode: Option<bool>,
    process_id: Option<bool>,
    asb: Option<bool>,
    buffer: Option<u32>,
    quirks: Option<Vec<Quirk>>,
}

/// Says which two-byte characters there are; `none` takes away what is inherited.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KanjiChoice {
    None,
    Gb18030,
    Big5,
    Gb2312,
    ShiftJis,
    EucKr,
}

impl KanjiChoice {
    fn system(self) -> Option<WideSet> {
        match self {
            Self::None => None,
            Self::Gb18030 => Some(WideSet::Gb18030),
            Self::Big5 => Some(WideSet::Big5),
            Self::ShiftJis => Some(WideSet::ShiftJis),
            Self::Gb2312 => Some(WideSet::Gb2312),
            Self::EucKr => Some(WideSet::EucKr),
        }
    }
}

/// Replaces each field of `profile` that the entry names.
macro_rules! fill {
    ($entry:ident, $profile:ident: $($field:ident),*) => {
        $(if let Some(value) = $entry.$field { $profile.$field = value; })*
    };
}

impl Entry {
    /// Returns `base` with what this entry says, its code pages looked up already.
    pub(super) fn over(self, name: &str, base: &Profile, pages: Option<&[CodePage]>) -> Profile {
        let mut profile = Profile { name: name.to_owned(), ..base.clone() };
        let entry = self;
        fill!(entry, profile: vendor, dots, columns, cut, drawer, beeper, colours, images);
        fill!(entry, profile: page_mode, process_id, asb, buffer, quirks);
        profile.dpi = entry.dpi.or(profile.dpi);
        profile.vertical_unit = entry.vertical_unit.or(profile.vertical_unit);
        if let Some(kanji) = entry.kanji {
            profile.kanji = kanji.system();
        }
        if let Some(groups) = entry.codes {
            profile.codes = groups.iter().flat_map(|group| group.systems()).copied().collect();
        }
        if let Some(pages) = pages {
            profile.code_pages = pages.to_vec();
        }
        profile
    }
}
