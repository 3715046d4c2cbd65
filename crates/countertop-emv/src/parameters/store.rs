//! The parameters that are in force, and the way to the next ones.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::{EmvParameters, ParametersError};

/// Holds the parameters in force. They are replaced as a whole or not at all; a transaction goes on
/// with those that it began with.
///
/// ```
/// use countertop_emv::parameters::{EmvParameters, ParameterStore};
///
/// let store = ParameterStore::new(EmvParameters::default());
/// let begun_with = store.current();
/// let mut next = (*begun_with).clone();
/// next.version = "2026-12".into();
/// let before = store.replace(next)?;
/// assert_eq!(before.version, begun_with.version);
/// assert_eq!(store.current().version, "2026-12");
/// # Ok::<(), countertop_emv::parameters::ParametersError>(())
/// ```
#[derive(Debug)]
pub struct ParameterStore {
    current: RwLock<Arc<EmvParameters>>,
    file: Option<PathBuf>,
}

impl ParameterStore {
    /// Creates a store in memory.
    #[must_use]
    pub fn new(parameters: EmvParameters) -> Self {
        Self { current: RwLock::new(Arc::new(parameters)), file: None }
    }

    /// Reads the parameters in a file, where [`replace_text`](Self::replace_text) writes the next
    /// ones.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] with the file's name, and the line and the key that cannot be.
    pub fn open(file: impl Into<PathBuf>) -> Result<Self, ParametersError> {
        let file = file.into();
        let text = std::fs::read_to_string(&file).map_err(|error| failed(&file, "read", &error))?;
        let parameters = EmvParameters::from_toml(&text)
            .map_err(|error| ParametersError(format!("{}: {}", file.display(), error.0)))?;
        Ok(Self { current: RwLock::new(Arc::new(parameters)), file: Some(file) })
    }

    /// Returns the parameters in force, with their version.
    #[must_use]
    pub fn current(&self) -> Arc<EmvParameters> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other parameters in force and returns those before.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] when they cannot be; those before stay.
    pub fn replace(&self, next: EmvParameters) -> Result<Arc<EmvParameters>, ParametersError> {
        next.validate()?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        Ok(core::mem::replace(&mut *current, Arc::new(next)))
    }

    /// Puts parameters in force that came as a text; the file, where there is one, is replaced in
    /// one step before.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] when they cannot be, or when the file cannot be written; those before
    /// stay.
    pub fn replace_text(&self, text: &str) -> Result<Arc<EmvParameters>, ParametersError> {
        let next = EmvParameters::from_toml(text)?;
        if let Some(file) = &self.file {
            write(file, text).map_err(|error| failed(file, "write", &error))?;
        }
        self.replace(next)
    }
}

/// Writes a file so that a power failure leaves the old one or the new one.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let mut next = file.as_os_str().to_owned();
    next.push(".next");
    let mut written = std::fs::File::create(&next)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&next, file)?;
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn failed(file: &Path, action: &str, error: &std::io::Error) -> ParametersError {
    ParametersError(format!("{action} {}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::{CaPublicKey, DEFAULT_TOML};

    #[test]
    fn what_cannot_be_changes_nothing() {
        let store = ParameterStore::new(EmvParameters::default());
        let before = store.current();
        let mut wrong = (*before).clone();
        wrong.version = "wrong".into();
        wrong.keys.push(CaPublicKey::new([0xA0, 0, 0, 0, 3], 1, [1; 128], [2]));
        let error = store.replace(wrong).unwrap_err().to_string();
        assert!(error.contains("the exponent is"), "{error}");
        assert!(Arc::ptr_eq(&before, &store.current()));
    }

    #[test]
    fn a_file_is_replaced_with_the_parameters() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emv.toml");
        std::fs::write(&file, DEFAULT_TOML).unwrap();
        let store = ParameterStore::open(&file).unwrap();
        let begun_with = store.current();
        let next = format!("version = \"2\"\n{DEFAULT_TOML}");
        store.replace_text(&next).unwrap();
        assert_eq!((begun_with.version.as_str(), store.current().version.as_str()), ("", "2"));
        assert_eq!(ParameterStore::open(&file).unwrap().current(), store.current());
        assert!(store.replace_text("version = 3").is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), next);
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = ParameterStore::open("/nowhere/emv.toml").unwrap_err().to_string();
        assert!(error.contains("read /nowhere/emv.toml"), "{error}");
    }
}
