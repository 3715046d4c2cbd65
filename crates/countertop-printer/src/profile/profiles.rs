//! Files of profiles.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use countertop_wire::escpos::Encoding;
use toml::Spanned;

use super::entry::{Entry, File, Pages};
use super::{CodePage, Profile};

const BUILTIN: &str = include_str!("profiles.toml");

/// Is profiles by their names.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    profiles: BTreeMap<String, Arc<Profile>>,
    pages: BTreeMap<String, Arc<[CodePage]>>,
    encodings: BTreeMap<String, Encoding>,
}

/// Says what is wrong with a file of profiles, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the printer profiles: {what}")]
pub struct ProfileError {
    line: usize,
    what: String,
}

impl ProfileError {
    /// Returns the line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Profiles {
    /// Returns the profiles that this crate has.
    #[must_use]
    pub fn builtin() -> &'static Self {
        /// Is read on first use. That the file is sound is what a test makes sure of.
        static PROFILES: LazyLock<Profiles> =
            LazyLock::new(|| Profiles::default().with_file(BUILTIN).unwrap_or_default());
        &PROFILES
    }

    /// Adds the profiles of a file; one of a known name takes its place, and may inherit it.
    ///
    /// # Errors
    ///
    /// When the file is no TOML, has an unknown key or value, or inherits what there is not.
    pub fn with_file(mut self, text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let what = error.message().trim_end().replace('\n', ", ");
            ProfileError { line: line(text, error.span().map_or(0, |span| span.start)), what }
        })?;
        for (name, characters) in file.encodings {
            self.encodings.insert(name, encoding(text, &characters)?);
        }
        for (name, pages) in file.code_pages {
            let pages = self.code_pages(text, &pages)?;
            self.pages.insert(name, pages.into());
        }
        let mut reading = Reading { text, known: self, entries: file.profile };
        while let Some(name) = reading.entries.keys().next().cloned() {
            reading.resolve(&name)?;
        }
        Ok(reading.known)
    }

    /// Looks a set's encodings up; its pages come in the order of their numbers.
    fn code_pages(&self, text: &str, pages: &Pages) -> Result<Vec<CodePage>, ProfileError> {
        let page = |(number, name): (&String, &Spanned<String>)| {
            let error = |what| ProfileError { line: line(text, name.span().start), what };
            let number = number
                .parse()
                .map_err(|_| error(format!("`{number}` is no code page from 0 to 255")))?;
            let own = self.encodings.get(name.get_ref()).cloned();
            let encoding = own
                .or_else(|| Encoding::named(name.get_ref()))
                .ok_or_else(|| error(format!("there is no encoding `{}`", name.get_ref())))?;
            Ok(CodePage { number, encoding })
        };
        let mut pages = pages.iter().map(page).collect::<Result<Vec<_>, _>>()?;
        pages.sort_unstable_by_key(|page| page.number);
        Ok(pages)
    }

    /// Returns a profile; upper and lower case are alike.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Profile>> {
        let mut profiles = self.profiles.iter();
        self.profiles.get(name).or_else(|| {
            profiles.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, found)| found)
        })
    }

    /// Returns all profiles in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values().map(AsRef::as_ref)
    }
}

/// Is a file of which some profiles are done.
struct Reading<'a> {
    text: &'a str,
    known: Profiles,
    entries: BTreeMap<String, Entry>,
}

impl Reading<'_> {
    /// Makes a profile of an entry, and first of the one that it inherits. An entry is taken out
    /// before, so that one that inherits itself finds the profile of that name that was there.
    fn resolve(&mut self, name: &str) -> Result<(), ProfileError> {
        let Some(entry) = self.entries.remove(name) else { return Ok(()) };
        let base = match &entry.inherits {
            None => Arc::new(Profile::nothing()),
            Some(parent) => {
                self.resolve(parent.get_ref())?;
                let found = self.known.profiles.get(parent.get_ref()).cloned();
                found.ok_or_else(|| self.error(parent, "profile"))?
            }
        };
        let pages = match &entry.code_pages {
            None => None,
            Some(set) => {
                let found = self.known.pages.get(set.get_ref()).cloned();
                Some(found.ok_or_else(|| self.error(set, "set of code pages"))?)
            }
        };
        let profile = entry.over(name, &base, pages.as_deref());
        self.known.profiles.insert(name.to_owned(), profile.into());
        Ok(())
    }

    fn error(&self, name: &Spanned<String>, what: &str) -> ProfileError {
        let what = format!("there is no {what} `{}`", name.get_ref());
        ProfileError { line: line(self.text, name.span().start), what }
    }
}

fn encoding(text: &str, characters: &Spanned<String>) -> Result<Encoding, ProfileError> {
    Encoding::from_characters(characters.get_ref()).map_err(|error| {
        let line = line(text, characters.span().start);
        ProfileError { line, what: error.to_string() }
    })
}

/// Returns the number of the line of a place.
fn line(text: &str, place: usize) -> usize {
    1 + text.bytes().take(place).filter(|byte| *byte == b'\n').count()
}
