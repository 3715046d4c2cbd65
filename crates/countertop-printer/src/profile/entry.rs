//! A profile as a file writes it: only what differs from the one it inherits.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::capability::{CodeGroup, CutForm, ImageCommand, KanjiSystem, Quirk};
use super::{CodePage, Encoding, FontColumns, Profile};

/// Is a file of profiles.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) code_pages: BTreeMap<String, Pages>,
    #[serde(default)]
    pub(super) profile: BTreeMap<String, Entry>,
}

/// Is a set of code pages, by number.
pub(super) type Pages = BTreeMap<PageNumber, Encoding>;

/// Is the number of a code page, which is a key and so is written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PageNumber(u8);

impl TryFrom<String> for PageNumber {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("`{text}` is no code page from 0 to 255"))
    }
}

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
    ShiftJis,
    Ksc5601,
}

impl KanjiChoice {
    fn system(self) -> Option<KanjiSystem> {
        match self {
            Self::None => None,
            Self::Gb18030 => Some(KanjiSystem::Gb18030),
            Self::Big5 => Some(KanjiSystem::Big5),
            Self::ShiftJis => Some(KanjiSystem::ShiftJis),
            Self::Ksc5601 => Some(KanjiSystem::Ksc5601),
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
    pub(super) fn over(self, name: &str, base: &Profile, pages: Option<&Pages>) -> Profile {
        let mut profile = Profile { name: name.to_owned(), ..base.clone() };
        let entry = self;
        fill!(entry, profile: vendor, dots, columns, cut, drawer, beeper, colours, images);
        fill!(entry, profile: page_mode, process_id, asb, buffer, quirks);
        profile.dpi = entry.dpi.or(profile.dpi);
        if let Some(kanji) = entry.kanji {
            profile.kanji = kanji.system();
        }
        if let Some(groups) = entry.codes {
            profile.codes = groups.iter().flat_map(|group| group.systems()).copied().collect();
        }
        if let Some(pages) = pages {
            let page = |(number, encoding): (&PageNumber, &Encoding)| CodePage {
                number: number.0,
                encoding: *encoding,
            };
            profile.code_pages = pages.iter().map(page).collect();
        }
        profile
    }
}
