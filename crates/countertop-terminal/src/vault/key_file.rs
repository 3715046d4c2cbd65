//! The file that holds the vault's key.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::{KEY_LENGTH, Randomness, VaultError};

/// The permission bits of everyone but the owner.
const OTHERS: u32 = 0o077;

/// Reads the key; makes one when there is no file.
pub(super) fn load_or_create(
    path: &Path,
    randomness: &dyn Randomness,
) -> Result<Zeroizing<[u8; KEY_LENGTH]>, VaultError> {
    match fs::metadata(path) {
        Ok(metadata) => {
            refuse_exposed(path, metadata.permissions().mode())?;
            load(path)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, randomness),
        Err(source) => Err(failed(path, "look at it", source)),
    }
}

fn refuse_exposed(path: &Path, mode: u32) -> Result<(), VaultError> {
    if mode & OTHERS == 0 {
        return Ok(());
    }
    Err(VaultError::KeyExposed { path: path.into(), mode: mode & 0o777 })
}

fn load(path: &Path) -> Result<Zeroizing<[u8; KEY_LENGTH]>, VaultError> {
    let bytes = fs::read(path).map_err(|source| failed(path, "read", source))?;
    let bytes = Zeroizing::new(bytes);
    match <[u8; KEY_LENGTH]>::try_from(bytes.as_slice()) {
        Ok(key) => Ok(Zeroizing::new(key)),
        Err(_) => Err(VaultError::NoKey { path: path.into(), length: bytes.len() }),
    }
}

fn create(
    path: &Path,
    randomness: &dyn Randomness,
) -> Result<Zeroizing<[u8; KEY_LENGTH]>, VaultError> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    randomness.fill(key.as_mut_slice())?;
    store(path, &key).map_err(|source| failed(path, "make it", source))?;
    Ok(key)
}

/// Writes the whole key under another name first, so that a power cut leaves no part of a key. A
/// temporary file has mode 0600 from the start.
fn store(path: &Path, key: &[u8; KEY_LENGTH]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(key)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(folder)?.sync_all()
}

fn failed(path: &Path, action: &'static str, source: io::Error) -> VaultError {
    VaultError::KeyFile { path: path.into(), action, source }
}
