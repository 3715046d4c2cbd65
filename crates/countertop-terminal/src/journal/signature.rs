//! Signatures under approved transactions.

use countertop_device::{Money, Sensitive, SignatureImage};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::column::Json;
use super::{ApprovedTransaction, Journal, JournalError};
use crate::vault::{SealContext, VaultError};

/// Says whether a customer has to sign, and has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "signature")]
#[non_exhaustive]
pub enum SignatureState {
    /// Another method verified the customer, or none has to.
    #[default]
    NotRequired,
    /// The amount is within the limit for payments without PIN and signature.
    Waived {
        /// The limit.
        limit: Money,
    },
    /// The customer has to sign; on the merchant's receipt, if not before.
    Required,
    /// The customer signed on a pad; the journal has the picture, sealed.
    Captured,
}

impl Journal {
    /// Stores the signature that a pad captured, sealed.
    ///
    /// # Errors
    ///
    /// When the storage or the vault fails.
    pub fn signed(
        &mut self,
        approved: &ApprovedTransaction,
        image: &SignatureImage,
    ) -> Result<(), JournalError> {
        let id = approved.id;
        self.write("store the signature", |work| {
            let sealed = work.books.vault.seal(&pack(image), SealContext::Signature(id))?;
            work.storage.execute(
                "UPDATE transactions SET signature = ?1, sealed_signature = ?2 WHERE id = ?3",
                params![Json(SignatureState::Captured), sealed, id],
            )?;
            Ok(())
        })
    }

    /// Returns the signature under a transaction; `None` when no pad captured one.
    ///
    /// # Errors
    ///
    /// When the storage fails, or the signature does not open.
    pub fn signature(&self, transaction: i64) -> Result<Option<SignatureImage>, JournalError> {
        self.read("read the signature", |work| {
            let select = "SELECT sealed_signature FROM transactions WHERE id = ?1";
            let sealed: Option<Option<Vec<u8>>> =
                work.storage.query_row(select, [transaction], |row| row.get(0)).optional()?;
            let Some(sealed) = sealed.flatten() else { return Ok(None) };
            let context = SealContext::Signature(transaction);
            let packed = work.books.vault.unseal(&sealed, context)?;
            Ok(Some(unpack(&packed).ok_or(VaultError::Forged(context))?))
        })
    }
}

/// Packs width and height, four bytes each, most significant first, and the rows.
fn pack(image: &SignatureImage) -> Sensitive {
    let (width, height) = (image.width().to_be_bytes(), image.height().to_be_bytes());
    Sensitive::new([&width, &height, image.rows()].concat())
}

fn unpack(packed: &Sensitive) -> Option<SignatureImage> {
    let (width, rest) = packed.expose().split_first_chunk()?;
    let (height, rows) = rest.split_first_chunk()?;
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
    SignatureImage::from_rows(width, height, rows.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_pack_and_unpack() {
        let image = SignatureImage::from_rows(9, 2, vec![1, 0x80, 2, 0]).unwrap();
        let packed = pack(&image);
        assert_eq!(unpack(&packed), Some(image));
        for length in 0..packed.len() {
            assert_eq!(unpack(&Sensitive::from(&packed.expose()[..length])), None);
        }
    }
}
