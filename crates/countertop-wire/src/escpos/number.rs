//! Numbers, names and lists that commands of several families take.

use super::OutOfRange;
use super::table::{Fixed, Parameter};

/// Is a number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ranged<const LEAST: u8, const MOST: u8>(u8);

impl<const LEAST: u8, const MOST: u8> Ranged<LEAST, MOST> {
    /// Creates a number.
    ///
    /// # Errors
    ///
    /// When it is outside the range.
    pub fn new(value: u8) -> Result<Self, OutOfRange> {
        let range = usize::from(LEAST)..=usize::from(MOST);
        OutOfRange::check("the number", usize::from(value), range)?;
        Ok(Self(value))
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl<const LEAST: u8, const MOST: u8> Parameter for Ranged<LEAST, MOST> {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        u8::decode(bytes).and_then(|value| Self::new(value).ok())
    }
}

impl<const LEAST: u8, const MOST: u8> Fixed for Ranged<LEAST, MOST> {
    const WIDTH: usize = 1;
}

/// Is the name of something in the printer's memory: two characters from 20 to 7E (kc1, kc2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyCode([u8; 2]);

impl KeyCode {
    /// Creates a key code; `None` unless both characters are from 20 to 7E.
    #[must_use]
    pub fn new(characters: [u8; 2]) -> Option<Self> {
        characters.iter().all(|byte| (0x20..=0x7E).contains(byte)).then_some(Self(characters))
    }

    /// Returns the characters.
    #[must_use]
    pub fn characters(self) -> [u8; 2] {
        self.0
    }
}

impl Parameter for KeyCode {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().and_then(Self::new)
    }
}

impl Fixed for KeyCode {
    const WIDTH: usize = 2;
}

/// Is settings, one or more, that one command changes together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Settings<T>(Vec<T>);

impl<T> Settings<T> {
    /// The most that a command's length can count, were each of nine bytes.
    const MAX: usize = 7000;

    /// Creates settings.
    ///
    /// # Errors
    ///
    /// When there is none, or more than a command can carry.
    pub fn new(settings: Vec<T>) -> Result<Self, OutOfRange> {
        OutOfRange::check("number of settings", settings.len(), 1..=Self::MAX)?;
        Ok(Self(settings))
    }

    /// Returns the settings.
    #[must_use]
    pub fn all(&self) -> &[T] {
        &self.0
    }
}

impl<T: Fixed> Parameter for Settings<T> {
    fn emit(&self, out: &mut Vec<u8>) {
        for setting in &self.0 {
            setting.emit(out);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let chunks = bytes.chunks(T::WIDTH);
        Self::new(chunks.map(T::decode).collect::<Option<_>>()?).ok()
    }
}

/// Is bytes whose meaning depends on the printer's model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModelData(Vec<u8>);

impl ModelData {
    /// The most that a command's length can count, less what stands before the data.
    pub const MAX: usize = 65_500;

    /// Creates data.
    ///
    /// # Errors
    ///
    /// When there is none, or more than a command can carry.
    pub fn new(bytes: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("length of a command's data", bytes.len(), 1..=Self::MAX)?;
        Ok(Self(bytes))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Parameter for ModelData {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        Self::new(bytes.to_vec()).ok()
    }
}
