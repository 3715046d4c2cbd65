//! Seals the little card data that a terminal has to keep until settlement.
//!
//! What is sealed: the card number and expiry of a transaction (a void or a batch upload needs them
//! without the card), the reversal of a request, and a signature. Never sealed, because never kept at all: tracks,
//! PINs, PIN blocks, verification values and payment codes.
//!
//! # How
//!
//! AES-256 in Galois/Counter Mode (NIST SP 800-38D) with a random nonce of 96 bits for each blob. The
//! associated data names the journal row and the column a blob belongs to ([`SealContext`]), so that a
//! blob copied to another row does not open. A sealed blob is
//!
//! ```text
//! version 01 | nonce, 12 bytes | ciphertext | tag, 16 bytes
//! ```
//!
//! The key is 32 random bytes in a file of its own that only its owner may read; the vault refuses
//! one that others can read. Whoever holds both the journal and the key file can read the card
//! numbers of the open batch: keep them on different file systems, and leave the key file out of
//! backups. The journal drops card data and reversals when a batch closes.

mod key_file;
mod masked_pan;
mod randomness;
#[cfg(test)]
mod tests;

use core::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use countertop_device::Sensitive;

pub use masked_pan::MaskedPan;
pub use randomness::{Randomness, RandomnessError, SystemRandomness};

/// Length of a key in bytes.
pub const KEY_LENGTH: usize = 32;
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;

/// Seals and opens small blobs under one key.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
    randomness: Arc<dyn Randomness>,
}

/// Names the place a blob belongs to: the associated data of the encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealContext {
    /// Card number, expiry and sequence number of the transaction in this row.
    Card(i64),
    /// Reversal of the transaction in this row.
    Reversal(i64),
    /// Signature under the transaction in this row.
    Signature(i64),
    /// The constant by which a journal recognises its key.
    KeyCheck,
}

/// Says why the vault does not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The key file cannot be read or made.
    #[error("key file {}: {action}: {source}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Others than the owner may read the key.
    #[error(
        "key file {}: others than its owner may read it (mode {mode:03o}); run `chmod 600 {}`",
        path.display(), path.display()
    )]
    KeyExposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is no key.
    #[error("key file {}: it has {length} bytes and a key has 32; restore the file", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
    },
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The blob was changed, belongs to another row, or was sealed with another key.
    #[error("sealed {0} does not open: it was changed, or sealed with another key")]
    Forged(SealContext),
    /// The cipher refuses the length.
    #[error("{0} is too long to be sealed")]
    TooLong(SealContext),
}

impl Vault {
    /// Opens the vault with the key in a file; makes the file, with mode 0600, on first use.
    ///
    /// # Errors
    ///
    /// [`VaultError::KeyExposed`] when others than the owner may read the file.
    pub fn open(key_file: &Path, randomness: Arc<dyn Randomness>) -> Result<Self, VaultError> {
        let key = key_file::load_or_create(key_file, randomness.as_ref())?;
        Ok(Self::with_key(&key, randomness))
    }

    /// Creates a vault whose key exists in memory alone: for training, where nothing has to be
    /// opened after a restart.
    ///
    /// # Errors
    ///
    /// When there are no random bytes.
    pub fn ephemeral(randomness: Arc<dyn Randomness>) -> Result<Self, VaultError> {
        let mut key = zeroize::Zeroizing::new([0; KEY_LENGTH]);
        randomness.fill(key.as_mut_slice())?;
        Ok(Self::with_key(&key, randomness))
    }

    fn with_key(key: &[u8; KEY_LENGTH], randomness: Arc<dyn Randomness>) -> Self {
        Self { cipher: Aes256Gcm::new(key.into()), randomness }
    }

    /// Seals a secret for one place.
    ///
    /// # Errors
    ///
    /// When there are no random bytes, or the secret is longer than 64 GiB.
    pub fn seal(&self, secret: &Sensitive, context: SealContext) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE_LENGTH];
        self.randomness.fill(&mut nonce)?;
        let associated = context.to_string();
        let payload = Payload { msg: secret.expose(), aad: associated.as_bytes() };
        let ciphertext = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| VaultError::TooLong(context))?;
        Ok([&[VERSION], nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens a blob that was sealed for this place.
    ///
    /// # Errors
    ///
    /// [`VaultError::Forged`] when it was changed, belongs to another place, or another key sealed it.
    pub fn unseal(&self, sealed: &[u8], context: SealContext) -> Result<Sensitive, VaultError> {
        let forged = || VaultError::Forged(context);
        let blob = sealed.strip_prefix(&[VERSION]).ok_or_else(forged)?;
        let (nonce, ciphertext) = blob.split_first_chunk::<NONCE_LENGTH>().ok_or_else(forged)?;
        let associated = context.to_string();
        let payload = Payload { msg: ciphertext, aad: associated.as_bytes() };
        let secret = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| forged())?;
        Ok(Sensitive::new(secret))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl fmt::Display for SealContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card(row) => write!(f, "card data of transaction {row}"),
            Self::Reversal(row) => write!(f, "reversal of transaction {row}"),
            Self::Signature(row) => write!(f, "signature of transaction {row}"),
            Self::KeyCheck => f.write_str("key check"),
        }
    }
}
